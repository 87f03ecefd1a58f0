package generator

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// faultyCase is a document in which the loader finds an error, and the operations that reach it.
type faultyCase struct {
	name, rule string
	paths      string            // below paths
	rest       string            // beside paths
	version    string            // "" for 3.1.0
	files      map[string]string // beside the document
	lost       []string          // left out; nil where the document is refused as a whole
}

// sound is an operation that reaches nothing.
const sound = "  /sound: {get: {operationId: sound, x-bailey-public: a test, responses: {'204': {description: d}}}}\n"

// uses is an operation that answers with a component.
func uses(path, method, id, ref string) string {
	return "  " + path + ": {" + method + ": {operationId: " + id + ", x-bailey-public: a test, responses: {'200': {description: d, content: {application/json: {schema: {$ref: '" + ref + "'}}}}}}}\n"
}

const inA = "#/components/schemas/A"

var faultyCases = []faultyCase{
	{name: "a reference to nothing", rule: "dangling-ref", paths: uses("/a", "get", "a", "#/components/schemas/Gone"), lost: []string{"GET /a"}},
	{name: "a reference to another host", rule: "ref-remote", paths: uses("/a", "get", "a", "https://a.example/b.json"), lost: []string{"GET /a"}},
	{name: "a reference out of the folder", rule: "ref-outside", paths: uses("/a", "get", "a", "../b.json"), lost: []string{"GET /a"}},
	{name: "a file that is missing", rule: "ref-file", paths: uses("/a", "get", "a", "b.json"), lost: []string{"GET /a"}},
	{name: "a file that is broken", rule: "json-syntax", paths: uses("/a", "get", "a", "b.json") + uses("/b", "get", "b", "b.json#/c"), files: map[string]string{"b.json": `{"a":`}, lost: []string{"GET /a", "GET /b"}},
	{name: "what several share", rule: "dangling-ref", paths: uses("/a", "get", "a", inA) + uses("/b", "post", "b", "#/components/schemas/B") + uses("/c", "get", "c", "#/components/schemas/C"),
		rest: "components: {schemas: {A: {properties: {x: {$ref: '#/components/schemas/Gone'}}}, B: {type: array, items: {$ref: '" + inA + "'}}, C: {type: string}}}\n", lost: []string{"GET /a", "POST /b"}},
	{name: "a cycle of allOf", rule: "ref-cycle", paths: uses("/a", "get", "a", inA), rest: "components: {schemas: {A: {allOf: [{$ref: '" + inA + "'}]}}}\n", lost: []string{"GET /a"}},
	{name: "a component that no operation uses", rule: "dangling-ref", rest: "components: {schemas: {A: {$ref: '#/components/schemas/Gone'}}}\n", lost: []string{}},
	{name: "a cycle that no operation uses", rule: "ref-cycle", rest: "components: {schemas: {A: {allOf: [{$ref: '" + inA + "'}]}}}\n", lost: []string{}},
	{name: "a webhook", rule: "dangling-ref", rest: "webhooks: {w: {post: {requestBody: {$ref: '#/components/requestBodies/Gone'}}}}\n", lost: []string{}},
	{name: "a callback", rule: "dangling-ref", paths: "  /a: {get: {x-bailey-public: a test, callbacks: {c: {'{$url}': {$ref: '#/gone'}}}, responses: {'204': {description: d}}}}\n", lost: []string{}},
	{name: "a parameter of one operation", rule: "dangling-ref", paths: "  /a:\n    get: {x-bailey-public: a test, parameters: [{$ref: '#/gone'}], responses: {'204': {description: d}}}\n    put: {x-bailey-public: a test, responses: {'204': {description: d}}}\n", lost: []string{"GET /a"}},
	{name: "a parameter of a path", rule: "dangling-ref", paths: "  /a:\n    parameters: [{$ref: '#/gone'}]\n    get: {x-bailey-public: a test, responses: {'204': {description: d}}}\n    put: {x-bailey-public: a test, responses: {'204': {description: d}}}\n", lost: []string{"GET /a", "PUT /a"}},
	{name: "a parameter that a rule speaks of", rule: "dangling-ref", paths: "  /a/{b}:\n    get: {security: [{k: []}], x-bailey-owner: {path: b, claim: sub}, parameters: [{$ref: '#/gone'}], responses: {'204': {description: d}}}\n",
		rest: "components: {securitySchemes: {k: {type: http, scheme: bearer}}}\n", lost: []string{"GET /a/{b}"}},
	{name: "a path item", rule: "dangling-ref", paths: "  /a: {$ref: '#/gone'}\n", lost: []string{"/a"}},
	{name: "a path item of another host", rule: "ref-remote", paths: "  /a: {$ref: 'https://a.example/b.json'}\n", lost: []string{"/a"}},
	{name: "a path item that is a list", rule: "document-shape", paths: "  /a: []\n", lost: []string{"/a"}},
	{name: "a path item behind a reference that is a list", rule: "path-item", paths: "  /a: {$ref: 'a.json'}\n", files: map[string]string{"a.json": "[]"}, lost: []string{"/a"}},
	{name: "a path without a slash", rule: "document-shape", paths: uses("a", "get", "a", inA), rest: "components: {schemas: {A: {type: string}}}\n", lost: []string{"GET a"}},
	{name: "members beside the reference of a path", rule: "path-ref", paths: "  /a: {$ref: '#/paths/~1b', put: {responses: {'204': {description: d}}}}\n  /b: {get: {x-bailey-public: a test, responses: {'204': {description: d}}}}\n", lost: []string{"GET /a"}},
	{name: "an operation", rule: "dangling-ref", paths: "  /a: {get: {$ref: '#/gone'}}\n", lost: []string{"GET /a"}},
	{name: "two operations of one name", rule: "duplicate-operation-id", paths: uses("/a", "get", "a", inA) + uses("/b", "get", "a", inA) + uses("/c", "get", "a", inA), rest: "components: {schemas: {A: {type: string}}}\n", lost: []string{"GET /b", "GET /c"}},
	{name: "the name of an operation that is left out", rule: "dangling-ref", paths: uses("/a", "get", "a", "#/gone") + uses("/b", "get", "a", inA), rest: "components: {schemas: {A: {type: string}}}\n", lost: []string{"GET /a"}},
	{name: "an alias of an operation that is left out", rule: "dangling-ref", paths: uses("/a", "get", "a", "#/gone") + "  /b: {$ref: '#/paths/~1a'}\n", lost: []string{"GET /a", "GET /b"}},
	{name: "a method in upper case", rule: "path-item", paths: "  /a: {GET: {responses: {'204': {description: d}}}}\n", lost: []string{"GET /a"}},
	{name: "a method of 3.2", rule: "path-item", paths: "  /a: {query: {x-bailey-public: a test, responses: {'204': {description: d}}}}\n", lost: []string{"QUERY /a"}},
	{name: "a parameter without a place", rule: "parameter", paths: "  /a: {get: {x-bailey-public: a test, parameters: [{name: a}], responses: {'204': {description: d}}}}\n", lost: []string{"GET /a"}},
	{name: "a parameter that is a text", rule: "shape", paths: "  /a: {get: {x-bailey-public: a test, parameters: [a], responses: {'204': {description: d}}}}\n", lost: []string{"GET /a"}},
	{name: "parameters that are an object", rule: "shape", paths: "  /a: {get: {x-bailey-public: a test, parameters: {a: {}}, responses: {'204': {description: d}}}}\n", lost: []string{"GET /a"}},
	{name: "an $id of two", rule: "schema-id", paths: uses("/a", "get", "a", inA) + uses("/b", "get", "b", "#/components/schemas/B"), rest: "components: {schemas: {A: {$id: 'https://a.example/a'}, B: {$id: 'https://a.example/a'}}}\n", lost: []string{"GET /a", "GET /b"}},
	{name: "a name of a mapping", rule: "dangling-ref", paths: uses("/a", "get", "a", inA), rest: "components: {schemas: {A: {type: object, discriminator: {propertyName: k, mapping: {b: B}}}, B: {properties: {x: {$ref: '#/gone'}}}}}\n", lost: []string{"GET /a"}},
	{name: "a security scheme", rule: "dangling-ref", paths: "  /a: {get: {security: [{k: []}], responses: {'204': {description: d}}}}\n  /b: {get: {security: [{k: []}, {l: []}], responses: {'204': {description: d}}}}\n  /c: {get: {security: [{l: []}], responses: {'204': {description: d}}}}\n",
		rest: "components: {securitySchemes: {k: {$ref: '#/gone'}, l: {type: http, scheme: bearer}}}\n", lost: []string{"GET /a", "GET /b"}},
	{name: "the security scheme of the document", rule: "dangling-ref", paths: "  /a: {get: {responses: {'204': {description: d}}}}\n", rest: "security: [{k: []}]\ncomponents: {securitySchemes: {k: {$ref: '#/gone'}}}\n", lost: []string{"GET /a"}},
	{name: "a security scheme that no operation uses", rule: "dangling-ref", rest: "components: {securitySchemes: {k: {$ref: '#/gone'}}}\n", lost: []string{}},

	{name: "all security schemes", rule: "dangling-ref", rest: "components: {securitySchemes: {$ref: '#/gone'}}\n"},
	{name: "all components", rule: "dangling-ref", rest: "components: {$ref: '#/gone'}\n"},
	{name: "the paths are a list", rule: "document-shape", rest: "servers: {}\n"},

	{name: "2.0, a parameter", rule: "convert", version: "2.0", paths: "  /a: {get: {x-bailey-public: a test, parameters: [{name: a, in: cookie, type: string}], responses: {'204': {description: d}}}}\n", lost: []string{"GET /a"}},
	{name: "2.0, a shared parameter", rule: "convert", version: "2.0", paths: "  /a: {get: {x-bailey-public: a test, parameters: [{$ref: '#/parameters/P'}], responses: {'204': {description: d}}}}\n", rest: "parameters: {P: {name: a, in: cookie, type: string}}\n", lost: []string{"GET /a"}},
	{name: "2.0, a shared body", rule: "convert", version: "2.0", paths: "  /a: {post: {x-bailey-public: a test, parameters: [{$ref: '#/parameters/P'}], responses: {'204': {description: d}}}}\n  /b: {put: {x-bailey-public: a test, parameters: [{$ref: '#/parameters/P'}], responses: {'204': {description: d}}}}\n",
		rest: "parameters: {P: {name: a, in: body, schema: {properties: {a: {discriminator: [a]}}}}}\n", lost: []string{"POST /a", "PUT /b"}},
	{name: "2.0, two bodies", rule: "convert", version: "2.0", paths: "  /a: {post: {x-bailey-public: a test, parameters: [{name: a, in: body, schema: {}}, {name: b, in: body, schema: {}}], responses: {'204': {description: d}}}}\n", lost: []string{"POST /a"}},
	{name: "2.0, a shared response", rule: "convert", version: "2.0", paths: "  /a: {get: {x-bailey-public: a test, responses: {'204': {$ref: '#/responses/R'}}}}\n  /b: {get: {x-bailey-public: a test, produces: [text/csv], responses: {'204': {$ref: '#/responses/R'}}}}\n", rest: "responses: {R: {description: d, content: {}}}\n", lost: []string{"GET /a", "GET /b"}},
	{name: "2.0, a schema", rule: "convert", version: "2.0", paths: "  /a: {get: {x-bailey-public: a test, responses: {'200': {description: d, schema: {$ref: '#/definitions/A'}}}}}\n", rest: "definitions: {A: {x-nullable: 1}, B: {x-nullable: 1}}\n", lost: []string{"GET /a"}},
	{name: "2.0, a reference to nothing", rule: "dangling-ref", version: "2.0", paths: "  /a: {get: {x-bailey-public: a test, responses: {'200': {description: d, schema: {$ref: '#/definitions/A'}}}}}\n", lost: []string{"GET /a"}},
	{name: "2.0, a path item", rule: "convert", version: "2.0", paths: "  /a: {trace: {x-bailey-public: a test, responses: {}}, get: {x-bailey-public: a test, responses: {'204': {description: d}}}}\n", lost: []string{"GET /a", "TRACE /a"}},
	{name: "2.0, a security scheme", rule: "convert", version: "2.0", paths: "  /a: {get: {security: [{k: []}], responses: {'204': {description: d}}}}\n", rest: "securityDefinitions: {k: {type: oauth2, flow: magic}}\n", lost: []string{"GET /a"}},
	{name: "2.0, the document", rule: "convert", version: "2.0", rest: "definitions: []\n"},
}

