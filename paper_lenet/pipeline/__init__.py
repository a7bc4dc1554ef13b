"""The stages from MNIST to figures, one short module each, and what is done with a network."""
