"""Captures as WARC files beside the archive: written, found again, kept free of secrets.

Imports `schema` and `store`. Open `captures.py` first; `lock.py` has the lock that every
writer takes.
"""
