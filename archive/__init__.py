"""Forums kept in one SQLite file: stored, indexed, searched and shown."""
