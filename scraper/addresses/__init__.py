"""Addresses of a Discuz! forum, in every form that it and its owners write, and back.

Imports `core`. Open `urls.py` first: `parse_url` turns an address into a `Target`;
`form_learning.py` has the rules for forms that are one forum's alone.
"""
