package policy

import (
	"os"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// TestProviderDocs reads every example of docs/providers.md, and holds that each preset stands there.
func TestProviderDocs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../docs/providers.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range presets {
		if !strings.Contains(string(text), "`provider: "+p.name+"`") {
			t.Errorf("docs/providers.md has no row for %s", p.name)
		}
	}
	blocks := yamlBlock.FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 9 {
		t.Fatalf("%d examples", len(blocks))
	}
	for _, b := range blocks {
		document := head + "components:\n  securitySchemes:\n    token:\n      type: http\n      scheme: bearer\n      " + strings.ReplaceAll(strings.TrimSpace(b[1]), "\n", "\n      ") + "\npaths: {}\n"
		doc, diags := load.LoadBytes("example.yaml", []byte(document), load.Limits{})
		if diags.HasErrors() {
			t.Fatalf("%v\n%s", diags, document)
		}
		set, diags := Read(doc, Options{})
		if len(diags) > 0 || len(set.Schemes) != 1 || set.Schemes[0].JWT == nil {
			t.Errorf("%v\n%s", diags, document)
		}
	}
}
