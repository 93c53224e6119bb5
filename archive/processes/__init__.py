"""Processes that can be ended: what strangers' pages and queries may do to the one they run
in costs that process alone.

Imports nothing of ours. Open `pool.py` first; `child.py` is what a process does for itself.
"""
