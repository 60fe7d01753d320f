# Recourse. “make” lists what there is to do; “make run” and “make test” are all that a new machine needs beside Go, git and make.

GO       ?= go
BUILD    := $(GO) build -buildvcs=false
BIN      := .local/bin
TOOLS    := .local/tools

# No C compiler is needed. RACE=1 asks for the race detector, which needs one.
RACE     ?=
ifeq ($(RACE),)
export CGO_ENABLED = 0
else
export CGO_ENABLED = 1
endif
TESTFLAGS ?=

# What “make run” has written for programs beside it: addresses, database, tokens.
BESIDE   := test -f .local/environment || { echo 'Start the local stack first, in another terminal: make run' >&2; exit 1; }; . ./.local/environment

.DEFAULT_GOAL := help
.PHONY: help run test fuzz lint generate build bench demo import verify seal simulate clean forget

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Start everything on this machine; Ctrl-C stops it, the data stays. With procedures of your own: make run FOLDER=hospital
	@$(BUILD) -o $(BIN)/local ./deploy/local
	@$(if $(FOLDER),RECOURSE_FOLDER="$(FOLDER)") $(BIN)/local

test: ## Run every test beside one fresh PostgreSQL and Temporal (RACE=1 for the race detector)
	@$(BUILD) -o $(BIN)/teststack ./deploy/teststack
	@$(BIN)/teststack $(GO) test $(if $(RACE),-race) -timeout 40m $(TESTFLAGS) ./...
	@$(GO) -C deploy/compose test ./...

# Each new input is minimised by a few attempts only: by the usual minute nothing else would be tried.
MINUTES  ?= 1
fuzz: ## Try every fuzz target with new inputs, each for so long: make fuzz MINUTES=10
	@grep -roE --include=*_test.go '^func Fuzz[A-Za-z]+' internal | while IFS=: read -r file target; do \
		echo "$${target#func } of $$(dirname $$file)"; \
		$(GO) test -run '^$$' -fuzz "^$${target#func }$$" -fuzztime $(MINUTES)m -fuzzminimizetime 5x ./$$(dirname $$file) || exit 1; \
	done

outages: ## A thousand complaints through kills and outages, on servers of its own (about half an hour)
	@$(BUILD) -o $(BIN)/teststack ./deploy/teststack
	@RECOURSE_OUTAGES=full $(BIN)/teststack $(GO) test -timeout 3h -run NoAnswerIsUntrue -v ./deploy/endtoend

lint: ## Find what the compiler doesn't (.golangci.yaml says what), and what a workflow mustn't do
	@cd deploy/tools/lint && $(BUILD) -o $(CURDIR)/$(TOOLS)/ github.com/golangci/golangci-lint/v2/cmd/golangci-lint \
		go.temporal.io/sdk/contrib/tools/workflowcheck
	@$(TOOLS)/golangci-lint run ./...
	@cd deploy/compose && $(CURDIR)/$(TOOLS)/golangci-lint run ./...
	@$(TOOLS)/workflowcheck -config deploy/tools/lint/workflowcheck.yaml ./workflows/...

generate: ## Make what is generated anew: the API's types, the database's queries, the schemas for editors
	@cd deploy/tools/generate && $(BUILD) -o $(CURDIR)/$(TOOLS)/ github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen \
		github.com/sqlc-dev/sqlc/cmd/sqlc
	@cd internal/api && $(CURDIR)/$(TOOLS)/oapi-codegen -config codegen.yaml openapi.yaml
	@$(TOOLS)/sqlc generate
	@$(BUILD) -o $(BIN)/server ./server
	@for kind in procedure calendar directory; do $(BIN)/server schema $$kind > procedures/schema/$$kind.json; done

build: ## Build the server and the worker into dist/
	@$(BUILD) -trimpath -o dist/ ./server ./worker

bench: ## Measure the API against a bare workflow, on a stack of its own
	@$(GO) run ./deploy/bench

demo: ## Send real complaints through a running stack
	@$(BESIDE); $(GO) run ./deploy/demo

import: ## Register the rows of a CSV or a workbook: make import FILE=complaints.csv MAPPING=mapping.yaml HOW=-dry-run (or -correct, -take-back)
	@test -n "$(FILE)" || { echo 'Say which file: make import FILE=complaints.csv MAPPING=mapping.yaml' >&2; exit 1; }
	@$(BESIDE); $(GO) run ./server import $(HOW) $(if $(MAPPING),-mapping "$(MAPPING)") "$(FILE)"

verify: ## Check the record's chain of hashes for tampering, and kept seals: make verify SEALS=seals.txt
	@$(BESIDE); $(GO) run ./server verify $(if $(SEALS),-seal "$(SEALS)")

seal: ## Seal the record; keep the line that it prints elsewhere
	@$(BESIDE); $(GO) run ./server seal

simulate: ## What happens when nobody acts: make simulate PROCEDURE=courier-station; or in a story: make simulate STORY=story.yaml
	@$(GO) run ./server simulate $(if $(STORY),"$(STORY)",-procedure "$(or $(PROCEDURE),courier-station)")

clean: ## Remove what was built; the local stack's data stays
	@rm -rf dist $(BIN) $(TOOLS)

forget: ## Remove the local stack's data, keys, logs and tokens
	@$(GO) run ./deploy/local forget
