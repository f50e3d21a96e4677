"""What the product does where Azure, the machine or the network fails, tried and written down."""
