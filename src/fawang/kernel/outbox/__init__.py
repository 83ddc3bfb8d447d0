"""The one queue: effects written in the transaction that caused them, carried out at least once by the worker."""
