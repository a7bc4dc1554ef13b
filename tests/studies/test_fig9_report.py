"""Fig. 9's record read and laid beside the printed bars, by made-up trainings."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import fig9_record
import pytest
from claimed import GOOD, study
from fig9_record import Made, Settings
from made_up_study import drawn
from scipy import stats

from paper_lenet.base.errors import RecipeError
from paper_lenet.base.files import FormatError, read_csv, read_json, write_json
from paper_lenet.base.statistics import mcnemar, over_seeds, wilson
from paper_lenet.figures.fig9 import _text as shown
from paper_lenet.paper.classifiers import CLASSIFIERS
from paper_lenet.results.trainings import MissingError, read_study
from paper_lenet.studies import registry
from paper_lenet.studies.claims import ledger
from paper_lenet.studies.claims.catalogue import catalogue
from paper_lenet.studies.claims.model import Verdict
from paper_lenet.studies.claims.results import Results
from paper_lenet.studies.fig9 import bars, pairs, recorded
from paper_lenet.studies.fig9.reading import choices, outcomes
from paper_lenet.studies.fig9.report import analyse
from paper_lenet.studies.study import Folders

CLAIMS = [claim for claim in catalogue().claims if claim.theme == "classifiers"]
SOME = {
    "linear": Made({0: 1195}, "Linear"),
    "knn": Made({0: 309}, "K-NN Euclidean", tried={1: 290, 3: 295, 5: 301}),
    "knn-5": Made({0: 312}, "K-NN Euclidean", settings=Settings(5)),
    "lenet-1": Made({seed: 165 + seed for seed in range(6)}, "[16x16] LeNet-1"),
    "lenet-4": Made({seed: 70 + seed for seed in range(3)}, "LeNet-4", kind="network"),
    "lenet-4-knn": Made({}, "LeNet-4 / K-NN"),
    "lenet-4-knn-more": Made({0: 100}, "LeNet-4 / K-NN"),
    "forest_500": Made({0: 290, 1: 300}, today=True),
}


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    return fig9_record.write(tmp_path, SOME, monkeypatch)


def table(folders: Folders, name: str) -> list[dict[str, str]]:
    return [dict(row) for row in read_csv(folders.results() / f"{name}.csv")]


def test_the_record_is_read_in_the_order_of_the_file(folders: Folders) -> None:
    found = outcomes(folders)
    assert list(found) == [name for name, made in SOME.items() if made.errors]
    assert [each.reading for each in found.values()] == [1, 1, 2, 1, 1, 2, 0]
    for name, outcome in found.items():
        made = SOME[name]
        assert outcome.errors == [count / 100 for count in made.errors.values()]
        assert outcome.seconds == made.seconds
        place = list(SOME).index(name)
        assert sorted(outcome.first.misread) == fig9_record.wrong(made.errors[0], 0, place)
        assert all(answer == index % 10 for index, answer in outcome.first.misread.items())
    one, several = found["linear"], found["lenet-1"]
    assert one.interval == tuple(100 * end for end in wilson(1195, 10_000))
    assert several.interval == (several.error.low, several.error.high)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("runs.csv", "linear,0,1195", "linear,0,1194", "errors do not add up"),
        ("runs.csv", "linear,0,1195", "linear,0,many", "many"),
        ("runs.csv", "forest_500,1", "forest_500,0", "named twice"),
        ("runs.csv", "knn,0,309,10000", "knn,0,309,20000", "not all have the same test patterns"),
        ("runs.csv", "linear,0,", "linera,0,", "errors do not add up"),
        ("runs.csv", "rejected,", "refused,", "no column rejected"),
        ("misread.csv", "linear,", "linera,", "errors do not add up"),
        ("misread.csv", "knn-5,0,", "knn-5,7,", "errors do not add up"),
        ("choices.csv", "290,10000", "290,100", "290 errors of 100 patterns"),
        ("fig9.json", "seconds", "minutes", "seconds"),
    ],
)
def test_a_damaged_record_is_told_in_one_line(
    folders: Folders, name: str, old: str, new: str, said: str
) -> None:
    (path,) = folders.data.rglob(name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(FormatError, match=re.escape(said)) as error:
        outcomes(folders), choices(folders)
    assert "\n" not in str(error.value) and str(path.parent) in str(error.value)


def test_an_answer_that_is_no_class_is_told(folders: Folders) -> None:
    path = folders.trained() / "misread.csv"
    path.write_text(path.read_text("utf-8") + "knn,0,9,10\n", encoding="utf-8")
    with pytest.raises(FormatError, match="pattern 9 is not misread as 10"):
        outcomes(folders)


def test_a_training_of_which_the_file_says_nothing_is_told(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = fig9_record.write(tmp_path / "other", {"knn": SOME["knn"]}, monkeypatch)
    assert list(outcomes(other)) == ["knn"]
    with pytest.raises(FormatError, match="unknown: "):
        outcomes(folders)


@pytest.mark.parametrize("name", ["runs.csv", "misread.csv", "choices.csv", "fig9.json"])
def test_a_missing_file_is_named(folders: Folders, name: str) -> None:
    (path,) = folders.data.rglob(name)
    path.unlink()
    with pytest.raises(MissingError, match=f"{name}: there is no such file; train the study"):
        outcomes(folders), choices(folders)


def test_a_bar_that_the_figure_has_not_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = fig9_record.write(tmp_path, {"mine": Made({0: 5}, "LeNet-6")}, monkeypatch)
    with pytest.raises(RecipeError, match=r"mine\.bar: 'LeNet-6' is not a bar of Fig\. 9"):
        bars.placed(outcomes(made))


def test_every_bar_has_a_row_and_a_verdict(folders: Folders) -> None:
    analyse(folders)
    rows = table(folders, "bars")
    assert list(dict.fromkeys(row["bar"] for row in rows)) == [
        *(bar.name for bar in CLASSIFIERS),
        "",
    ]
    of = {row["classifier"]: row for row in rows if row["classifier"]}
    assert {name: row["verdict"] for name, row in of.items()} == {
        "linear": "within",  # no farther than the paper's uncertainty
        "knn": "outside",
        "knn-5": "outside",
        "lenet-1": "within",
        "lenet-4": "outside",
        "lenet-4-knn-more": "within",  # only a further reading of a bar that was not tried
        "forest_500": "",
    }
    not_tried = [row for row in rows if not row["classifier"]]
    assert {row["verdict"] for row in not_tried} == {"not tried"}
    assert len(not_tried) == 27 - 4
    assert "LeNet-4 / K-NN" in {row["bar"] for row in not_tried}
    several, found = of["lenet-1"], over_seeds([1.65 + seed / 100 for seed in range(6)])
    for name in ("mean", "sd", "low", "high", "run_low", "run_high"):
        assert float(several[name]) == pytest.approx(getattr(found, name), abs=1e-4)
    assert float(several["difference"]) == pytest.approx(found.mean - 1.7, abs=1e-4)
    assert (several["n"], several["today"], several["reading"]) == ("6", "no", "1")
    assert (of["forest_500"]["today"], of["forest_500"]["printed"]) == ("yes", "")
    one = of["linear"]
    assert (one["n"], one["sd"], one["run_low"]) == ("1", "", "")
    assert float(one["low"]) == pytest.approx(100 * wilson(1195, 10_000).low, abs=1e-4)
    assert (one["operations"], one["printed_operations"], one["seconds"]) == ("7850", "4", "2.5")
    assert of["lenet-1"]["printed_rejected"] == "3.7"


@pytest.mark.parametrize(("errors", "verdict"), [(1190, "within"), (1210, "within"), (1211, "out")])
def test_one_training_is_held_to_the_papers_uncertainty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, errors: int, verdict: str
) -> None:
    made = fig9_record.write(tmp_path, {"one": Made({0: errors}, "Linear")}, monkeypatch)
    assert bars.verdict(bars.placed(outcomes(made))[0]).startswith(verdict)


def test_several_are_held_to_the_interval_for_one_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On both sides of an end of it, to the rounding of the printed 1.1%."""
    counts = {0: 100, 1: 101, 2: 104, 3: 95, 4: 98}
    half = stats.t.ppf(0.975, 4) * over_seeds([*counts.values()]).sd * math.sqrt(1.2)
    for shift, verdict in ((115 + half - 0.5, "within"), (115 + half + 1.5, "outside")):
        errors = {seed: round(count - 99.6 + shift) for seed, count in counts.items()}
        made = fig9_record.write(tmp_path, {"one": Made(errors, "LeNet-4")}, monkeypatch)
        placed = next(each for each in bars.placed(outcomes(made)) if each.outcome)
        assert bars.verdict(placed) == verdict


