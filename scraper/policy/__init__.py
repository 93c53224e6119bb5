"""What to fetch, when, and how fast: pure rules that are given the time and the state.

Imports `core` and `addresses`. Open `plan.py` first: what a page leads to.
"""
