"""The command ``paper-lenet``: one for each stage, and what works with a trained network.

`COMMANDS` lists them with their options. Each imports what it needs when it runs, so that help
comes at once.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper_lenet import __version__
from paper_lenet.base.errors import PaperLenetError, tell
from paper_lenet.base.extras import missing
from paper_lenet.pipeline import stages
from paper_lenet.pipeline.paths import DATA, WEIGHTS, folder

if TYPE_CHECKING:
    from paper_lenet.network.params import Params

DESCRIPTION = """\
LeNet-5 of LeCun, Bottou, Bengio and Haffner (Proc. IEEE, 1998), replicated.

The pipeline is download, preprocess, train, evaluate, figures, explain, examples, touch.
`dvc repro` runs what is out of date, and each stage can be run by hand, in a clone's folder."""

EPILOG = """\
examples:
  paper-lenet predict photo.jpg           which digit is it?
  paper-lenet download --from ~/mnist     take the four files from a folder
  paper-lenet train --params mine.yaml    train a recipe of your own, into folders of its name
  paper-lenet export lenet5.onnx          the trained network for other runtimes
  paper-lenet compare HEAD mine           two runs beside each other, on a page
  paper-lenet verify                      are these outputs the committed ones?

`paper-lenet COMMAND --help` tells more."""

UNHEARD = 141  # as of a program that the signal SIGPIPE ends


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The exit status: 0, 1 for an expected error, 130 for Ctrl-C, 141 if nobody reads on.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may not know our letters
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _run(**vars(parser().parse_args(arguments)))
        print(end="", flush=True)  # here, where it can be told that the disk is full
        return status
    except KeyboardInterrupt as stop:
        return _complain(str(stop) or "interrupted", 130)
    except ModuleNotFoundError as error:
        needed = missing(error, "this")
        if needed is error:
            raise
        return _complain(str(needed))
    except BrokenPipeError:  # the reader has left, as `head` does: nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python will try once more
        return UNHEARD
    except (OSError, PaperLenetError) as error:  # any other is a mistake of ours: show where
        return _complain(str(error))


def _run(run: Callable[..., int | None], params: Path | None = None, **options: Any) -> int:
    _prepare()
    atexit.register(gc.freeze)  # or at its end Python looks through all that was loaded
    if params is not None:
        from paper_lenet.network.params import read_params

        if not params.exists():
            return _complain(
                f"{params}: there is no such file; run it in the repository, a git clone, or name "
                "another file with --params"
            )
        options["params"] = read_params(params)
    return run(**options) or 0


def _prepare() -> None:
    """Keep what the user has set for other programs away from the libraries that look for it."""
    # Drawings go to files and have a style of their own: no backend, no settings.
    os.environ |= {"MPLBACKEND": "agg", "MATPLOTLIBRC": os.devnull}
    named = [name for name in os.environ if name.startswith("TQDM_")]
    if named:
        try:
            import tqdm  # noqa: F401 - it takes its variables when it is imported
        except ValueError as error:
            told = f"tqdm cannot take a variable of {', '.join(named)}: {error}"
            raise PaperLenetError(told) from None


