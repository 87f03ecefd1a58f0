//go:build unix

package generator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how much processor time one document may take, whatever it says; on a
// busy machine that is more time on the clock.
const patience = 60 * time.Second

// bulky is how many lines a package has that is compiled alone, so that its cost is its
// own; served is how many a package may have to be served in every run.
const bulky, served = 40_000, 3000

// ending is what became of a document.
type ending struct {
	doc      corpusDoc
	pkg      string
	whole    bool
	rule     string // what refused it first
	first    string
	skipped  int
	refused  bool // also without the operations that are not supported
	lines    int
	took     time.Duration
	problems []string
}

// TestCorpusAll generates every real document, however large: whole, or else without
// the operations that are not supported. Each must end in code that passes the checks of a
// compiler or in a diagnostic that names a line and a rule; none may panic or hang. The
// small ones are compiled and served, or with BAILEY_CORPUS_ALL everything.
func TestCorpusAll(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	dir, docs := corpus(t)
	root := module(t)
	if out, err := exec.Command("go", "build", "-o", filepath.Join(root, "bailey"), "../cmd/bailey").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	checker := newChecker(t, root)
	all := make([]ending, len(docs))
	inParallel(len(docs), func(i int) {
		all[i] = attempt(dir, root, fmt.Sprintf("d%03d", i), docs[i])
		if e := &all[i]; e.lines > 0 {
			if err := checker.check(filepath.Join(root, e.pkg)); err != nil {
				e.problems = append(e.problems, "does not compile: "+err.Error())
			}
		}
	})
	whole, servable := 0, 0
	for _, e := range all {
		for _, p := range e.problems {
			t.Errorf("%s: %s", e.doc.entry, p)
		}
		if e.whole || e.doc.operations > 0 {
			servable++
		}
		if e.whole {
			whole++
		} else {
			t.Logf("%s: %d left out, first %s", e.doc.entry, e.skipped, e.first)
		}
	}
	t.Log("\n" + table(all))
	if percent(whole, servable) < leastWhole {
		t.Errorf("only %d of %d documents with operations generate whole; %d %% did before", whole, servable, leastWhole)
	}
	counts := tallied(all)
	t.Log("\n" + counts.String())
	if counts.wholeElsewhere < leastElsewhere {
		t.Errorf("only %d of %d documents outside of 3GPP's folder generate whole; %d did before", counts.wholeElsewhere, counts.elsewhere, leastElsewhere)
	}
	if thorough() {
		compile(t, root, all)
	}
	serveAll(t, dir, root, all)
}

// leastWhole is how many documents in 100 of those with operations must generate without a skipped one.
const leastWhole = 95

