"""All that is known of one deployment, in sections."""
