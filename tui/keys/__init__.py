"""Actions, their keys, the palette, and the places that they lead to."""
