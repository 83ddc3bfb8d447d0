"""Answers to a question, put together from what is stored and nothing else: articles in force and reviewed pieces."""
