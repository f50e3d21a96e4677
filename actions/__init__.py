"""Decisions -> Azure: the only room that can send a write."""
