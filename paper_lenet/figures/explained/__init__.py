"""Drawings and tables of how the network's parts work, for the pages that explain them."""
