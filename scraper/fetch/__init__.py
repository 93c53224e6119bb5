"""The only way to the network: one forum asked in turn, politely; failures are values.

Imports `core`, `addresses`, `policy`, `markup` and `themes` (to know a forum's own page
from somebody else's). Open `fetcher.py` first.
"""
