"""What came of trainings: answers, mistakes, metrics, and the paper's numbers beside them."""
