"""Open Fawang (开放法网): the public legal services platform. See docs/architecture.md."""

__version__ = "0.1.0"
