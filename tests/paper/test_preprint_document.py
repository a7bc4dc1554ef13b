"""The preprint's PDF: this file, or one line that says what it is instead."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest
from drawn_pdf import document as made

from paper_lenet import cli
from paper_lenet.paper.preprint import document
from paper_lenet.paper.preprint.document import PreprintError, open_preprint

ROOT = Path(__file__).parents[2]


def test_the_file_with_the_right_digest_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = made("0 0 2 2 re f")
    (tmp_path / "paper.pdf").write_bytes(content)
    monkeypatch.setattr(document, "SHA256", hashlib.sha256(content).hexdigest())
    assert len(open_preprint(tmp_path / "paper.pdf").pages) == 1
    (tmp_path / "paper.pdf").write_bytes(content[:-1])
    with pytest.raises(PreprintError, match="or a damaged one"):
        open_preprint(tmp_path / "paper.pdf")


def test_without_its_library_the_command_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "paper.pdf").write_bytes(b"any")
    monkeypatch.setattr(document, "SHA256", hashlib.sha256(b"any").hexdigest())
    monkeypatch.setitem(sys.modules, "pypdf", None)
    command = ["preprint", str(tmp_path / "paper.pdf"), "--params", str(ROOT / "params.yaml")]
    assert cli.main(command) == 1
    assert "this needs pypdf: pip install -e '.[studies]'" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["none.pdf", "."])
def test_a_missing_file_says_where_the_preprint_is(name: str, tmp_path: Path) -> None:
    with pytest.raises(PreprintError, match=r"no such file.*Lecun98.pdf of .* xPrithvi/LeNet-5"):
        open_preprint(tmp_path / name)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n", made("")])
def test_another_file_is_one_line_of_the_command(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.pdf"
    path.write_bytes(content)
    command = ["preprint", str(path), "--params", str(ROOT / "params.yaml")]
    assert cli.main([*command, "--write", str(tmp_path / "written")]) == 1
    printed = capsys.readouterr()
    begins = hashlib.sha256(content).hexdigest()[:8]
    assert printed.out == ""
    assert printed.err == (
        f"paper-lenet: {path}: another file than the preprint, or a damaged one: its SHA-256 "
        f"begins with {begins} and not bb8762b7; take {document.WHERE}\n"
    )
    assert not (tmp_path / "written").exists()
