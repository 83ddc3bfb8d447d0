"""The operations, a file a subject. Each reads its input, calls one service or selector, and shows the result."""
