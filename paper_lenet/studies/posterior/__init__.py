"""How sure are we? A posterior over the readings of the paper, given its summary statistics."""
