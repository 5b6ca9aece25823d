# Each target installs what it needs; `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed
PYTEST_FLAGS ?= -n auto --dist loadfile
WORKBOOKS ?= demo

.PHONY: help demo test soak fuzz lint bench pictures docs programs

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): setup.cfg pyproject.toml
	tools/install-programs.sh venv
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev,duckdb,dask]'
	touch $@

programs:
	tools/install-programs.sh office node

demo: $(STAMP)  ## the whole round on the shipped samples, into demo/
	$(BIN)/accountsheet demo --out demo

test: $(STAMP) programs  ## all tests, real spreadsheet programs included (PYTEST_FLAGS="-k name" for some)
	$(BIN)/pytest $(PYTEST_FLAGS)

soak: $(STAMP)  ## what reps do to workbooks, at random, for a long time (SECONDS=600 SEED=...; it prints its seed)
	$(BIN)/python -W ignore tests/mutations.py $(or $(SECONDS),600) $(SEED)

fuzz: $(STAMP) programs  ## broken workbooks imported, at random, for a long time; finds stand in fuzz/ (SECONDS=3600 SEED=...)
	$(BIN)/python -W ignore tools/fuzz.py $(or $(SECONDS),3600) $(SEED)

lint: $(STAMP)  ## ruff and mypy
	$(BIN)/ruff check
	$(BIN)/mypy --strict accountsheet

bench: $(STAMP)  ## how fast it is beside the alternatives, into docs/speed.md (BENCH="startup" for some)
	$(BIN)/python -m benchmarks $(BENCH) --write docs/speed.md

pictures: $(STAMP) programs  ## a PNG of every tab of WORKBOOKS (those of the demo), into pictures/
	$(BIN)/python tools/pictures.py $(WORKBOOKS) --out pictures

docs: $(STAMP) programs  ## the data dictionary and the pictures that README and docs show, made anew
	$(BIN)/python tools/dictionary.py
	$(BIN)/python tools/gallery.py
