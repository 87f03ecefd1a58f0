package generator_test

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestOwnModule takes README's way into a module of the reader's own: without a workspace, up to the
// answers of the running server. It needs curl, and the modules of the tool's tests in the module cache or
// the network.
func TestOwnModule(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("commands run in a POSIX shell, and not with -short")
	}
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	h := &howto{t: t, root: root, folder: filepath.Join(t.TempDir(), "hello"), address: freeAddress(t)}
	h.env = append(os.Environ(), "GOWORK=off")
	h.do(howtoBlock{kind: "needs", arg: "curl"})
	kinds := map[string]int{}
	for _, b := range howtoMark.FindAllStringSubmatch(string(text), -1) {
		kinds[b[1]]++
		if b[2] == "main.go" {
			if lines := strings.Count(b[3], "\n") - strings.Count(b[3], "\n\n"); lines > 20 {
				t.Errorf("the server of twenty lines has %d", lines)
			}
		}
		h.do(howtoBlock{b[1], b[2], strings.Replace(b[3], "=PATH", "='"+root+"'", 1)})
	}
	h.stop = nil // http.ListenAndServe does not end in order; the cleanup ends it
	if kinds["file"] != 2 || kinds["run"] != 3 || kinds["start"] != 1 {
		t.Errorf("README has the blocks %v", kinds)
	}
}

var benchFigure = regexp.MustCompile(`\| ([0-9.]+ [nµm]?s, [0-9]+)`)

// TestComparison holds README's times and allocations to the committed table of docs/benchmarks.md.
func TestComparison(t *testing.T) {
	bench, err := os.ReadFile("../docs/benchmarks.md")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(readme), "## Beside others")
	table, _, ends := strings.Cut(table, "\n## ")
	if !found || !ends {
		t.Fatal("README has no comparison")
	}
	cells := 0
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)`: .*$").FindAllStringSubmatch(table, -1) {
		line := regexp.MustCompile(`(?m)^\| ` + row[1] + ` \|.*$`).FindString(string(bench))
		// limit, guarded limit, bailey, oapi-codegen, huma, net/http
		want := benchFigure.FindAllStringSubmatch(line, -1)
		got := benchFigure.FindAllStringSubmatch(row[0], -1)
		if len(want) != 6 || len(got) != 4 {
			t.Fatalf("%s: %d figures in docs/benchmarks.md, %d in README", row[1], len(want), len(got))
		}
		for i, cell := range got {
			cells++
			if cell[1] != want[i+2][1] {
				t.Errorf("%s: README has %q, docs/benchmarks.md %q", row[1], cell[1], want[i+2][1])
			}
		}
	}
	if cells != 12 {
		t.Errorf("%d figures were compared, want 12", cells)
	}
}
