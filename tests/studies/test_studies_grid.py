"""Grid files: what is trained, and what is refused in one line that names the place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from fake_training import small_recipe
from hypothesis import given
from hypothesis import strategies as st

from paper_lenet.base.errors import RecipeError
from paper_lenet.base.files import read_json
from paper_lenet.network.params import read_params
from paper_lenet.network.recipe import Recipe
from paper_lenet.studies.grid import Study, changed, read_study

ROOT = Path(__file__).parents[2]
RECIPES = {"paper": Recipe(), "small": small_recipe()}

DRAWN = "recipe: paper\ndraws: 2\nprior: {loss.j: {uniform: [0, 5]}}\n"


def read(folder: Path, text: str) -> Study:
    path = folder / "tiny.yaml"
    path.write_text(text)
    return read_study(path, RECIPES)


def test_jobs_come_run_by_run_and_seed_by_seed(tmp_path: Path) -> None:
    text = """
    recipe: paper
    seeds: 2
    runs:
      base: {}
      j_1: {loss.j: 1, seeds: [7, 3]}
      other: {recipe: small, loss.half: false}
    """
    study = read(tmp_path, text)
    paper, small = RECIPES["paper"], RECIPES["small"]
    assert study.name == "tiny"
    assert [(job.name, job.seed) for job in study.jobs] == [
        ("base", 0),
        ("base", 1),
        ("j_1", 7),
        ("j_1", 3),
        ("other", 0),
        ("other", 1),
    ]
    recipes = [run.recipe for run in study.runs.values()]
    assert recipes[0] == paper
    assert recipes[1] == replace(paper, loss=replace(paper.loss, j=1.0))
    assert recipes[2] == replace(small, loss=replace(small.loss, half=False))
    assert {(job.trainer, job.thorough) for job in study.jobs} == {("engine", False)}


def test_each_draw_is_trained_in_every_way_by_seeds_of_their_own(tmp_path: Path) -> None:
    ways = "{clean: {}, inverted: {presentation.inverted: 0.1}}"
    jobs = read(tmp_path, f"{DRAWN}first: 5\nways: {ways}").jobs
    named = [(job.name, job.seed, job.recipe.presentation.inverted) for job in jobs]
    assert named == [
        ("draw-005-clean", 5, 0.0),
        ("draw-005-inverted", 100_005, 0.1),
        ("draw-006-clean", 6, 0.0),
        ("draw-006-inverted", 100_006, 0.1),
    ]
    assert jobs[0].recipe.loss == jobs[1].recipe.loss != jobs[2].recipe.loss


def test_draws_follow_the_runs_with_a_seed_each(tmp_path: Path) -> None:
    text = """
    recipe: small
    seeds: 4
    runs: {base: {}}
    draws: 3
    prior: {loss.j: {uniform: [0.0, 5.0]}}
    """
    jobs = read(tmp_path, text).jobs
    drawn = jobs[4:]
    assert [(job.name, job.seed) for job in jobs[:4]] == [("base", seed) for seed in range(4)]
    assert [(job.name, job.seed) for job in drawn] == [
        ("draw-000", 0),
        ("draw-001", 1),
        ("draw-002", 2),
    ]
    assert len({job.recipe.loss.j for job in drawn}) == 3
    assert all(0 <= job.recipe.loss.j <= 5 for job in drawn)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("recipe: paper\nruns: {a: {}}", "runs.a.seeds: None is neither"),
        ("recipe: paper\nseeds: 0\nruns: {a: {}}", "runs.a.seeds: 0 is neither"),
        ("recipe: paper\nseeds: true\nruns: {a: {}}", "runs.a.seeds: True is neither"),
        ("recipe: paper\nseeds: [1, 1]\nruns: {a: {}}", r"runs.a.seeds: \[1, 1\] is neither"),
        ("recipe: none\nseeds: 1\nruns: {a: {}}", "runs.a.recipe: no recipe 'none'; there are: pa"),
        ("recipe: paper\nseeds: 1", "runs: not a mapping"),
        ("recipe: paper\nseeds: 1\nruns: {a: }", "runs.a: not a mapping; {} is the base itself"),
        ("recipe: paper\nseeds: 1\nruns: {'a,b': {}}", "runs.a,b: no name for a run"),
        ("recipe: paper\nseeds: 1\nruns: {1: {}}", "runs.1: no name for a run"),
        ("recipe: paper\nseeds: 1\nrun: {a: {}}", "run: unknown key; known here: recipe, seeds"),
        ("recipe: paper\nseeds: 1\nruns: {a: {j: 1}}", "runs.a.j: a change is named as in loss.j"),
        ("recipe: paper\ndraws: 2", "prior: not a mapping"),
        ("recipe: paper\ndraws: -1\nprior: {loss.j: {uniform: [0, 1]}}", "draws: -1 is no number"),
        (f"{DRAWN}first: -1", "first: -1 is no number"),
        (f"{DRAWN}ways: 3", "ways: not a mapping"),
        (f"{DRAWN}ways: {{a: 3}}", "ways: not a mapping"),
        ("[1", "not YAML"),
        ("3", "not a mapping of recipe"),
    ],
)
def test_a_wrong_grid_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RecipeError, match=rf"tiny\.yaml: {message}") as error:
        read(tmp_path, text)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("loss.k: 1", "loss.k: unknown key; known here: equation, j, half"),
        ("lost.j: 1", "lost: unknown key"),
        ("loss.equation: 7", "loss.equation: 7 is not one of 8, 9"),
        ("loss.j: one", "loss.j: 'one' is not of type float"),
        ("step.eta: [[0, 1.0]]", "step.eta: each block"),
    ],
)
def test_a_wrong_change_is_refused_with_its_key(tmp_path: Path, change: str, message: str) -> None:
    with pytest.raises(RecipeError, match=rf"tiny\.yaml: runs\.a\.{message}"):
        read(tmp_path, f"recipe: paper\nseeds: 1\nruns: {{a: {{{change}}}}}")


def test_a_missing_grid_is_told_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").touch()
    with pytest.raises(RecipeError, match=r"a\.yaml: there is no such file; there are: b"):
        read_study(tmp_path / "a.yaml", RECIPES)


@given(st.floats(-100, 1e6), st.booleans(), st.integers(1, 60000))
def test_changes_touch_nothing_else(j: float, half: bool, patterns: int) -> None:
    recipe = RECIPES["paper"]
    changes = {"loss.j": j, "loss.half": half, "presentation.patterns": patterns}
    expected = replace(
        recipe,
        loss=replace(recipe.loss, j=j, half=half),
        presentation=replace(recipe.presentation, patterns=patterns),
    )
    assert changed(recipe, changes, "here") == expected
    assert recipe == Recipe()


def test_every_grid_of_the_project_can_be_read() -> None:
    recipes = read_params(ROOT / "params.yaml").recipes
    grids = [
        path
        for path in sorted((ROOT / "studies").glob("*.yaml"))
        if "runs" in (tree := yaml.safe_load(path.read_text(encoding="utf-8"))) or "prior" in tree
    ]
    assert {"paper", "posterior", "readings"} <= {path.stem for path in grids}
    for path in grids:
        if path.stem == "tutorials":
            continue
        jobs = read_study(path, recipes).jobs
        assert len({(job.name, job.seed) for job in jobs}) == len(jobs)


def test_distortions_are_trained_as_they_were_settled() -> None:
    recipes = read_params(ROOT / "params.yaml").recipes
    settling, distortions, invariance = (
        read_study(ROOT / f"studies/{name}.yaml", recipes).runs
        for name in ("settling", "distortions", "invariance")
    )
    chosen = read_json(ROOT / "data/results/studies/settling/chosen.json")["distortions"]["run"]
    settled = settling[chosen].recipe
    whole = replace(settled.presentation, patterns=60000, held_out=0)
    assert distortions["chosen"].recipe == replace(settled, presentation=whole)
    assert invariance["distorted"].recipe == distortions["chosen"].recipe
