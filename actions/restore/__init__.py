"""Brings back what an archive holds."""
