"""What exists in the stand-in's Azure, and how it behaves over time."""
