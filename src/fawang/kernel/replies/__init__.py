"""First answers kept by idempotency key, so that a repeated request gets the same answer byte for byte."""
