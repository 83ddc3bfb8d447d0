"""Administrative divisions (行政区划), from province to village."""
