"""A forum saved and kept in step: the frontier, and the loop that visits the pages that are due.

Imports `intake`, `warc`, `store`, `schema` and `scraper`. Open `loop.py` first.
"""
