"""Text to words to FTS5: how posts are cut into words, and the index kept in step with them.

Imports `schema`. Open `segment.py` first: what counts as a word.
"""
