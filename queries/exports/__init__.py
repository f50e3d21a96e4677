"""Cost exports as files, loaded in place of the query API."""
