# Every target sets up what it needs first (deploy/setup.sh does nothing when nothing changed).
.PHONY: help setup run demo test lint check bench eval format clean
PY := .venv/bin/python
unexport PYTHONDONTWRITEBYTECODE # a command or a worker that cannot keep what it compiled compiles it anew each time

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

setup: ## virtual environment, packages, poppler, a browser for the tests
	@deploy/setup.sh

run: setup ## Spyglass in a local Slack workspace in the browser: no account, no key
	@.venv/bin/spyglass run

demo: setup ## a short conversation about real images, printed
	@.venv/bin/spyglass demo

test: setup ## the tests
	@$(PY) -m pytest -n auto --dist loadgroup --max-worker-restart 0

lint: setup ## format, lint, types, import contracts
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

check: lint test ## everything a commit has to pass

bench: setup ## performance, as ratios against named baselines
	@$(PY) -m tests.benchmarks

eval: setup ## quality: routing, classification, receipts, pairs, brands
	@.venv/bin/spyglass eval

format: setup ## format and fix what can be fixed
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

clean: ## remove the virtual environment and caches
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache build *.egg-info
