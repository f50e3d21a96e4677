"""The table, and the columns of what it shows."""
