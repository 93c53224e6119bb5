"""A forum saved and kept in step: the frontier, and the loop that visits what is due.

Imports `intake`, `warc`, `store`, `schema` and `scraper`. Open `loop.py` first.
"""
