"""Rows in: what a snapshot read is kept, and what the store already knows is not asked again."""
