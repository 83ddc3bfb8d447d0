"""Bundles (套餐): one application for what belongs together, several orders of the lines that serve them."""
