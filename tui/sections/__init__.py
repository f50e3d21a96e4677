"""The sections of the details: each turns what is known of one deployment into styled words."""
