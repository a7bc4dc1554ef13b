"""What is installed without the repository: the sdist, and the wheel that is built from it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest
import yaml
from PIL import Image, ImageDraw

import paper_lenet

ROOT = Path(__file__).parents[2]
CODE = """
from pathlib import Path
import numpy as np, paper_lenet
from paper_lenet.network.architecture import codes
from paper_lenet.network.weights import PRETRAINED, load
from paper_lenet.paper.numbers import fig8
from paper_lenet.studies.claims.catalogue import catalogue
assert Path(paper_lenet.__file__).is_relative_to(Path('site').resolve()), paper_lenet.__file__
assert len(fig8()) == 82 and len(codes()) == 10 and catalogue().claims
assert load(PRETRAINED).seed == 0
import sys
sys.modules['torch'] = None
try:
    from paper_lenet import LeNet5
except ImportError as error:
    assert "pip install 'paper-lenet[reference]'" in str(error), error
else:
    raise AssertionError
"""


def python(*arguments: str, cwd: Path, site: str = "") -> subprocess.CompletedProcess[str]:
    """This Python, in a folder, on packages that lie in `site`."""
    environment = {**os.environ, "PYTHONPATH": site}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, the wheel and, in `site`, what the wheel installs."""
    folder = tmp_path_factory.mktemp("built")
    # Of a copy, since a build writes beside what it packs.
    apart = (".git", ".venv", ".*_cache", ".hypothesis", "raw", "processed", "work", "_build")
    source = folder / "source"
    shutil.copytree(ROOT, source, symlinks=True, ignore=shutil.ignore_patterns(*apart))
    done = python("-m", "build", "--outdir", str(folder), str(source), cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    pip = ("-m", "pip", "install", "--quiet", "--no-deps", "--target", "site", str(wheel))
    done = python(*pip, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
@pytest.mark.xdist_group("package")
def test_the_wheel_has_its_code_its_data_and_a_trained_network(built: Path) -> None:
    done = python("-c", CODE, cwd=built, site="site")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.xdist_group("package")
def test_the_wheel_reads_a_digit_anywhere(built: Path) -> None:
    image = Image.new("L", (60, 60), 255)
    ImageDraw.Draw(image).line([(30, 10), (30, 50)], fill=0, width=5)
    image.save(built / "one.png")
    done = python("-m", "paper_lenet", "predict", "one.png", cwd=built, site="site")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("one.png: 1 ")


@pytest.mark.slow
@pytest.mark.xdist_group("package")
def test_a_stage_outside_a_clone_says_that_it_needs_one(built: Path) -> None:
    done = python("-m", "paper_lenet", "train", cwd=built, site="site")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "run it in the repository, a git clone" in line


@pytest.mark.slow
@pytest.mark.xdist_group("package")
def test_the_wheel_is_described(built: Path) -> None:
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
        (name,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        said = message_from_bytes(wheel.read(name))
    assert {"paper_lenet/py.typed", "paper_lenet/pipeline/page.css"} <= set(names)
    assert not [name for name in names if name.startswith(("tests/", "docs/"))]
    assert said["Version"] == paper_lenet.__version__
    assert "Typing :: Typed" in said.get_all("Classifier", [])
    assert any(url.startswith("Paper, https://doi.org/") for url in said.get_all("Project-URL", []))


@pytest.mark.slow
@pytest.mark.xdist_group("package")
def test_the_sdist_has_what_tests_and_docs_read(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    tracked = {name for name in listed.stdout.split() if not name.startswith((".git", ".dvc"))}
    assert sorted(tracked - names - {".readthedocs.yaml"}) == []


def test_the_version_stands_once() -> None:
    assert paper_lenet.__version__ not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_citation_is_of_this_version() -> None:
    """Its format has no way to read them from elsewhere."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    version, date = cited["version"], cited.get("date-released", "unreleased")
    assert version == paper_lenet.__version__
    assert cited["url"].startswith("https://")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (latest, *_) = re.findall("^## (.*)$", changes, re.M)
    assert latest == f"{version}, {date}"


def test_links_of_the_description_work_away_from_the_repository() -> None:
    text = (ROOT / "docs/package.md").read_text(encoding="utf-8")
    assert "{py:" not in text  # plain Markdown, for readers without Sphinx
    links = re.findall(r"\]\(([^)]*)\)|src(?:set)?=\"([^\"]*)\"", text)
    assert [link for link in links if not "".join(link).startswith("https://")] == []


@pytest.mark.parametrize(
    ("shipped", "committed"),
    [
        ("pretrained.safetensors", "models/mnist/paper/seed-00.safetensors"),
        (
            "studies/claims/network-1998.safetensors",
            "results/studies/recovered/network-1998.safetensors",
        ),
    ],
)
def test_the_shipped_networks_are_the_committed_ones(shipped: str, committed: str) -> None:
    found = (ROOT / "paper_lenet" / shipped).read_bytes()
    assert found == (ROOT / "data" / committed).read_bytes()
