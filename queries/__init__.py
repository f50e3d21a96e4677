"""Snapshots in DuckDB, and every question that is asked of them."""
