"""What to fetch, when, and how fast: pure rules that are given the time and the state.

Imports `core` and `addresses`. Open `plan.py` first: what a page leads to; then `listing`
(how far to walk through a board), `revisits` (when to come back), `politeness` (the pace).
"""
