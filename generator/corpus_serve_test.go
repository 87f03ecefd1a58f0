//go:build unix

package generator_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// serveAll compiles many packages into one program, which sends each server what its
// generated test sends: for each operation a request made from the schemas, which must
// reach the handler (that answers 501), and requests that are wrong in one way each, which
// must be refused. An operation for which no such request can be made counts as not tried.
func serveAll(t *testing.T, corpusDir, root string, all []ending) {
	t.Helper()
	var lot []ending
	lines, servers := 0, 0
	sums := map[string]int{}
	flush := func() {
		if len(lot) > 0 {
			attacked(t, corpusDir, root, lot, sums)
		}
		servers += len(lot)
		lot, lines = nil, 0
	}
	for _, e := range all {
		if e.lines == 0 || len(e.problems) > 0 || e.lines > served && !thorough() {
			continue
		}
		if text, err := os.ReadFile(filepath.Join(root, e.pkg, "operations.gen.go")); err != nil || !bytes.Contains(text, []byte("gen.Mount(")) {
			sums["servers without an operation: not started"]++
			continue
		}
		lot = append(lot, e)
		if lines += e.lines; lines > 4*bulky {
			flush()
		}
	}
	flush()
	t.Logf("%d servers: %s", servers, counts(sums))
	if sums["published examples"] == 0 || sums["reached the handler"] == 0 || sums["wrong requests refused"] == 0 {
		t.Error("nothing was served")
	}
}

// fewLong is how many operations of each server get long bodies, unless BAILEY_LONG says another number: with
// all of them a run takes hours.
const fewLong = "3"

// attacked serves one lot.
func attacked(t *testing.T, corpusDir, root string, lot []ending, sums map[string]int) {
	t.Helper()
	var imports, calls bytes.Buffer
	for _, e := range lot {
		fmt.Fprintf(&imports, "\t%q\n", "corpus.example/"+e.pkg)
		fmt.Fprintf(&calls, "\tt.Run(%q, %s.TestSecurity)\n", e.name(), e.pkg)
	}
	dir := filepath.Join(root, "serve")
	text := "package serve\n\nimport (\n\t\"testing\"\n\n" + imports.String() + ")\n\nfunc TestServe(t *testing.T) {\n" + calls.String() + "}\n"
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "serve_test.go"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"test", "-count=1", "-vet=off", "-ldflags=-s -w", "-v"}
	if !thorough() {
		args = append(args, "-short") // long bodies take long
	}
	cmd := goTool(root, append(args, "./serve")...)
	file, known := publish(t, corpusDir, root, lot)
	sums["published examples of bodies in the documents"] += known
	cmd.Env = append(cmd.Env, "BAILEY_EXAMPLES="+file)
	if os.Getenv("BAILEY_LONG") == "" {
		cmd.Env = append(cmd.Env, "BAILEY_LONG="+fewLong)
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%.8000s", err, wrongs(out))
	}
	for _, m := range counted.FindAllSubmatch(out, -1) {
		if len(m[3]) > 0 {
			sums[reason(string(m[3]))]++
			continue
		}
		n := 0
		if _, err := fmt.Sscan(string(m[1]), &n); err != nil {
			t.Fatal(err)
		}
		sums[string(m[2])] += n
	}
	for _, m := range exampleSteps.FindAllSubmatch(out, -1) {
		n := 0
		if _, err := fmt.Sscan(string(m[1]), &n); err != nil {
			t.Fatal(err)
		}
		sums[mostSteps] = max(sums[mostSteps], n)
	}
}

const mostSteps = "steps at most for a published example, beyond those of its bytes"

var exampleSteps = regexp.MustCompile(`at most ([0-9]+) steps for a published example`)

// reason is what was not tried, without the names of a document.
func reason(text string) string {
	text, _, _ = strings.Cut(text, " of ")
	return text
}

func counts(sums map[string]int) string {
	var b strings.Builder
	for _, what := range sortedKeys(sums) {
		fmt.Fprintf(&b, "\n%6d %s", sums[what], what)
	}
	return b.String()
}
