"""The Activity Log: who created, changed or deleted what."""
