"""All that may be a digit in a picture, whether it is clean or a photograph.

A small picture, and one that is a digit on an even ground and nothing else, is framed as `frame`
does it, to the last bit. `candidates` has what is done with any other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paper_lenet.digits.ink import Found, all_ink

SMALL = 64  # pixels of the longer side: too few to tell dirt from a digit


def seen(grey: NDArray[np.float64]) -> list[Found]:
    """What may be a digit, the likeliest first: at least one.

    Args:
        grey: (height, width), 0 black to 255 white, as `image.picture` has it.

    Raises:
        ImageError: nothing stands out.

    Example:
        >>> import numpy as np
        >>> grey = np.full((60, 40), 255.0)
        >>> grey[10:50, 18:24] = 0.0
        >>> [[int(edge) for edge in each.box] for each in seen(grey)]
        [[18, 10, 24, 50]]
    """
    if max(grey.shape) <= SMALL:
        return [all_ink(grey)]
    from paper_lenet.digits.candidates import candidates  # whose filters take long to load

    return candidates(grey)
