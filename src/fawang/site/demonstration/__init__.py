"""A stretch of life at the demonstration province, driven through the real services, worker, clocks and queue.

`drive.run` simulates: a heap of (moment, number, act), time moved by the kernel's clock, the worker at every full hour.
Everything drawn comes from one seed, never from row ids, tokens or unordered rows, so that a seed gives the same story
on every database.
"""
