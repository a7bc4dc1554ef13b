"""What is written of a recovered network, and drawn from that."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import known
import numpy as np
import pytest

from paper_lenet.base.files import read_csv, write_csv
from paper_lenet.network.architecture import TABLE_I
from paper_lenet.network.recipe import Recipe
from paper_lenet.studies.recovered import (
    edges,
    file,
    known_truth,
    network,
    palette,
    record,
    table_one,
    truth,
)
from paper_lenet.studies.recovered.bootstrap import KINDS
from paper_lenet.studies.recovered.calibrate import START, Calibrated
from paper_lenet.studies.recovered.heldout import Residual
from paper_lenet.studies.recovered.ours import Lower
from paper_lenet.studies.recovered.recover import LAYERS, RecoveredLayer
from paper_lenet.studies.recovered.recovered import Recovered
from paper_lenet.studies.revived import pictures
from paper_lenet.studies.revived.revival import SUMMARY
from paper_lenet.studies.study import Folders

pytestmark = pytest.mark.xdist_group("revived")

SHIFTED = 10  # the edge that panel 2 has to itself here
WIDENED = {"C1": 1.0, "S2": 1.5, "C3": 1.0, "S4": 2.0}


def found() -> Recovered:
    """Everything of the made-up network; second opinions are made up too."""
    layers = known.layers()
    own = known.EVEN.copy()
    own[2, SHIFTED] += 0.5
    boots = {n: {kind: [1.1 * f.sd for f in layers[n].fits] for kind in KINDS} for n in LAYERS}
    residuals = [Residual(k, n, 1.0 + k, 0.9, 0.99, 2.0) for k in range(2) for n in LAYERS]
    rows = [set(row) for row in TABLE_I]
    evidence = np.array([[-len(r ^ set(c)) for c in table_one.CHOICES] for r in rows], float)
    return Recovered(
        Calibrated(START, own, layers),
        WIDENED,
        boots,
        residuals,
        table_one.connected(evidence),
        table_one.orders(evidence),
        {name: [0.9, 1.0, 1.1] for name in LAYERS},
        dict.fromkeys(LAYERS, 0.5),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("results") / "recovered"
    record.write(path, found())
    return path


@pytest.mark.parametrize("name", LAYERS)
def test_every_parameter_is_written_with_its_interval(folder: Path, name: str) -> None:
    rows = read_csv(folder / f"parameters-{name}.csv")
    fits = known.layers()[name].fits
    value, low, high, sd = (
        np.array([float(row[key]) for row in rows]) for key in ("value", "low", "high", "sd")
    )
    np.testing.assert_allclose(value, np.concatenate([fit.w for fit in fits]), rtol=1e-4)
    own = WIDENED[name] * np.concatenate([fit.sd for fit in fits])
    np.testing.assert_allclose(sd, own, rtol=1e-4)
    np.testing.assert_allclose(high - low, 2 * truth.WITHIN * own, rtol=0.02, atol=1e-4)
    assert [row["kind"] for row in rows].count("bias") == len(fits)


def test_kernels_are_labelled_by_map_row_and_column() -> None:
    labels = list(record.labels("C3", 0))
    assert len(labels) == 76
    assert labels[0] == (TABLE_I[0][0], 0, 0, "weight")
    assert labels[74] == (TABLE_I[0][2], 4, 4, "weight")
    assert labels[75] == ("", "", "", "bias")
    assert list(record.labels("S4", 3)) == [(3, "", "", "coefficient"), ("", "", "", "bias")]


def test_layers_and_maps_sum_up_the_parameters(folder: Path) -> None:
    layers = {row["layer"]: row for row in read_csv(folder / "layers.csv")}
    maps = read_csv(folder / "maps.csv")
    assert len(maps) == 44
    for name, row in layers.items():
        rows = read_csv(folder / f"parameters-{name}.csv")
        mine = [each for each in maps if each["map"].startswith(name)]
        for table in (mine, [row]):
            assert sum(int(each["parameters"]) for each in table) == len(rows)
            determined = sum(int(each["determined"]) for each in rows)
            assert sum(int(each["determined"]) for each in table) == determined
        assert (row["residual"], row["residual_low"], row["residual_high"]) == RESIDUALS
        assert row["profile"] == "1.00"
        assert row["bootstrap_units"] == "1.10"
    scale = json.loads((folder / "scale.json").read_text(encoding="utf-8"))
    assert scale["parameters"] == 1716
    assert scale["determined"] == sum(int(row["determined"]) for row in layers.values())
    assert (scale["rows_of_table_1"], scale["order_verdict"]) == (16, "yes")
    assert scale["order_margin"] > 0
    assert scale["step"] == START.step


RESIDUALS = ("1.50", "1.00", "2.00")


def test_network_is_written_as_a_file(folder: Path) -> None:
    parameters, sd = file.load(folder / record.NETWORK)
    for name, part in network.parameters(network.recovered(known.layers())).items():
        np.testing.assert_array_equal(parameters[name], part)
        assert np.all(sd[name] > 0)
    fits = known.layers()["S4"].fits
    np.testing.assert_allclose(sd["S4.bias"], [2 * fit.sd[1] for fit in fits], rtol=1e-6)


def test_edges_are_read_as_written_and_own_ones_are_told(folder: Path) -> None:
    written = edges.read(folder / "edges.csv")
    np.testing.assert_allclose(written, found().calibrated.edges, atol=0.005)
    (own,) = read_csv(folder / "own.csv")
    assert own["panel"] == "2"
    assert int(own["above"]) == palette.LEVELS[SHIFTED - 1]
    assert float(own["own"]) - float(own["common"]) == pytest.approx(0.5)


def test_table_1_and_left_out_panels_are_written(folder: Path) -> None:
    table = read_csv(folder / "table_one.csv")
    assert [row["row"] for row in table] == [row["best"] for row in table]
    assert {row["margin"] for row in table} == {"1.0"}
    panels = read_csv(folder / "heldout.csv")
    assert [row["rms"] for row in panels] == ["1.0000"] * 4 + ["2.0000"] * 4


def check(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Two networks, of which the second one's C1 is recovered a third too large."""
    layers = known.layers()
    grown = [fit._replace(w=1.33 * fit.w) for fit in layers["C1"].fits]
    worse = {**layers, "C1": layers["C1"]._replace(fits=grown)}
    waiting = [layers, worse]

    def recovered(*_: object) -> list[tuple[str, dict[str, RecoveredLayer]]]:
        one = waiting.pop(0)
        return [(way, one) for way in truth.WAYS]

    monkeypatch.setattr(truth, "recovered", recovered)
    one = Lower(0, Recipe(), network.parameters(known.rows()))
    known_truth.check([one] * 2, folder)


