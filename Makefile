# One entry point for people, CI and hooks. Everything is installed into .venv; nothing else is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test lint typecheck unit oracle docs corners clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

# $(call new-venv,FOLDER): says in plain words what is missing, for the tracebacks of venv do not.
define new-venv
	@command -v git >/dev/null || { echo 'git is needed and is not on the PATH' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo '$(PYTHON) lacks venv or ensurepip; Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	@echo 'installing into $(1) ...'
	@$(PYTHON) -m venv --clear $(1)
endef

# The tool alone is enough for the demo, and takes half the time to install.
$(VENV)/.run: pyproject.toml
	$(call new-venv,$(VENV))
	@$(BIN)/python $(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo 'installing what the tests need ...'
	@$(BIN)/python $(PIP_INSTALL) --editable '.[dev]'
	@touch $@

demo: $(VENV)/.run ## Build a small shop of services in a scratch repository and run compatcheck on it
	@$(BIN)/compatcheck demo

test: lint typecheck unit ## Everything that CI runs

lint: $(VENV)/.dev ## Style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

typecheck: $(VENV)/.dev ## mypy, strict
	$(BIN)/mypy

unit: $(VENV)/.dev ## The tests, a process for each core
	$(BIN)/python -m pytest -n auto --dist loadfile

oracle: $(VENV)/.dev ## The runtime asked about 100,000 random pairs of schemas; ARGUMENTS='--pairs 1000'
	cd tests && ../$(BIN)/python -m reads.oracle $(ARGUMENTS)

docs: $(VENV)/.dev ## Write the pages of docs/rules anew
	$(BIN)/python -m pytest --quiet --golden tests/report/test_rule_pages.py

$(VENV)-oldest/.dev: pyproject.toml tests/corners/oldest.txt
	$(call new-venv,$(@D))
	@$(@D)/bin/python $(PIP_INSTALL) --constraint tests/corners/oldest.txt --editable '.[dev]'
	@touch $@

$(VENV)-newest/.dev: pyproject.toml
	$(call new-venv,$(@D))
	@touch $@

corners: $(VENV)-oldest/.dev $(VENV)-newest/.dev ## The tests with the oldest and the newest packages that are allowed
	@$(VENV)-newest/bin/python $(PIP_INSTALL) --upgrade --upgrade-strategy eager --editable '.[dev]'
	$(VENV)-oldest/bin/python -m pytest -n auto --dist loadfile
	$(VENV)-newest/bin/python -m pytest -n auto --dist loadfile

clean: ## Remove what was installed
	rm -rf $(VENV) $(VENV)-oldest $(VENV)-newest .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
