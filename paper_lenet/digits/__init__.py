"""MNIST as patterns (Section III-A): brought, read, padded, and shown distorted or noisy."""
