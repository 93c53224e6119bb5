"""Readers of whole pages that several templates share, a folder or file for each layout.

Imports `core`, `addresses` and `markup`. Open `desktop/thread.py` first.
"""
