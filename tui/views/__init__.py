"""Saved views: shipped, from the settings, and the user's own."""
