# make run, make test, make bench, make format: each sets up what it needs, once.
# ARGS is passed on: make test ARGS="tests/embeddings -q"

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
# The first Python that runs and is new enough; PYTHON=... asks for a particular one.
FIND_PYTHON = for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python); do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1 && echo "$$python" && break; done

.PHONY: help run test bench format clean
.DELETE_ON_ERROR:

help:
	@echo "make run     start the app"
	@echo "make test    run every test, those in a real Chromium too"
	@echo "make bench   measure, each figure against a peer"
	@echo "make format  put the code in order with ruff"
	@echo "make clean   remove the virtual environment"

run: $(VENV)/app.installed
	@echo "Starting the app; stop it with Ctrl+C."
	@$(BIN)/python -m streamlit run app.py --server.fileWatcherType=auto --server.runOnSave=true $(ARGS)

test: $(VENV)/dev.installed
	@$(BIN)/python tests/browser/chromium.py
	@echo "Running the tests."
	@$(BIN)/python -m pytest $(ARGS)

bench: $(VENV)/dev.installed
	@$(BIN)/python tests/browser/chromium.py
	@echo "Measuring; this takes some minutes."
	@$(BIN)/python -m benchmarks $(ARGS)

format: $(VENV)/dev.installed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	@rm -rf $(VENV)

# A stamp is written only after all of an install has gone well.
$(VENV)/app.installed: requirements.txt
	@$(MAKE) --no-print-directory environment
	@echo "Installing what the app needs; the first time this takes some minutes."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.installed: requirements-dev.txt requirements.txt
	@$(MAKE) --no-print-directory environment
	@echo "Installing what the app and its tests need; the first time this takes some minutes."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/app.installed

# Made anew when its Python is gone.
.PHONY: environment
environment:
	@if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		python=$$($(FIND_PYTHON)); \
		if [ -z "$$python" ]; then \
			echo "Token Embedding Lab needs Python 3.11, 3.12 or 3.13 and found none. Install one, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; \
		fi; \
		echo "Making a virtual environment in $(VENV) with $$("$$python" --version)."; \
		rm -rf $(VENV); \
		"$$python" -m venv $(VENV) || { \
			echo "This Python cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv" >&2; rm -rf $(VENV); exit 1; }; \
	fi
