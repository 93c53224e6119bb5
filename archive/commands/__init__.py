"""Commands: one file each, named as the command, holding a click command called `command`.

Imports all of `archive` but `cli`, which finds the files here by itself; those that begin
with `_` are shared by several, or do what a command says. Open `search.py` first.

A command's file imports what its options are made of; what it runs with is imported within
it, so that `--help` and the completion of words take no time.
"""
