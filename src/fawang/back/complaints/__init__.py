"""Complaints, suggestions, praise, clues, rights about one's data (投诉建议): examined, answered or passed on."""
