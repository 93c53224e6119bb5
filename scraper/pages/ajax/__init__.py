"""What forums answer to scripts: posts by themselves, and the windows of ratings, comments
and voters.

Imports `core`, `addresses`, `markup` and the ratings of `pages.desktop`. Open `nodes.py`
for posts, `windows.py` for the rest.
"""
