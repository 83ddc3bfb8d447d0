"""Oversight (统一监管): what is late, what people thought of it, who is called back, what has to be put right."""
