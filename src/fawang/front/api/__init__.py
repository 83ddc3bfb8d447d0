"""The door for other systems: REST v1 with a key, and for people's own programs with a session."""
