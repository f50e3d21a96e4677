"""Whether each source can be reached, and what to do where it cannot."""
