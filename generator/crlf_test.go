package generator

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLineEnds proves that a document and a generated package that were checked out with the line ends of Windows are
// what they are with those of Unix: the same code, with the same positions, and nothing for Check to find.
func TestLineEnds(t *testing.T) {
	for name, text := range map[string]string{
		"openapi.yaml": "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    get:\n      operationId: a\n      description: |\n        One line\n        and another.\n      x-bailey-public: t\n      responses: {'204': {description: ok}}\n",
		"openapi.json": "{\n  \"openapi\": \"3.0.3\",\n  \"info\": {\"title\": \"t\", \"version\": \"1\"},\n  \"paths\": {\n    \"/a\": {\n      \"get\": {\n        \"operationId\": \"a\",\n        \"x-bailey-public\": \"t\",\n        \"responses\": {\"204\": {\"description\": \"ok\"}}\n      }\n    }\n  }\n}\n",
	} {
		dir := t.TempDir()
		document, out := filepath.Join(dir, name), filepath.Join(dir, "api")
		if err := os.WriteFile(document, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		cfg := Config{Document: document, Output: out, Package: "api"}
		if _, err := Generate(cfg); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(out, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		policy, err := os.ReadFile(filepath.Join(out, "policy.gen.go"))
		if err != nil || !strings.Contains(string(policy), name+":") {
			t.Fatalf("no position in the policy: %v", err)
		}
		for _, f := range append(files, document) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(f, []byte(strings.ReplaceAll(string(b), "\n", "\r\n")), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		diff, _, err := Check(cfg)
		if err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}
