"""An archive as a folder of plain files: its pages as `serve` shows them, and the search.

Open `pages.py` first: which pages there are.
"""
