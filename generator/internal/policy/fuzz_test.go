package policy_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

// FuzzRead holds, for any document: it is read without a panic, and unless something
// is refused, every operation that is served either says why it is public or asks for
// a caller.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob(refusals)
	if err != nil || len(files) == 0 {
		f.Fatalf("%s: %d files, %v", refusals, len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		above, _, _ := bytes.Cut(text, []byte("-- want --\n"))
		_, document, _ := bytes.Cut(above, []byte("-- openapi.yaml --\n"))
		f.Add(string(document))
	}
	for _, text := range []string{bank, open, schemas} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc, diags := load.LoadBytes("openapi.yaml", []byte(text), load.Limits{Nodes: 20_000})
		if doc == nil {
			return
		}
		refused := diags.HasErrors()
		set, diags := policy.Read(doc, policy.Options{})
		if refused || diags.HasErrors() {
			return
		}
		for _, o := range set.Order {
			if o.Skip == nil && (o.Public == nil) == (len(o.Requirements) == 0) {
				t.Errorf("%s %s: public %v, requirements %v", o.Method, o.Path, o.Public, o.Requirements)
			}
			for _, need := range o.Requirements {
				for _, n := range need {
					if n.Scheme == nil {
						t.Errorf("%s %s: a requirement without a scheme", o.Method, o.Path)
					}
				}
			}
			for _, rate := range o.Rates {
				if rate.Limit < 1 || rate.Burst < rate.Cost || rate.Cost < 1 || rate.Window <= 0 || rate.Name == "" {
					t.Errorf("%s %s: rate %+v", o.Method, o.Path, rate)
				}
			}
		}
	})
}
