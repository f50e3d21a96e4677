"""Requests and signs of life, from Azure Monitor."""
