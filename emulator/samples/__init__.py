"""The tenant of the demo."""
