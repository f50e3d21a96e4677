"""What the product costs beside what it cannot do without, of one run: `make bench`."""
