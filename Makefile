# make run, make test, make bench, make format: each sets up what it needs, once.
# ARGS is passed on: make test ARGS="tests/embeddings -q"

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
NEW_ENOUGH := -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1
# The first Python that runs and is new enough; PYTHON=... asks for a particular one.
FIND_PYTHON = for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python); do \
	"$$python" $(NEW_ENOUGH) && echo "$$python" && break; done
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help run test bench format clean environment app-installed dev-installed

help:
	@echo "make run     start the app"
	@echo "make test    run every test, those in a real Chromium too"
	@echo "make bench   measure, each figure against a peer"
	@echo "make format  put the code in order with ruff"
	@echo "make clean   remove the virtual environment"

run: app-installed
	@echo "Starting the app; stop it with Ctrl+C."
	@$(BIN)/python -m streamlit run app.py --server.fileWatcherType=auto --server.runOnSave=true $(ARGS)

test: dev-installed
	@$(BIN)/python tests/browser/chromium.py
	@echo "Running the tests."
	@$(BIN)/python -m pytest $(ARGS)

bench: dev-installed
	@$(BIN)/python tests/browser/chromium.py
	@echo "Measuring; this takes some minutes."
	@$(BIN)/python -m benchmarks $(ARGS)

format: dev-installed
	@echo "Putting the code in order."
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	@echo "Removing $(VENV)."
	@rm -rf $(VENV)

# A stamp is a copy of what was asked for, written only after all of an install has gone well.
app-installed: environment
	@cmp -s requirements.txt $(VENV)/app.installed || { \
		echo "Installing what the app needs; the first time this takes some minutes."; \
		rm -f $(VENV)/*.installed; \
		$(PIP_INSTALL) -r requirements.txt && cp requirements.txt $(VENV)/app.installed; }

dev-installed: environment
	@cat requirements.txt requirements-dev.txt | cmp -s - $(VENV)/dev.installed || { \
		echo "Installing what the app and its tests need; the first time this takes some minutes."; \
		rm -f $(VENV)/*.installed; \
		$(PIP_INSTALL) -r requirements-dev.txt && cp requirements.txt $(VENV)/app.installed && \
		cat requirements.txt requirements-dev.txt >$(VENV)/dev.installed; }

# Made anew when its Python is gone or too old, or when making it was cut short.
environment:
	@if ! { $(BIN)/python $(NEW_ENOUGH) && { [ -f $(VENV)/app.installed ] || $(BIN)/python -m pip --version >/dev/null 2>&1; }; }; then \
		python=$$($(FIND_PYTHON)); \
		if [ -z "$$python" ]; then \
			echo "Token Embedding Lab needs Python 3.11, 3.12 or 3.13, and $(if $(PYTHON),$(PYTHON) is none of them,found none). Install one, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; \
		fi; \
		if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
			echo "$$python cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; \
		fi; \
		echo "Making a virtual environment in $(VENV) with $$("$$python" --version)."; \
		rm -rf $(VENV); \
		"$$python" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; \
	fi
