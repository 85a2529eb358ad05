# `make` alone prints what can be made.
# Variables: PYTHON picks the interpreter that makes .venv; ARGS goes to pytest (make test ARGS="-k dossier").

PYTHON ?= python3
ARGS ?=
UV ?= uv

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
MADE := $(VENV)/.made
RUNTIME := $(VENV)/.runtime
TEST := $(VENV)/.test
BENCH := .venv-bench/.made
MUTATION := .venv-mutation/.made
OLDER := .venv-older/.made

UV_FORM := --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url \
	--no-annotate --custom-compile-command "make lock"
UV_COMPILE := $(UV) pip compile pyproject.toml $(UV_FORM)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## Print this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: reports
reports: $(RUNTIME) ## Run the notebooks and write the reports into reports/
	$(BIN)/claimaudit build

.PHONY: validate
validate: $(RUNTIME) ## Check the dossier in data/ without running a notebook
	$(BIN)/claimaudit validate

# The review stays where the check fails: a workflow shows it.
.PHONY: review
review: $(RUNTIME) ## Check that every verdict is as accepted; what moved and why, into review/
	@mkdir -p review
	$(BIN)/claimaudit check --format markdown > review/review.md || { status=$$?; cat review/review.md; exit $$status; }

.PHONY: wheel
wheel: $(RUNTIME) ## Build the wheel, install it into an environment of its own, and check the verdicts with it
	$(BIN)/python -m pip --disable-pip-version-check --quiet wheel --no-deps --no-build-isolation --wheel-dir dist .
	rm -rf .venv-wheel && $(PYTHON) -m venv .venv-wheel
	.venv-wheel/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements.lock
	.venv-wheel/bin/python -m pip --disable-pip-version-check --quiet install --no-deps dist/claimaudit-*.whl
	cd dist && ../.venv-wheel/bin/claimaudit validate --dossier ../data && ../.venv-wheel/bin/claimaudit check --dossier ../data

.PHONY: lab
lab: $(RUNTIME) ## Open JupyterLab on the overview, which leads on to the notebooks (ARGS="--no-browser" goes to it)
	@if [ -d .git ]; then $(BIN)/nbstripout --install --attributes .git/info/attributes && \
		git config filter.nbstripout.clean '"$(CURDIR)/$(BIN)/python" -m nbstripout --keep-id'; fi
	$(BIN)/jupyter lab --notebook-dir=. $(if $(filter 0,$(shell id -u)),--allow-root) $(ARGS) overview.ipynb

.PHONY: test
test: $(TEST) ## Run the whole test suite (ARGS="..." goes to pytest)
	$(BIN)/python -m pytest -n auto $(ARGS)

.PHONY: lab-check
lab-check: $(TEST) ## Run every notebook in JupyterLab's own page, in a real browser (minutes; ARGS="..." goes to pytest)
	CLAIMAUDIT_LAB=all CLAIMAUDIT_REQUIRE_BROWSER=1 $(BIN)/python -m pytest -n 0 tests/test_lab.py $(ARGS)

# What runs in processes of its own (kernels, forked reports, the command line) is not counted.
.PHONY: coverage
coverage: $(TEST) ## Run the suite, and tell how much of both packages it runs (ARGS="..." goes to pytest)
	$(BIN)/python -m pytest -n auto --cov --cov-report= $(ARGS)
	@echo "The ten modules of which least is run:"
	@$(BIN)/coverage report --sort=cover --skip-empty --precision=1 | awk 'NR <= 12 || /^TOTAL/'

.PHONY: pictures
pictures: $(TEST) ## Draw the README's two pictures anew from the reports as built (needs Chromium)
	$(BIN)/python tools/readme_pictures.py

.PHONY: fuzz
fuzz: $(TEST) ## Break dossiers in thousands of ways: each is refused with faults, or audits
	CLAIMAUDIT_FUZZ=2000 $(BIN)/python -m pytest -n auto tests/test_fuzz.py $(ARGS)

.PHONY: test-older
test-older: $(OLDER) ## Run the engine's tests with an older set of Jupyter's packages
	.venv-older/bin/python -m pytest -q -n 2 -W ignore::DeprecationWarning tests/test_engine.py tests/test_engine_ends.py $(ARGS)

.PHONY: bench
bench: $(RUNTIME) $(BENCH) ## Hold every way to build the reports against the others (long; ARGS="--counts 1 13")
	$(BIN)/python benchmarks/build.py --write docs/benchmarks.md $(ARGS)

