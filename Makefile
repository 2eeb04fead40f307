# Two commands on a fresh machine with Python 3.11+ and make: `make demo` and `make test`.

VENV ?= .venv
BIN := $(VENV)/bin
EXAMPLE := examples/papers.jsonl
DEMO ?= demo.db
TCK ?= ../shared/tck
N ?= 20000
NEO4J ?= lts

.PHONY: demo test lint docs tck oracle quality neo4j wheel clean

demo: $(VENV)/.installed  ## Build the graph of the example corpus, ask it three questions, draw it.
	rm -f $(DEMO)
	$(BIN)/citegraph build $(EXAMPLE) -g $(DEMO)
	@echo; echo "Which quantization methods were tried on LLaMA 2 70B, on which GPU, with what speed-up?"
	$(BIN)/citegraph tried "LLaMA 2" --size 70B --kind quantization -g $(DEMO)
	@echo; echo "What builds on LoRA, and what does that line cite?"
	$(BIN)/citegraph lineage LoRA -g $(DEMO)
	@echo; echo "What does the graph know about GPTQ, and which sentence says so?"
	$(BIN)/citegraph show GPTQ -g $(DEMO)
	$(BIN)/citegraph view -g $(DEMO) -o graph.html --title "citegraph: the example corpus"

test: $(VENV)/.tested  ## Run the whole suite, with a real browser and a real Neo4j where they can be had.
	sh scripts/browser.sh
	-$(BIN)/python scripts/neo4j_server.py fetch $(NEO4J)
	$(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder

lint: $(VENV)/.linted  ## Style, formatting and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict graph loaders queries viz
	$(BIN)/mypy --strict cli api.py

docs: $(VENV)/.installed  ## Write the pages that are generated from the code.
	$(BIN)/python -m citegraph.graph.schema > docs/schema.md
	$(BIN)/citegraph build $(EXAMPLE) -q -g $(DEMO)
	$(BIN)/python -c "from citegraph import open_graph; from citegraph.viz import write_picture; \
	    write_picture(open_graph('$(DEMO)').store, 'docs/example.svg')"
	$(BIN)/python scripts/console.py README.md docs/*.md

tck: $(VENV)/.tested  ## Run the openCypher conformance kit: make tck TCK=path ARGS="--errors 5 --family match".
	PYTHONPATH=tests $(BIN)/python -m tck.run $(TCK) $(ARGS)

oracle: $(VENV)/.oracle  ## Compare N random queries on random graphs with an engine of another make.
	PYTHONPATH=tests $(BIN)/python -m cypher_oracle.run $(N) $(ARGS)

quality: $(VENV)/.installed  ## Judge extraction by annotated papers: make quality GOLD="a.jsonl b.jsonl" ARGS="--errors 20".
	@test -n "$(GOLD)" || { echo "Name the annotated papers: make quality GOLD=gold.jsonl" >&2; exit 2; }
	$(BIN)/python benchmarks/extraction.py $(GOLD) --withhold --rules $(or $(ARGS),--markdown)

neo4j: $(VENV)/.installed  ## Start a real Neo4j Community server on a free port: make neo4j NEO4J=newest.
	$(BIN)/python scripts/neo4j_server.py run $(NEO4J)

wheel: $(VENV)/.tested
	$(BIN)/python -m build --wheel

clean:
	rm -rf $(VENV) .neo4j build dist *.egg-info $(DEMO) graph.html

$(VENV)/bin/python:
	PYTHON="$(PYTHON)" sh scripts/venv.sh $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	@touch $@

$(VENV)/.linted: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

$(VENV)/.oracle: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test,oracle]"
	@touch $@
