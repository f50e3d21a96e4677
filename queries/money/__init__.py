"""What deployments cost: the bill, list prices, and smaller sizes."""
