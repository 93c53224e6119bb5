"""What people ask to be forgotten: found, removed from rows and WARC files, kept from coming
back.

Imports `warc`, `store`, `index` and `schema`, and the parsers. Deciding is apart from doing:
`pages.py` says what of a page is forgotten, `blanking.py` blanks it, `choosing.py` says which
rows go; `rows.py` and `warc_files.py` do it, `steps.py` orders them. Open `steps.py` first.
"""
