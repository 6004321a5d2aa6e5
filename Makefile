# Cakap Bontang. `make help` lists what there is.
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
FLASK := $(PY) -m flask

# Where a machine switches off the cache of compiled modules, every server that a test starts would compile them anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check words demo bench lock clean
help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / · /'

run: $(VENV)/.run  ## set up and serve on http://127.0.0.1:8000 (PORT=…, DATA=…, DEMO=0)
	@tools/words --compile
	@exec $(FLASK) serve

test: $(VENV)/.test  ## set up and run every test, on SQLite and PostgreSQL, with a real Chromium
	@tools/programs
	@tools/words --compile
	@exec $(PY) -m pytest -n $${TEST_WORKERS:-3} --dist loadfile --no-loadscope-reorder

check: $(VENV)/.test  ## what CI runs before the tests: style, types, walls, templates, words, migrations, courses
	@exec tools/check

words: $(VENV)/.test  ## extract sentences and bring the English catalogue up to date
	@exec tools/words

demo: $(VENV)/.run  ## a city with learners to look at, in its own folder (DATA=data/demo)
	@tools/words --compile
	@DATA=$${DATA:-data/demo} DEMO=1 $(FLASK) serve --prepare-only
	@DATA=$${DATA:-data/demo} $(FLASK) demo --people $${PEOPLE:-1000}
	@DATA=$${DATA:-data/demo} exec $(FLASK) serve

bench: $(VENV)/.test  ## measure ours beside its floors (docs/performance.md)
	@tools/words --compile
	@exec $(PY) -m bench

lock: $(VENV)/.test  ## write requirements.txt and requirements-dev.txt anew from pyproject.toml
	@exec tools/lock

clean:  ## remove the virtual environment and caches (never the data)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(VENV)/.python:
	@tools/python $(VENV)
	@touch $@

$(VENV)/.run: requirements.txt $(VENV)/.python
	@tools/install requirements.txt
	@touch $@

$(VENV)/.test: requirements-dev.txt $(VENV)/.python
	@tools/install requirements-dev.txt
	@touch $@ $(VENV)/.run
