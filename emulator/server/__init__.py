"""The listening end: TLS, routes, faults, and the record of what was asked."""