.PHONY: calibration
calibration: $(RUNTIME) ## How often what is printed is true, in twelve invented worlds (ARGS="--seed 1")
	$(BIN)/python benchmarks/calibration.py --write docs/calibration.md $(ARGS)

.PHONY: mutate
mutate: $(MUTATION) ## How many small faults in the source are noticed (a quarter of an hour; ARGS="--count 40")
	.venv-mutation/bin/python tools/mutate.py $(ARGS)

.PHONY: lint
lint: $(TEST) ## Check style, format, types and that notebooks are stored without output
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@find overview.ipynb notebooks -name .ipynb_checkpoints -prune -o -name '*.ipynb' -print0 | xargs -0 -r $(BIN)/nbstripout --keep-id --verify

.PHONY: format
format: $(TEST) ## Rewrite sources and notebooks in the project's style
	$(BIN)/ruff check --fix-only --exit-zero --quiet .
	$(BIN)/ruff format .
	@find overview.ipynb notebooks -name .ipynb_checkpoints -prune -o -name '*.ipynb' -print0 | xargs -0 -r $(BIN)/nbstripout --keep-id

.PHONY: lock
lock: ## Renew all hash-pinned locks (needs uv; UPGRADE=1 takes newer versions)
	$(UV_COMPILE) $(if $(UPGRADE),--upgrade) --group build --group lab --output-file requirements.lock
	$(UV_COMPILE) $(if $(UPGRADE),--upgrade) --group build --group lab --group test --extra dask \
		--constraints requirements.lock --output-file requirements-test.lock
	$(UV_COMPILE) $(if $(UPGRADE),--upgrade) --group build --group lab --group bench \
		--constraints requirements.lock --output-file requirements-bench.lock
	$(UV) pip compile --group mutation $(UV_FORM) $(if $(UPGRADE),--upgrade) \
		--constraints requirements-test.lock --output-file requirements-mutation.lock

.PHONY: clean
clean: ## Remove what builds have written into reports/, and caches
	@if [ -x $(BIN)/claimaudit ]; then $(BIN)/claimaudit clean; fi
	rm -rf .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage .coverage.* build dist review
	find . -path ./$(VENV) -prune -o -type d '(' -name __pycache__ -o -name .ipynb_checkpoints ')' -prune -exec rm -rf '{}' +

.PHONY: distclean
distclean: clean ## Remove .venv as well
	rm -rf $(VENV) .venv-bench .venv-mutation .venv-older .venv-wheel

# One sentence when the interpreter is unfit, instead of a page of pip's errors.
$(MADE):
	@command -v $(PYTHON) >/dev/null || { echo "claimaudit needs Python 3.11, 3.12 or 3.13, but '$(PYTHON)' was not found; name one with: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(not (3, 11) <= v < (3, 14) and "claimaudit needs Python 3.11, 3.12 or 3.13, but $(PYTHON) is %d.%d; name another with: make PYTHON=python3.11" % v)'
	$(PYTHON) -m venv $(VENV)
	@touch $@

# The build backend comes from the lock too, so the editable install fetches nothing.
$(RUNTIME): requirements.lock pyproject.toml | $(MADE)
	@echo "Installing the locked packages: a minute or two, this once"
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(TEST): requirements-test.lock pyproject.toml | $(MADE)
	@echo "Installing the locked packages: a minute or two, this once"
	$(PIP) install --require-hashes --requirement requirements-test.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(RUNTIME)

# The rivals of the benchmark have an environment of their own: ploomber-engine slows papermill's start for everybody.
$(BENCH): requirements-bench.lock | $(MADE)
	@echo "Installing the benchmark's other ways: a minute, this once"
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements-bench.lock
	.venv-bench/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --editable .
	@touch $@

# What puts in faults has an environment of its own, beside which the packages of the tests are seen; versions agree by constraint.
$(MUTATION): requirements-mutation.lock | $(TEST)
	@echo "Installing what puts faults into the source: a minute, this once"
	$(PYTHON) -m venv .venv-mutation
	.venv-mutation/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements-mutation.lock
	$(BIN)/python -c "import site; print('import site; site.addsitedir(%r)' % site.getsitepackages()[0])" > \
		"$$(.venv-mutation/bin/python -c 'import site; print(site.getsitepackages()[0])')/tests.pth"
	@touch $@

$(OLDER): requirements-older.txt pyproject.toml | $(MADE)
	@echo "Installing an older set of packages: a minute, this once"
	$(PYTHON) -m venv .venv-older
	.venv-older/bin/python -m pip --disable-pip-version-check --quiet install --requirement requirements-older.txt
	.venv-older/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --editable .
	@touch $@
