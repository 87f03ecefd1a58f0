package openapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// read reads a document whose paths and other members are given as YAML.
func read(t testing.TB, version, rest string) (*openapi.API, diag.List) {
	t.Helper()
	text := "openapi: " + version + "\ninfo: {title: A title, version: '7', description: Some words}\n" + strings.TrimLeft(rest, "\n")
	doc, diags := load.LoadBytes("doc.yaml", []byte(text), load.Limits{})
	if doc == nil || diags.HasErrors() {
		t.Fatalf("the document does not load: %v\n%s", diags, text)
	}
	return openapi.Read(doc, schema.NewReader(doc))
}

// show prints what was read, one line for each thing that matters to a server.
func show(api *openapi.API, diags diag.List) string {
	var b strings.Builder
	for _, op := range api.Operations {
		fmt.Fprintf(&b, "%s %s", op.Method, op.Path)
		if op.ID != "" {
			fmt.Fprintf(&b, " id=%s", op.ID)
		}
		b.WriteByte('\n')
		for _, p := range op.Parameters {
			fmt.Fprintf(&b, "  %s %s%s %s%s %s\n", p.In, p.Name, mark(p.Required, "!"), p.Style, mark(p.Explode, "*"), kind(p.ContentType, p.Schema))
		}
		if op.Body != nil {
			fmt.Fprintf(&b, "  body%s %s\n", mark(op.Body.Required, "!"), content(op.Body.Content))
		}
		for _, r := range op.Responses {
			fmt.Fprintf(&b, "  %s %s", r.Status, content(r.Content))
			for _, h := range r.Headers {
				fmt.Fprintf(&b, " %s%s:%s", h.Name, mark(h.Required, "!"), kind("", h.Schema))
			}
			b.WriteByte('\n')
		}
		for _, d := range op.Problems() {
			fmt.Fprintf(&b, "  refused: %s\n", d.Rule)
		}
	}
	for _, d := range diags {
		word := "error"
		if d.Severity == diag.Warning {
			word = "warning"
		}
		fmt.Fprintf(&b, "%s: %s\n", word, d.Rule)
	}
	return b.String()
}

func mark(on bool, s string) string {
	if on {
		return s
	}
	return ""
}

func kind(media string, s *schema.Schema) string {
	switch {
	case s == nil:
		return media + "-"
	case s.MaxLength >= 0:
		return fmt.Sprintf("%s%v<=%d", media, s.Types, s.MaxLength)
	case s.Types == schema.TypeAny:
		return media + "any"
	}
	return fmt.Sprintf("%s%v", media, s.Types)
}

