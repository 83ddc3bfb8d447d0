"""The window (窗口): the same services with the person beside you."""