def test_neighbours_in_the_ranking_by_brute_force(folders: Folders) -> None:
    analyse(folders)
    rows = table(folders, "order")
    assert [(row["first"], row["second"]) for row in rows] == [
        ("Linear", "K-NN Euclidean"),
        ("K-NN Euclidean", "[16x16] LeNet-1"),
        ("[16x16] LeNet-1", "LeNet-4"),
    ]
    place = {name: number for number, name in enumerate(SOME)}
    one = set(fig9_record.wrong(309, 0, place["knn"]))
    other = set(fig9_record.wrong(165, 0, place["lenet-1"]))
    only = len(one - other), len(other - one)
    assert (int(rows[1]["only_first"]), int(rows[1]["only_second"])) == only
    assert float(rows[1]["p"]) == pytest.approx(mcnemar(*only), rel=1e-2)
    exact = stats.binomtest(only[0], sum(only)).pvalue
    assert float(rows[1]["p"]) == pytest.approx(exact, rel=1e-2)
    tree = read_json(folders.results() / "fig9.json")["order"]
    assert (tree["neighbours"], tree["holds"], tree["reversed"], tree["tied"]) == (3, 3, 0, 0)
    assert tree["kendall"] == 1


def test_an_order_may_be_reversed_or_none_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {
        "a": Made({0: 110}, "LeNet-4 / Local"),
        "b": Made({0: 120}, "LeNet-4"),
        "c": Made({0: 300}, "LeNet-5"),
    }
    folders = fig9_record.write(tmp_path, made, monkeypatch)
    tried = [each for each in bars.placed(outcomes(folders)) if each.first]
    found = pairs.neighbours(tried)
    assert [each.order for each in found] == ["tied", "reversed"]
    tree = pairs.order_tree(found, tried)
    assert (tree["reversed"], tree["reversed_apart"]) == (1, 1)
    assert tree["kendall"] == round(stats.kendalltau([1.1, 1.1, 0.95], [1.2, 1.1, 3]).statistic, 3)


