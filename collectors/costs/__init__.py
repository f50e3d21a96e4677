"""What Azure bills and what it asks by its price list."""
