"""The return ticket on disk: raw definitions, their YAML for people, and a check of the journal."""
