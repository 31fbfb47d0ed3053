# Everything runs from a virtual environment in .venv, made on first use. `make` alone lists what there is.

PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
STAMP   := $(VENV)/.installed
DESIGN  ?= orders
ARGS    ?=
WORKERS ?= 2
SEEDS   ?= 20

.DEFAULT_GOAL := help
.PHONY: help verify test check corpus faults format bench doctor mysql clean

help: ## what there is to make
	@echo 'make TARGET [DESIGN=orders] [ARGS="…"]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

verify: $(STAMP) ## run every claim of a design on a disposable server (DESIGN=name or path, ARGS=options)
	@$(BIN)/harness verify $(DESIGN) $(ARGS)

test: $(STAMP) ## the tests (ARGS=options of pytest, WORKERS=processes)
	$(BIN)/pytest --numprocesses=$(WORKERS) $(ARGS)

check: $(STAMP) ## style, types and import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

corpus: $(STAMP) ## queries whose right verdicts are known, with the rows of many seeds (SEEDS=20)
	HARNESS_SEEDS=$(SEEDS) $(BIN)/pytest tests/corpus --thorough --numprocesses=$(WORKERS) $(ARGS)

faults: $(STAMP) ## every fault that is planted into the shipped designs, on every engine
	HARNESS_FAULTS=all $(BIN)/pytest tests/breakages --thorough --numprocesses=$(WORKERS) $(ARGS)

format: $(STAMP) ## bring the code into its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(STAMP) ## how fast it is on this machine
	$(BIN)/pytest tests/benchmarks --numprocesses=0 -s $(ARGS)

doctor: $(STAMP) ## what this machine can run, and what to install for the rest
	@$(BIN)/harness doctor $(ARGS)

mysql: $(STAMP) ## a real MySQL with its client in the cache directory, from Debian's packages: no release of Debian has one
	@$(BIN)/python -m harness.adapters.mysql.unpack

clean: ## remove what was made: the environment, caches, reports
	rm -rf $(VENV) build dist reports *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Made anew only when pyproject.toml has changed, so that a second run starts at once.
$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "$(PYTHON) is not Python 3.11 or newer: install one, or name it: make PYTHON=/path/to/python3.12"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	  echo "$(PYTHON) cannot make a virtual environment: on Debian, apt-get install python3-venv"; rm -rf $(VENV); exit 2; }
	@echo "installing into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
