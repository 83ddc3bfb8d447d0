"""Wires the rooms together: settings, root URLs, server entry points and the `fawang` command."""
