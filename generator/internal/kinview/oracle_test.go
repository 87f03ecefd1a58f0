package kinview

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// TestOracle holds this generator's reading of the real documents against kin-openapi's: the operations
// and their parameters. It reads one document in ten of 3GPP,
// which has 274, and none above 400 KB.
func TestOracle(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: it reads 150 real documents")
	}
	folder := os.Getenv("BAILEY_CORPUS")
	index, err := os.ReadFile(filepath.Join(folder, "index.tsv"))
	if err != nil {
		t.Skipf("SKIPPED: there is no corpus (%v); set BAILEY_CORPUS to its folder", err)
	}
	compared := 0
	for i, line := range strings.Split(strings.TrimSpace(string(index)), "\n")[1:] {
		entry := strings.Split(line, "\t")[1]
		path := filepath.Join(folder, entry)
		if info, err := os.Stat(path); err != nil || info.Size() > 400<<10 || strings.HasPrefix(entry, "3gpp/") && i%10 != 0 {
			continue
		}
		doc, diags := load.Load(path, load.Limits{})
		if doc == nil || diags.HasErrors() {
			continue
		}
		view, err := View(doc)
		if err != nil {
			t.Errorf("%s: %v", entry, err)
			continue
		}
		api, _ := openapi.Read(doc, schema.NewReader(doc))
		ours := map[string]bool{}
		for _, op := range api.Operations {
			ours[op.Method+" "+op.Path] = true
			kin := view.Paths.Value(op.Path).GetOperation(op.Method)
			if kin == nil {
				t.Errorf("%s: kin-openapi has no %s %s", entry, op.Method, op.Path)
				continue
			}
			if got, want := described(op), describedByKin(op.Path, view.Paths.Value(op.Path), kin); len(op.Unsupported) == 0 && got != want {
				t.Errorf("%s: %s %s:\n got %s\nkin %s", entry, op.Method, op.Path, got, want)
			}
		}
		for path, item := range view.Paths.Map() {
			for method := range item.Operations() {
				if !ours[method+" "+path] {
					t.Errorf("%s: kin-openapi has %s %s", entry, method, path)
				}
			}
		}
		compared++
	}
	if compared < 100 {
		t.Errorf("only %d documents were compared", compared)
	}
	t.Logf("%d documents compared", compared)
}

// described lists the compared facts of an operation.
func described(op *openapi.Operation) string {
	var list []string
	for _, p := range op.Parameters {
		if p.Node != nil { // a path parameter that is not declared has none
			list = append(list, fmt.Sprintf("%s %s %v", p.In, p.Name, p.Required))
		}
	}
	return sorted(list)
}

// describedByKin leaves out what OpenAPI says to ignore, and parameters that the path does not have.
func describedByKin(path string, item *openapi3.PathItem, op *openapi3.Operation) string {
	var list []string
	seen := map[string]bool{}
	for _, p := range slices.Concat(op.Parameters, item.Parameters) {
		key := p.Value.In + " " + p.Value.Name
		switch {
		case p.Value.In == "path" && !strings.Contains(path, "{"+p.Value.Name+"}"),
			p.Value.In == "header" && slices.Contains([]string{"accept", "content-type", "authorization"}, strings.ToLower(p.Value.Name)):
		case !seen[key]:
			seen[key] = true
			list = append(list, fmt.Sprintf("%s %v", key, p.Value.Required))
		}
	}
	return sorted(list)
}

func sorted(list []string) string {
	slices.Sort(list)
	return strings.Join(list, ", ")
}
