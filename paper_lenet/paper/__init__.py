"""What the paper printed: its numbers, its classifiers, and the data of its figures."""

from paper_lenet.paper import numbers

__all__ = ["numbers"]
