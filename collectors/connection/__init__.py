"""One read-only connection to one cloud: sign-in, hosts, patience, errors."""
