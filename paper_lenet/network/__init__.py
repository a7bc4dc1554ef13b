"""The network as the paper defines it, the recipe of its training, and PyTorch to be read."""
