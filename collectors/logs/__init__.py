"""Traffic logs and the output of containers."""
