"""Reading papers from photos: lines of text become fields that a person confirms.

The reader itself is optional and runs in the workshop; what is here works on the lines it found and needs nothing.
"""