// document writes the case into a folder.
func (c faultyCase) document(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range c.files {
		writeFile(t, filepath.Join(dir, name), text)
	}
	head := "openapi: " + c.version + "\n"
	switch c.version {
	case "":
		head = "openapi: 3.1.0\n"
	case "2.0":
		head = "swagger: '2.0'\n"
	}
	document := filepath.Join(dir, "openapi.yaml")
	writeFile(t, document, head+"info: {title: T, version: '1'}\n"+c.rest+"paths:\n"+sound+c.paths)
	return document
}

// left are the operations that are left out, sorted.
func left(res *Result) []string {
	lost := []string{}
	for _, s := range res.Skipped {
		lost = append(lost, s.Operation)
	}
	slices.Sort(lost)
	return lost
}

// has reports whether a finding of a rule is among the diagnostics.
func has(res *Result, rule string, warning bool) bool {
	return slices.ContainsFunc(res.Diagnostics, func(d Diagnostic) bool { return d.Rule == rule && d.Warning == warning })
}

// policyText is the generated file that a reviewer of the policy reads.
func policyText(res *Result) string {
	for _, f := range res.Files {
		if f.Name == "policy.gen.go" {
			return string(f.Content)
		}
	}
	return ""
}

// TestSkipReachesTheLoader: an error of whatever stage stops the operations that reach it and no
// others, by the flag and by name; what no operation reaches is a warning; and what may concern all is
// never skipped.
func TestSkipReachesTheLoader(t *testing.T) {
	t.Parallel()
	for _, test := range faultyCases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg := Config{Document: test.document(t), Output: t.TempDir(), Package: "api"}
			res, err := Render(cfg)
			harmless := test.lost != nil && len(test.lost) == 0
			if refused := err != nil; refused == harmless || !has(res, test.rule, harmless) {
				t.Errorf("without the flag: %v, %v", err, res.Diagnostics)
			}
			cfg.SkipUnsupported = true
			res, err = Render(cfg)
			if test.lost == nil {
				if err != ErrDocument || len(res.Files) > 0 || len(res.Skipped) > 0 {
					t.Errorf("a fault of the whole document is skipped: %v, %v", err, res)
				}
				return
			}
			if err != nil {
				t.Fatalf("%v: %v", err, res.Diagnostics)
			}
			if got := left(res); !slices.Equal(got, test.lost) || res.LeftOut() != len(got) {
				t.Errorf("left out are %q, %d of them unnamed; want %q", got, res.LeftOut(), test.lost)
			}
			policy := policyText(res)
			for _, s := range res.Skipped {
				if !strings.Contains(policy, "// "+s.Operation+": ") || s.Line == 0 || s.Reason == "" {
					t.Errorf("policy.gen.go does not say %v", s)
				}
			}
			if !strings.Contains(policy, `"sound"`) {
				t.Error("the sound operation is missing")
			}

			cfg.SkipUnsupported, cfg.Skip = false, test.lost
			res, err = Render(cfg)
			if err != nil || !slices.Equal(left(res), test.lost) || res.LeftOut() != 0 {
				t.Errorf("by name: %v, left out are %q, %v", err, left(res), res.Diagnostics)
			}
		})
	}
}

