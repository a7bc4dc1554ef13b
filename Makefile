# Everything from nothing but Python, git and make. `make help` says what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# DVC runs `python` of its stages from here too.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# PyTorch is installed for the pipeline only where the parameters ask for it.
EXTRAS := pipeline$(shell grep -qs '^ *trainer: reference' params.yaml && echo ',reference')
PIPELINE := $(VENV)/.$(EXTRAS)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
# Which build of PyTorch, on Linux: auto, cpu or pip (tools/cpu_torch.py).
TORCH := auto
TORCH_INDEX := https://download.pytorch.org/whl/cpu

# An environment that is there keeps its Python, whichever PYTHON names.
ifneq ($(and $(filter command environment,$(origin PYTHON)),$(wildcard $(VENV)/.made)),)
MADE := $(shell $(BIN)/python -c 'import sys; print(sys.base_prefix, sys.version)')
ifneq ($(MADE),$(shell $(PYTHON) -c 'import sys; print(sys.base_prefix, sys.version)'))
$(if $(filter 0,$(MAKELEVEL)),$(shell echo "make: PYTHON=$(PYTHON) is not used: $(VENV) was made with \
  Python $(word 2,$(MADE)); \`make clean\` removes it" >&2))
endif
endif

.DEFAULT_GOAL := help
# The studies, by the stages of studies/dvc.yaml: of their own, of `analyse`, or of `train` alone.
OWN := $(filter-out fingerprint train analyse,$(shell sed -n 's/^  \([a-z0-9]*\):$$/\1/p' studies/dvc.yaml))
ANALYSED := $(shell sed -n '/^  analyse:/,/^    do:/s/^      \([a-z]*\): .*/\1/p' studies/dvc.yaml)
TRAINED := $(shell sed -n '/foreach: \[/,/\]/p' studies/dvc.yaml | tr -d '],' | sed 's/.*\[//')
STUDIES := $(sort $(OWN) $(ANALYSED) $(TRAINED))
STAGE = $(if $(filter $@,$(OWN)),$@,$(if $(filter $@,$(ANALYSED)),analyse,train)@$@)
.PHONY: help reproduce checkout verify test test-rest test-all report lint docs translation notebook clean studies $(STUDIES)

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]*:.*## /{printf "%-20s%s\n", "  make " $$1, $$2}' $(MAKEFILE_LIST)
	@echo "and one study at a time: make $(STUDIES)" | fold -s -w 78 | sed 's/^/  /'

# Trainings that are kept are forgotten, and kernels are compiled anew too: the stage `train` removes
# them, behind its lock, so that a second run beside this one is refused and loses it nothing.
reproduce: export PAPER_LENET_ANEW := 1
reproduce: export PAPER_LENET_CACHE := $(CURDIR)/data/work/compiled
reproduce: checkout $(PIPELINE) ## from raw MNIST to figures, everything anew, then verify
	$(BIN)/dvc repro --force
	@$(MAKE) --no-print-directory verify

checkout:
	@said=$$(git rev-parse --show-prefix 2>&1) || { echo "make: $$said" >&2; said=. ; }; \
	  [ -z "$$said" ] || { echo "make: this is not the top of a git clone that git accepts. DVC and" \
	  "verify need its history, which an unpacked zip file has not" >&2; exit 1; }

verify: $(PIPELINE) ## compare every output with the committed record
	$(BIN)/python -m paper_lenet verify

PYTEST := $(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadgroup

test: $(VENV)/.all ## run the tests, but for slow ones and those in a browser: minutes
	$(PYTEST) -m "not slow and not browser" --junitxml=data/work/tests.xml

test-rest: $(VENV)/.all ## run the tests that `make test` leaves out; needs Chromium
	$(PYTEST) -m "slow or browser" --junitxml=data/work/tests-rest.xml

test-all: test test-rest ## run all tests

report: $(VENV)/.all ## print times that matter: the engine's, and those of the last runs of the tests
	$(BIN)/python tests/report.py

lint: $(VENV)/.all ## check format, style, types, and which room imports which
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# What hours of training answer. Trainings that are finished are kept under data/work/trainings: a
# study that is stopped goes on, and two studies share what they have in common.
studies: checkout $(VENV)/.studies ## run all studies: hours
	$(BIN)/dvc repro studies/dvc.yaml

$(STUDIES): checkout $(VENV)/.studies
	$(BIN)/dvc repro studies/dvc.yaml:$(STAGE)

SPHINX := $(BIN)/python -m sphinx -W --keep-going -q -b html

docs: $(VENV)/.docs ## build the docs into docs/_build/html, the Korean ones into its folder ko
	$(SPHINX) -d docs/_build/doctrees docs docs/_build/html
	$(SPHINX) -d docs/_build/doctrees-ko -D language=ko docs docs/_build/html/ko
	@echo "docs/_build/html/index.html"

# Nothing fails for what is not translated: it is shown in English.
translation: $(VENV)/.docs ## bring docs/locale up to the English pages, and say what is left to translate
	$(SPHINX) -d docs/_build/doctrees docs docs/_build/html
	@$(BIN)/python tools/translation.py docs/_build/doctrees

notebook: $(VENV)/.all ## run the cells of docs/build-it.md anew, and keep what they put out
	$(BIN)/python -m paper_lenet download
	$(BIN)/python tools/notebook.py docs/build-it.md

clean: ## remove the environment, the built docs, compiled kernels, but no result and no training
	rm -rf $(VENV) docs/_build build dist *.egg-info data/work/compiled
	find paper_lenet tests docs -name __pycache__ -prune -exec rm -rf {} +

# One environment, filled as far as is needed. What is there is not installed again until
# pyproject.toml or constraints.txt change.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: Python 3.11 or" \
	  "newer is needed; name one, as in make PYTHON=python3.11 test" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2> /dev/null || { echo "make: $(PYTHON) cannot make an" \
	  "environment with pip; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.pipeline: $(VENV)/.made pyproject.toml constraints.txt
	$(INSTALL) -e ".[pipeline]"
	@touch $@

$(VENV)/.docs: $(VENV)/.made pyproject.toml constraints.txt
	$(INSTALL) -e ".[docs]"
	@touch $@

$(VENV)/.torch: $(VENV)/.made constraints.txt
	@$(BIN)/python tools/cpu_torch.py $(TORCH) $(TORCH_INDEX)
	@touch $@

$(VENV)/.pipeline,reference: $(VENV)/.torch pyproject.toml
	$(INSTALL) -e ".[pipeline,reference]"
	@touch $@

$(VENV)/.studies: $(VENV)/.torch pyproject.toml
	$(INSTALL) -e ".[reference,pipeline,studies]"
	@touch $@

$(VENV)/.all: $(VENV)/.torch pyproject.toml
	$(INSTALL) -e ".[reference,pipeline,studies,cluster,onnx,notebook,docs,test]"
	@touch $(VENV)/.pipeline $(VENV)/.pipeline,reference $(VENV)/.studies $(VENV)/.docs $@
