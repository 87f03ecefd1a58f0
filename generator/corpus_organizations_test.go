//go:build unix

package generator_test

import (
	"fmt"
	"strings"
	"testing"
)

// leastElsewhere is the number of documents with operations outside of 3GPP's folder that must generate
// whole. By file, 3GPP's 274 documents hide the rest.
const leastElsewhere = 133

// organization is the publisher of a document: the first word of its slug.
func organization(slug string) string {
	name, _, _ := strings.Cut(slug, "-")
	return name
}

// tally counts what became of the documents of each organization.
type tally struct {
	organizations, wholeOrganizations int // an organization is whole where each of its documents is
	elsewhere, wholeElsewhere         int // documents with operations outside of 3GPP's folder
}

// tallied counts endings by organization.
func tallied(all []ending) tally {
	var out tally
	whole := map[string]bool{}
	for _, e := range all {
		if e.doc.operations == 0 && !e.whole {
			continue // refused as no-operations: there is nothing to serve
		}
		name := organization(e.doc.slug)
		before, seen := whole[name]
		whole[name] = e.whole && (before || !seen)
		if name != "3gpp" {
			out.elsewhere++
			if e.whole {
				out.wholeElsewhere++
			}
		}
	}
	for _, w := range whole {
		out.organizations++
		if w {
			out.wholeOrganizations++
		}
	}
	return out
}

// String is the tally as a table of docs/corpus.md.
func (c tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| counted by | of | whole |\n|---|---|---|\n")
	fmt.Fprintf(&b, "| organization, all of its documents | %d | %d (%.1f %%) |\n", c.organizations, c.wholeOrganizations, percent(c.wholeOrganizations, c.organizations))
	fmt.Fprintf(&b, "| document with operations outside of 3GPP's folder | %d | %d (%.1f %%) |\n", c.elsewhere, c.wholeElsewhere, percent(c.wholeElsewhere, c.elsewhere))
	return b.String()
}

// TestTally counts an organization as whole only where each of its documents is.
func TestTally(t *testing.T) {
	got := tallied([]ending{
		{doc: corpusDoc{slug: "3gpp", operations: 1}, whole: true},
		{doc: corpusDoc{slug: "3gpp", operations: 1}, whole: false},
		{doc: corpusDoc{slug: "twilio-api", operations: 1}, whole: true},
		{doc: corpusDoc{slug: "twilio-verify", operations: 1}, whole: true},
		{doc: corpusDoc{slug: "twilio-webhooks"}, whole: false},
		{doc: corpusDoc{slug: "xero-files", operations: 1}, whole: false},
		{doc: corpusDoc{slug: "xero-accounting", operations: 1}, whole: true},
	})
	want := tally{organizations: 3, wholeOrganizations: 1, elsewhere: 4, wholeElsewhere: 3}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
