package generator

import (
	"path/filepath"
	"strings"
	"testing"
)

// skipping is a document with an operation for each stage that can refuse one, one
// that the document leaves out, and one that is good.
const skipping = `openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    x-bailey-public: everybody may look
    get: {operationId: listPets, responses: {"204": {description: none left}}}
    trace: {operationId: tracePets, responses: {"204": {description: none left}}}
    put:
      operationId: putPets
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Odd'}}}}
      responses: {"204": {description: none left}}
    post:
      operationId: postPets
      parameters: [{name: q, in: query, style: pipeDelimited, explode: true, schema: {type: object}}]
      responses: {"204": {description: none left}}
    delete:
      x-bailey-skip: on its way out
      responses: {"200": {description: gone, content: {application/json: {schema: {$ref: '#/components/schemas/Odd'}}}}}
  /left: {get: {x-bailey-public: a test, responses: {"204": {description: what is left}}}}
components:
  schemas:
    Odd: {type: string, pattern: '(a)\1'}
`

// skipped renders the document, and returns the comments of policy.gen.go that name
// what is left out.
func skipped(t *testing.T, change func(*Config)) (*Result, []string) {
	t.Helper()
	document := filepath.Join(t.TempDir(), "openapi.yaml")
	writeFile(t, document, skipping)
	cfg := Config{Document: document, Output: t.TempDir(), Package: "api", SkipUnsupported: true}
	change(&cfg)
	res, err := Render(cfg)
	if err != nil {
		t.Fatalf("%v: %v", err, res)
	}
	var lines []string
	for _, f := range res.Files {
		if f.Name != "policy.gen.go" {
			continue
		}
		for _, line := range strings.Split(string(f.Content), "\n") {
			text, comment := strings.CutPrefix(line, "// ")
			switch {
			case comment && strings.Contains(text, " /pets: "):
				lines = append(lines, text)
			case comment && len(lines) > 0:
				lines[len(lines)-1] += " " + text
			case len(lines) > 0:
				return res, lines
			}
		}
	}
	return res, lines
}

// TestSkipIsSaid: what is missing stands in policy.gen.go with the reason, for whoever
// reviews the policy, and in a warning, and nothing of it is generated.
func TestSkipIsSaid(t *testing.T) {
	reasons := []string{
		"TRACE /pets: TRACE echoes credentials and is not served (openapi.yaml:7:5)",
		"PUT /pets: this pattern cannot be used: it refers back with \\1 (openapi.yaml:22:34)",
		`POST /pets: parameter "q" is an object in style pipeDelimited, which cannot be exploded; write explode: false (openapi.yaml:14:48)`,
		"DELETE /pets: x-bailey-skip: on its way out",
	}
	configured := strings.Replace(reasons[1], ": this", ": left out by the configuration; this", 1)
	tests := []struct {
		name    string
		skip    []string
		want    []string
		leftOut int
	}{
		{"nothing is named", nil, reasons, 3},
		{"one is named", []string{"putPets"}, []string{reasons[0], configured, reasons[2], reasons[3]}, 2},
		{"one is named twice", []string{"putPets", "PUT /pets"}, []string{reasons[0], configured, reasons[2], reasons[3]}, 2},
		{
			"one that could be generated", []string{"listPets"},
			append([]string{"GET /pets: left out by the configuration alone: it can be generated"}, reasons...), 3,
		},
		{"what the document leaves out itself", []string{"DELETE /pets"}, reasons, 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			res, lines := skipped(t, func(c *Config) { c.Skip = test.skip })
			if got, want := strings.Join(lines, "\n"), strings.Join(test.want, "\n"); got != want {
				t.Errorf("policy.gen.go says\n%s\nwant\n%s", got, want)
			}
			if res.LeftOut() != test.leftOut || res.Errors() > 0 {
				t.Errorf("%d left out, want %d; %v", res.LeftOut(), test.leftOut, res.Diagnostics)
			}
			for i, s := range res.Skipped {
				if got := s.Operation + ": " + s.Reason; got != test.want[i] {
					t.Errorf("the result says %q, want %q", got, test.want[i])
				}
			}
			warned := 0
			for _, d := range res.Diagnostics {
				if d.Rule == "skipped" {
					warned++
				}
			}
			if warned != len(test.want) {
				t.Errorf("%d warnings of %d operations that are left out: %v", warned, len(test.want), res.Diagnostics)
			}
			for _, f := range res.Files {
				for _, name := range []string{"TracePets", "PutPets", "PostPets", "Odd"} {
					if strings.Contains(string(f.Content), name) {
						t.Errorf("%s has something of %s", f.Name, name)
					}
				}
			}
		})
	}
}

// TestSkipDocument: what is wrong with the document as a whole is not skipped with an
// operation.
func TestSkipDocument(t *testing.T) {
	for name, change := range map[string][2]string{
		"a policy":     {"x-bailey-skip: on", "x-bailey-skop: on"},
		"all security": {"components:\n", "security: all\ncomponents:\n"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(skipping, change[0], change[1], 1)
			if text == skipping {
				t.Fatal("nothing was changed")
			}
			document := filepath.Join(t.TempDir(), "openapi.yaml")
			writeFile(t, document, text)
			res, err := Render(Config{Document: document, Output: t.TempDir(), Package: "api", SkipUnsupported: true})
			if err != ErrDocument || res.Errors() == 0 || res.Files != nil {
				t.Errorf("got %v, %v", err, res)
			}
		})
	}
}
