package generator_test

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// refusedSparse are the operations of the golden packages that do not take 1 MiB of their smallest items, each for a reason: an
// item that is wider in Go than its allowance (docs/request-cost.md), or a check that costs more than its bytes pay
// for. All others do, and a change that makes one of them refuse such a body fails here.
var refusedSparse = map[string][]string{
	"constant": {"putAll"},               // numbers that are compared with constants on their JSON text
	"enforce":  {"echoWords"},            // an object of a member for each keyword
	"exact":    {"putSchema", "putTree"}, // schemas with $dynamicRef, of items that are none
	"freeform": {"shared"},
	"memory":   {"postAny", "postGrid", "postMap", "postNested", "postOpen", "postOrder", "postUnions", "postWide", "postWideZipped"},
	"paths":    {"postHolder", "postMixed", "postSum"},
	"places":   {"jsonDeep", "jsonFlat", "jsonGuarded"},
	"oneway":   {"dropAll", "echoAll"},
	"steps":    {"any", "expression", "many", "unique", "wide"},
}

// ran, tooLarge and sentLong are lines of a generated test.
var (
	ran      = regexp.MustCompile(`^\s*=== (?:RUN|CONT|NAME)\s+TestSecurity/(\S+)$`)
	tooLarge = regexp.MustCompile(`TOO LARGE: `)
	sentLong = regexp.MustCompile(`: [1-9][0-9]* long bodies$`)
)

// TestSparse runs the generated tests of the golden packages that have long bodies, and holds which operations refuse
// 1 MiB of their smallest items: no others than those that are named above.
func TestSparse(t *testing.T) {
	if testing.Short() {
		t.Skip("serves more than a hundred bodies of 1 MiB")
	}
	files, err := filepath.Glob("../testdata/golden/*/api/security.gen_test.go")
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, []byte("Long: []securitytest.Long{")) {
			continue
		}
		dir := filepath.Dir(file)
		name := filepath.Base(filepath.Dir(dir))
		cmd := exec.Command("go", "test", "-count=1", "-v", "-run", "^TestSecurity$", ".")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%.4000s", name, err, wrongs(out))
			continue
		}
		operation, refused, any := "", map[string]bool{}, false
		for line := range bytes.Lines(out) {
			line = bytes.TrimRight(line, "\n")
			if m := ran.FindSubmatch(line); m != nil {
				operation = string(m[1])
			}
			if tooLarge.Match(line) {
				refused[operation] = true
			}
			any = any || sentLong.Match(line)
		}
		if !any {
			t.Errorf("%s: no long body was sent\n%.1000s", name, out)
		}
		tried++
		if got := slices.Sorted(maps.Keys(refused)); !slices.Equal(got, refusedSparse[name]) {
			t.Errorf("%s: these operations refuse 1 MiB of their smallest items: %q, want %q", name, got, refusedSparse[name])
		}
	}
	if tried < len(refusedSparse) {
		t.Errorf("only %d golden packages have long bodies", tried)
	}
}

// wrongs keeps the lines of a test's output that say what went wrong.
func wrongs(out []byte) []byte {
	var kept []byte
	for line := range bytes.Lines(out) {
		if !bytes.Contains(line, []byte("=== ")) && !bytes.Contains(line, []byte("--- PASS")) && !bytes.Contains(line, []byte("NOT TRIED")) && !counted.Match(line) {
			kept = append(kept, line...)
		}
	}
	return kept
}

// counted are the lines in which a generated test says what became of an operation.
var counted = regexp.MustCompile(`(?m)^\s+\S+\.go:[0-9]+: ([0-9]+) (reached the handler|published examples|wrong requests refused|long bodies|long bodies too large|operations without their long bodies)$|(NOT TRIED: [^\n]*)`)

// TestHostilePlaces holds that the generated tests of the golden packages send long texts in every place: of strings, forms of
// both kinds, queries, header fields, cookies, and of other media types than the operation's first.
func TestHostilePlaces(t *testing.T) {
	files, err := filepath.Glob("../testdata/golden/*/api/security.gen_test.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			if !bytes.Contains(line, []byte("{Open: ")) {
				continue
			}
			for name, mark := range map[string]string{
				"string": `Shut: "\"`, "query": `In: "query"`, "header": `In: "header"`, "cookie": `In: "cookie"`, "form": "%22", "parts": "--bailey-attack",
				"another media type": "ContentType: ", "names of a form or query": "{n}",
			} {
				if bytes.Contains(line, []byte(mark)) {
					found[name]++
				}
			}
		}
	}
	for name, least := range map[string]int{"string": 10, "query": 20, "header": 10, "cookie": 8, "form": 4, "parts": 15, "another media type": 20, "names of a form or query": 4} {
		if found[name] < least {
			t.Errorf("%s: %d long texts, want %d or more", name, found[name], least)
		}
	}
}
