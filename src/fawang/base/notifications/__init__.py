"""Messages to people: what was told to whom, over which channel, and whether it arrived."""
