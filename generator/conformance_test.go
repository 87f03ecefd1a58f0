package generator_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Where the results are kept.
const (
	conformanceDoc    = "../docs/conformance.md"
	conformanceFolder = "../testdata/conformance"
)

// score is what became of one suite.
type score struct {
	groups, inexpressible, refused int
	tests, acceptances, refusals   int
	// implied counts valid values that are refused for a type that no keyword names:
	// bailey reads {minimum: 1} as a number (package schema).
	implied int
}

// readings are the two ways in which schemas are read, and what each is recorded as.
var readings = []struct {
	name  string
	exact bool
}{{"exact", true}, {"usual", false}}

// TestConformance holds the generated servers against the public JSON Schema test
// suite, over HTTP: each group is an operation, each test a request. It does so twice:
// with schemas read to the letter, and as documents mean them.
//
// What is not right is recorded in testdata/conformance, and held both ways: a test
// that goes wrong fails, and one that has come right must be struck off. Record with
//
//	make conformance UPDATE=1
//
// BAILEY_CONFORMANCE is a regular expression of the files to try; then nothing is
// recorded or compared with a record, and what is not right is printed.
func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles hundreds of operations")
	}
	dir := suiteFolder(t)
	remotes := remoteFiles(t, dir)
	only := regexp.MustCompile(os.Getenv("BAILEY_CONFORMANCE"))
	scores := make([][]score, len(readings))
	all := make([][]*conformanceGroup, len(readings))
	var served []*conformanceGroup
	for r, reading := range readings {
		scores[r] = make([]score, len(conformanceSuites))
		for i := range conformanceSuites {
			s := &conformanceSuites[i]
			var groups []*conformanceGroup
			groups, scores[r][i].inexpressible = readSuite(t, dir, remotes, s)
			for _, g := range groups {
				if !only.MatchString(g.file) {
					continue
				}
				all[r] = append(all[r], g)
				g.id, g.exact, g.score = fmt.Sprintf("g%d", len(all[r])), reading.exact, &scores[r][i]
				g.probe(t, remotes)
			}
		}
		served = append(served, all[r]...)
	}
	var typed, wide, letter []*conformanceGroup
	if only.String() == "" {
		typed, wide, letter = randomGroups(t, 160, false, false), randomGroups(t, 120, true, false), randomGroups(t, 200, true, true)
		for _, g := range slices.Concat(typed, wide, letter) {
			g.probe(t, remotes)
		}
	}
	serve(t, pack(slices.Concat(served, typed, wide, letter)), remotes)
	for r, reading := range readings {
		var found []string
		for _, g := range all[r] {
			found = append(found, g.add(t)...)
		}
		table := scoreTable(scores[r])
		t.Logf("%s:\n%s", reading.name, table)
		if only.String() != "" {
			t.Log(strings.Join(found, "\n"))
			continue
		}
		hold(t, reading.name, found)
		holdTable(t, "results, "+reading.name, table)
		holdTable(t, "refused, "+reading.name, refusedTable(all[r]))
	}
	for r, reading := range readings {
		t.Run("oracle, "+reading.name, func(t *testing.T) { holdOracle(t, all[r]) })
	}
	if only.String() == "" {
		t.Run("random", func(t *testing.T) { holdRandom(t, typed, 100, 120) })
		t.Run("random, beyond Go types", func(t *testing.T) { holdRandom(t, wide, 100, 90) })
		t.Run("random, to the letter", func(t *testing.T) { holdRandom(t, letter, 100, len(letter)) })
	}
}

// add posts the tests of a group, adds to its score, and returns what is not right.
func (g *conformanceGroup) add(t *testing.T) (found []string) {
	t.Helper()
	s := g.score
	s.groups++
	if g.refused != "" {
		s.refused++
		return []string{"not generated\t" + g.title() + "\t" + g.refused}
	}
	for _, test := range g.Tests {
		s.tests++
		accepted, pointer, keyword, err := g.ask(test.Data)
		line := g.title() + "\t" + test.Description
		switch {
		case err != nil:
			t.Errorf("%s: %v", line, err)
		case accepted == test.Valid:
		case accepted:
			s.acceptances++
			found = append(found, "WRONGLY ACCEPTED\t"+line)
		case keyword == "type" && g.implies(pointer):
			s.implied++
			found = append(found, "refused for its type\t"+line)
		default:
			s.refusals++
			found = append(found, "wrongly refused\t"+line+"\t"+keyword)
		}
	}
	return found
}

// updating reports whether results are to be recorded instead of compared.
func updating() bool { return flag.Lookup("update").Value.String() == "true" }

// hold compares what was found with what is recorded.
func hold(t *testing.T, reading string, found []string) {
	t.Helper()
	name := reading + ".txt"
	path := filepath.Join(conformanceFolder, name)
	text := strings.Join(append(found, ""), "\n")
	if updating() {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v: record it with make conformance UPDATE=1", err)
		return
	}
	recorded := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSuffix(string(want), "\n"), "\n") {
		recorded[line] = line != ""
	}
	for _, line := range found {
		if !recorded[line] {
			t.Errorf("%s: this is new: %s", name, line)
		}
		delete(recorded, line)
	}
	for line, open := range recorded {
		if open {
			t.Errorf("%s: this is no more so; record it with make conformance UPDATE=1: %s", name, line)
		}
	}
}

// scoreTable prints the scores as a table of Markdown.
func scoreTable(scores []score) string {
	var b strings.Builder
	fmt.Fprintln(&b, "| suite | groups | not generated | tests | right | wrong acceptances | wrong refusals | refused for a type that is implied |")
	fmt.Fprintln(&b, "|---|---|---|---|---|---|---|---|")
	for i, s := range scores {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d | %d | %d |\n", conformanceSuites[i].name,
			s.groups, s.refused, s.tests, s.tests-s.acceptances-s.refusals-s.implied, s.acceptances, s.refusals, s.implied)
	}
	return b.String()
}

// detail is what of a diagnostic differs from group to group.
var detail = regexp.MustCompile(` "[^"]*"|[:;,] (nothing|the first|write|leave) .*`)

// refusedTable prints why groups are not generated, and how many.
func refusedTable(groups []*conformanceGroup) string {
	count := map[string]int{}
	for _, g := range groups {
		if g.refused != "" {
			rule, message, _ := strings.Cut(g.refused, ": ")
			count["| `"+rule+"` | "+detail.ReplaceAllString(message, "")]++
		}
	}
	var b strings.Builder
	fmt.Fprintln(&b, "| rule | says | groups |")
	fmt.Fprintln(&b, "|---|---|---|")
	byCount := func(x, y string) int { return cmp.Or(count[y]-count[x], strings.Compare(x, y)) }
	for _, why := range slices.SortedFunc(maps.Keys(count), byCount) {
		fmt.Fprintf(&b, "%s | %d |\n", why, count[why])
	}
	return b.String()
}

// holdTable compares a table with the one in docs/conformance.md, between two marks.
func holdTable(t *testing.T, name, table string) {
	t.Helper()
	start, end := "<!-- "+name+":start -->\n", "<!-- "+name+":end -->"
	text, err := os.ReadFile(conformanceDoc)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(text), start)
	old, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s lacks the marks of its table of %s", conformanceDoc, name)
	}
	switch {
	case old == table:
	case updating():
		if err := os.WriteFile(conformanceDoc, []byte(before+start+table+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the table of %s in %s is stale: make conformance UPDATE=1 writes\n%s", name, conformanceDoc, table)
	}
}
