"""Takes a snapshot: what is asked, in which order, and what is kept of it."""
