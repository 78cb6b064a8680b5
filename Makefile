# Two commands are all that is needed: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PYTHONPATH := src
# Packages are compiled as they are imported: two thirds of their files never are.
# Where no byte code may be kept, every start of the program pays two seconds for compiling it again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test suite lint types contracts audit shots bench faults clean

$(VENV)/.run: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-compile --require-hashes -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-compile --require-hashes -r requirements-dev.txt
	$(BIN)/python -m nanglucso.engines.warm
	DJANGO_SETTINGS_MODULE=nanglucso.project.settings_test $(BIN)/python -m django check
	touch $@

demo: $(VENV)/.run
	$(BIN)/python -m nanglucso demo --port $(PORT)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/bandit -q -c pyproject.toml -r src

types: $(VENV)/.dev
	$(BIN)/mypy src

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

# Known faults of the pinned packages: asks a public database, so it is run where the network is open.
audit: $(VENV)/.dev
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install -q pip-audit
	$(VENV)/audit/bin/pip-audit --require-hashes --disable-pip -r requirements.txt

# Types are checked while the tests run: they take one processor for a minute.
test: $(VENV)/.dev
	$(MAKE) -j2 lint contracts types suite

suite: $(VENV)/.dev
	$(BIN)/python tests/run.py

shots: $(VENV)/.dev
	$(BIN)/python tests/browser/shots.py

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/measure_sitting.py
	$(BIN)/python benchmarks/calibrate.py --sets cal2pl,caljoint,cold
	$(BIN)/python benchmarks/plan_city.py
	$(BIN)/python benchmarks/exam_day.py

faults: $(VENV)/.dev
	$(BIN)/python -m tests.faults.ordeal.run
	NLS_KILLS=200 $(BIN)/pytest tests/faults -q

clean:
	rm -rf var shots dist build .pytest_cache .mypy_cache .ruff_cache
