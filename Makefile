# Each target sets up what it needs, on a machine with Python 3.11–3.13 and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: install test demo bench chaos lint

install: $(INSTALLED)

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "Python 3.11, 3.12 or 3.13 is needed, this is %d.%d: make PYTHON=python3.12 …" % v)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

# ARGS goes on to the command: make demo ARGS="--input FILE.jsonl --exit --json"
demo: install
	@$(BIN)/storyline demo $(ARGS)

test: install
	@sh tests/servers.sh
	$(BIN)/python -m pytest $(ARGS)

lint: install
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install
	@sh tests/servers.sh
	$(BIN)/python -m tests.bench $(ARGS)

chaos: install
	@sh tests/servers.sh
	$(BIN)/python -m tests.e2e.rounds --rounds 20 $(ARGS)
