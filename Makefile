# The commands that README names.

.PHONY: help demo test ui-shots chdb bench bench-collector docs format

help: ## Says what there is to do.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

demo: ## Collector, two services, Prometheus and traffic; ends with Ctrl-C or after DEMO_SECONDS.
	@DEMO_SECONDS="$(or $(DEMO_SECONDS),0)" docs/examples/stringsvc/demo.sh

test: ## Everything that can be checked: format, Swift tests, real servers and clients, the page in Chromium.
	@Tests/run.sh

ui-shots: ## Pictures of every view of the page, light, dark and on a phone, in .build/ui-shots.
	@Tests/run.sh page/test_looks.py
	@echo "Look at .build/ui-shots"

chdb: ## The store in ClickHouse, on the current engine: PyPI's chdb, 534 MB, which test leaves out.
	@.build-venv/bin/pip install -q --disable-pip-version-check chdb==4.4.0
	@Tests/run.sh clickhouse/test_store_contract.py

bench: ## Measures beside peers and the machine's limits; prints a table, writes bench.json. FILTER=scrape: only those.
	@swift run -c release --package-path Tests/Benchmarks --scratch-path .build-bench Benchmarks --filter "$(FILTER)"

bench-collector: ## Measures the collector under load for SECONDS=60 a format; prints a table. JSON=file: writes it there, too.
	@swift build -c release --product wingbeat
	@python3 Tests/CollectorBench/bench.py --seconds $(or $(SECONDS),60) $(if $(JSON),--json $(JSON))

docs: ## The reference of all libraries, as a website in docs/.site.
	@docs/build.sh

format: ## Formats every Swift file.
	@swift format --in-place --recursive Package.swift Sources collector docs Tests
