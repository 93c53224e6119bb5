"""Readers of pages made for hand-held devices: the touch layout, the simple mobile layout
before it, and WAP cards.

Imports `core`, `addresses`, `markup` and the page numbers of `pages.desktop`. Open
`touch_thread.py` first: the other layouts print less of the same.
"""
