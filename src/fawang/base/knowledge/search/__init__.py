"""The index and what is asked of it: files of numbers in the installation's data folder, the same on every database."""
