"""What a tenant answered to one snapshot, pseudonymised, for a stranger to replay."""