func content(list []*openapi.Media) string {
	words := []string{0: "?", openapi.MediaJSON: "json", openapi.MediaForm: "form", openapi.MediaMultipart: "multipart", openapi.MediaText: "text", openapi.MediaBinary: "binary"}
	var out []string
	for _, m := range list {
		text := m.Name + "(" + words[m.Kind] + ")"
		if m.Schema != nil {
			text += ":" + kind("", m.Schema)
		}
		for _, e := range m.Encoding {
			text += fmt.Sprintf(" %s=%s%s%s", e.Property, e.Style, e.ContentType, mark(e.Explode, "*"))
		}
		out = append(out, text)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// example is a piece of a document and what is read of it.
type example struct{ name, version, text, want string }

func (e example) run(t *testing.T) {
	t.Run(e.name, func(t *testing.T) {
		t.Parallel()
		version := e.version
		if version == "" {
			version = "3.1.0"
		}
		got := show(read(t, version, e.text))
		if want := strings.TrimLeft(e.want, "\n"); got != want {
			t.Errorf("got:\n%swant:\n%s", got, want)
		}
	})
}

// TestOperations: which operations a document has. None may be lost on the way.
func TestOperations(t *testing.T) {
	t.Parallel()
	tests := []example{
		{name: "none", text: "paths: {}\n"},
		{
			name: "every method, in the order of the document",
			text: `
paths:
  /b:
    summary: all of them
    x-note: passed over
    put: {responses: {}}
    get: {operationId: getB}
    head: {}
    options: {}
    patch: {}
    delete: {}
    post: {}
  /a:
    get: {}
  x-no-path: {}
`,
			want: `
PUT /b
GET /b id=getB
HEAD /b
OPTIONS /b
PATCH /b
DELETE /b
POST /b
GET /a
`,
		},
		{
			name: "behind references",
			text: `
paths:
  /a: {$ref: '#/components/pathItems/A', summary: short}
  /b: {$ref: '#/components/pathItems/B'}
components:
  pathItems:
    A: {get: {responses: {'204': {description: done}}}}
    B: {$ref: '#/components/pathItems/C'}
    C:
      parameters: [{name: a, in: query, schema: {type: integer}}]
      get: {$ref: '#/components/pathItems/A/get'}
`,
			want: `
GET /a
  204 []
GET /b
  query a form* integer
  204 []
`,
		},
		{
			name: "beside a reference",
			text: `
paths:
  /a: {$ref: '#/components/pathItems/A', parameters: [{name: a, in: query, schema: {type: integer}}]}
components:
  pathItems:
    A: {get: {}}
`,
			want: "GET /a\n  refused: path-ref\n",
		},
		{
			name: "beside the second reference of two",
			text: `
paths:
  /a: {$ref: '#/components/pathItems/B'}
components:
  pathItems:
    A: {get: {}}
    B: {$ref: '#/components/pathItems/A', delete: {}}
`,
			want: "GET /a\n  refused: path-ref\n",
		},
		{
			name: "all paths behind a reference",
			text: "paths: {$ref: '#/x-paths', /b: {get: {}}}\nx-paths: {/a: {get: {}}}\n",
			want: "GET /a\nerror: path-ref\n",
		},
		{
			name: "TRACE, other words and other cases",
			text: "paths:\n  /a:\n    trace: {}\n    Get: {}\n    query: {}\n    additionalOperations: {COPY: {}}\n    link: {}\n",
			want: "TRACE /a\n  refused: trace\nGET /a\n  refused: path-item\nQUERY /a\n  refused: path-item\nadditionalOperations /a\n  refused: path-item\nwarning: unknown-member\n",
		},
		{
			name: "what the API itself asks",
			text: `
paths:
  /a:
    post:
      callbacks: {done: {'{$request.body#/url}': {post: {operationId: called}}}}
webhooks:
  created: {post: {operationId: told}}
`,
			want: "POST /a\nwarning: callbacks\nwarning: webhooks\n",
		},
		{
			name: "no callbacks",
			text: "paths: {/a: {post: {callbacks: {}}}}\nwebhooks: {}\n",
			want: "POST /a\n",
		},
		{
			name: "servers",
			text: "servers: [{url: /}, {url: 'https://a.example'}, {url: 'https://a.example/'}, {url: ''}, {url: 'https://a.example/v1'}]\npaths: {/a: {get: {servers: []}}}\n",
			want: "GET /a\nwarning: servers\n",
		},
	}
	for _, test := range tests {
		test.run(t)
	}
}

// TestTitles: what only documents, reaches the generated comments.
func TestTitles(t *testing.T) {
	t.Parallel()
	api, diags := read(t, "3.0.3", `
paths:
  /a:
    get:
      summary: Short
      description: Long
      tags: [one, two]
      deprecated: true
`)
	if len(diags) > 0 || api.Title != "A title" || api.Version != "7" || api.Description != "Some words" {
		t.Errorf("got %+v, %v", api, diags)
	}
	op := api.Operations[0]
	if op.Summary != "Short" || op.Description != "Long" || !op.Deprecated || strings.Join(op.Tags, " ") != "one two" {
		t.Errorf("got %+v", op)
	}
	if op.Pos.String() != "doc.yaml:5:5" || op.Node.StrOr("summary") != "Short" || op.PathNode.Get("get") != op.Node {
		t.Errorf("the operation is at %v", op.Pos)
	}
}

// TestPaths: a template that passes here must be one that the router can serve, and
// that requests can reach.
func TestPaths(t *testing.T) {
	t.Parallel()
	const declared = "parameters: [{name: id, in: path, schema: {type: integer}}, {name: to, in: path, schema: {type: string, maxLength: 3}}]"
	tests := []struct{ path, want string }{
		{"/", "warning: path-parameter;warning: path-parameter"},
		{"/a/{id}/{to}", ""},
		{"/{to}/a/{id}", ""}, // in the order of the path
		{"/a/{id}.{to}", ""},
		{"/a/x{id}-{to}y", ""},
		{"/a/{id}", "warning: path-parameter"},
		{"/a/{id}/{to}/{more}", "warning: path-parameter"},
		{"/a/{id}/{to}/", ""},
		{"/a b/{id}/{to}/%20", ""},
		{"/a/{id}{to}", "refused: path"},
		{"/a/{id}/{to}/{id}", "warning: path"},
		{"/a/{id}/{to}/{}", "refused: path"},
		{"/a/{id}/{to}/{", "refused: path"},
		{"/a/{id}/{to}/}", "refused: path"},
		{"/a/{id}/{to}?x=1", ""},
		{"/a/{id}/{to}#x?{y", ""},
		{"/a/{id}/{to}?=1", "refused: path"},
		{"/a/{id}/{to}?%zz=1", "refused: path"},
		{"/a/{id}/{to}?x={x}", "refused: path"},
		{"/a/./{id}/{to}", "refused: path"},
		{"/a/../{id}/{to}", "refused: path"},
		{"/a%2fb/{id}/{to}", "refused: path"},
		{"/%zz/{id}/{to}", ""},
		{strings.Repeat("/a", 254) + "/{id}/{to}", ""},
		{strings.Repeat("/a", 255) + "/{id}/{to}", "refused: path;warning: path-parameter;warning: path-parameter"},
	}
	for _, test := range tests {
		name := test.path[:min(30, len(test.path))]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, diags := read(t, "3.0.3", fmt.Sprintf("paths:\n  %q:\n    %s\n    get: {}\n", test.path, declared))
			var got []string
			for _, line := range strings.Split(show(api, diags), "\n") {
				if line = strings.TrimSpace(line); strings.HasPrefix(line, "refused") || strings.HasPrefix(line, "warning") || strings.HasPrefix(line, "error") {
					got = append(got, line)
				}
			}
			if s := strings.Join(got, ";"); s != test.want {
				t.Errorf("got %q, want %q", s, test.want)
			}
			if test.path == "/{to}/a/{id}" && (api.Operations[0].Parameters[0].Name != "to" || api.Operations[0].Parameters[1].Name != "id") {
				t.Error("the parameters are not in the order of the path")
			}
		})
	}
}

// TestPathConflicts: two templates that the same requests match are refused here, not
// when the server starts.
func TestPathConflicts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b     string
		conflict bool
	}{
		{"/a/{id}", "/a/{name}", true},
		{"/a/{id}.{x}", "/a/{name}.{y}", true},
		{"/a b", "/a%20b", true},
		{"/a/{id}", "/a/b", false},
		{"/a/{id}", "/a/{id}/", false},
		{"/a/{id}", "/a/{id}.json", false},
		{"/a/{id}", "/A/{id}", false},
		{"/{a}/b", "/a/{b}", false},
		{"/a{x}{}", "/a{x}", false},
	}
	for _, test := range tests {
		t.Run(test.a+" "+test.b, func(t *testing.T) {
			t.Parallel()
			api, _ := read(t, "3.0.3", fmt.Sprintf("paths:\n  %q: {get: {}, put: {}}\n  %q: {post: {}, get: {}}\n", test.a, test.b))
			if got := api.Operations[0].Shape == api.Operations[3].Shape; got != test.conflict {
				t.Errorf("one path for a request: %v, want %v", got, test.conflict)
			}
		})
	}
}
