package generator_test

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator"
)

// corpusDoc is one line of the corpus's index.
type corpusDoc struct {
	slug, entry string
	operations  int
}

// corpus reads the index of the real documents, which BAILEY_CORPUS names. Without
// them the test is skipped, loudly; with BAILEY_REQUIRE_SUITES it fails.
func corpus(t *testing.T) (dir string, docs []corpusDoc) {
	t.Helper()
	dir = os.Getenv("BAILEY_CORPUS")
	if dir == "" {
		dir = "../../shared/corpus"
	}
	index, err := os.ReadFile(filepath.Join(dir, "index.tsv"))
	if err != nil {
		if os.Getenv("BAILEY_REQUIRE_SUITES") != "" {
			t.Fatalf("the real documents are required and missing: %v", err)
		}
		t.Skipf("NO REAL DOCUMENT WAS TRIED: set BAILEY_CORPUS to the folder that holds index.tsv (%v)", err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(index)), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 || len(f) < 5 {
			continue
		}
		n, err := strconv.Atoi(f[4])
		if err != nil {
			t.Fatalf("index.tsv:%d: %v", i+1, err)
		}
		docs = append(docs, corpusDoc{f[0], f[1], n})
	}
	if len(docs) == 0 {
		t.Fatal("the index of the real documents is empty")
	}
	return dir, docs
}

// thorough reports whether to take the time to compile and serve everything: make corpus
// does, make test what fits into a few minutes.
func thorough() bool { return os.Getenv("BAILEY_CORPUS_ALL") != "" }

// module makes a Go module that builds against this checkout.
func module(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	here, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile("../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(mod), "module github.com/bailey-go/bailey", "module corpus.example", 1) +
		"\nrequire github.com/bailey-go/bailey v0.0.0\nreplace github.com/bailey-go/bailey => " + here + "\n"
	if err := errors.Join(
		os.WriteFile(filepath.Join(root, "go.mod"), []byte(text), 0o600),
		os.WriteFile(filepath.Join(root, "go.sum"), sum, 0o600),
	); err != nil {
		t.Fatal(err)
	}
	return root
}

// goTool is the go command in a module below root, with two processes at once.
func goTool(root string, args ...string) *exec.Cmd {
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOMAXPROCS=2")
	return cmd
}

// firstError is the first finding that refused a document.
func firstError(res *generator.Result) (generator.Diagnostic, bool) {
	if res != nil {
		for _, d := range res.Diagnostics {
			if !d.Warning {
				return d, true
			}
		}
	}
	return generator.Diagnostic{}, false
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
