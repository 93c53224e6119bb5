"""Keeps, indexes, finds and shows what `scraper` reads."""
