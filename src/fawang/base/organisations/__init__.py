"""Institutions, the people who work in them, and the roles in which they act."""
