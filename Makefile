# Two commands do all the set-up: `make demo` runs the example, `make test` everything CI runs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PAGES := $(wildcard docs/*.md docs/shapes/*.md)

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[all]' --group dev
	touch $@

.PHONY: demo test integration format schema reference site benchmark clean

demo: $(VENV)/.installed
	cd examples/archive-orders && $(abspath $(BIN))/process-runner run . --sandbox

test: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/process-runner schema --check schemas
	$(BIN)/process-runner reference --check $(PAGES)
	$(BIN)/python -m pytest -m 'not integration' --numprocesses auto --dist loadfile

integration: $(VENV)/.installed
	$(BIN)/python tests/integration/install.py
	$(BIN)/python -m pytest -m integration -rs tests/integration

schema: $(VENV)/.installed
	$(BIN)/process-runner schema schemas

reference: $(VENV)/.installed
	$(BIN)/process-runner reference $(PAGES)

site: $(VENV)/.installed
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

benchmark: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python benchmarks/start.py
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/objects.py
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/listing.py
	$(BIN)/python benchmarks/objects.py --count 20000 --rounds 1 --clients process-runner s5cmd obstore_threads rclone
	$(BIN)/python benchmarks/large.py --size 1073741824

format: $(VENV)/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache dist build
