"""The ledger: each claim can end both ways, made-up results decide which, and none is a pass."""

from __future__ import annotations

import csv
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from claimed import BAD, GOOD, study, world

from paper_lenet import cli
from paper_lenet.base.files import FormatError
from paper_lenet.base.statistics import over_seeds
from paper_lenet.network import architecture
from paper_lenet.paper import classifiers, fig13, numbers
from paper_lenet.paper.numbers import Published
from paper_lenet.results.paired import differences
from paper_lenet.studies.claims import changes, described, ledger, printed, trained
from paper_lenet.studies.claims.catalogue import catalogue
from paper_lenet.studies.claims.model import SIGNS, Claim, Finding, Kind, Verdict
from paper_lenet.studies.claims.results import Results
from paper_lenet.studies.invariance import TRANSFORMATIONS
from paper_lenet.studies.recovered.quantities import quantities

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = catalogue().claims
OPEN = [claim.name for claim in CLAIMS if claim.tolerance.rule == "undecided"]
TESTED = [claim.name for claim in CLAIMS if claim.name not in OPEN]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return world(tmp_path_factory.mktemp("good"), GOOD)


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return world(tmp_path_factory.mktemp("bad"), BAD)


def verdicts(results: Results) -> dict[str, Verdict]:
    return {entry.claim.name: entry.finding.verdict for entry in ledger.judged(results)}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("preprocess.json", '"patterns"', '"counts"'),
        ("preprocess.json", '"variance":', '"variants":'),
        ("patterns.csv", "index", "place"),
        ("needed.csv", ".", "x"),
        ("curves.csv", "errors", "misread"),
        ("curves.csv", ",1000", ",0"),
        ("writers.json", "students", "pupils"),
        ("fig9.json", '"errors"', '"misread"'),
        ("fig9.json", "SVM poly 4", "SVM poly 5"),
    ],
)
def test_a_file_that_is_not_as_it_was_written_is_told(
    tmp_path: Path, name: str, old: str, new: str
) -> None:
    results = world(tmp_path, GOOD)
    (path,) = tmp_path.rglob(name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(FormatError, match=rf"{name}: not as it was written"):
        ledger.judged(results)


def of_theme(entries: list[ledger.Entry], name: str) -> Finding:
    return next(entry.finding for entry in entries if entry.claim.name == name)


# What is computed from the description alone ends the other way if another number is printed.


def print_wrong_counts(patch: pytest.MonkeyPatch) -> None:
    counts = tuple(
        count._replace(parameters=count.parameters + 1, connections=(count.connections or 0) + 1)
        for count in numbers.COUNTS
    )
    patch.setattr(numbers, "COUNTS", counts)
    total = numbers.TOTAL
    patch.setattr(numbers, "TOTAL", total._replace(parameters=1, connections=2))
    for name in ("LARGEST_DIGIT", "SQUASHED_ONE", "STRONGEST_BEND", "TIMES_SEEN"):
        number = getattr(numbers, name)
        patch.setattr(numbers, name, number._replace(value=3 * number.value))
    flipped = {**architecture.all_codes(), "0": tuple(-x for x in architecture.all_codes()["O"])}
    patch.setattr(described, "all_codes", lambda: flipped)
    others = [
        each._replace(
            operations=each.operations * 2,
            variables=each.variables * 2 + (each.variables != each.operations),
        )
        if each.operations is not None and each.variables is not None
        else each
        for each in classifiers.CLASSIFIERS
    ]
    patch.setattr(classifiers, "CLASSIFIERS", tuple(others))
    for name in ("BOOSTED_COST", "LENET_1_OPERATIONS", "LENET_1_PARAMETERS"):
        number = getattr(classifiers, name)
        patch.setattr(classifiers, name, number._replace(value=9 * number.value))


def print_right_numbers(patch: pytest.MonkeyPatch) -> None:
    """Where the paper contradicts itself or what can be counted."""
    right = {
        "Pairwise": {"operations": 35},
        "40 PCA + quadratic": {"operations": 40},
        "LeNet-5": {"operations": 341},
        "28x28-500-150-10": {"operations": 937, "variables": 937},
    }
    others = [each._replace(**right.get(each.name, {})) for each in classifiers.CLASSIFIERS]
    patch.setattr(classifiers, "CLASSIFIERS", tuple(others))
    counts = [count._replace(journal_connections=count.connections) for count in numbers.COUNTS]
    patch.setattr(numbers, "COUNTS", tuple(counts))
    total = numbers.TOTAL
    patch.setattr(numbers, "TOTAL", total._replace(journal_connections=total.connections))
    patch.setattr(numbers, "LAYERS", numbers.LAYERS._replace(value=6))
    patch.setattr(numbers, "TEST_ERROR", numbers.TEST_ERROR._replace(value=0.94))
    more = classifiers.LENET_4_PARAMETERS._replace(value=40_000)
    patch.setattr(classifiers, "LENET_4_PARAMETERS", more)


def test_every_claim_that_can_be_tested_can_end_both_ways(
    good: Results, bad: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: dict[str, set[Verdict]] = {name: set() for name in TESTED}
    for change in (None, print_wrong_counts, print_right_numbers):
        with monkeypatch.context() as patch:
            if change:
                change(patch)
            for results in (good, bad):
                found = verdicts(results)
                for name in TESTED:
                    ends[name].add(found[name])
    holds = {Verdict.REPRODUCED, Verdict.COMPATIBLE}
    one_way = [
        name
        for name, found in ends.items()
        if Verdict.NOT_REPRODUCED not in found or not holds & found
    ]
    assert one_way == []


def test_a_spread_that_hides_what_matters_makes_a_claim_compatible_and_no_more(
    tmp_path: Path,
) -> None:
    """The same errors, nearly, in networks that differ little and in networks that differ more."""
    plain = GOOD.runs["paper"]["paper"]
    for wide, verdict in ((0.5, Verdict.REPRODUCED), (3.0, Verdict.COMPATIBLE)):
        data = tmp_path / str(wide)
        study(data, "paper", {"paper": replace(plain, spread=wide)})
        entries = {entry.claim.name: entry for entry in ledger.judged(Results(data))}
        for name in ("test-error", "training-error", "fig5-train"):
            entry = entries[name]
            matters = entry.claim.tolerance.matters
            assert entry.finding.verdict is verdict
            assert entry.finding.power is not None
            assert (entry.finding.power <= matters) == (verdict is Verdict.REPRODUCED)
            assert entry.power.startswith(f"{entry.finding.power:.3g}")
            assert entry.power.endswith(f" ({matters:.3g} matters)")


def test_made_up_results_near_the_paper_reproduce_what_is_measured(good: Results) -> None:
    computed = {"structure", "cost", "relatives", "tensions"}
    failed = [
        entry.claim.name
        for entry in ledger.judged(good)
        if entry.claim.theme not in computed and entry.finding.verdict is Verdict.NOT_REPRODUCED
    ]
    assert failed == []


def test_made_up_results_far_from_the_paper_reproduce_nothing_that_is_measured(
    bad: Results,
) -> None:
    computed = {"structure", "cost", "relatives", "tensions"}
    passed = [
        entry.claim.name
        for entry in ledger.judged(bad)
        if entry.claim.theme not in computed and entry.finding.verdict is Verdict.REPRODUCED
    ]
    assert passed == ["times-seen"]


def test_what_cannot_be_decided_is_decided_by_no_result(good: Results, bad: Results) -> None:
    assert len(OPEN) > 6
    for results in (good, bad):
        found = verdicts(results)
        assert {name: found[name] for name in OPEN} == dict.fromkeys(OPEN, Verdict.NOT_TESTABLE)


def test_missing_results_are_no_pass_and_name_what_makes_them(tmp_path: Path) -> None:
    entries = ledger.judged(Results(tmp_path))
    missing = [entry for entry in entries if entry.finding.verdict is Verdict.NOT_MEASURED]
    assert len(missing) > 40
    stages = yaml.safe_load((ROOT / "studies/dvc.yaml").read_text(encoding="utf-8"))["stages"]
    targets = {"reproduce", *stages, *stages["train"]["foreach"]}
    for entry in missing:
        command, target = entry.finding.note.split()
        assert command == "make"
        assert target in targets
    rest = {entry.claim.theme for entry in entries if entry.finding.verdict is Verdict.REPRODUCED}
    assert rest == {"structure", "cost", "distortions", "relatives"}, "computed, not measured"


def test_a_run_that_the_study_has_not_yet_is_not_measured(tmp_path: Path) -> None:
    study(tmp_path, "sizes", {"15000": GOOD.runs["sizes"]["15000"]})
    found = {entry.claim.name: entry.finding for entry in ledger.judged(Results(tmp_path))}
    assert found["fig6-15000-test"].verdict is Verdict.REPRODUCED
    assert found["fig6-30000-test"].verdict is Verdict.NOT_MEASURED
    assert "no run 30000" in found["fig6-30000-test"].note


def test_diverged_seeds_are_told_and_count_as_no_result(tmp_path: Path) -> None:
    study(tmp_path, "paper", {"paper": replace(GOOD.runs["paper"]["paper"], diverged=3)})
    study(tmp_path, "literal", BAD.runs["literal"])
    found = {entry.claim.name: entry.finding for entry in ledger.judged(Results(tmp_path))}
    assert found["test-error"].note.startswith("3 of 27 trainings diverged")
    assert found["test-error"].n == 24
    assert found["reliable"].verdict is Verdict.NOT_REPRODUCED
    assert "the text as it is printed fails in 5 of 5 trainings" in found["reliable"].note
    assert found["literal"].verdict is Verdict.NOT_REPRODUCED


def test_one_seed_decides_nothing(tmp_path: Path) -> None:
    study(tmp_path, "paper", {"paper": replace(GOOD.runs["paper"]["paper"], seeds=1)})
    found = {
        entry.finding.verdict
        for entry in ledger.judged(Results(tmp_path))
        if entry.claim.theme in ("training", "curve")
    }
    assert found == {Verdict.NOT_MEASURED}


def test_only_what_is_arithmetic_is_decided_without_a_training(tmp_path: Path) -> None:
    """And nothing that is arithmetic needs one."""
    study(tmp_path, "none", {})
    for entry in ledger.judged(Results(tmp_path)):
        waits = entry.finding.verdict is Verdict.NOT_MEASURED
        if entry.claim.kind is Kind.STATISTICAL:
            assert waits or entry.claim.name in OPEN
        elif entry.claim.kind is Kind.ARITHMETIC and entry.claim.theme != "data":
            assert not waits, entry.claim.name


def test_names_are_unique_and_no_field_is_empty() -> None:
    names = [claim.name for claim in CLAIMS]
    assert len(names) == len(set(names)) == 127
    for claim in CLAIMS:
        assert re.fullmatch(r"[a-z0-9-]+", claim.name)
        tolerance = claim.tolerance
        for text in (claim.statement, claim.place, claim.test, tolerance.text, tolerance.why):
            assert text.strip()
            assert not re.search(r"[{}]|  ", text)
        assert claim.place.startswith(("Section", "Fig", "Appendix"))
        assert (claim.weighed is None) == math.isnan(claim.tolerance.matters)


def test_no_statement_is_judged_twice() -> None:
    """Neither in the same words, nor the same printed number of one place by two tests."""
    said = [(claim.statement.lower(), claim.place) for claim in CLAIMS]
    assert len(set(said)) == len(said)
    printed = [
        (claim.published, claim.place)
        for claim in CLAIMS
        if claim.published and claim.kind is not Kind.DERIVED
    ]
    assert len(set(printed)) == len(printed)


def test_what_became_of_every_claim_of_the_ledger_before(good: Results) -> None:
    entries = ledger.judged(good)
    findings = {entry.claim.name: entry.finding for entry in entries}
    assert len(findings) == len(CLAIMS)
    ends = {name: (found.verdict.value, "so") for name, found in findings.items()}
    with changes.FILE.open(encoding="utf-8", newline="") as file:
        before = {row["name"]: row for row in csv.DictReader(file)}
    found = {change.name: change for change in changes.changes(ends)}
    for name, row in before.items():
        if name not in findings:
            assert found[name].now == changes.MERGED
            assert any(other in row["why"] for other in findings), row
        elif findings[name].verdict.value == row["verdict"]:
            assert name not in found
        else:
            assert found[name][1:] == (row["verdict"], ends[name][0], row["why"] or "so")
    since = {"writers-training", "writers-test", "students-training", "students-test", "literal"}
    since |= {"lenet-1-operations", "lenet-1-parameters"}
    # Those of the classifiers whose layers are in the paper.
    since |= {claim.name for claim in CLAIMS if claim.theme == "classifiers"} - set(before)
    assert set(findings) - set(before) == since
    assert len(since) == 7 + 22


def published_values() -> set[float]:
    """Every number of `numbers` and `classifiers`, and what is read from the figures."""
    found: list[float] = []
    for module in (numbers, classifiers):
        for value in vars(module).values():
            several = value if isinstance(value, tuple) and not hasattr(value, "_fields") else ()
            for each in (value, *several):
                if isinstance(each, Published):
                    found.append(each.value)
                elif isinstance(each, numbers.Count | classifiers.PrintedBar):
                    found += [part for part in each if isinstance(part, int | float)]
    for row in (*numbers.fig5(), *numbers.fig6()):
        found += [float(part) for part in row]
    found.append(len(numbers.fig8()))
    found += [round(part, 3) for part in quantities(printed.RECOVERED).values()]
    for layer in ("C1", "S2", "C3", "S4", "C5"):
        found += [round(part, 3) for part in fig13.saturated(fig13.drawn(layer))]
    return set(found)


def test_every_printed_number_is_one_of_the_papers() -> None:
    known = published_values()
    used = {number.value for claim in CLAIMS for number in claim.published}
    assert used <= known
    assert len(used) > 50


def claim(judge: object = None, **fields: object) -> Claim:
    return replace(CLAIMS[0], **({"judge": judge} if judge else {}), **fields)


@pytest.mark.parametrize(
    ("values", "printed"),
    [((1.0,), "1"), ((10.0, 12.0), "10 to 12"), ((1.0, 2.0, 3.0), "1 … 3 (3 points)"), ((), "")],
)
def test_printed_numbers_as_text(values: tuple[float, ...], printed: str) -> None:
    numbers = tuple(Published("it", value, "Fig. 1") for value in values)
    assert claim(published=numbers).printed == printed


def test_differences_are_within_seeds(good: Results) -> None:
    run = good.run("paper/paper")
    fewer = run._replace(seeds=dict(list(run.seeds.items())[2:]))
    assert differences(fewer, run) == [0.0] * (len(run.seeds) - 2)


def test_number_and_interval_come_with_their_seeds(good: Results) -> None:
    entries = ledger.judged(good)
    entry = next(each for each in entries if each.claim.name == "test-error")
    tests = over_seeds([*good.run("paper/paper").tests.values()])
    assert entry.finding.ours == tests.mean
    assert (entry.finding.low, entry.finding.high) == (tests.run_low, tests.run_high)
    assert entry.ours == f"{tests.mean:.3g} ({tests.run_low:.3g} to {tests.run_high:.3g})"
    assert entry.finding.n == 24


def test_fig8_is_told_from_networks_that_err_elsewhere(bad: Results) -> None:
    found = of_theme(ledger.judged(bad), "fig8-patterns-plain")
    assert found.verdict is Verdict.NOT_REPRODUCED
    assert "place 1 of 25" in found.note
    assert found.ours == 0
    assert trained.fig8_likeness(bad, "paper/paper", "paper/paper").values == (0.0,) * 24


def test_too_few_seeds_cannot_tell_fig8_apart(tmp_path: Path) -> None:
    """1 / (n + 1) is the smallest p: what could not fail must not pass."""
    for seeds, verdict in ((18, Verdict.NOT_MEASURED), (19, Verdict.NOT_REPRODUCED)):
        made = replace(BAD.runs["paper"]["paper"], seeds=seeds)
        study(tmp_path / str(seeds), "paper", {"paper": made})
        found = of_theme(ledger.judged(Results(tmp_path / str(seeds))), "fig8-patterns-plain")
        assert found.verdict is verdict
        assert found.n == seeds


def test_rejection_shows_our_number_but_decides_nothing(good: Results) -> None:
    found = of_theme(ledger.judged(good), "rejected")
    assert found.ours == pytest.approx(1.5)
    assert found.n == 2
    assert next(claim.printed for claim in CLAIMS if claim.name == "rejected") == "1.8"


def test_the_study_of_invariance_has_the_amounts_that_the_paper_states() -> None:
    height = numbers.LARGEST_DIGIT.value * numbers.VERTICAL_SHIFT.value
    for name, amounts in (
        ("shift down, pixels", {-height, 0, height}),
        ("scale", {1, numbers.SCALE_FACTOR.value}),
        ("rotation, degrees", {-numbers.ROTATION.value, 0, numbers.ROTATION.value}),
        ("noise", {0, numbers.INVERTED.value}),
    ):
        assert amounts <= set(TRANSFORMATIONS[name].amounts)


def test_lenet5_operations_are_connections_and_parameters_added_up() -> None:
    (printed,) = (each for each in classifiers.CLASSIFIERS if each.name == "LeNet-5")
    assert round(described.lenet_5("connections", "parameters").number) == printed.operations
    assert round(described.lenet_5("connections").number) != printed.operations


def test_the_network_of_1989_has_the_counts_that_were_printed_of_it() -> None:
    found = [described.network_of_1989(kind).number for kind in ("connections", "parameters")]
    printed = (classifiers.CONNECTIONS_1989, classifiers.PARAMETERS_1989)
    assert found == [number.value for number in printed]
    assert [each.connections for each in described.NETWORK_1989] == [59_904, 2_880, 32_768, 960]


def test_ledger_is_written_whole_and_the_same_each_time(good: Results, tmp_path: Path) -> None:
    for name in ("one", "other"):
        ledger.write(tmp_path / name, ledger.judged(Results(good.data)))
    texts = [(tmp_path / name / "claims.json").read_text("utf-8") for name in ("one", "other")]
    assert texts[0] == texts[1]
    tree = json.loads(texts[0])
    with (tmp_path / "one" / "claims.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == [one["name"] for one in tree["claims"]]
    assert [row["name"] for row in rows] == [claim.name for claim in CLAIMS]
    found = tree["counts"]
    assert found["claims"] == len(CLAIMS) == sum(found.values()) - found["claims"]
    for verdict in Verdict:
        key = verdict.key
        assert found[key] == sum(row["verdict"] == verdict.value for row in rows)
        for parts in (tree["themes"], tree["kinds"]):
            assert found[key] == sum(part[key] for part in parts.values())
    for row, one in zip(rows, tree["claims"], strict=True):
        assert row["ours"] == ("" if one["ours"] is None else str(one["ours"]))


def test_the_committed_ledger_is_what_the_committed_results_say(tmp_path: Path) -> None:
    ledger.write(tmp_path, ledger.judged(Results(ROOT / "data")))
    for name in ("claims.json", "claims.csv"):
        committed = ROOT / "data" / "results" / "mnist" / name
        assert (tmp_path / name).read_bytes() == committed.read_bytes()


def test_command_prints_every_claim_and_the_counts(
    good: Results,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "data").symlink_to(good.data)
    (tmp_path / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    assert cli.main(["claims"]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= ledger.WIDTH
    for each in CLAIMS:
        assert f"  {each.name}:" in text
    heads = [line.partition(":")[0] for line in text.splitlines()[:4]]
    kinds = [claim.kind for claim in CLAIMS]
    assert heads == [
        *(f"{kinds.count(kind)} {kind.value}" for kind in Kind),
        f"{len(CLAIMS)} in all",
    ]
    assert text.splitlines()[-1] == text.splitlines()[0], "the headline is of trained networks"
    assert all(SIGNS[verdict] in text for verdict in (Verdict.REPRODUCED, Verdict.NOT_TESTABLE))

    assert not (good.pipeline / "claims.json").exists()
    assert cli.main(["claims", "--json", "--write"]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["counts"]["claims"] == len(CLAIMS)
    assert (good.pipeline / "claims.json").read_text("utf-8") == printed
    assert (good.pipeline / "claims.csv").is_file()
