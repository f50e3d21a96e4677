# The front page: what can be done in this checkout. Each target does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FOCUS := $(VENV)/focus
FOCUS_PYTHON ?= python3.12
ARGS ?=
ROOM ?=
# Tests that lie side by side share what they look at, so a worker takes them one after another.
PYTEST := $(BIN)/pytest -q -n auto --dist worksteal $(if $(ROOM),tests/$(ROOM))
# What a team's store is held to: these also run on a store in a file, among the other tests.
TEAM := tests/team tests/queries/store/test_shared.py tests/actions/test_journal.py \
  tests/actions/tags/test_tag.py tests/mothball/test_list.py tests/reliability/test_hostile.py
# Without bytecode each worker, and each program that a test starts, compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test journeys team focus check format bench frames walk docs lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/run.done ## Run the product on a sample tenant; ARGS=--no-tui prints a table
	$(BIN)/python -m mothball demo $(ARGS)

test: $(VENV)/dev.done ## Run the tests (no account, no root); ROOM=queries: those of one room
	$(PYTEST) -m "not journey and not team" $(ARGS)

journeys: $(VENV)/dev.done ## Run the slow journeys: whole flows, a built wheel, a real terminal
	$(PYTEST) -m "journey and not team" $(ARGS)

team: $(VENV)/dev.done ## Run what touches a store on a team's, with PostgreSQL and azurite of its own
	@$(BIN)/python -m tests.team
	$(PYTEST) --store=shared $(TEAM) $(ARGS)

focus: $(VENV)/dev.done $(FOCUS)/done ## Hold the bill against the validator of FOCUS, which needs Python 3.12
	PATH="$(CURDIR)/$(FOCUS)/bin:$$PATH" $(BIN)/pytest -q tests/queries/reports/test_focus.py $(ARGS)

check: $(VENV)/dev.done ## Lint, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev.done ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev.done ## Measure beside baselines of the same run; ARGS="--size 1000": how large a tenant
	$(BIN)/python -m tests.bench $(ARGS)

frames: $(VENV)/dev.done ## Draw the screens anew: text frames, pictures, the pages of keys and commands
	$(BIN)/python -m tui.keys.key_table docs/keys.md
	$(BIN)/python -m tests.reference docs/commands.md
	$(BIN)/python -m collectors.source_table docs/tenant.md
	$(BIN)/python -m tests.layouts.page docs/exports.md
	$(BIN)/python -m tests.bench.page tests/bench/results.json docs/performance.md
	$(BIN)/python -m tests.reliability docs/reliability.md
	$(BIN)/python -m tests.tui.scenes
	$(BIN)/python -m tests.tui.pictures docs/
	$(BIN)/python -m tests.tui.walk docs/walk.svg

walk: $(VENV)/dev.done ## Draw the walk at the top of the README anew
	$(BIN)/python -m tests.tui.walk docs/walk.svg

docs: $(VENV)/dev.done ## Make a site of the documents in site/; a broken link fails
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

lock: $(VENV)/dev.done ## Pin all dependencies anew, with hashes
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --constraint constraints.txt \
	  -o requirements.txt pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --constraint requirements.txt --group dev \
	  -o requirements-dev.txt pyproject.toml

clean: ## Remove the environment and what was built
	rm -rf $(VENV) dist site .mypy_cache .ruff_cache .pytest_cache

$(VENV)/run.done: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/dev.done: requirements-dev.txt $(VENV)/run.done
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

# Apart from the rest: it brings data libraries of its own, and leaves the newest pyarrow out.
$(FOCUS)/done:
	$(FOCUS_PYTHON) -m venv $(FOCUS)
	$(FOCUS)/bin/pip install -q --disable-pip-version-check 'focus-validator==2.2.1' 'pyarrow<22'
	touch $@
