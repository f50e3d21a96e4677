"""The pieces that places are made of."""
