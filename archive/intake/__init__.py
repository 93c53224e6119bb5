"""From bytes to rows: inputs of every form, and the one step "parse, save, settle".

Imports `warc`, `store`, `schema` and `scraper`. Open `page_step.py` first: the step that ingest,
reparse and crawl share; then `ingest.py`.
"""
