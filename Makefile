# A fresh machine needs Python 3.11 or newer with venv, and make. Everything else is fetched and built here.

PYTHON ?= python3
TEST_PROCESSES ?= 2
V := .venv/bin
UV = VIRTUAL_ENV=$(CURDIR)/.venv $(V)/uv pip install --quiet
MAKEFLAGS += --no-print-directory

.PHONY: run test e2e check bench requirements assets dev-assets messages

# The front end is built beside the migration
run: $(V)/.installed
	@exec $(V)/python -W ignore -m local

# Every test, in several processes. ARGS passes words on to pytest: make test ARGS="-k deal -x"
test: $(V)/.installed-dev dev-assets
	@$(V)/python -m pytest -n $(TEST_PROCESSES) --dist loadgroup $(ARGS)

# The browser tests alone
e2e: $(V)/.installed-dev dev-assets
	@$(V)/python -m pytest tests/e2e $(ARGS)

check: $(V)/.installed-dev assets
	@$(V)/python -m local.checks

# Ratios against other tools and the sizes 10,000 and 1,000,000; see bench/README.md
bench: $(V)/.installed-dev assets
	@$(V)/python -m bench $(ARGS)

# Collect what is to be translated into locale/, and compile what is; needs GNU gettext
messages: $(V)/.installed
	@$(V)/python -W ignore manage.py makemessages --locale de --locale ar --no-location --no-wrap --no-obsolete \
		--ignore tests --ignore bench --ignore demo --ignore node_modules
	@$(V)/python -W ignore manage.py compilemessages --locale de --locale ar

assets: $(V)/.installed
	@$(V)/python -m frontend.build

dev-assets: $(V)/.installed
	@$(V)/python -m frontend.build --with-dev

# Compile the pinned lists again: make requirements ARGS=--upgrade
requirements: $(V)/.uv
	@$(V)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes $(ARGS) requirements.in --output-file requirements.txt
	@$(V)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes $(ARGS) requirements-dev.in --constraint requirements.txt \
		--output-file requirements-dev.txt

$(V)/.uv: local/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, this is %s: set PYTHON=" % sys.version.split()[0])'
	@test -x $(V)/python || $(PYTHON) -m venv .venv || { echo "Python has no venv here: install it (Debian: python3-venv)."; exit 1; }
	@$(V)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r local/bootstrap.txt
	@touch $@

$(V)/.installed: requirements.txt $(V)/.uv
	@echo "installing the Python packages"
	@$(UV) -r requirements.txt
	@touch $@

$(V)/.installed-dev: requirements-dev.txt $(V)/.installed
	@echo "installing what tests and checks need"
	@$(UV) -r requirements-dev.txt
	@touch $@
