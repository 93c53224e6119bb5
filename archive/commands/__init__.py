"""Commands: one file each, named as the command, holding a click command called `command`.

Imports all of `archive` but `cli`, which finds the files here by itself; those that begin
with `_` are shared by several. Open `search.py` first.
"""
