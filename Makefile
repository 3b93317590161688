# make lists the targets.
.DEFAULT_GOAL := help
SHELL := bash

GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 10s
SHARED := ../shared

.PHONY: help build demo test vet lint race fuzz quality bench

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## build bin/pacta
	go build -trimpath -o bin/pacta ./cmd/pacta

demo: ## import the bundled documents, answer a question, serve the graph
	go run ./cmd/pacta demo

test: vet lint race fuzz quality ## everything that CI checks

vet: ## go vet, and no file that gofmt would change
	go vet ./...
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo 'run gofmt -w on these files'; exit 1; }

lint: ## golangci-lint, as .golangci.yml says
	go run $(GOLANGCI) run ./...

race: ## all tests with the race detector
	go test -race -timeout 20m ./...

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

bench: ## words a second, facts a second, and one question in ever larger graphs
	go test -run '^$$' -bench . -benchmem ./importer/rules ./graph/localstore