// TestSkipInTheDocument: x-bailey-skip leaves out what the loader has refused.
func TestSkipInTheDocument(t *testing.T) {
	t.Parallel()
	for _, test := range faultyCases {
		if len(test.lost) == 0 || !strings.Contains(test.paths, "x-bailey-public: a test") || test.name == "members beside the reference of a path" {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			skipping := test
			skipping.paths = strings.ReplaceAll(test.paths, "x-bailey-public: a test", "x-bailey-public: a test, x-bailey-skip: it is broken")
			document := skipping.document(t)
			res, err := Render(Config{Document: document, Output: t.TempDir(), Package: "api"})
			if err != nil || !slices.Contains(left(res), test.lost[0]) {
				t.Errorf("%v: left out are %q, %v", err, left(res), res.Diagnostics)
			}
		})
	}
}

// TestSkipNeverOpens: an operation whose scheme cannot be resolved is not served to everybody, whatever
// else lets operations in.
func TestSkipNeverOpens(t *testing.T) {
	t.Parallel()
	for _, test := range faultyCases {
		if !strings.Contains(test.name, "security scheme") || len(test.lost) == 0 {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res, err := Render(Config{Document: test.document(t), Output: t.TempDir(), Package: "api", SkipUnsupported: true, AllowPublic: "a test"})
			if err != nil || !slices.Equal(left(res), test.lost) {
				t.Fatalf("%v, left out are %q", err, left(res))
			}
			for _, f := range res.Files {
				for _, lost := range test.lost {
					_, path, _ := strings.Cut(lost, " ")
					if f.Name != "policy.gen.go" && strings.Contains(string(f.Content), `"`+path+`"`) {
						t.Errorf("%s serves %s", f.Name, lost)
					}
				}
			}
		})
	}
}

