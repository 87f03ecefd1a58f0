//go:build unix

package generator_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/refusals"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// errorDoc is a real document, as far as its errors go.
type errorDoc struct {
	name   string
	root   *load.Node
	api    *openapi.API
	reader *schema.Reader
}

// errorDocs reads the documents of one organization.
func errorDocs(dir string, docs []corpusDoc) []errorDoc {
	all := make([]errorDoc, len(docs))
	inParallel(len(docs), func(i int) {
		doc, _ := load.Load(filepath.Join(dir, docs[i].entry), load.Limits{})
		if doc == nil {
			return
		}
		reader := schema.NewReader(doc)
		api, _ := openapi.Read(doc, reader)
		all[i] = errorDoc{docs[i].entry, doc.Root, api, reader}
	})
	return slices.DeleteFunc(all, func(d errorDoc) bool { return d.api == nil })
}

// TestCorpusErrors: how many of the errors that real documents declare one template for each organization fills
// validly, as bailey errors proposes it. A contract is a status of an operation with a declared response.
func TestCorpusErrors(t *testing.T) {
	if !thorough() {
		t.Skip("takes minutes; make corpus does it")
	}
	dir, list := corpus(t)
	orgs := map[string][]corpusDoc{}
	for _, d := range list {
		org, _, _ := strings.Cut(d.slug, "-")
		orgs[org] = append(orgs[org], d)
	}
	contracts, filled, mean, measured := 0, 0, 0.0, 0
	for _, org := range slices.Sorted(maps.Keys(orgs)) {
		var shared refusals.Proposal
		docs := errorDocs(dir, orgs[org])
		for _, d := range docs {
			shared = shared.Join(refusals.Propose(refusals.ContractsOf(d.api), d.reader))
		}
		if shared.Body == nil {
			shared.Body = &policy.ErrorBody{Object: true, Members: []policy.ErrorMember{{Name: "detail", Value: &policy.ErrorBody{Part: "detail"}}}}
		}
		all, good := 0, 0
		why := map[string]int{}
		for _, d := range docs {
			set := &policy.Set{Errors: map[*load.Node]*policy.Errors{d.root: {Body: shared.Body, Codes: shared.Codes}}}
			for _, op := range d.api.Operations {
				for _, declared := range refusals.DeclaredBy(op, nil) {
					n := len(declared.Statuses)
					all += n
					_, _, misfit := refusals.Answer(set, d.root, declared, nil, func(b *policy.ErrorBody, c refusals.Contract) (*refusals.Body, *refusals.Misfit) {
						return refusals.Fit(b, c, d.reader)
					})
					if misfit == nil {
						good += n
					} else if misfit.At != (diag.Pos{}) {
						why[misfit.Text+" at "+misfit.At.String()] += n
					} else {
						why[misfit.Text] += n
					}
				}
			}
		}
		if all == 0 {
			continue
		}
		contracts, filled, mean, measured = contracts+all, filled+good, mean+float64(good)/float64(all), measured+1
		if good < all {
			t.Logf("%s: %d of %d; %s", org, good, all, most(why))
		}
	}
	if contracts == 0 {
		t.Fatal("no document declares an error")
	}
	if mean /= float64(measured); mean < 0.95 {
		t.Errorf("%.1f %% of an organization's contracts are filled on the average, want 95", 100*mean)
	}
	share := float64(filled) / float64(contracts)
	t.Logf("%d of %d contracts, %.1f %%; %.1f %% of an organization's on the average of %d", filled, contracts, 100*share, 100*mean, measured)
	if share < 0.95 {
		t.Errorf("%.1f %% of the contracts are filled, want 95", 100*share)
	}
}

// most is the reason that counts most.
func most(why map[string]int) string {
	best := ""
	for _, text := range slices.Sorted(maps.Keys(why)) {
		if best == "" || why[text] > why[best] {
			best = text
		}
	}
	return best
}
