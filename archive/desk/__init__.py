"""The pages from which a forum is saved, searched and exported, for who uses no terminal:
a small server on this machine alone, which runs the program's own commands.

Imports the floors below, but no command: what it does is one, run as a process of its own.
Open `desk.py` first: which address is answered by which page.
"""
