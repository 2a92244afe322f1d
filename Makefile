# Each target sets up what it needs, on a machine with Python 3.11–3.13 and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: install test demo bench chaos screenshots lint lock audit

install: $(INSTALLED)

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "Python 3.11, 3.12 or 3.13 is needed, this is %d.%d: make PYTHON=python3.12 …" % v)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

# Large, and only for tests of deploy/ and for the lock.
$(VENV)/.checks: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[checks]'
	@touch $@

# ARGS goes on to the command: make demo ARGS="--input FILE.jsonl --exit --json"
demo: install
	@$(BIN)/storyline demo $(ARGS)

# Two at a time, each with servers of its own; a file's tests stay together, the dear ones come first.
WORKERS ?= 2
test: install $(VENV)/.checks
	@sh tests/servers.sh
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: install
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install
	@sh tests/servers.sh
	$(BIN)/python -m tests.bench $(ARGS)

# make chaos ROUNDS=5 SEED=7 FAULTS=kill9,redis SECONDS=600; the last line is one JSON object.
ROUNDS ?= 20
SEED ?= 1
FAULTS ?= all
SECONDS ?= 1800
chaos: install
	@sh tests/servers.sh
	@$(BIN)/python -m tests.chaos --rounds $(ROUNDS) --seed $(SEED) --faults $(FAULTS) --seconds $(SECONDS) $(ARGS)

screenshots: install
	@sh tests/servers.sh
	$(BIN)/python -m tests.e2e.screenshots --out screenshots $(ARGS)

# What the image installs, by version and hash, for every Python and platform. Keeps versions that still fit;
# make lock ARGS=--upgrade takes the newest.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
	--custom-compile-command "make lock" $(ARGS)
BUILD_REQUIRES := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")

lock: install $(VENV)/.checks
	$(LOCK) --extra services --extra tracing pyproject.toml --output-file deploy/requirements.txt
	$(BIN)/python -c '$(BUILD_REQUIRES)' | $(LOCK) - --output-file deploy/requirements-build.txt

# Known weaknesses of what the image installs. Needs the vulnerability data of PyPI; what can't be looked up fails it.
audit:
	@test -x .venv-audit/bin/pip-audit || { $(PYTHON) -m venv .venv-audit && .venv-audit/bin/pip install --quiet 'pip-audit>=2.9,<3'; }
	.venv-audit/bin/pip-audit --strict --disable-pip --require-hashes -r deploy/requirements.txt -r deploy/requirements-build.txt $(ARGS)
