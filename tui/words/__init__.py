"""How things are said and signed on screen."""
