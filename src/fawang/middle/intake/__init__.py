"""Intake (综合受理): contacts of every channel; each becomes an answer on the spot, an order, or several."""
