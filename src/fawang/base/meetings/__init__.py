"""Bookings of a named window, person, room or online desk. A seat at a time is a unique row."""