// TestFoundSkip are the two documents by which the fault was found.
func TestFoundSkip(t *testing.T) {
	t.Parallel()
	document := filepath.Join(t.TempDir(), "openapi.yaml")
	if err := os.WriteFile(document, []byte(`openapi: 3.0.3
info: {title: One operation of two, version: "1"}
paths:
  /v: {post: {operationId: v, requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Gone"}}}}, responses: {"204": {description: d}}}}
  /w: {get: {operationId: w, responses: {"204": {description: d}}}}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, skip := range map[string][]string{"by operationId": {"v"}, "by path": {"POST /v"}} {
		res, err := Render(Config{Document: document, Output: t.TempDir(), Package: "api", AllowPublic: "a test", Skip: skip})
		if err != nil || !slices.Equal(left(res), []string{"POST /v"}) {
			t.Errorf("%s: %v, %v", name, err, res.Diagnostics)
		}
	}
}

// TestPathAlias: a path item under several paths is served under each. The operationId names the operation
// that is written below its path, wherever it stands, and the configuration leaves out all of them by it.
func TestPathAlias(t *testing.T) {
	t.Parallel()
	op := "{operationId: get, x-bailey-public: a test, responses: {'204': {description: d}}}"
	for name, paths := range map[string]string{
		"of another path":      "  /old: {$ref: '#/paths/~1new'}\n  /new: {get: " + op + "}\n",
		"that stands later":    "  /new: {get: " + op + "}\n  /old: {$ref: '#/paths/~1new'}\n",
		"of an operation":      "  /old: {get: {$ref: '#/paths/~1new/get'}}\n  /new: {get: " + op + "}\n",
		"through another path": "  /old: {$ref: '#/paths/~1more'}\n  /new: {get: " + op + "}\n  /more: {$ref: '#/paths/~1new'}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := Config{Document: faultyCase{paths: paths}.document(t), Output: t.TempDir(), Package: "api"}
			res, err := Render(cfg)
			if err != nil {
				t.Fatalf("%v: %v", err, res.Diagnostics)
			}
			for _, want := range []string{`ID: "get", Method: "GET", Path: "/new"`, `ID: "GET /old", Method: "GET", Path: "/old"`} {
				if !strings.Contains(policyText(res), want) {
					t.Errorf("policy.gen.go lacks %s:\n%s", want, policyText(res))
				}
			}
			if !has(res, "path-alias", true) {
				t.Errorf("no warning: %v", res.Diagnostics)
			}
			for skip, want := range map[string]int{"get": strings.Count(paths, "  /"), "GET /old": 1} {
				cfg.Skip = []string{skip}
				if res, err = Render(cfg); err != nil || len(res.Skipped) != want {
					t.Errorf("skip: [%s]: %v, left out are %q", skip, err, left(res))
				}
			}
		})
	}
}
