"""Readers of pages made for hand-held devices: the touch layout, the simple mobile layout
before it, and WAP cards."""
