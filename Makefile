# Two commands matter: `make run` shows the system with its demonstration cases, `make test` checks everything.

VENV := .venv
BIN := $(VENV)/bin
LOCKING := --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --quiet $(if $(UPGRADE),--upgrade)

# A Python that was removed or replaced leaves its environment dead: forget what was installed into it.
$(shell test -x $(BIN)/python || rm -f $(VENV)/.stamp-run $(VENV)/.stamp-test $(VENV)/.stamp-trials)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test check browser trials gallery pictures bench catalogues lock clean

help: ## what each command does
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' Makefile | expand -t 14
	@echo 'PORT and DATA (the folder of the embedded database, the keys and the files) are read by `make run`.'

run: $(VENV)/.stamp-run ## the web and the clock, with demonstration cases, on http://localhost:8000
	@echo '3/4 Translations'
	@$(BIN)/grievance catalogues
	@echo '4/4 Database, keys, demonstration cases; then the web and the clock (Ctrl-C ends both)'
	@exec $(BIN)/grievance demo --serve

# The browser first: whoever lacks it should learn so at once, not after minutes.
test: $(BIN)/python browser $(VENV)/.stamp-test check ## every check and every test, on SQLite, PostgreSQL and in the browser
	$(BIN)/grievance catalogues
	$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist loadgroup $(PYTEST)

check: $(VENV)/.stamp-test ## style, types, the staircase of imports, the catalogues, the locks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy grievance config.py admission.py wsgi.py tests $(wildcard benchmarks)
	$(BIN)/lint-imports --no-cache
	$(BIN)/grievance catalogues --check
	@! grep -nE '://|^ *-[^-]|^--' requirements.txt requirements-test.txt requirements-trials.txt || { echo 'A lock names a host; run: make lock' >&2; exit 1; }

browser: $(BIN)/python
	@$(BIN)/python tests/chromium.py --ensure

trials: $(VENV)/.stamp-trials browser ## the long random trials, for hours; TRIAL_SCALE=0.1 takes a tenth of each
	$(BIN)/grievance catalogues
	$(BIN)/python -m pytest -m 'trial or hypothesis' -s $(PYTEST)

gallery: $(VENV)/.stamp-test browser ## a picture of every page, in each language and width, into gallery/
	$(BIN)/grievance catalogues
	$(BIN)/python -m tests.browser.gallery

pictures: $(VENV)/.stamp-test browser ## the three pictures of the README anew, into docs/pictures/
	$(BIN)/grievance catalogues
	$(BIN)/python -m tests.browser.gallery pictures

bench: $(VENV)/.stamp-test ## the measurements, beside a floor in the same run
	$(BIN)/grievance catalogues
	$(BIN)/python -m benchmarks

catalogues: $(VENV)/.stamp-run ## compiles the translations
	$(BIN)/grievance catalogues

lock: ## writes the requirements files anew from pyproject.toml (UPGRADE=1: to the newest versions); needs uv
	uv pip compile $(LOCKING) --group install pyproject.toml -o requirements.txt
	uv pip compile $(LOCKING) --group test -c requirements.txt pyproject.toml -o requirements-test.txt
	uv pip compile $(LOCKING) --no-deps --group trials -o requirements-trials.txt

clean: ## removes what was built; the data folder stays
	rm -rf $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name .git -prune -o \( -name __pycache__ -o -name '*.mo' \) -prune -exec rm -rf {} +

# ---- the environment ------------------------------------------------------------------------------------------------

$(BIN)/python:
	@echo '1/4 Python environment ($(VENV))'
	@for python in python3.11 python3 python3.12 python3.13; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  if command -v uv >/dev/null; then \
	    uv venv --quiet --clear --no-python-downloads --python "$$($$python -c 'import sys; print(sys.executable)')" $(VENV) && exit 0; \
	  fi; \
	  $$python -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo 'Python cannot make an environment. Install it: sudo apt-get install python3-venv' >&2; exit 2; }; \
	  exec $$python -m venv --clear $(VENV); \
	done; \
	echo 'Python 3.11 or newer is needed. Install it: sudo apt-get install python3 python3-venv' >&2; exit 2

# uv takes a second where pip takes many; it does not read pip's configuration, so pip is asked where uv fails.
define install
	@echo '2/4 Packages ($(1), each checked by its hash)'
	@if command -v uv >/dev/null && uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); then :; else \
	  $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
	  $(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes -r $(1); fi
	@if command -v uv >/dev/null && uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps -e .; then :; else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .; fi
	@# Once: else each start compiles what it imports, which costs more than all else, wherever Python is told to write nothing.
	@$(BIN)/python -m compileall -q grievance "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" || true
endef

$(VENV)/.stamp-run: requirements.txt pyproject.toml | $(BIN)/python
	$(call install,requirements.txt)
	@touch $@

# The test packages include those of `make run`, at the same versions.
$(VENV)/.stamp-test: requirements-test.txt requirements.txt pyproject.toml | $(BIN)/python
	$(call install,requirements-test.txt)
	@touch $(VENV)/.stamp-run $@

$(VENV)/.stamp-trials: requirements-trials.txt $(VENV)/.stamp-test
	$(call install,requirements-trials.txt)
	@touch $@
