"""Which of what is seen in a picture is the digit, and what the network says of it.

The network itself chooses between dark and light ink, and between ways to take pieces together:
what is nearer to a code is the likelier digit. The paper has no such choice. Of what it says on
rejection (Section III-D) we take the score, the difference between the two smallest penalties.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paper_lenet.digits.image import ImageError, Picture
from paper_lenet.digits.ink import Found
from paper_lenet.digits.patterns import Patterns
from paper_lenet.digits.seen import seen
from paper_lenet.network.protocol import Execution
from paper_lenet.network.weights import Trained
from paper_lenet.results.answers import gaps, posterior
from paper_lenet.training.execution import execution
from paper_lenet.training.job import as_taken

# Of the shipped network's penalties on the test set: the gap below which the share of patterns lies
# that the study `invariance` rejects, so that 0.5% of the rest are misread.
UNSURE = 14.8
# Of its smallest penalties on the training patterns one in a thousand is larger.
LIKE_A_DIGIT = 16.6
# One in a hundred of them is larger than this.
FAR = 6.1
LOOKED_AT, LEAST = 24, 0.1  # how many of the likeliest; of the likeliest one's weight
WEIGHT = 2.0  # penalty that a weight e times larger makes up for
SAME_PLACE, ELSEWHERE = 0.3, 0.1  # overlap of two boxes over both
BESIDE, SMALLEST = 0.15, 0.45  # of the chosen digit's weight, and of its size: another digit
DOUBTFUL = 0.3  # share of the rubbish class, for what may be no digit by its box too
MANY = 5  # pieces; if most are not surely digits, they are a texture
LINE = 0.5  # of a digit's height: overlap of digits that stand in one line


Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Prediction:
    """What the network says of one digit. It unpacks as answer, penalties, confidence.

    Attributes:
        answer: the class of the smallest penalty, 0 to 9.
        penalties: of each class, (10,), float32.
        confidence: the answer's probability among the ten digits and the rubbish class of eq. 9.
            It is at most 1 / (1 + e^-j), 88% for the paper's recipe, since that class keeps its
            share.
        among_digits: the answer's probability among the ten digits alone.
        rubbish: the probability of the rubbish class: that it is no digit at all.
        unsure: whether the two smallest penalties differ by less than `UNSURE`, or the smallest is
            more than `FAR`.
        box: left, top, right, bottom in pixels of the picture, upright.
        dark: whether the ink is darker than the paper.
        field: what the network was shown, without the padding, (28, 28), uint8.

    Example:
        >>> penalties = np.array([9, 0.5, 3, 9, 9, 9, 9, 9, 9, 9], np.float32)
        >>> shown = np.zeros((28, 28), np.uint8)
        >>> one = Prediction(1, penalties, 0.77, 0.92, 0.17, True, (4, 0, 24, 28), True, shown)
        >>> answer, _, confidence = one
        >>> answer, confidence, one.gap
        (1, 0.77, 2.5)
    """

    answer: int
    penalties: NDArray[np.float32]
    confidence: float
    among_digits: float
    rubbish: float
    unsure: bool
    box: Box
    dark: bool
    field: NDArray[np.uint8] = field(repr=False)

    @property
    def gap(self) -> float:
        """The second smallest penalty less the smallest: the paper's score for rejection."""
        return float(gaps(self.penalties))

    def __iter__(self) -> Iterator[Any]:
        """Answer, penalties, confidence."""
        return iter((self.answer, self.penalties, self.confidence))


class Read(NamedTuple):
    """What a picture shows.

    Attributes:
        digits: all that may be digits, in reading order.
        likeliest: the one of them that is the likeliest.
        sure: how many of them are surely digits; one at least.

    Example:
        >>> from paper_lenet.digits.image import picture
        >>> from paper_lenet.network.weights import pretrained
        >>> grey = np.full((40, 80), 255, np.uint8)
        >>> grey[8:32, 20:23] = grey[8:32, 55:58] = 0  # two strokes of dark ink
        >>> digits, likeliest, sure = Reader(pretrained()).read(picture(grey))
        >>> [each.answer for each in digits], likeliest.dark, sure
        ([1, 1], True, 2)
    """

    digits: list[Prediction]
    likeliest: Prediction
    sure: int


