"""Search over more posts than one machine serves: ClickHouse under the same query language.

What `export --format parquet` and `corpus merge` write is loaded into one table, sorted for
newest first, with one text index; queries become its SQL. chdb is the same engine in this
process. Nothing of it is imported by the default installation.

Imports all floors below. Open `api.py` first.
"""
