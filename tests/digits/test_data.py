"""The real MNIST: that it is the paper's, and what the paper claims of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from paper_lenet.digits.idx import write_idx
from paper_lenet.digits.mnist import TEST, TRAIN
from paper_lenet.digits.patterns import Patterns, grey_scale
from paper_lenet.digits.preprocess import compare, moments
from paper_lenet.network.params import read_params
from paper_lenet.paper import numbers

ROOT = Path(__file__).parents[2]
# Sums of the unpacked files as first distributed, from another place than params.yaml.
MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
CLASS_SIZES = {
    "train": [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    "test": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
}

Sets = tuple[Patterns, Patterns]


def test_nothing_is_lost_between_the_distributed_files_and_the_patterns(mnist: Sets, tmp_path):
    sums = read_params(ROOT / "params.yaml").data.sha256
    for (images, labels), patterns in zip((TRAIN, TEST), mnist, strict=True):
        write_idx(tmp_path / images, patterns.cropped(28).grey)
        write_idx(tmp_path / labels, patterns.labels)
        for name in (images, labels):
            content = (tmp_path / name).read_bytes()
            assert hashlib.md5(content).hexdigest() == MD5[name]
            assert hashlib.sha256(content).hexdigest() == sums[name]


def test_the_sets_have_the_papers_sizes(mnist: Sets):
    train, test = mnist
    assert len(train) == numbers.TRAINING_PATTERNS.value
    assert len(test) == numbers.TEST_PATTERNS.value
    assert np.bincount(train.labels).tolist() == CLASS_SIZES["train"]
    assert np.bincount(test.labels).tolist() == CLASS_SIZES["test"]


def test_fig_8_names_patterns_of_this_test_set(mnist: Sets):
    indices, truths, _ = zip(*numbers.fig8(), strict=True)
    assert len(set(indices)) == 82
    assert mnist[1].labels[list(indices)].tolist() == list(truths)


def test_every_digit_fits_the_papers_box_of_20_by_20(mnist: Sets):
    for patterns in mnist:
        for axis in (1, 2):
            ink = patterns.grey.any(axis=axis)
            first, last = ink.argmax(1), ink.shape[1] - 1 - ink[:, ::-1].argmax(1)
            assert (last - first + 1).max() == 20


def test_the_field_is_padded_with_background(mnist: Sets):
    scale = grey_scale(**vars(read_params(ROOT / "params.yaml").preprocess))
    for patterns in mnist:
        assert patterns.grey.shape[1:] == (32, 32)
        inside = patterns.grey[:, 2:30, 2:30]
        assert patterns.grey.sum(dtype=np.int64) == inside.sum(dtype=np.int64)
        assert np.array_equal(patterns.levels, scale)


def test_the_mean_of_the_inputs_is_about_0_and_their_variance_is_not_about_1(mnist: Sets):
    levels = grey_scale(numbers.BACKGROUND.value, numbers.FOREGROUND.value)
    train = Patterns(mnist[0].grey, mnist[0].labels, levels)
    found = compare(train)
    for field in ("field_28", "field_32"):
        assert found[field]["mean_holds"] and not found[field]["variance_holds"]
    part = train.subset(slice(0, 5000))
    inputs = part.inputs(slice(None)).astype(np.float64)
    assert [float(value) for value in moments(part)] == pytest.approx([inputs.mean(), inputs.var()])
