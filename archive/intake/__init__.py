"""From bytes to rows: inputs of every form, and the one step "parse, save, settle".

Imports `warc`, `store`, `schema` and `scraper`. Open `ingest.py` first.
"""