def _complain(text: str, status: int = 1) -> int:
    tell(text)
    return status


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help with the commands in one column, without a line for their placeholder."""

    def _format_action(self, action: argparse.Action) -> str:
        if isinstance(action, argparse._SubParsersAction):
            return "".join(map(self._format_action, action._get_subactions()))
        return super()._format_action(action)


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    result = argparse.ArgumentParser(
        prog="paper-lenet",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=_Help,
    )
    result.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = result.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for run, *options in COMMANDS:
        name, text = run.__name__.strip("_"), (run.__doc__ or "").partition("\n")[0]
        one = commands.add_parser(name, help=text[:1].lower() + text[1:-1], description=text)
        one.set_defaults(run=run)
        for option, how in options:
            one.add_argument(option, **how)
    return result


def _verify(deep: bool) -> int:
    """Compare every output with the committed record."""
    from paper_lenet.pipeline.verify import summary, verify

    root, verdicts = Path(), []
    found = verify(root)
    if deep:
        from paper_lenet.pipeline.retrained import retrained

        found = chain(found, retrained(root))
    for verdict in found:
        print(verdict, flush=True)
        verdicts.append(verdict)
    well, said = summary(verdicts)
    if not well:
        return _complain(said)
    print(said)
    return 0


def _cost(json: bool) -> None:
    """Say which stages are out of date, and how long they take."""
    from json import dumps

    from paper_lenet.pipeline.cost import costs, lines

    found = costs(Path(), DATA)
    print(dumps([each._asdict() for each in found]) if json else "\n".join(lines(found)))


def _claims(params: Params, json: bool, write: bool) -> None:
    """What of the paper is reproduced, claim by claim."""
    from paper_lenet.studies.claims import ledger
    from paper_lenet.studies.claims.results import Results

    entries = ledger.judged(Results(DATA, params.data.name))
    print(ledger.as_json(entries) if json else "\n".join(ledger.lines(entries)))
    if write:
        ledger.write(folder("results", params), entries)


def _preprint(params: Params, pdf: Path, write: Path | None) -> int:
    """Read the numbers of the paper's figures from its preprint."""
    from paper_lenet.base.files import write_bytes
    from paper_lenet.digits.mnist import load
    from paper_lenet.paper.preprint.beside import verdict
    from paper_lenet.paper.preprint.document import open_preprint
    from paper_lenet.paper.preprint.readings import readings

    document = open_preprint(pdf)
    training, test = load(folder("raw", params))
    status = 0
    for reading in readings(document, training.images, *test):
        found = verdict(reading)
        print(found.said, flush=True)
        status |= not found.well
        if write is not None:
            write_bytes(write / reading.name, reading.content)
    return status


def _compare(first: str, second: str, page: Path) -> None:
    """Lay two runs beside each other, on a page."""
    from paper_lenet.pipeline.compare import compare

    print(f"{compare(Path(), first, second, page)}\n{page}: written")


def _predict(
    images: list[Path],
    weights: Path | None,
    trainer: str,
    several: bool,
    json: bool,
    show: Path | None,
) -> int:
    """Say which digit an image shows."""
    from json import dumps

    from paper_lenet.digits.image import ImageError
    from paper_lenet.pipeline import predicted
    from paper_lenet.pipeline.predict import find_weights, read, reader

    if show is not None:
        predicted.check(show, images)
    used = find_weights(weights)
    asked, trees, status = reader(used, trainer), [], 0
    if not asked.trained.shipped:
        tell(f"by the network in {used}, which is not the one that comes with paper_lenet")
    for path in images:
        try:
            picture, digits = read(asked, path, several)
        except ImageError as error:
            status = _complain(str(error))
            continue
        trees.append(predicted.tree(path, used, digits))
        if not json:
            print(*predicted.lines(path, digits), sep="\n", flush=True)
        if show is not None:
            predicted.show(show, picture, digits)
    if json:
        print(dumps(trees, indent=2))
    return status


def _export(path: Path, weights: Path | None) -> None:
    """Write a trained network as an ONNX file."""
    from paper_lenet.network.weights import load
    from paper_lenet.pipeline.export import export
    from paper_lenet.pipeline.predict import find_weights

    export(path, load(find_weights(weights)))
    print(f"{path}: written")


def _bench(params: Params, variants: bool, json: Path | None) -> None:
    """Measure how fast the engine is."""
    from paper_lenet.base.machine import by_machine
    from paper_lenet.bench import bench, figures
    from paper_lenet.bench.beside import others
    from paper_lenet.bench.table import lines

    timings = DATA / "timings"
    committed = by_machine(figures(timings, params))  # before all is measured: it may be damaged
    tree = bench(params, folder("processed", params), timings, json, variants)
    print(*lines(tree, others(committed, tree)), sep="\n")


Option = tuple[str, dict[str, Any]]  # its name, and how `argparse` takes it


def _option(name: str, text: str, metavar: str | None = None, **how: Any) -> Option:
    """An option or argument that takes a value, called `metavar` in the help, or a flag."""
    how |= {"metavar": metavar} if metavar else {"action": "store_true"}
    return name, {"help": text, **how}


