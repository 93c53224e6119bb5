"""Readers of desktop pages, shared by the themes of Discuz! 7.x and X: their pages differ
in a few selectors only."""
