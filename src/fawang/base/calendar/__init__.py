"""Working days, office hours and the arithmetic of time limits (工作日历)."""