def test_the_worst_network_decides_what_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(monkeypatch, tmp_path)
    tree = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert {name: layer["verdict"] for name, layer in tree.items()} == VERDICTS
    errors = {n: truth.error(known.layers()[n], known.rows()[n]) for n in LAYERS}
    assert tree["C1"]["worst_percent"] == pytest.approx(33, abs=1)
    assert tree["C1"]["relative_percent"] == pytest.approx(16.5, abs=1)
    assert tree["C1"]["widened"] > 10
    assert tree["S2"]["widened"] == pytest.approx(max(1, errors["S2"].spread), rel=1e-3)
    assert tree["S4"]["covered_percent"] == pytest.approx(100 * errors["S4"].covered, abs=0.1)
    assert len(read_csv(tmp_path / "truth.csv")) == 2 * len(LAYERS) * len(truth.WAYS)
    assert len(read_csv(tmp_path / "ways.csv")) == len(LAYERS) * len(truth.WAYS)
    parameters = read_csv(tmp_path / "truth_parameters.csv")
    assert len(parameters) == 1716
    assert float(parameters[0]["true"]) == pytest.approx(known.rows()["C1"][0][0], rel=1e-4)


VERDICTS = {"C1": "no", "S2": "yes", "C3": "yes", "S4": "yes"}


def test_figures_are_drawn_from_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = Folders("revived", tmp_path)
    record.write(folders.results("recovered"), found())
    check(monkeypatch, folders.results("recovered"))
    row = ["random", "random", 2, *[5.0] * (len(SUMMARY) - 3)]
    other = ["1998", "1998, recovered", 2, *[1.0] * (len(SUMMARY) - 3)]
    folders.results().mkdir(parents=True)
    write_csv(folders.results() / "revival.csv", SUMMARY, [row, other])
    pictures.write(folders)
    for name, images in {"kernels": 12, "states": 3 * 44, "truth": 0, "revived": 0}.items():
        for theme in ("light", "dark"):
            root = ElementTree.parse(folders.figures / f"{name}-{theme}.svg").getroot()
            tags = [element.tag.rpartition("}")[2] for element in root.iter()]
            assert tags.count("image") == images
            assert tags.count("path") > 10
