"""Compares the fast way of asking Azure with the slow one, on a sample; reads only."""
