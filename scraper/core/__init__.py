"""The vocabulary of both packages: records, captures, errors, a site's settings.

Imports nothing of ours. Open `records.py` first: it is what every parser returns.
"""
