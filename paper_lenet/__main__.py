"""``python -m paper_lenet``: the command line without the installed script."""

from __future__ import annotations

import sys

from paper_lenet.cli import main

if __name__ == "__main__":
    sys.exit(main())
