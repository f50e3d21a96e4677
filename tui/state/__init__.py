"""What the interface knows at one time, and what its workers report."""
