"""The archive in a browser: Datasette with our descriptions, facets and named queries."""
