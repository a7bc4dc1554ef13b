"""Drawings that several tests take up."""

from __future__ import annotations

import numpy as np


def drawing(height: int = 60, width: int = 90) -> np.ndarray:
    """A light seven on black, off centre."""
    grey = np.zeros((height, width), np.uint8)
    grey[10:16, 20:50] = 255
    grey[16:50, 40:46] = 200
    return grey
