"""Actions, their keys, and the places that they lead to."""
