"""The places of the interface, and what they share."""
