# Every target sets up what it needs from nothing but Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check bench soak corpus docs site train clean

$(STAMP): pyproject.toml constraints.txt
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(STAMP)

demo: $(STAMP)  ## run the pipeline over the demo archive
	$(BIN)/baogao run corpus/demo -o demo-out

test: $(STAMP)  ## run the tests
	$(BIN)/python -m pytest

check: $(STAMP)  ## format, lint, types, tests
	$(BIN)/ruff format --check pipeline tests
	$(BIN)/ruff check pipeline tests corpus/build benchmarks
	$(BIN)/mypy
	$(BIN)/python -m pytest

soak: $(STAMP)  ## 200,000 damaged and fuzzed pages: nothing lost, memory flat
	$(BIN)/python benchmarks/soak.py

bench: $(STAMP)  ## speed and memory, as ratios against peers
	$(BIN)/python benchmarks/run.py

corpus: $(STAMP)  ## build the corpus' pages and gold from its reports
	$(BIN)/python corpus/build/build.py
	$(BIN)/python corpus/build/tables.py
	$(BIN)/python corpus/build/agreement.py
	$(BIN)/python corpus/build/scores.py

docs: $(STAMP)  ## write the reference pages that follow from the code
	$(BIN)/python -m baogao.dataset.reference docs

site: $(STAMP) docs  ## build the documentation as a web page in site/
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	$(BIN)/mkdocs build --strict

train: $(STAMP)  ## train the models from corpus/train
	$(BIN)/baogao train

clean:
	rm -rf $(VENV) demo-out out build dist site
