# bailey: what there is to run. `make` alone prints this list.
#
# Everything but `demo` and `test` fetches its tools, pinned, into .tmp/bin.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GO       ?= go
FUZZTIME ?= 30s
BIN      := $(CURDIR)/.tmp/bin

STATICCHECK_VERSION := v0.8.2
GOVULNCHECK_VERSION := v1.9.0
ACTIONLINT_VERSION  := v1.7.12
GORELEASER_VERSION  := v2.15.1
CYCLONEDX_VERSION   := v1.10.0
STATICCHECK := $(BIN)/staticcheck-$(STATICCHECK_VERSION)
GOVULNCHECK := $(BIN)/govulncheck-$(GOVULNCHECK_VERSION)
ACTIONLINT  := $(BIN)/actionlint-$(ACTIONLINT_VERSION)
GORELEASER  := $(BIN)/goreleaser-$(GORELEASER_VERSION)
# goreleaser looks for a program of this name, without a version.
CYCLONEDX   := $(BIN)/cyclonedx-gomod

# Where the public test suites and real documents are, unless the environment says so.
SHARED := $(abspath ../shared)
ifneq ($(wildcard $(SHARED)/suites),)
export BAILEY_SUITES ?= $(SHARED)/suites
endif
ifneq ($(wildcard $(SHARED)/corpus),)
export BAILEY_CORPUS ?= $(SHARED)/corpus
endif

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: test
test: ## run every test; needs nothing but Go
	$(GO) test -timeout 20m ./... ./testdata/golden/...

.PHONY: demo
demo: ## generate the bank, attack it, and print what it answered
	@$(GO) generate ./examples/bank/...
	@$(GO) run ./examples/bank -demo

.PHONY: lint
lint: $(STATICCHECK) $(GOVULNCHECK) $(ACTIONLINT) ## gofmt, go vet, staticcheck, govulncheck, actionlint
	@.ci/outside $(ACTIONLINT)
	@.ci/lint $(STATICCHECK) $(GOVULNCHECK)

.PHONY: generate
generate: ## regenerate the examples and the golden packages
	@.ci/golden generate

.PHONY: checkgenerate
checkgenerate: ## fail where a committed generated package is stale
	@.ci/golden check

.PHONY: bench
bench: ## measure against the peers and print the table (own module)
	cd testdata/peers && $(GO) run ./cmd/table

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (30s)
	@.ci/fuzz $(FUZZTIME)

.PHONY: race
race: ## run the tests under the race detector
	$(GO) test -race -short -timeout 20m ./...

.PHONY: release
release: $(GORELEASER) $(CYCLONEDX) ## build and upload the files of the tag, as a draft; the release workflow runs it
	PATH="$(BIN):$$PATH" $(GORELEASER) release --clean

.PHONY: snapshot
snapshot: $(GORELEASER) $(CYCLONEDX) ## check .goreleaser.yaml, and build a release's files into .tmp/dist without a tag (10 minutes)
	@.ci/snapshot $(GORELEASER)

.PHONY: slow
slow: snapshot ## build a release's files, flood a server and measure its memory before, meanwhile and a minute later; ask fail2ban and CrowdSec (8 minutes, Linux)
	BAILEY_SLOW=1 $(GO) test -count=1 -run '^Test(Fail2ban|CrowdSec)$$' ./runtime/event
	BAILEY_SLOW=1 BAILEY_FLOOD_TABLE='$(BAILEY_FLOOD_TABLE)' $(GO) test -count=1 -timeout 20m -v -run '^TestFloods$$' ./runtime/gen

.PHONY: stores
stores: ## test the stores outside of the core (own modules); Redis where there is one
	@cd runtime/store/redis && $(GO) vet ./... && $(GO) test -race -count=1 -v ./... | grep -E '^(ok|FAIL|panic)|--- FAIL|SKIPPED|_test.go'

.PHONY: conformance
conformance: ## hold servers against the test suite of BAILEY_SUITES; UPDATE=1 records, ONLY=RE tries files
	BAILEY_REQUIRE_SUITES=1 BAILEY_CONFORMANCE='$(ONLY)' $(GO) test -count=1 -v -run 'Conformance' ./generator ./runtime/auth/jwt $(if $(UPDATE),-update)

.PHONY: inject
inject: ## put every keyword and policy into every use of the golden documents (2 minutes); SHARD=2/8 for a part
	BAILEY_INJECT=$(or $(SHARD),1/1) $(GO) test -count=1 -timeout 60m -run 'TestInjection' ./generator

.PHONY: corpus
corpus: ## generate, compile and serve the real documents of BAILEY_CORPUS (15 minutes), and print the table
	BAILEY_REQUIRE_SUITES=1 BAILEY_CORPUS_ALL=1 $(GO) test -count=1 -timeout 90m -v -run 'Corpus' ./generator/...

$(GORELEASER):
	@mkdir -p $(BIN)
	GOBIN=$(BIN) $(GO) install github.com/goreleaser/goreleaser/v2@$(GORELEASER_VERSION)
	@mv $(BIN)/goreleaser $@

$(CYCLONEDX):
	@mkdir -p $(BIN)
	GOBIN=$(BIN) $(GO) install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@$(CYCLONEDX_VERSION)

$(STATICCHECK):
	@mkdir -p $(BIN)
	GOBIN=$(BIN) $(GO) install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK_VERSION)
	@mv $(BIN)/staticcheck $@

$(GOVULNCHECK):
	@mkdir -p $(BIN)
	GOBIN=$(BIN) $(GO) install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)
	@mv $(BIN)/govulncheck $@

$(ACTIONLINT):
	@mkdir -p $(BIN)
	GOBIN=$(BIN) $(GO) install github.com/rhysd/actionlint/cmd/actionlint@$(ACTIONLINT_VERSION)
	@mv $(BIN)/actionlint $@
