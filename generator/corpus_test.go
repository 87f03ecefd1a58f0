package generator_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/generator"
)

// small is how many operations a document of the small corpus has at the most.
const small = 60

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

// TestCorpusSmall generates every real document of fewer than 60 operations and
// compiles what comes out. At least 60 in 100 must generate whole; the others must
// end in a diagnostic: no panic, no hang, no code that does not compile.
func TestCorpusSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	dir, docs := corpus(t)
	root := module(t)
	var good, tried int
	rules := map[string]int{}
	for i, d := range docs {
		if d.operations >= small {
			continue
		}
		tried++
		pkg := fmt.Sprintf("d%03d", i)
		start := time.Now()
		res, err := generator.Generate(generator.Config{
			Document: filepath.Join(dir, d.entry), Output: filepath.Join(root, pkg), Package: pkg, AllowPublic: "a test of real documents",
		})
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", d.entry, took)
		}
		if err != nil {
			first, ok := firstError(res)
			if !ok {
				t.Errorf("%s: refused without a diagnostic: %v", d.entry, err)
			}
			rules[first.Rule]++
			t.Logf("refused %v", first)
			continue
		}
		good++
	}
	t.Logf("%d documents, %d generated whole (%.1f %%)", tried, good, 100*float64(good)/float64(tried))
	for _, r := range slices.SortedFunc(maps.Keys(rules), func(a, b string) int { return rules[b] - rules[a] }) {
		t.Logf("%4d refused first for %s", rules[r], r)
	}
	if good*100 < tried*60 {
		t.Errorf("only %d of %d documents generate whole; 60 %% must", good, tried)
	}
	build(t, root)
}

// TestCorpusGitHub generates GitHub's document, leaving out what is not supported.
func TestCorpusGitHub(t *testing.T) {
	dir, _ := corpus(t)
	start := time.Now()
	res, err := generator.Generate(generator.Config{
		Document: filepath.Join(dir, "github", "api.github.com.json"), Output: t.TempDir(), Package: "github",
		AllowPublic: "a test", SkipUnsupported: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	var size int
	for _, f := range res.Files {
		size += bytes.Count(f.Content, []byte("\n"))
	}
	t.Logf("GitHub: %v, %d lines, %d operations left out", time.Since(start).Round(time.Millisecond), size, len(res.Skipped))
	if len(res.Files) == 0 {
		t.Error("no file was generated")
	}
}

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

// build compiles every package below root.
func build(t *testing.T, root string) {
	t.Helper()
	cmd := exec.Command("go", "build", "-mod=mod", "./...")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("generated code does not compile: %v\n%s", err, out)
	}
}
