"""Questions to hits: the query language, how it is planned and run, what is said beside it.

Imports `schema` and `index`. Open `api.py` first: `search` is what every door calls.
README.md describes the query language.
"""
