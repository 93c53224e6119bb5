"""Turns an address or bytes of a Discuz! forum into records; knows nothing of storage."""
