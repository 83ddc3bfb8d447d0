"""Kernel: clock, ids, errors, events, outbox, policy, crypto. No word of the domain."""