// inParallel calls f for 0 to n-1, as many at once as there are processors.
func inParallel(n int, f func(int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// attempt runs the command itself, with bounds on its time and memory, so that no
// document takes the test with it. What stops the document is left out in a second run.
func attempt(dir, root, pkg string, d corpusDoc) ending {
	e := ending{doc: d, pkg: pkg}
	start := time.Now()
	out, err := e.run(dir, root)
	e.took = time.Since(start)
	e.whole = err == nil
	if err != nil && len(e.problems) == 0 {
		e.rule = "none"
		for _, line := range strings.Split(out, "\n") {
			if m := finding.FindStringSubmatch(line); m != nil && !strings.Contains(line, ": warning: ") {
				e.first, e.rule = strings.TrimPrefix(line, dir+"/"), m[1]
				break
			}
		}
		if e.rule == "none" {
			e.problems = append(e.problems, "refused without a diagnostic that has a line and a rule: "+out)
		}
		out, _ = e.run(dir, root, "--skip-unsupported")
		e.skipped = strings.Count(out, " [skipped]\n")
		e.refused = e.skipped == 0
	}
	if len(e.problems) > 0 {
		e.refused, e.rule = true, "none"
		return e
	}
	if err := e.count(filepath.Join(root, pkg)); err != nil {
		e.problems = append(e.problems, err.Error())
	}
	return e
}

// count counts the lines of the package, and makes its test callable by another one.
func (e *ending) count(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.gen.go"))
	for _, f := range files {
		text, failed := os.ReadFile(f)
		if err = errors.Join(err, failed); err == nil {
			e.lines += bytes.Count(text, []byte("\n"))
		}
	}
	if err != nil || e.lines == 0 {
		return err
	}
	return os.Rename(filepath.Join(dir, "security.gen_test.go"), filepath.Join(dir, "security.gen.go"))
}

// finding is a diagnostic that has a line.
var finding = regexp.MustCompile(`:[0-9]+:[0-9]+: .* \[([a-z0-9-]+)\]$`)

// run generates the document; what no document may do to the command is a problem.
func (e *ending) run(dir, root string, more ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*patience)
	defer cancel()
	args := append([]string{
		"-c", fmt.Sprintf(`ulimit -v 6000000; ulimit -t %d; exec "$@"`, int(patience.Seconds())), "sh", filepath.Join(root, "bailey"),
		"generate", filepath.Join(dir, e.doc.entry), "--root", filepath.Join(dir, e.doc.slug), "-o", filepath.Join(root, e.pkg), "-p", e.pkg, "--tests", "--allow-public", "a test of real documents",
	}, more...)
	cmd := exec.CommandContext(ctx, "sh", args...)
	out, err := cmd.CombinedOutput()
	switch text := string(out); {
	case ctx.Err() != nil, cmd.ProcessState != nil && cmd.ProcessState.ExitCode() < 0: // killed
		e.problems = append(e.problems, fmt.Sprintf("hangs: still at it after %v", patience))
	case strings.Contains(text, "panic: ") || strings.Contains(text, "fatal error: ") || strings.Contains(text, "goroutine "):
		e.problems = append(e.problems, fmt.Sprintf("panics: %.500s", text))
	}
	return string(out), err
}

// table is what docs/corpus.md keeps.
func table(all []ending) string {
	var whole, part, refused, operations, served int
	rules := map[string]int{}
	for _, e := range all {
		operations += e.doc.operations
		switch {
		case e.whole:
			whole++
			served += e.doc.operations
		case e.refused:
			refused++
		default:
			part++
			served += e.doc.operations - e.skipped
		}
		if !e.whole {
			rules[e.rule]++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| documents | whole | with skipped operations | refused | operations | served |\n|---|---|---|---|---|---|\n")
	fmt.Fprintf(&b, "| %d | %d (%.1f %%) | %d | %d | %d | %d (%.1f %%) |\n\n", len(all), whole, percent(whole, len(all)), part, refused, operations, served, percent(served, operations))
	fmt.Fprintf(&b, "| first rule | documents |\n|---|---|\n")
	for _, r := range slices.SortedFunc(maps.Keys(rules), func(a, b string) int {
		if rules[a] != rules[b] {
			return rules[b] - rules[a]
		}
		return strings.Compare(a, b)
	}) {
		fmt.Fprintf(&b, "| %s | %d |\n", r, rules[r])
	}
	return b.String()
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }

// compile builds what was generated: bulky packages alone, the others in lots, so
// that neither memory nor time is that of all at once.
func compile(t *testing.T, root string, all []ending) {
	t.Helper()
	var lot []string
	lines := 0
	flush := func() {
		if len(lot) > 0 {
			took, rss := measured(t, root, lot...)
			t.Logf("compiled %d packages of %d lines in %v of processor time, at most %d MB", len(lot), lines, took.Round(time.Millisecond), rss>>20)
		}
		lot, lines = nil, 0
	}
	for _, e := range all {
		switch {
		case e.lines == 0:
		case e.lines >= bulky:
			took, rss := measured(t, root, "./"+e.pkg)
			t.Logf("%s: %d lines, generated in %v, compiled in %v of processor time, at most %d MB", e.doc.entry, e.lines, e.took.Round(time.Millisecond), took.Round(time.Millisecond), rss>>20)
		default:
			lot = append(lot, "./"+e.pkg)
			if lines += e.lines; lines > 4*bulky {
				flush()
			}
		}
	}
	flush()
}
