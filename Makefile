.DEFAULT_GOAL := help
.PHONY: help setup demo serve guide test bench lint clean

help: ## show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## build the environment (the others do it too)
	@bin/setup

demo: ## a co-op's year on real data, from an empty database to the posted SHU
	@bin/setup --with pdf
	@bin/demo

serve: ## see it in the browser (PORT=8069 DATABASE=kmp_demo)
	@bin/serve

guide: ## take the pictures of docs/guide anew, in both languages
	@bin/setup --with browser
	@bin/guide

test: ## run the tests (T="path or pytest arguments", KMP_CASES=folder)
	@bin/test $(T)

bench: ## measure at small sizes (B="NAME... --full --strict")
	@bin/bench $(B)

lint: ## run all checks on all files
	@bin/lint

clean: ## remove the environment and its databases
	@bin/clean