def test_overlap_and_halves_by_brute_force(folders: Folders) -> None:
    analyse(folders)
    place = {name: number for number, name in enumerate(SOME)}
    of = set(fig9_record.wrong(70, 0, place["lenet-4"]))
    also = set(fig9_record.wrong(1195, 0, place["linear"]))
    found = {(row["of"], row["also"]): float(row["share"]) for row in table(folders, "overlap")}
    assert found["LeNet-4", "Linear"] == pytest.approx(len(of & also) / 70, abs=1e-4)
    assert len(found) == 4 * 3
    halves = {row["classifier"]: row for row in table(folders, "halves")}
    firsts = sum(
        index < 5000
        for seed in range(3)
        for index in fig9_record.wrong(70 + seed, seed, place["lenet-4"])
    )
    assert float(halves["lenet-4"]["first_errors"]) == pytest.approx(firsts / 3, abs=0.1)
    both = sum(float(halves["lenet-4"][f"{which}_errors"]) for which in ("first", "second"))
    assert both == pytest.approx(71, abs=0.1)
    assert float(halves["lenet-4"]["first_error"]) == pytest.approx(firsts / 150, abs=1e-3)
    assert pairs.share({}, {1: 2}) == 0


def test_misses_come_by_their_factor_and_say_what_was_tried(folders: Folders) -> None:
    analyse(folders)
    rows = table(folders, "misses")
    assert [row["classifier"] for row in rows] == ["knn", "lenet-4"]
    assert float(rows[0]["factor"]) == pytest.approx(5 / 3.09, abs=0.01)
    assert float(rows[1]["factor"]) == pytest.approx(1.1 / 0.71, abs=0.01)
    assert [row["tried"] for row in rows] == ["k 1, 3, 5", "nothing else"]
    listed = table(folders, "choices")
    assert [(row["value"], row["chosen"]) for row in listed] == [
        ("1", "no"),
        ("3", "yes"),
        ("5", "no"),
    ]
    assert listed[1] == {
        **listed[1],
        **{"error": "2.9500", "least": "2.9500", "greatest": "2.9500", "seeds": "1"},
    }


def test_the_counts_say_how_the_bars_ended(folders: Folders) -> None:
    analyse(folders)
    tree = read_json(folders.results() / "fig9.json")
    counts = {name: tree[name] for name in ("count", "tried", "within", "outside", "not_tried")}
    assert counts == {"count": 27, "tried": 4, "within": 2, "outside": 2, "not_tried": 23}
    assert (tree["alone"], tree["few"]) == (2, 1)
    assert (tree["classifiers"], tree["further"], tree["today"]) == (7, 2, 1)
    assert len(tree["bars"]) == 27
    assert tree["bars"]["16x16-lenet-1"]["errors"] == [1.65, 1.66, 1.67, 1.68, 1.69, 1.7]
    assert tree["bars"]["lenet-4-k-nn"]["mean"] is None
    assert tree["bars"]["linear"]["run_low"] is None
    assert tree["bars"]["linear"]["patterns"] == 10_000
    today = tree["others"]["forest_500"]
    assert (today["bar"], today["printed"], today["difference"], today["verdict"]) == (
        *[None] * 3,
        "",
    )
    assert today["n"] and today["mean"] > 0


