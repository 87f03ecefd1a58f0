package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// odd is pets with a second operation, whose pattern no engine of bounded time can match.
var odd = strings.Replace(pets, "components:\n", `  /odd:
    get:
      operationId: getOdd
      x-bailey-public: nothing to see
      parameters:
        - {name: q, in: query, schema: {type: string, pattern: "(a)\\1"}}
      responses: {"204": {description: nothing}}
components:
`, 1)

func TestSkipUnsupported(t *testing.T) {
	t.Parallel()
	dir := fill(t, map[string]string{"openapi.yaml": odd})
	api := filepath.Join(dir, "api")

	got := bailey(t, dir, "generate", "openapi.yaml", "-o", "api")
	if got.code != exitError || !strings.Contains(got.stderr, "openapi.yaml:21:64: ") {
		t.Errorf("unsupported: exit code %d\n%s", got.code, got.stderr)
	}
	if _, err := os.Stat(api); err == nil {
		t.Fatal("something was written")
	}

	got = bailey(t, dir, "generate", "openapi.yaml", "-o", "api", "--skip-unsupported")
	if got.code != exitFindings || got.stdout != "" {
		t.Errorf("left out: exit code %d, stdout %q", got.code, got.stdout)
	}
	wantLines(t, got.stderr,
		"openapi.yaml:17:5: warning: GET /odd is left out: ",
		"bailey: 0 errors, 1 warning, 1 operation left out")
	text, err := os.ReadFile(filepath.Join(api, "policy.gen.go"))
	if err != nil || !strings.Contains(string(text), "// GET /odd: ") {
		t.Errorf("policy.gen.go does not say what is left out: %v", err)
	}
	if got := bailey(t, dir, "check", "openapi.yaml", "-o", "api", "--skip-unsupported"); got.code != exitFindings || got.stdout != "" {
		t.Errorf("check: %+v", got)
	}

	for _, name := range []string{"getOdd", "GET /odd"} {
		config := "skip: [" + name + "]\n"
		if err := os.WriteFile(filepath.Join(dir, "bailey.yaml"), []byte(config), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, flag := range []string{"--skip-unsupported", "--skip-unsupported=false"} {
			bailey(t, dir, "generate", "openapi.yaml", "-o", "api", flag).want(t, exitGood, "",
				"openapi.yaml:17:5: warning: GET /odd is left out: left out by the configuration; this pattern cannot be used: "+
					"it refers back with \\1 (openapi.yaml:21:64) [skipped]\nbailey: 0 errors, 1 warning\n")
		}
	}
}

// TestSkipNames: the exit code is good when, and only when, everything that is missing
// is named; a name that nothing bears is an error, since somebody believes it is left out.
func TestSkipNames(t *testing.T) {
	document := strings.Replace(odd, "components:\n", `  /strange:
    x-bailey-public: nothing to see
    trace: {operationId: traceStrange, responses: {"204": {description: nothing}}}
    get: {operationId: getStrange, x-bailey-skip: not yet, responses: {"204": {description: nothing}}}
  /kept:
    get: {operationId: getKept, x-bailey-public: nothing to see, responses: {"204": {description: nothing}}}
components:
`, 1)
	tests := []struct {
		name, config string
		code         int
		end          string
	}{
		{"none", "", exitFindings, "bailey: 0 errors, 3 warnings, 2 operations left out\n"},
		{"one of two", "skip: [getOdd]", exitFindings, "bailey: 0 errors, 3 warnings, 1 operation left out\n"},
		{"both", "skip: [getOdd, TRACE /strange]", exitGood, "bailey: 0 errors, 3 warnings\n"},
		{"what the document skips itself", "skip: [getOdd, TRACE /strange, getStrange]", exitGood, "bailey: 0 errors, 3 warnings\n"},
		{"one under both of its names", "skip: [getOdd, GET /odd, traceStrange]", exitGood, "bailey: 0 errors, 3 warnings\n"},
		{
			"one that can be generated", "skip: [getOdd, traceStrange, getPet]", exitGood,
			"openapi.yaml:5:5: warning: GET /pets/{id} is left out: left out by the configuration alone: it can be generated [skipped]\n",
		},
		{
			"all of them", "skip: [getOdd, traceStrange, getPet, getKept]", exitError,
			"openapi.yaml:3:1: all 5 operations are left out: there is nothing to serve [no-operations]\n",
		},
		{"one that is gone", "skip: [getOdd, traceStrange, getGone]", exitError, "openapi.yaml: the configuration skips \"getGone\", which the document does not have [skip-unknown]\n"},
		{"one in another case", "skip: [getodd, traceStrange]", exitError, "openapi.yaml: the configuration skips \"getodd\", which the document does not have [skip-unknown]\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"openapi.yaml": document}
			if test.config != "" {
				files["bailey.yaml"] = test.config + "\n"
			}
			dir := fill(t, files)
			got := bailey(t, dir, "generate", "openapi.yaml", "-o", "api", "--skip-unsupported")
			if got.code != test.code || !strings.Contains(got.stderr, test.end) || got.stdout != "" {
				t.Errorf("got exit code %d, stdout %q, stderr\n%s\nwant exit code %d and\n%s", got.code, got.stdout, got.stderr, test.code, test.end)
			}
			if again := bailey(t, dir, "check", "openapi.yaml", "-o", "api", "--skip-unsupported"); again.code != test.code || again.stderr != got.stderr {
				t.Errorf("check ends with %d and says\n%s", again.code, again.stderr)
			}
			_, err := os.Stat(filepath.Join(dir, "api"))
			if written := err == nil; written != (test.code != exitError) {
				t.Errorf("the package was written: %v", written)
			}
		})
	}
}
