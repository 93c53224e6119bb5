"""Pages to rows: who is who, what is newer, which layout tells more.

Imports `schema`, `index` and `scraper`. Open `save.py` first: `Store.save` takes one page.
"""
