package generator

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const pets = `openapi: 3.0.3
info: {title: Pets, version: "1"}
x-bailey-unknown: drop
paths:
  /pets:
    get:
      operationId: listPets
      x-bailey-public: everybody may look
      responses: {"204": {description: none left}}
  /odd:
    get:
      operationId: getOdd
      x-bailey-public: nothing to see
      parameters:
        - {name: q, in: query, schema: {type: string, pattern: "(a)\\1"}}
      responses: {"204": {description: nothing}}
  /old:
    get:
      operationId: getOld
      x-bailey-skip: on its way out
      responses: {"204": {description: nothing}}
`

func names(files []File) []string {
	var all []string
	for _, f := range files {
		all = append(all, f.Name)
	}
	return all
}

func TestRender(t *testing.T) {
	dir := t.TempDir()
	document := filepath.Join(dir, "spec", "openapi.yaml")
	writeFile(t, document, pets)
	odd := SkippedOp{Operation: "GET /odd", ID: "getOdd", File: document, Line: 11, Column: 5}
	old := SkippedOp{Operation: "GET /old", ID: "getOld", File: document, Line: 18, Column: 5, Declared: true}
	tests := []struct {
		name    string
		change  func(*Config)
		refused bool
		skipped []SkippedOp // without reasons
		leftOut int
	}{
		{name: "refused", refused: true, skipped: []SkippedOp{old}},
		{name: "left out", change: func(c *Config) { c.SkipUnsupported = true }, skipped: []SkippedOp{odd, old}, leftOut: 1},
		{
			name: "named", change: func(c *Config) { c.Skip = []string{"getOdd"} },
			skipped: []SkippedOp{{Operation: "GET /odd", ID: "getOdd", File: document, Line: 11, Column: 5, Declared: true}, old},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cfg := Config{Document: document, Output: filepath.Join(dir, "api")}
			if test.change != nil {
				test.change(&cfg)
			}
			res, err := Render(cfg)
			if got := errors.Is(err, ErrDocument); got != test.refused || err != nil && !got {
				t.Fatalf("error %v, refused %v", err, test.refused)
			}
			if got := res.Files == nil; got != test.refused {
				t.Errorf("files %q", names(res.Files))
			}
			if got := res.Errors() > 0; got != test.refused {
				t.Errorf("%d errors in %v", res.Errors(), res.Diagnostics)
			}
			got := slices.Clone(res.Skipped)
			for i := range got {
				if got[i].Reason == "" {
					t.Errorf("no reason for %s", got[i].Operation)
				}
				got[i].Reason = ""
			}
			if !reflect.DeepEqual(got, test.skipped) {
				t.Errorf("skipped %+v, want %+v", got, test.skipped)
			}
			if res.LeftOut() != test.leftOut {
				t.Errorf("%d left out, want %d", res.LeftOut(), test.leftOut)
			}
			if res.Errors()+res.Warnings() != len(res.Diagnostics) || res.Warnings() < len(test.skipped) {
				t.Errorf("%d errors, %d warnings: %v", res.Errors(), res.Warnings(), res.Diagnostics)
			}
			for _, d := range res.Diagnostics {
				if d.File != document {
					t.Errorf("%v is not about %s", d, document)
				}
			}
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "api")); err == nil {
		t.Error("Render wrote something")
	}
}

// TestRenderIsDeterministic: the same document, wherever it lies and however often.
func TestRenderIsDeterministic(t *testing.T) {
	var first []File
	for range 5 {
		document := filepath.Join(t.TempDir(), "openapi.yaml")
		writeFile(t, document, pets)
		res, err := Render(Config{Document: document, Output: t.TempDir(), Package: "api", SkipUnsupported: true})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = res.Files
		}
		if !reflect.DeepEqual(res.Files, first) {
			t.Fatal("two runs differ")
		}
	}
	for _, f := range first {
		if strings.Contains(string(f.Content), os.TempDir()) {
			t.Errorf("%s names a folder of this machine", f.Name)
		}
	}
}

func TestGenerateAndCheck(t *testing.T) {
	dir := t.TempDir()
	document := filepath.Join(dir, "openapi.yaml")
	writeFile(t, document, pets)
	cfg := Config{Document: document, Output: filepath.Join(dir, "api"), Skip: []string{"GET /odd"}}
	diff, res, err := Check(cfg)
	if err != nil || !strings.Contains(diff, "--- /dev/null") || res == nil {
		t.Fatalf("Check before Generate: %v, %v, diff\n%s", err, res, diff)
	}
	if res, err = Generate(cfg); err != nil {
		t.Fatal(err)
	}
	for _, f := range res.Files {
		content, err := os.ReadFile(filepath.Join(cfg.Output, f.Name))
		if err != nil || string(content) != string(f.Content) {
			t.Errorf("%s is not what the result says: %v", f.Name, err)
		}
	}
	if diff, _, err = Check(cfg); diff != "" || err != nil {
		t.Errorf("Check after Generate: %v, diff\n%s", err, diff)
	}
	cfg.Package = "other"
	if diff, _, err = Check(cfg); !strings.Contains(diff, "+package other") || err != nil {
		t.Errorf("Check of another package: %v, diff\n%s", err, diff)
	}
}

func TestRefusedConfig(t *testing.T) {
	for _, run := range []func(Config) (*Result, error){
		Generate, Render,
		func(c Config) (*Result, error) { _, res, err := Check(c); return res, err },
	} {
		if res, err := run(Config{}); res != nil || err == nil {
			t.Errorf("the zero configuration: %v, %v", res, err)
		}
	}
}

func TestDiagnosticString(t *testing.T) {
	tests := []struct {
		d    Diagnostic
		want string
	}{
		{Diagnostic{File: "a.yaml", Line: 3, Column: 7, Rule: "x", Message: "bad"}, "a.yaml:3:7: bad [x]"},
		{Diagnostic{File: "a.yaml", Warning: true, Rule: "x", Message: "odd", Advice: "mend it"}, "a.yaml: warning: odd; mend it [x]"},
		{Diagnostic{File: "a.yaml", Rule: "x", Message: "a\nb\x1b[31m"}, `a.yaml: a\u000ab\u001b[31m [x]`},
	}
	for _, test := range tests {
		if got := test.d.String(); got != test.want || test.d.Error() != got {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}
