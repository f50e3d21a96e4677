"""Takes a snapshot and looks after what was deleted."""
