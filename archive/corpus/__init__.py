"""Archives beyond one machine: WARC files to pages, pages to merged tables, by Apache Spark.

Imports `archive.intake` (how inputs are read, parsed and stored) and `archive.export` (what
the merged tables hold); only `archive.commands` and `archive.clickhouse` import it. Needs the
extra `cluster`. Open `parse_shard.py` first.
"""
