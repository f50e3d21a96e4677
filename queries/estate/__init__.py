"""What exists and how it was judged, as typed rows."""
