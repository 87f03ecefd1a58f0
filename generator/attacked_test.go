package generator_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/bailey-go/bailey/generator"
)

// TestCorpusAttacked serves every third real document: the generated tests send each
// operation a request made from its schemas, which must reach the handler, and all that
// its policy must refuse.
func TestCorpusAttacked(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	dir, docs := corpus(t)
	root := module(t)
	served := 0
	for i, d := range docs {
		if d.operations >= small || i%3 != 0 {
			continue
		}
		pkg := fmt.Sprintf("d%03d", i)
		_, err := generator.Generate(generator.Config{
			Document: filepath.Join(dir, d.entry), Output: filepath.Join(root, pkg), Package: pkg, AllowPublic: "a test of real documents", Tests: true,
		})
		if err == nil { // TestCorpusSmall looks at those that are refused
			served++
		}
	}
	cmd := exec.Command("go", "test", "-mod=mod", "-v", "./...")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	count := func(text string) int { return bytes.Count(out, []byte(text)) }
	t.Logf("%d servers, %d operations attacked, %d owner rules or credentials not tried", served, count("--- PASS: TestSecurity/"), count("NOT TRIED"))
	if err != nil {
		t.Errorf("%v\n%.4000s", err, lines(out, "FAIL", "attack.go"))
	}
	if passed := count("\nok "); passed != served || served < 60 {
		t.Errorf("%d of %d servers stood the attack", passed, served)
	}
}

// lines keeps those lines of a test's output that hold one of the words.
func lines(out []byte, words ...string) []byte {
	var kept []byte
	for line := range bytes.Lines(out) {
		for _, w := range words {
			if bytes.Contains(line, []byte(w)) {
				kept = append(kept, line...)
				break
			}
		}
	}
	return kept
}
