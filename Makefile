# Each target sets up what it needs, so that a fresh clone is one command away from its proof.
#
#   PYTHON=python3.13   the interpreter to build the environment from (3.11 or newer)
#   VENV=.venv-3.13     where the environment is
#   EXTRAS=check,test   what is installed beside phalanx itself
#   ARGS="-k barrier"   handed on to pytest (ARGS="-n 0 --pdb": in one process, as a debugger needs it)

PYTHON ?= python3
VENV ?= .venv
EXTRAS ?= all
ARGS ?=

py := $(VENV)/bin/python
# A copy of the pyproject.toml that was installed: present and not older means nothing is to be done.
stamp := $(VENV)/installed

# Whoever names another interpreter than the environment has gets a new environment, not the old one in silence.
ifneq ($(origin PYTHON),file)
version := -c 'import sys; print(sys.version)'
ifneq ($(shell $(PYTHON) $(version) 2>&1),$(shell $(py) $(version) 2>&1))
$(stamp): anew
endif
endif

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup anew prove test lint docs coverage clean

help:
	@echo 'make prove     prove every primitive against its spec, then run the Jacobi solver and the overhead benchmark'
	@echo 'make test      run the whole test suite (ARGS="-k barrier" goes to pytest)'
	@echo 'make lint      ruff, mypy --strict, the import contracts'
	@echo 'make docs      build the documentation into docs/_build/html; warnings are errors'
	@echo 'make coverage  run the test suite under branch coverage'
	@echo 'make clean     remove the environments and everything that was built'
	@echo
	@echo 'Each sets up $(VENV) first, from PYTHON=$(PYTHON), and again only if pyproject.toml changed.'

setup: $(stamp)

$(stamp): pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo '$(PYTHON) was not found. Instead: make PYTHON=/path/to/python3.11 (or newer).' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo 'Python 3.11 or newer is needed, but $(PYTHON) is' "`$(PYTHON) -V 2>&1`." 'Instead: make PYTHON=python3.13' >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || \
	    { echo '$(PYTHON) cannot make virtual environments. Probably: a package is missing (Debian: apt-get install python3-venv).' >&2; exit 1; }
	@echo 'setting up $(VENV) ...'
	@test -z '$(filter anew,$^)' && $(py) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(py) -m pip install -qq --no-compile --editable '.[$(EXTRAS)]'
	@cp pyproject.toml $@

prove: $(stamp)
	@$(py) -m treadle prove --quick
	@$(py) -m phalanx.bench overhead --quick
	@$(py) -m phalanx.bench jacobi --quick

test: $(stamp)
	@$(py) -m pytest -n auto --dist worksteal $(ARGS)

lint: $(stamp)
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-logo

docs: $(stamp)
	@$(py) -m sphinx --quiet --fresh-env --fail-on-warning --keep-going --builder html docs docs/_build/html
	@echo 'docs/_build/html/index.html'

coverage: $(stamp)
	@$(py) -m coverage run -m pytest $(ARGS)
	@$(py) -m coverage report

clean:
	rm -rf .venv .venv-* build dist docs/_build .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find checker impl tests spec docs -name __pycache__ -prune -exec rm -rf {} +
