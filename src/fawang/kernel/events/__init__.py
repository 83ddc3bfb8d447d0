"""The one append-only event log: every stream's history, in one table."""
