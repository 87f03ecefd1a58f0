package load_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// corpusEntries returns the entry files of the corpus of real documents.
func corpusEntries(t *testing.T) (folder string, entries []string) {
	t.Helper()
	folder = os.Getenv("BAILEY_CORPUS")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	index, err := os.ReadFile(filepath.Join(folder, "index.tsv"))
	if err != nil {
		t.Skipf("SKIPPED: no real document was read: there is no corpus (%v); set BAILEY_CORPUS to its folder", err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(index)), "\n") {
		if fields := strings.Split(line, "\t"); i > 0 && len(fields) > 1 {
			entries = append(entries, fields[1])
		}
	}
	if len(entries) == 0 {
		t.Fatal("the corpus has no entry: its index.tsv is empty or has another form")
	}
	return folder, entries
}

// justified are the rules under which a real document may be refused: what it is
// (another version, no valid YAML, no operations), what it asks for (other hosts,
// files above its folder), and references that lead nowhere.
var justified = []rules.Rule{"version", "yaml-syntax", "document-shape", "ref-remote", "ref-outside", "ref-file", "dangling-ref"}

// TestCorpus loads every real document. Those that load are printed, and what is printed must load
// again and print the same.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: reading all real documents takes a minute")
	}
	folder, entries := corpusEntries(t)
	good, warned := 0, 0
	for _, entry := range entries {
		start := time.Now()
		doc, diags := load.Load(filepath.Join(folder, entry), load.DefaultLimits())
		if took := time.Since(start); took > 2*time.Second {
			t.Logf("%s took %v", entry, took.Round(time.Millisecond))
		}
		if diags.HasErrors() {
			reportRefusal(t, entry, diags)
			continue
		}
		if doc == nil {
			t.Errorf("%s: no document and no error", entry)
			continue
		}
		good++
		if len(diags) > 0 {
			warned++
		}
		checkPrinted(t, entry, doc)
	}
	t.Logf("%d documents, %d load, %d of them with warnings", len(entries), good, warned)
	if good*100 < len(entries)*95 {
		t.Errorf("%d of %d documents load: less than 95 %%", good, len(entries))
	}
}

// reportRefusal logs why a document is refused, and fails where that is not justified.
func reportRefusal(t *testing.T, entry string, diags diag.List) {
	t.Helper()
	var first *diag.Diagnostic
	errors := 0
	for i, d := range diags {
		if d.Severity != diag.Error {
			continue
		}
		if errors++; first == nil {
			first = &diags[i]
		}
		if !slices.Contains(justified, d.Rule) {
			t.Errorf("%s: not justified: %v", entry, d)
		}
	}
	t.Logf("%s: %d errors, the first: %s", entry, errors, first)
}

// checkPrinted prints the files of a document into a folder, and loads that.
func checkPrinted(t *testing.T, entry string, doc *load.Document) {
	t.Helper()
	folder := t.TempDir()
	texts := map[string][]byte{}
	for _, root := range doc.Roots() {
		name := root.Pos.File
		if strings.Contains(name, "://") {
			continue // a meta-schema that is built in
		}
		text, err := doc.JSON(name)
		if err != nil {
			t.Errorf("%s: %v", entry, err)
			return
		}
		texts[name] = text
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, text, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	again, diags := load.LoadIn(folder, doc.Root.Pos.File, load.DefaultLimits())
	if again == nil || diags.HasErrors() {
		t.Errorf("%s: what is printed does not load: %.500v", entry, diags)
		return
	}
	for _, root := range again.Roots() {
		name := root.Pos.File
		if text, err := again.JSON(name); texts[name] != nil && (err != nil || !bytes.Equal(text, texts[name])) {
			t.Errorf("%s: %s, printed again, differs (%v)", entry, name, err)
		}
	}
}
