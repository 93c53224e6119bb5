"""Pieces of a page that every layout shares: bytes to text, text to a tree, dates, messages.

Imports `core` and `addresses`. Open `snapshot.py` first: a page made ready to be read.
"""
