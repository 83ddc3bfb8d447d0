"""Uploaded files: checked by what they contain, kept under random names, opened only to who may see their order."""
