"""Pages to rows: who is who, what is newer, which layout tells more.

Imports `schema`, `index` and `scraper`. Open `save.py` first: `Store.save` takes one page.
What is kept of a post is said in `post_columns.py`; what a later page does to it in `merge.py`;
which stored post a printed one is in `identity.py`.
"""
