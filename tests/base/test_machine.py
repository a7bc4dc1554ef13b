"""The machine's name, and the files that are named after it."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path

import pytest

from paper_lenet.base import machine
from paper_lenet.base.files import FormatError, write_json


@pytest.mark.parametrize(
    ("name", "short", "slug"),
    [
        ("AMD EPYC", "AMD EPYC", "amd-epyc"),
        ("AMD EPYC 9R14 96-Core Processor", "AMD EPYC 9R14", "amd-epyc-9r14"),
        (
            "Intel(R) Xeon(R) Processor @ 2.50GHz",
            "Intel Xeon 2.50GHz",
            "intel-xeon-2.50ghz",
        ),
        (
            "11th Gen Intel(R) Core(TM) i7-1165G7 CPU @ 2.80GHz",
            "11th Gen Intel Core i7-1165G7 2.80GHz",
            "11th-gen-intel-core-i7-1165g7-2.80ghz",
        ),
        ("Apple M2 Pro", "Apple M2 Pro", "apple-m2-pro"),
        ("../etc", "../etc", "etc"),
        ("", "unknown", "unknown"),
    ],
)
def test_a_processor_s_name_in_short_and_as_a_file_s(name: str, short: str, slug: str) -> None:
    assert machine.short(name) == short
    assert machine.slug(name) == slug


def test_files_of_seconds_come_the_last_measured_first(tmp_path: Path) -> None:
    for stem, tree in {
        "b": {"n": 1},
        "a": {"n": 2},
        "c": {"n": 3, "date": "2026-01-31"},
        "d": {"n": 4, "date": "2026-02-01"},
    }.items():
        write_json(tmp_path / f"{stem}.json", tree)
    found = machine.by_machine(tmp_path)
    assert list(found) == ["d", "c", "a", "b"]
    assert [tree["n"] for tree in found.values()] == [4, 3, 2, 1]
    assert machine.by_machine(tmp_path / "none") == {}


@pytest.mark.parametrize("text", ["{", "3", "[1, 2]"])
def test_a_damaged_file_of_seconds_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "core.json").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=r"core\.json: not "):
        machine.by_machine(tmp_path)


def test_only_macos_is_asked_by_sysctl(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, stdout="Apple M2\n")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    assert machine.sysctl("machdep.cpu.brand_string") == "" and not asked
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    assert machine.sysctl("machdep.cpu.brand_string") == "Apple M2"
    assert asked == [["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]]
