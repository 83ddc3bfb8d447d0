"""The law at hand: laws by article and by date, what editors write about them, and finding the right one."""
