"""Writes tags: retire marks, exemptions, owners' decisions, and tags that were lost."""
