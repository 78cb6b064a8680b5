# Two commands are all that is needed: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PYTHONPATH := src
# Where no byte code may be kept, every start of the program pays two seconds for compiling it again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test suite lint types contracts shots bench faults clean

$(VENV)/.run: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m nanglucso.engines.warm
	touch $@

demo: $(VENV)/.run
	$(BIN)/python -m nanglucso demo --port $(PORT)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy src

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

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

faults: $(VENV)/.dev
	NLS_KILLS=200 $(BIN)/pytest tests/faults -q

clean:
	rm -rf var shots dist build .pytest_cache .mypy_cache .ruff_cache
