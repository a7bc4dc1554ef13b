"""The site, built as ``make docs`` does, but in a process in which torch cannot be found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WITHOUT_TORCH = """
import sys
from importlib.machinery import PathFinder

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.split(".")[0] == "torch" else super().find_spec(name, path, target)

sys.meta_path[:] = [Without if finder is PathFinder else finder for finder in sys.meta_path]
from sphinx.cmd.build import main
opened = set()
sys.addaudithook(lambda event, of: opened.add(str(of[0])) if event == "open" else None)
status = main(sys.argv[1:])
print(*sorted(opened), sep="\\n")
assert not hasattr(sys.modules.get("torch"), "__version__"), "torch was imported"
raise SystemExit(status)
"""


LANGUAGES = ("", "ko")  # English stands first, in no folder of its own


def build(
    source: Path, target: Path, language: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Build the pages in `source` into ``target/html``; its output lists the files it opened.

    Those of another language than English come into a folder of its name.
    """
    options = ["-W", "--keep-going", "-q", "-b", "html", "-d", str(target / f"doctrees{language}")]
    options += ["-D", f"language={language}"] if language else []
    return subprocess.run(
        [
            sys.executable,
            "-c",
            WITHOUT_TORCH,
            *options,
            str(source),
            str(target / "html" / language),
        ],
        cwd=source.parent,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