def test_it_draws_the_figures_once_more(folders: Folders) -> None:
    analyse(folders)
    names = ["fig10", "fig11", "fig12", "fig9", "overlap"]
    assert drawn(folders.figures) == names
    text = {name: (folders.figures / f"{name}-light.svg").read_text("utf-8") for name in names}
    for name in ("fig9", "overlap"):
        assert "<!-- Linear -->" in text[name]
    assert "<!-- forest 500 -->" in text["fig9"] and "<!-- of today -->" in text["fig9"]
    assert "<!-- 12 -->" in text["fig9"] and "<!-- 3.09 -->" in text["fig9"]
    assert "<!-- LeNet-5 -->" not in text["fig10"]


def test_nothing_but_one_classifier_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = fig9_record.write(tmp_path, {"one": Made({0: 0}, today=True)}, monkeypatch)
    analyse(folders)
    assert table(folders, "order") == table(folders, "misses") == []
    assert read_json(folders.results() / "fig9.json")["order"]["kendall"] is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.95, "0.95"), (12.0, "12"), (3.054, "3.05"), (24_000, "24,000"), (460.2, "460")],
)
def test_numbers_beside_the_bars(value: float, text: str) -> None:
    assert shown(value) == text


def test_bars_have_different_keys_and_the_study_is_registered() -> None:
    assert len({bars.key(bar.name) for bar in CLASSIFIERS}) == 27
    assert registry.study("fig9").analyse is analyse


@pytest.mark.parametrize("factor", [1.0, 1.08, 1.5])
def test_the_ledger_and_the_table_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, factor: float
) -> None:
    folders = fig9_record.write(tmp_path, fig9_record.whole(factor), monkeypatch)
    analyse(folders)
    words = {row["bar"]: row["verdict"] for row in table(folders, "bars")}
    results = Results(tmp_path)
    for claim in CLAIMS:
        (printed,) = claim.published
        found = ledger.finding(claim, results)
        outside = words[printed.what.removeprefix("error of ")] == "outside"
        assert (found.verdict is Verdict.NOT_REPRODUCED) == outside, claim.name
        assert found.verdict is not Verdict.NOT_MEASURED, claim.name


def test_a_bar_that_was_not_tried_is_not_measured(folders: Folders) -> None:
    analyse(folders)
    results = Results(folders.data)
    ends = {claim.name: ledger.finding(claim, results) for claim in CLAIMS}
    assert ends["error-lenet-4-k-nn"].verdict is Verdict.NOT_MEASURED
    assert ends["error-lenet-4-k-nn"].note == "make fig9: LeNet-4 / K-NN is not tried yet"
    assert ends["error-lenet-4"].note == "too few seeds: 3, and it takes 5"
    assert ends["error-linear"].note == "too few seeds: 1, and it takes 5"
    assert ends["error-k-nn-euclidean"].verdict is Verdict.NOT_REPRODUCED
    assert ends["error-k-nn-euclidean"].n == 10_000
    assert ends["error-lenet-1"].verdict is Verdict.REPRODUCED
    assert sum(each.verdict is not Verdict.NOT_MEASURED for each in ends.values()) == 2


def test_every_bar_is_claimed_once() -> None:
    named = [claim.published[0].what.removeprefix("error of ") for claim in CLAIMS]
    others = {"LeNet-5", "[dist] LeNet-5"}  # of the themes `training` and `distortions`
    assert sorted([*named, *others]) == sorted(bar.name for bar in CLASSIFIERS)


def test_lenet_5_stands_by_its_recorded_trainings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = recorded.Settings("paper", "paper")
    lenet_5 = Made({}, "LeNet-5", kind="recorded", settings=where)
    made = {"linear": SOME["linear"], "lenet-5": lenet_5}
    folders = fig9_record.write(tmp_path, made, monkeypatch)
    with pytest.raises(MissingError, match="there is no such file"):
        outcomes(folders)
    study(tmp_path, "paper", {"paper": replace(GOOD.runs["paper"]["paper"], seeds=6)})
    seconds = {"seconds": {"paper": {str(seed): seed + 1.0 for seed in range(6)}}}
    write_json(tmp_path / "timings/mnist/paper/train.json", seconds)
    found = outcomes(folders)["lenet-5"]
    trained = read_study(folders.trained("paper"))["paper"]
    assert found.errors == pytest.approx([*trained.tests.values()])
    assert found.first.misread == trained.seeds[0].misread
    assert (found.first.operations, found.first.variables) == (340_908, 60_000)
    assert found.seconds == 3.5
    analyse(folders)
    row = next(row for row in table(folders, "bars") if row["classifier"] == "lenet-5")
    assert (row["verdict"], row["rejected"], row["operations"]) == ("within", "", "340908")
