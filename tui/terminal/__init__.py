"""What the terminal itself sends: replies that are no keys, and signals that end the program."""
