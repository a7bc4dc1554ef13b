"""LeNet-5 of 1998 in one file: its patterns, its network, its loss, its step and its training.

Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: "Gradient-Based Learning Applied to Document
Recognition", Proceedings of the IEEE 86(11), 1998. To be read from top to bottom, beside the paper.
Nothing but the ten codes of Fig. 3 comes from the package, and yet this is the package's training
of seed 0: the recipe `paper` of params.yaml, with the same random numbers. What the paper does not
say is marked "open"; the page "What the paper leaves open" of the docs gives the reasons.

A look, at the first thousand patterns of two passes:

    $ python examples/lenet5_in_one_file.py --passes 2 --patterns 1000
    pass    eta  smallest and largest step  wrong on the fly  wrong in the test
       1  5e-04      5.42e-05    1.82e-02        358  35.80%      2,978  29.78%
       2  5e-04      7.03e-05    2.17e-02        218  21.80%      2,207  22.07%

The first whole pass takes minutes. There are twenty, and the last one counts:

    $ python examples/lenet5_in_one_file.py --passes 1
    pass    eta  smallest and largest step  wrong on the fly  wrong in the test
       1  5e-04      5.42e-05    1.82e-02      3,128   5.21%        246   2.46%

The four files of MNIST are those that `paper-lenet download` puts into data/raw/mnist, or another
folder's, which then is the first argument.
"""

from __future__ import annotations

import argparse
import math
import sys
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, interpolate, linear, pad

from paper_lenet.network.architecture import codes

# ==== The patterns: MNIST, in the middle of a field of 32 x 32 (Sections II-B and III-A) ====

BACKGROUND, FOREGROUND = -0.1, 1.175


