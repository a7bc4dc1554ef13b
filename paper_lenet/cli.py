"""The command ``paper-lenet``: one for each stage, and what works with a trained network.

Each command imports what it needs when it runs, so that help comes at once and a command that
needs no PyTorch loads none. The stages' paths stand here and in ``dvc.yaml``, nowhere else.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from paper_lenet import __version__
from paper_lenet.network.recipe import Params, read_params

DESCRIPTION = """\
LeNet-5 of LeCun, Bottou, Bengio and Haffner (Proc. IEEE, 1998), replicated.

The pipeline is download, preprocess, train, evaluate, figures, explain, examples. `dvc repro` runs
what is out of date, and each stage can be run by hand, in the repository's folder."""

EPILOG = """\
examples:
  paper-lenet predict photo.jpg           which digit is it?
  paper-lenet download --from ~/mnist     take the four files from a folder
  paper-lenet train --params mine.yaml    train a recipe of your own, in place of data/models
  paper-lenet export lenet5.onnx          the trained network for other runtimes
  paper-lenet verify                      are these outputs the committed ones?

`paper-lenet COMMAND --help` tells more."""


# What only some commands need: the module, its name, and the extra that installs it.
EXTRAS = {"torch": ("PyTorch", "reference"), "onnx": ("ONNX", "onnx")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 for an expected error, 130 for Ctrl-C."""
    options = parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        return status
    except KeyboardInterrupt as stop:
        return _complain(str(stop) or "interrupted", 130)
    except ModuleNotFoundError as error:
        if error.name not in EXTRAS:
            raise
        package, extra = EXTRAS[error.name]
        return _complain(f"this needs {package}: pip install -e '.[{extra}]'")
    except OSError as error:
        return _complain(str(error))
    except (ValueError, RuntimeError) as error:
        if not type(error).__module__.startswith("paper_lenet"):
            raise  # a mistake of ours: show where
        return _complain(str(error))


def _complain(text: str, status: int = 1) -> int:
    print(f"paper-lenet: {text}", file=sys.stderr)
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
    download = _stage(commands, "download", _download, "fetch MNIST's four files and check them")
    download.add_argument(
        "--from",
        dest="extra",
        type=Path,
        metavar="DIR",
        help="take the four files, packed or not, from this folder of yours",
    )
    _stage(commands, "preprocess", _preprocess, "pad the digits to 32x32 and scale grey levels")
    _stage(commands, "train", _train, "train the recipe, once for each seed")
    _stage(commands, "evaluate", _evaluate, "count errors, and lay them beside the paper's")
    _stage(commands, "figures", _figures, "draw the paper's figures from the results")
    _stage(commands, "explain", _explain, "draw what the docs explain the network with")
    _stage(commands, "examples", _examples, "keep a few test digits for the docs")
    _stage(commands, "fingerprint", _fingerprint, "write what each study's trainings depend on")
    _add(
        commands,
        "cost",
        _cost,
        "say which stages an edit has put out of date, and how long they take",
    )
    _add(commands, "verify", _verify, "compare every output with the committed record")
    _add_study(commands)
    _add_tutorials(commands)
    _add_claims(commands)
    _add_predict(commands)
    _add_export(commands)
    _add_bench(commands)
    return result


Commands = argparse._SubParsersAction  # its only name
Run = Callable[[argparse.Namespace], int]
Stage = Callable[[argparse.Namespace, Params], None]


def _add(commands: Commands, name: str, run: Run, text: str) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    """A subcommand, described by `text`, that `run` carries out."""
    result: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=f"{text[0].upper()}{text[1:]}."
    )
    result.set_defaults(run=run)
    return result


def _stage(commands: Commands, name: str, stage: Stage, text: str) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    """A subcommand that runs one stage of the pipeline with the parameters of a file."""

    def run(options: argparse.Namespace) -> int:
        stage(options, read_params(options.params))
        return 0

    result = _add(commands, name, run, text)
    result.add_argument(
        "--params",
        type=Path,
        default=Path("params.yaml"),
        metavar="FILE",
        help="the parameters (default: params.yaml)",
    )
    return result


def _add_study(commands: Commands) -> None:  # type: ignore[type-arg]
    result = _stage(commands, "study", _study, "train what a grid of recipes and seeds still lacks")
    result.add_argument("name", metavar="NAME", help="the grid is studies/NAME.yaml")
    result.add_argument(
        "part",
        choices=("train", "analyse"),
        help="train what the grid lacks, or analyse the committed files anew",
    )
    result.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="train on the Dask cluster of this scheduler, as in tcp://10.0.0.1:8786",
    )


def _add_tutorials(commands: Commands) -> None:  # type: ignore[type-arg]
    result = _stage(
        commands, "tutorials", _tutorials, "train and record what tutorials call LeNet-5"
    )
    result.add_argument(
        "--only",
        nargs="+",
        default=[],
        metavar="NAME",
        help="train these of studies/tutorials.yaml",
    )
    result.add_argument("--seeds", type=int, default=0, metavar="N", help="of each, seeds 0 to N-1")


def _add_claims(commands: Commands) -> None:  # type: ignore[type-arg]
    result = _stage(commands, "claims", _claims, "what of the paper is reproduced, claim by claim")
    result.add_argument("--json", action="store_true", help="print it as JSON")
    result.add_argument(
        "--write", action="store_true", help="write claims.json and claims.csv, as the stage does"
    )


def _add_predict(commands: Commands) -> None:  # type: ignore[type-arg]
    result = _add(commands, "predict", _predict, "say which digit an image shows")
    result.add_argument(
        "images",
        nargs="+",
        type=Path,
        metavar="IMAGE",
        help="one digit, of any size, dark on light or light on dark",
    )
    _add_weights(result)
    result.add_argument(
        "--trainer",
        choices=("engine", "reference"),
        default="engine",
        help="which execution of the network to ask (default: engine)",
    )


def _add_export(commands: Commands) -> None:  # type: ignore[type-arg]
    result = _add(commands, "export", _export, "write a trained network as an ONNX file")
    result.add_argument("path", type=Path, metavar="FILE", help="to write, NAME.onnx")
    _add_weights(result)


def _add_weights(result: argparse.ArgumentParser) -> None:
    result.add_argument(
        "--weights",
        type=Path,
        metavar="FILE",
        help="a trained network (default: data/models/mnist/seed-00.safetensors)",
    )


def _add_bench(commands: Commands) -> None:  # type: ignore[type-arg]
    result = _stage(commands, "bench", _bench, "measure how fast the engine is")
    result.add_argument(
        "--variants", action="store_true", help="measure what each variant of the network costs too"
    )
    result.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="where to write the figures (default: data/timings/mnist/bench.json)",
    )


def folder(kind: str, params: Params) -> Path:
    """``data/KIND/NAME``, the folder of one kind of files of the data set."""
    return Path("data", kind, params.data.name)


def _download(options: argparse.Namespace, params: Params) -> None:
    from paper_lenet.digits.download import download

    download(params.data, folder("raw", params), options.extra)


def _preprocess(options: argparse.Namespace, params: Params) -> None:
    from paper_lenet.digits.preprocess import preprocess

    report = folder("results", params) / "preprocess.json"
    preprocess(folder("raw", params), folder("processed", params), report, params.preprocess)


def _train(options: argparse.Namespace, params: Params) -> None:
    from paper_lenet.pipeline.train import train

    train(
        params,
        processed=folder("processed", params),
        models=folder("models", params),
        results=folder("results", params) / "train",
        store=Path("data", "work", "trainings"),
        timings=folder("timings", params) / "train.json",
        anew=bool(os.environ.get("PAPER_LENET_ANEW")),
    )


def _evaluate(options: argparse.Namespace, params: Params) -> None:
    from paper_lenet.pipeline.evaluate import evaluate

    results = folder("results", params)
    evaluate(
        params,
        processed=folder("processed", params),
        models=folder("models", params),
        trained=results / "train",
        results=results / "evaluate",
    )


def _figures(options: argparse.Namespace, params: Params) -> None:
    from paper_lenet.pipeline.figures import figures

    figures(
        params,
        processed=folder("processed", params),
        models=folder("models", params),
        results=folder("results", params) / "evaluate",
        figures=folder("figures", params),
    )


def _explain(options: argparse.Namespace, params: Params) -> None:
    from paper_lenet.pipeline.explain import explain

    explain(
        params,
        processed=folder("processed", params),
        models=folder("models", params),
        results=folder("results", params) / "explain",
        figures=Path("data", "figures", "explained", params.data.name),
    )


def _examples(options: argparse.Namespace, params: Params) -> None:
    from paper_lenet.pipeline.examples import examples

    results = folder("results", params)
    patterns_csv = results / "evaluate" / "patterns.csv"
    examples(folder("processed", params), patterns_csv, results / "examples.csv")


def _study(options: argparse.Namespace, params: Params) -> None:
    from paper_lenet.pipeline import study
    from paper_lenet.studies.study import Folders

    folders = Folders(options.name, dataset=params.data.name)
    if options.part == "train":
        study.train(folders, params.recipes, folder("processed", params), options.scheduler)
    else:
        study.analyse(folders)


def _fingerprint(options: argparse.Namespace, params: Params) -> None:
    from paper_lenet.pipeline.fingerprint import fingerprint

    fingerprint(params, Path("studies"), Path("data", "fingerprints"))


def _tutorials(options: argparse.Namespace, params: Params) -> None:
    import torch  # noqa: F401 - that it is missing is told before anything is fetched

    from paper_lenet.studies.tutorials.command import tutorials

    path = Path("studies", "tutorials.yaml")
    tutorials(path, params, Path("data"), options.only, options.seeds)


def _claims(options: argparse.Namespace, params: Params) -> None:
    from paper_lenet.studies.claims import ledger
    from paper_lenet.studies.claims.results import Results

    entries = ledger.judged(Results(Path("data"), params.data.name))
    print(ledger.as_json(entries) if options.json else "\n".join(ledger.lines(entries)))
    if options.write:
        ledger.write(folder("results", params), entries)


def _bench(options: argparse.Namespace, params: Params) -> None:
    from paper_lenet.bench import bench
    from paper_lenet.bench.table import lines

    path = options.json or folder("timings", params) / "bench.json"
    tree = bench(params, folder("processed", params), path, options.variants)
    print(*lines(tree), sep="\n")


def _verify(options: argparse.Namespace) -> int:
    from paper_lenet.pipeline.verify import DIFFERS, parameters_changed, verify

    root = Path()
    if parameters_changed(root):
        print("params.yaml differs from the committed one; so must what it decides")
    outcomes = []
    for verdict in verify(root):
        print(verdict, flush=True)
        outcomes.append(verdict.outcome)
    differing = outcomes.count(DIFFERS)
    if differing:
        return _complain(f"{differing} of {len(outcomes)} outputs differ from the committed ones")
    print(f"all {len(outcomes)} outputs are the committed ones")
    return 0


def _cost(options: argparse.Namespace) -> int:
    from paper_lenet.pipeline.cost import costs, lines

    found = costs(Path(), Path("data"))
    print(
        json.dumps([each._asdict() for each in found]) if options.json else "\n".join(lines(found))
    )
    return 0


def _predict(options: argparse.Namespace) -> int:
    from paper_lenet.network.weights import load
    from paper_lenet.pipeline.predict import ImageError, find_weights, predict

    trained = load(find_weights(options.weights))
    status = 0
    for path in options.images:
        try:
            answer, penalties, confidence = predict(path, trained, options.trainer)
        except ImageError as error:
            status = _complain(str(error))
            continue
        print(f"{path}: {answer}  (confidence {confidence:.1%})")
        print("  class    " + "".join(f"{digit:8d}" for digit in range(len(penalties))))
        print("  penalty  " + "".join(f"{penalty:8.2f}" for penalty in penalties), flush=True)
    return status


def _export(options: argparse.Namespace) -> int:
    from paper_lenet.network.weights import load
    from paper_lenet.pipeline.export import export
    from paper_lenet.pipeline.predict import find_weights

    export(options.path, load(find_weights(options.weights)))
    print(f"{options.path}: written")
    return 0
