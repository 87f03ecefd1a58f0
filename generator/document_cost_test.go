package generator

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// costOf renders a document, and returns its budget and what became of it.
func costOf(cfg Config) (*cost.Budget, *Result, error) {
	res := &Result{}
	doc, found, err := cfg.load()
	if err != nil || doc == nil {
		return nil, nil, err
	}
	if found.HasErrors() {
		res, err = res.refuse(cfg, found)
		return doc.Cost, res, err
	}
	res, err = cfg.stages(res, doc, found)
	return doc.Cost, res, err
}

// costOfText is costOf for a document in memory.
func costOfText(text string) (*cost.Budget, *Result, error) {
	cfg := Config{Document: "openapi.json", Output: "api", Package: "api", Unknown: "refuse", AllowPublic: "a test", Tests: true}
	res := &Result{}
	doc, found := load.LoadBytes(cfg.Document, []byte(text), load.Limits{})
	if doc == nil || found.HasErrors() {
		res, err := res.refuse(cfg, found)
		if doc == nil {
			return cost.New(0, cfg.Document), res, err
		}
		return doc.Cost, res, err
	}
	res, err := cfg.stages(res, doc, found)
	return doc.Cost, res, err
}

// costliest are the real documents that need the most steps for each value in some stage.
var costliest = []string{
	"paypal-subscriptions/billing_subscriptions_v1.json", "k8s-apps/v1.json", "opensearch-ml/namespaces/ml.yaml", "httpbin/httpbin.json",
	"readme-3.0-http-status-codes/http-status-codes.yaml", "3gpp/TS28532_ProvMnS.yaml",
}

// TestCorpusDocumentCost holds the real documents to a tenth of their budgets: with
// BAILEY_CORPUS_ALL all of them, and the table of docs/document-cost.md is logged.
func TestCorpusDocumentCost(t *testing.T) {
	dir := os.Getenv("BAILEY_CORPUS")
	if dir == "" {
		dir = "../../shared/corpus"
	}
	index, err := os.ReadFile(filepath.Join(dir, "index.tsv"))
	if err != nil {
		t.Skipf("NO REAL DOCUMENT WAS TRIED: set BAILEY_CORPUS to the folder that holds index.tsv (%v)", err)
	}
	whole := os.Getenv("BAILEY_CORPUS_ALL") != ""
	type most struct {
		entry string
		each  float64
	}
	var least, share [cost.Stages]most
	for i, line := range strings.Split(strings.TrimSpace(string(index)), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 || len(f) < 5 {
			continue
		}
		entry := f[1]
		if !whole {
			found := false
			for _, c := range costliest {
				found = found || c == entry
			}
			if !found {
				continue
			}
		}
		cfg := Config{
			Document: filepath.Join(dir, entry), Root: filepath.Join(dir, f[0]), Output: filepath.Join(t.TempDir(), "api"), Package: "api", Unknown: "refuse",
			AllowPublic: "a test", SkipUnsupported: true, Tests: true,
		}
		budget, _, err := costOf(cfg)
		if budget == nil {
			t.Logf("%s: %v", entry, err)
			continue
		}
		for s := range cost.Stages {
			l, n := cost.Of(s), budget.Spent(s)
			if each := float64(n) / float64(max(1, budget.Values())); budget.Values() >= 1000 && each > least[s].each {
				least[s] = most{entry, each}
			}
			used := float64(n) / float64(l.Base+l.Factor*budget.Values())
			if used > share[s].each {
				share[s] = most{entry, used}
			}
			if used > 0.1 {
				t.Errorf("%s: stage %s needs %d %s for %d values: that is %.0f %% of its budget", entry, l.Name, n, l.What, budget.Values(), 100*used)
			}
		}
	}
	for s := range cost.Stages {
		t.Logf("| %s | %.1f | %s | %.2f %% | %s |", cost.Of(s).Name, least[s].each, least[s].entry, 100*share[s].each, share[s].entry)
	}
}