def read_idx(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Grey levels (N, 28, 28) or labels (N,): a header of big-endian numbers, then the values."""
    data = path.read_bytes()
    dimensions = data[3]
    shape = np.frombuffer(data, ">u4", dimensions, offset=4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def read_patterns(folder: Path, name: str) -> tuple[Tensor, Tensor]:
    """The inputs (N, 1, 32, 32), float32, and the labels (N,), int64."""
    grey = np.pad(read_idx(folder / f"{name}-images-idx3-ubyte"), ((0, 0), (2, 2), (2, 2)))
    labels = read_idx(folder / f"{name}-labels-idx1-ubyte")
    levels = BACKGROUND + (FOREGROUND - BACKGROUND) * (np.arange(256) / 255)  # open: linear
    inputs = levels.astype(np.float32)[grey[:, None]]
    return torch.from_numpy(inputs), torch.from_numpy(labels.astype(np.int64))


# ==== The network (Section II-B, Fig. 2) ====

A, S = 1.7159, 2 / 3  # Appendix A: so that f(1) = 1 and f(-1) = -1


def f(a: Tensor) -> Tensor:
    """The squashing function (eq. 6)."""
    return A * torch.tanh(S * a)


def slope(x: Tensor) -> Tensor:
    """f'(a) where x = f(a)."""
    return S / A * (A - x) * (A + x)


# Table I. A column for each map of C3, a row for each map of S2, X where there is a 5 x 5 kernel.
TABLE_I = """
    X . . . X X X . . X X X X . X X
    X X . . . X X X . . X X X X . X
    X X X . . . X X X . . X . X X X
    . X X X . . X X X X . . X . X X
    . . X X X . . X X X X . X X . X
    . . . X X X . . X X X X . X X X
"""
CONNECTED = torch.tensor([[c == "X" for c in row.split()] for row in TABLE_I.strip().split("\n")]).T
KERNELS = CONNECTED.nonzero(as_tuple=True)  # the map of C3 and the map of S2 of each, 60 in all

LAYERS = ("C1", "S2", "C3", "S4", "C5", "F6")
Parameters = dict[str, list[Tensor]]  # by layer: weights, or coefficients, and biases


def total(layer: str, x: Tensor, u: Tensor, bias: Tensor) -> Tensor:
    """a_i = sum_j u_ij x_j + bias of every unit of a layer; units of one map share u and bias."""
    if layer[0] == "S":  # subsampling: a coefficient, and x is the average of four units below
        return u[:, None, None] * x + bias[:, None, None]
    if layer[0] == "F":  # full connection
        return linear(x.flatten(1), u, bias)
    if layer == "C3":  # kernels that Table I does not have are no parameters
        u = u.new_zeros(16, 6, 5, 5).index_put(KERNELS, u)
    return conv2d(x, u, bias)


def states(parameters: Parameters, x: Tensor) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """What each layer takes, and its states x_i = f(a_i) (eq. 5), for N inputs (N, 1, 32, 32).

    C1 (N, 6, 28, 28), S2 (N, 6, 14, 14), C3 (N, 16, 10, 10), S4 (N, 16, 5, 5), C5 (N, 120, 1, 1),
    F6 (N, 84).
    """
    taken, result = {}, {}
    for layer in LAYERS:
        taken[layer] = avg_pool2d(x, 2) if layer[0] == "S" else x  # open: average or sum
        result[layer] = x = f(total(layer, taken[layer], *parameters[layer]))
    return taken, result


CODES = torch.tensor(codes(), dtype=torch.float32)  # Fig. 3: (10, 84), each 1 or -1, not trained


def penalties(parameters: Parameters, inputs: Tensor) -> Tensor:
    """y_i of each class (eq. 7; open: the half), (N, 10). The smallest one is the answer."""
    _, x = states(parameters, inputs)
    return 0.5 * (x["F6"][:, None] - CODES).square().sum(2)


def flat(parameters: Parameters) -> list[Tensor]:
    """The twelve arrays, from C1's weights to F6's biases."""
    return [part for layer in LAYERS for part in parameters[layer]]


# ==== Random numbers (open) ====
# Word i of a stream is mix(key + i GAMMA): SplitMix64, by Steele, Lea and Flood (2014). It is
# arithmetic of 64-bit integers, so the same on every machine and with every version of a library.

SEED = 0
WEIGHTS, ORDER, CURVATURE = 1, 2, 3  # what a stream is for
GAMMA = 0x9E3779B97F4A7C15


def mix(word: int) -> int:
    """Scramble the bits of a word."""
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB % 2**64
    return word ^ (word >> 31)


def words(purpose: int, index: int, count: int) -> list[int]:
    """The first `count` words of one of the seed's streams."""
    key = 0
    for part in (SEED, purpose, index):
        key = mix((key + GAMMA + part) % 2**64)
    return [mix((key + i * GAMMA) % 2**64) for i in range(1, count + 1)]


def permutation(purpose: int, index: int, count: int) -> list[int]:
    """A random order of 0 to count - 1: each is given a word, and they are sorted by it."""
    return sorted(range(count), key=words(purpose, index, count).__getitem__)


# ==== The initial weights (Appendix A; open: their law) ====


def uniform(number: int, inputs: int | Tensor, shape: tuple[int, ...]) -> Tensor:
    """Array `number`: a standard deviation of 1 / sqrt(F_i) for units with F_i `inputs`."""
    draws = [(word >> 11) * 2.0**-53 for word in words(WEIGHTS, number, math.prod(shape))]
    signed = 2 * torch.tensor(draws, dtype=torch.float64).view(shape) - 1  # from -1 to 1
    return (signed * (math.sqrt(3) / torch.as_tensor(inputs).double().sqrt())).float()


def initial_parameters() -> Parameters:
    """All 60,000. Biases begin at 0, the coefficients of S2 and S4 at 1."""
    inputs = 25 * CONNECTED.sum(1)[KERNELS[0], None, None]  # of a unit of C3, for each kernel
    parameters = {
        "C1": [uniform(0, 25, (6, 1, 5, 5)), torch.zeros(6)],
        "S2": [torch.ones(6), torch.zeros(6)],
        "C3": [uniform(4, inputs, (60, 5, 5)), torch.zeros(16)],
        "S4": [torch.ones(16), torch.zeros(16)],
        "C5": [uniform(8, 400, (120, 16, 5, 5)), torch.zeros(120)],
        "F6": [uniform(10, 120, (84, 120)), torch.zeros(84)],
    }
    for part in flat(parameters):
        part.requires_grad_()
    return parameters


# ==== The loss (Section II-C; open: eq. 8 or eq. 9, and j) ====

J = 2.0  # the penalty of a class for what is no digit


def loss(y: Tensor, label: Tensor) -> Tensor:
    """Eq. 9: the mean over the patterns of y_D + log(exp(-j) + sum_i exp(-y_i))."""
    right = y.gather(1, label[:, None])[:, 0]
    return (right + torch.logsumexp(pad(-y, (0, 1), value=-J), 1)).mean()


# ==== The step of each weight (Appendix C) ====

ETA = 2 * [0.0005] + 3 * [0.0002] + 3 * [0.0001] + 4 * [0.00005] + 8 * [0.00001]  # Section III-B
MU = 0.02
SAMPLE = 500  # patterns that the curvature is taken from (open: which)
MEMORY = 0.1  # the share of the last pass's curvature that stays (open)


@torch.no_grad()
def curvature(parameters: Parameters, inputs: Tensor) -> Parameters:
    """h_kk of every weight, the mean over the inputs (eqs. 23 to 27).

    A layer hands first derivatives b_i in its totals on as b_i x_j, to the weights, and as
    sum_i b_i u_ij, to the states below. Second derivatives go the same way with each x_j and u_ij
    squared. So here a layer gets squares, and is asked for its first derivatives.
    """
    taken, x = states(parameters, inputs)
    h = {}
    g = torch.ones_like(x["F6"]) / len(inputs)  # d2E/dx2: that of y_D alone (open), over P (eq. 24)
    for layer in reversed(LAYERS):
        b = slope(x[layer]) ** 2 * g  # d2E/da2 (eq. 27)
        squares = [part**2 for part in (taken[layer], *parameters[layer])]
        _, backward = torch.func.vjp(partial(total, layer), *squares)
        g, *h[layer] = backward(b)  # the sum in eq. 27; eqs. 23 and 25
        if layer[0] == "S":  # four weights of 1/4; to the coefficient they were one input (open)
            g = interpolate(g, scale_factor=2) / 16
    return h


# ==== The training (Section III-B) ====


def learn(
    parameters: Parameters, inputs: Tensor, labels: Tensor, order: list[int], steps: list[Tensor]
) -> int:
    """One pass; how many patterns were wrong, each judged before its own update (Fig. 5)."""
    weights, wrong = flat(parameters), 0
    for shown, p in enumerate(order, 1):
        y = penalties(parameters, inputs[p : p + 1])
        wrong += int(y.argmin() != labels[p])
        gradients = torch.autograd.grad(loss(y, labels[p : p + 1]), weights)
        with torch.no_grad():
            for w, epsilon, gradient in zip(weights, steps, gradients, strict=True):
                w -= epsilon * gradient  # eq. 18
        if shown % 1000 == 0:
            print(f"{shown:,} patterns, {wrong:,} wrong", end="\r", file=sys.stderr, flush=True)
    return wrong


@torch.no_grad()
def misread(parameters: Parameters, inputs: Tensor, labels: Tensor) -> int:
    """How many patterns the network gets wrong."""
    answers = [penalties(parameters, part).argmin(1) for part in torch.split(inputs, 500)]
    return int((torch.cat(answers) != labels).sum())


def main() -> None:
    """Train, and test after each pass."""
    parser = argparse.ArgumentParser(description="Train LeNet-5 as the paper did, and test it.")
    parser.add_argument("folder", nargs="?", type=Path, default="data/raw/mnist")
    parser.add_argument("--passes", type=int, default=len(ETA), metavar="N")
    parser.add_argument("--patterns", type=int, metavar="N", help="only the first N of each pass")
    chosen = parser.parse_args()
    if not (chosen.folder / "train-images-idx3-ubyte").is_file():
        parser.error(f"{chosen.folder}: no MNIST there; `paper-lenet download` brings it")

    inputs, labels = read_patterns(chosen.folder, "train")
    test = read_patterns(chosen.folder, "t10k")
    order = permutation(ORDER, 0, len(inputs))[: chosen.patterns]  # the same in every pass
    parameters = initial_parameters()
    h: list[Tensor] = []

    print("pass    eta  smallest and largest step  wrong on the fly  wrong in the test")
    for number, eta in enumerate(ETA[: chosen.passes], 1):
        sample = permutation(CURVATURE, number, len(inputs))[:SAMPLE]
        new = flat(curvature(parameters, inputs[sample]))
        h = [MEMORY * a + (1 - MEMORY) * b for a, b in zip(h, new, strict=True)] if h else new
        steps = [eta / (MU + part) for part in h]  # eq. 21
        low, high = torch.cat([part.flatten() for part in steps]).aminmax()
        wrong = learn(parameters, inputs, labels, order, steps)
        tested = misread(parameters, *test)
        print(
            f"{number:4}  {eta:.0e}  {low:12.2e} {high:11.2e}"
            f"  {wrong:9,} {wrong / len(order):7.2%}  {tested:9,} {tested / len(test[1]):7.2%}",
            flush=True,
        )


if __name__ == "__main__":
    torch.set_num_threads(1)  # one pattern is too little work to share,
    torch.backends.mkldnn.enabled = False  # or to prepare for
    try:
        main()
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        sys.exit(130)
