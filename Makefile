# Each target needs nothing else run before it. `make demo` is the place to begin.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
CANDIDATES := $(PYTHON) python3.11 python3.12 python3 python3.13 python3.14
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help env demo serve test check stop

help: ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 10

env: $(STAMP) ## make .venv with everything, from pins
	@:

$(STAMP): requirements.txt requirements-dev.txt constraints.txt
	@if [ ! -x $(BIN)/python ]; then \
	    for candidate in $(CANDIDATES); do \
	        if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	    done; \
	    if [ -z "$$found" ]; then echo "lightpoint: needs Python 3.11 or later; name one with PYTHON=/path/to/python3" >&2; exit 1; fi; \
	    echo "Making $(VENV) with $$("$$found" --version)"; \
	    "$$found" -m venv $(VENV) || { rm -rf $(VENV); echo "lightpoint: $$found cannot make a virtual environment (on Debian: apt-get install python3-venv)" >&2; exit 1; }; \
	fi
	@echo "Installing the pinned packages, once: about a minute"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input -r requirements-dev.txt
	@touch $(STAMP)

demo: env ## draft the letter of the sample case into out/
	@$(BIN)/python manage.py demo

serve: env ## the same, then serve the site on 127.0.0.1:$(PORT)
	@$(BIN)/python manage.py serve --port $(PORT)

test: env ## the whole test suite, on as many cores as there are, four at most
	@$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile $(ARGS)

check: env ## format, lint, types, deployment settings, missing migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	DEBUG=off INSECURE_HTTP=off $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

stop: ## stop the site and the embedded services of this checkout
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m lightpoint.embedded stop; else echo "Nothing of this checkout runs"; fi
