package policy_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

var update = flag.Bool("update", false, "record what is found as what is wanted")

const refusals = "../../../testdata/refuse/policy-*.txtar"

// TestRefuse holds each refusal: a document above, the exact diagnostics below.
func TestRefuse(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(refusals)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", refusals, len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			above, want, ok := bytes.Cut(text, []byte("-- want --\n"))
			_, document, found := bytes.Cut(above, []byte("-- openapi.yaml --\n"))
			if !ok || !found {
				t.Fatal("the file has not both of: -- openapi.yaml --, -- want --")
			}
			doc, diags := load.LoadBytes("openapi.yaml", document, load.Limits{})
			if doc == nil || diags.HasErrors() {
				t.Fatalf("the document itself is refused: %v", diags)
			}
			_, diags = policy.Read(doc, policy.Options{})
			if !diags.HasErrors() {
				t.Error("nothing is refused")
			}
			got := print(diags)
			if *update {
				text = append(append(above, "-- want --\n"...), got...)
				if err := os.WriteFile(file, text, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(want) {
				t.Errorf("got:\n%swant:\n%s", got, want)
			}
		})
	}
}

func print(diags diag.List) string {
	var b strings.Builder
	for _, d := range diags {
		b.WriteString(d.String() + "\n")
	}
	return b.String()
}
