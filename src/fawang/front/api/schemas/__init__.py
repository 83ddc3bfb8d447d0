"""What comes in and what goes out, in separate classes: neither side changes because the other does."""
