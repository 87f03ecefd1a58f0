package layout

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// taught are the packages that programs import by hand. Package runtime/securitytest is not among them: its
// function needs a test, and each generated package has one.
var taught = []string{
	"runtime", "runtime/auth", "runtime/auth/apikey", "runtime/auth/basic", "runtime/auth/dpop", "runtime/auth/introspect",
	"runtime/auth/jwt", "runtime/auth/jwt/jwttest", "runtime/auth/mtls", "runtime/auth/session", "runtime/compat/oapicodegen",
	"runtime/event", "runtime/harden", "runtime/limit", "runtime/mask", "runtime/principal", "runtime/problem", "runtime/types",
}

var example = regexp.MustCompile(`(?m)^func Example\w*\(\) \{\n(?:.*\n)*?\t// Output:`)

// TestExamples: each of these packages has an Example with its output in its documentation.
func TestExamples(t *testing.T) {
	for _, pkg := range taught {
		files, err := filepath.Glob(filepath.Join(root(t), filepath.FromSlash(pkg), "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found += len(example.FindAll(text, -1))
		}
		if found == 0 {
			t.Errorf("%s has no Example with an output", pkg)
		}
	}
}
