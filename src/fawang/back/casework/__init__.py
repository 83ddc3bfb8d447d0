"""The desk that all lines share (办案桌): my work, my unit's work, and who may be given work."""
