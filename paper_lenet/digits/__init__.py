"""MNIST as patterns: fetched, read, padded and scaled, distorted."""
