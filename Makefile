# make lists the targets.
.DEFAULT_GOAL := help
SHELL := bash

GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 10s
# how large the largest graph is that make bench measures
EDGES ?= 10000000
SHARED := ../shared
NEO4J := testdata/neo4j
JARS := $(NEO4J)/lib/.complete
# Go's ... leaves out folders called testdata.
PACKAGES := ./... ./testdata ./$(NEO4J) ./$(NEO4J)/cmd

.PHONY: help build demo test tools vet lint race fuzz quality bench neo4j-jars neo4j-up neo4j-down

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## build bin/pacta
	go build -trimpath -o bin/pacta ./cmd/pacta

demo: ## import the bundled documents, answer a question, serve the graph
	go run ./cmd/pacta demo

test: tools neo4j-jars vet lint race fuzz quality ## everything that CI checks

tools: ## Java, Maven and Chromium, which the tests need: root on Debian gets them installed
	@.ci/tools java mvn chromium

vet: ## go vet, and no file that gofmt would change
	go vet $(PACKAGES)
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo 'run gofmt -w on these files'; exit 1; }

lint: ## golangci-lint, as .golangci.yml says
	go run $(GOLANGCI) run $(PACKAGES)

race: ## all tests with the race detector
	go test -race -timeout 20m $(PACKAGES)

fuzz: ## each fuzz test for FUZZTIME
	go test -run '^$$' -fuzz FuzzSentences -fuzztime $(FUZZTIME) ./importer
	go test -run '^$$' -fuzz FuzzParse -fuzztime $(FUZZTIME) ./importer
	go test -run '^$$' -fuzz FuzzClaims -fuzztime $(FUZZTIME) ./importer
	go test -run '^$$' -fuzz FuzzExtract -fuzztime $(FUZZTIME) ./importer/rules

quality: ## score the extractor on the bundled and, where they are, the shared annotations
	go run ./cmd/pacta eval testdata/expected
	@if [ -d $(SHARED)/gold ]; then go run ./cmd/pacta eval $(SHARED)/gold; \
	elif [ -n "$$CI" ]; then echo '$(SHARED)/gold is missing'; exit 1; \
	else echo 'skipped: $(SHARED)/gold is not beside this checkout'; fi

bench: tools neo4j-jars ## write docs/performance.md, and kill Neo4j twenty times during an import
	PACTA_TEST_MEASURE_EDGES=$(EDGES) go test -count 1 -run '^TestPerformance$$' -timeout 4h -v ./cmd/pacta
	go test -run '^$$' -bench . -benchmem ./importer/rules ./graph/localstore
	PACTA_TEST_KILLS=20 go test -count 1 -run '^TestServerKilled$$' -timeout 1h -v ./graph/neo4jstore

neo4j-jars: $(JARS) ## the real Neo4j that the tests start, as Maven's jars

$(JARS): $(NEO4J)/pom.xml
	@.ci/tools java mvn
	@echo "fetching Neo4j's jars into $(@D)" >&2
	@rm -rf $(@D)
	@mvn -q -B -Dstyle.color=never -f $< dependency:copy-dependencies >&2
	@touch $@

neo4j-up: $(JARS) ## start a Neo4j of your own, and print what a shell must evaluate to use it
	@.ci/tools java
	@go run ./$(NEO4J)/cmd up

neo4j-down: ## stop it; its data are kept
	@go run ./$(NEO4J)/cmd down