class Reader:
    """A trained network that reads pictures.

    Args:
        trained: the network.
        trainer: the execution to ask, ``engine`` or ``reference``.

    Example:
        >>> from paper_lenet.digits.image import picture
        >>> from paper_lenet.network.weights import pretrained
        >>> grey = np.zeros((40, 40), np.uint8)
        >>> grey[8:32, 18:21] = 255  # a stroke of light ink
        >>> reader = Reader(pretrained())
        >>> one = reader.read(picture(grey)).likeliest
        >>> one.answer, one.dark, one.box
        (1, False, (18, 8, 21, 32))
        >>> bool((reader.penalties(one.field[None])[0] == one.penalties).all())
        True
    """

    def __init__(self, trained: Trained, trainer: str = "engine"):
        self.trained = trained
        self._trainer = trainer
        network, loss = trained.recipe.network, trained.recipe.loss
        # Where the paper's penalties are, their gaps have been measured.
        self._measured = network.output == "rbf" and loss.equation == 9 and loss.half

    @cached_property
    def _network(self) -> Execution:
        # It takes long to load: what is wrong with an image is told before.
        return execution(self._trainer, self.trained.recipe, self.trained.parameters)

    def read(self, picture: Picture) -> Read:
        """What a picture shows.

        Raises:
            ImageError: it is blank, or has a structure all over that is no digit.
        """
        candidates = seen(picture.grey)
        least = LEAST * candidates[0].weight
        candidates = [each for each in candidates[:LOOKED_AT] if each.weight >= least]
        predictions = self._predictions(candidates, picture.scale)
        chosen = _chosen(candidates, predictions)
        if not candidates[chosen].sound and predictions[chosen].rubbish > DOUBTFUL:
            raise ImageError("no digit to be seen: what stands out is cut by the edge, or no digit")
        if _structure(candidates, predictions):
            raise ImageError("no digit to be seen: there is a structure all over")
        digits = [chosen]
        for number, each in enumerate(candidates):
            near = _near(each, candidates[chosen], predictions[number])
            if near and not any(overlap(each.box, candidates[d].box) > ELSEWHERE for d in digits):
                digits.append(number)
        found = [predictions[number] for number in digits]
        sure = [each for each in found if not each.unsure]
        # A scribble beside a digit is none, though it may be larger.
        likeliest = sure[0] if len(sure) == 1 else found[0]
        return Read(_in_order(found), likeliest, max(1, len(sure)))

    def _predictions(self, found: Sequence[Found], scale: float) -> list[Prediction]:
        fields = np.stack([each.field for each in found])
        penalties = self.penalties(fields)
        shares = posterior(penalties, self.trained.recipe.loss)
        rows = zip(found, fields, penalties, shares, strict=True)
        return [self._prediction(*row, scale) for row in rows]

    def penalties(self, fields: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The penalty of each class, (n, 10), for digits as MNIST has them, (n, 28, 28), uint8."""
        unknown = np.zeros(len(fields), np.uint8)
        patterns = Patterns.from_images(fields, unknown, self.trained.scale)
        return self._network.penalties(as_taken(self.trained.recipe, patterns))

    def _prediction(
        self,
        found: Found,
        shown: NDArray[np.uint8],
        penalties: NDArray[np.float32],
        shares: NDArray[np.float64],
        scale: float,
    ) -> Prediction:
        answer, total = int(penalties.argmin()), float(shares.sum())
        near = bool(gaps(penalties) < UNSURE or penalties[answer] > FAR)
        logs = penalties[answer] - penalties.astype(np.float64)
        return Prediction(
            answer=answer,
            penalties=penalties,
            confidence=float(shares[answer]),
            among_digits=float(1.0 / np.exp(logs).sum()),
            rubbish=max(0.0, 1.0 - total),
            unsure=self._measured and near,
            box=found.enlarged(scale).box,
            dark=found.dark,
            field=shown,
        )


def _chosen(candidates: Sequence[Found], predictions: Sequence[Prediction]) -> int:
    """The likeliest digit: the first of each polarity and what is found at its place compete."""
    score = [
        float(prediction.penalties.min()) - WEIGHT * float(np.log(found.weight))
        for found, prediction in zip(candidates, predictions, strict=True)
    ]
    first: dict[bool, Found] = {}
    for found in candidates:
        first.setdefault(found.dark, found)
    competing = [
        number
        for number, found in enumerate(candidates)
        if overlap(found.box, first[found.dark].box) > SAME_PLACE
    ]
    return min(competing, key=lambda number: score[number])


def _near(found: Found, chosen: Found, prediction: Prediction) -> bool:
    """Whether it is a digit too, by its side."""
    return (
        found.sound
        and not found.whole
        and found.dark == chosen.dark
        and found.weight >= BESIDE * chosen.weight
        and found.size >= SMALLEST * chosen.size
        and float(prediction.penalties.min()) <= LIKE_A_DIGIT
    )


def _structure(candidates: Sequence[Found], predictions: Sequence[Prediction]) -> bool:
    """Whether there are many likely pieces, and most of them no digits."""
    apart: list[int] = []
    for number, each in enumerate(candidates):
        own = each.sound and not each.whole
        if own and all(overlap(each.box, candidates[n].box) <= ELSEWHERE for n in apart):
            apart.append(number)
    none = sum(predictions[n].unsure or predictions[n].rubbish > 0.5 for n in apart)
    return len(apart) >= MANY and 2 * none > len(apart)


def overlap(one: Box, other: Box) -> float:
    """The share of the union of two boxes that lies in both.

    Example:
        >>> overlap((0, 0, 10, 10), (5, 0, 15, 10)) == 50 / 150
        True
    """
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    both = max(0, width) * max(0, height)
    areas = ((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return both / (sum(areas) - both)


def _in_order(digits: Sequence[Prediction]) -> list[Prediction]:
    """Line by line from the top, each from left to right."""
    lines: list[list[Prediction]] = []
    for digit in sorted(digits, key=lambda each: each.box[1]):
        top, bottom = digit.box[1], digit.box[3]
        for line in lines:
            height = min(bottom, line[0].box[3]) - max(top, line[0].box[1])
            if height > LINE * min(bottom - top, line[0].box[3] - line[0].box[1]):
                line.append(digit)
                break
        else:
            lines.append([digit])
    return [digit for line in lines for digit in sorted(line, key=lambda each: each.box[0])]