def _file(name: str, text: str, metavar: str = "FILE", **how: Any) -> Option:
    return _option(name, text, metavar, type=Path, **how)


_PARAMS = _file("--params", "the parameters (default: params.yaml)", default=Path("params.yaml"))
_WEIGHTS = _file("--weights", f"a trained network (default: {WEIGHTS.as_posix()})")
_FROM = _file(
    "--from", "take the files, packed or not, from this folder of yours", "DIR", dest="extra"
)
_WRITERS = _option("--writers", "QMNIST's two files of labels instead: who wrote each pattern")
_STUDY = (
    _option("name", "the grid is studies/NAME.yaml", "NAME"),
    _option(
        "part",
        "train what the grid lacks, or analyse the committed files anew",
        "{train,analyse}",
        choices=("train", "analyse"),
    ),
    _option(
        "--scheduler",
        "train on the Dask cluster of this scheduler, as in tcp://10.0.0.1:8786",
        "ADDRESS",
    ),
)
_TUTORIALS = (
    _option("--only", "train these of studies/tutorials.yaml", "NAME", nargs="+", default=[]),
    _option("--seeds", "of each, seeds 0 to N-1", "N", type=int, default=0),
)
_FIG9 = (
    _option("name", "one of studies/fig9.yaml", "NAME"),
    _option("--seed", "of what it draws (default: 0)", "N", type=int, default=0),
)
_JSON = _option("--json", "print it as JSON")
_DEEP = _option("--deep", "train seed 0 anew and compare it too; a minute or less, nothing is kept")
_CLAIMS = (
    _JSON,
    _option("--write", "write claims.json and claims.csv, as the stage does"),
)
_PREPRINT = (
    _file("pdf", "the preprint; it is no part of the repository", "PDF"),
    _file("--write", "write what is read into this folder, as the files are called", "FOLDER"),
)
_SIDE = "a commit, an experiment of DVC, `workspace`, or a folder of results"
_COMPARE = (
    _option("first", f"{_SIDE} (default: HEAD)", "A", nargs="?", default="HEAD"),
    _option("second", "the other (default: workspace)", "B", nargs="?", default="workspace"),
    _file("--page", "the page to write (default: compare.html)", default=Path("compare.html")),
)
_PREDICT = (
    _file("images", "a digit, drawn or photographed, dark on light or not", "IMAGE", nargs="+"),
    _WEIGHTS,
    _option("--all", "read every digit, line by line, each with its box", dest="several"),
    _JSON,
    _file("--show", "draw what was seen, NAME.png or NAME.svg, so that an answer explains itself"),
    _option(
        "--trainer",
        "which execution of the network to ask (default: engine)",
        "{engine,reference}",
        choices=("engine", "reference"),
        default="engine",
    ),
)
_BENCH = (
    _option("--variants", "measure what each variant of the network costs too"),
    _file("--json", "where to write the figures (default: in data/timings/mnist/bench, by core)"),
)

# What each calls, with its options by name. Its help is what it calls says of itself.
COMMANDS: tuple[tuple[Callable[..., int | None], *tuple[Option, ...]], ...] = (
    (stages.download, _PARAMS, _FROM, _WRITERS),
    (stages.preprocess, _PARAMS),
    (stages.train, _PARAMS),
    (stages.evaluate, _PARAMS),
    (stages.figures, _PARAMS),
    (stages.explain, _PARAMS),
    (stages.examples, _PARAMS),
    (stages.touch, _PARAMS),
    (stages.fingerprint, _PARAMS),
    (_cost, _JSON),
    (_verify, _DEEP),
    (stages.study, _PARAMS, *_STUDY),
    (stages.tutorials, _PARAMS, *_TUTORIALS),
    (stages.fig9, *_FIG9),
    (_claims, _PARAMS, *_CLAIMS),
    (_preprint, _PARAMS, *_PREPRINT),
    (_compare, *_COMPARE),
    (_predict, *_PREDICT),
    (_export, _file("path", "to write, NAME.onnx"), _WEIGHTS),
    (_bench, _PARAMS, *_BENCH),
)
