"""Writes an archive, or a part of it, in the forms that others read: text, books, tables,
web archives.

A form is one file of `forms/`, found by being there. It gets a `Job`, which reads what was
chosen, and an open file; it knows nothing of names, folders and disks, which are the duty of
`files.py`: nothing stands under its final name before all of it is on the disk.

Imports `reading`, `search`, `warc` and `web` (whose cleaned messages are exported). Open `job.py`
first, then `forms/txt.py`.
"""
