"""What the paper printed: its numbers, its classifiers, and the data of its figures."""
