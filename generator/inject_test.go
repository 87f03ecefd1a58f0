package generator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// An injection puts one key into one schema object of a golden document. What nothing enforces must
// not pass in silence: the document is refused, or the generated code is another one.
type injection struct {
	key, value string
	types      string // of the schema object: "string array"; "" for all
	property   bool   // on properties alone
	way        ways   // where it asks for something
}

type ways uint8

const (
	inRequest ways = 1 << iota
	inResponse
)

// injections are every keyword of JSON Schema that is no annotation and every policy of values, each
// with a value that no golden has, so that it has an effect where it is enforced.
var injections = []injection{
	{"minLength", `1000`, "string", false, inRequest | inResponse},
	{"maxLength", `1`, "string", false, inRequest | inResponse},
	{"pattern", `"^inj$"`, "string", false, inRequest | inResponse},
	{"format", `"ipv6"`, "string", false, inRequest | inResponse},
	{"contentEncoding", `"base64"`, "string", false, inRequest | inResponse},
	{"minimum", `1000000007`, "integer number", false, inRequest | inResponse},
	{"maximum", `-1000000007`, "integer number", false, inRequest | inResponse},
	{"exclusiveMinimum", `1000000007`, "integer number", false, inRequest | inResponse},
	{"exclusiveMaximum", `-1000000007`, "integer number", false, inRequest | inResponse},
	{"multipleOf", `1009`, "integer number", false, inRequest | inResponse},
	{"minItems", `900`, "array", false, inRequest | inResponse},
	{"maxItems", `1`, "array", false, inRequest | inResponse},
	{"uniqueItems", `true`, "array", false, inRequest | inResponse},
	{"contains", `{"const": "inj"}`, "array", false, inRequest | inResponse},
	{"prefixItems", `[{"const": "inj"}]`, "array", false, inRequest | inResponse},
	{"unevaluatedItems", `false`, "array", false, inRequest | inResponse},
	{"minProperties", `90`, "object", false, inRequest | inResponse},
	{"maxProperties", `0`, "object", false, inRequest | inResponse},
	{"required", `["inj"]`, "object", false, inRequest | inResponse},
	{"properties", `{"inj": {"type": "string"}}`, "object", false, inRequest | inResponse},
	{"additionalProperties", `{"type": "integer"}`, "object", false, inRequest | inResponse},
	{"patternProperties", `{"^inj": {"type": "integer"}}`, "object", false, inRequest | inResponse},
	{"propertyNames", `{"maxLength": 1}`, "object", false, inRequest | inResponse},
	{"dependentRequired", `{"inj": ["jni"]}`, "object", false, inRequest | inResponse},
	{"dependentSchemas", `{"inj": {"maxProperties": 1}}`, "object", false, inRequest | inResponse},
	{"unevaluatedProperties", `{"type": "integer"}`, "object", false, inRequest | inResponse},
	{"not", `{"required": ["inj"]}`, "object", false, inRequest | inResponse},
	{"not", `{"maxItems": 0}`, "array", false, inRequest | inResponse},
	{"not", `{"const": "inj"}`, "string", false, inRequest | inResponse},
	{"anyOf", `[{"required": ["inj"]}, {"required": ["jni"]}]`, "object", false, inRequest | inResponse},
	{"oneOf", `[{"required": ["inj"]}, {"required": ["jni"]}]`, "object", false, inRequest | inResponse},
	{"anyOf", `[{"maxLength": 3}, {"pattern": "^inj"}]`, "string", false, inRequest | inResponse},
	{"oneOf", `[{"maximum": 3}, {"minimum": 5}]`, "integer number", false, inRequest | inResponse},
	{"allOf", `[{"maxLength": 1}]`, "string", false, inRequest | inResponse},
	{"allOf", `[{"not": {"required": ["inj"]}}]`, "object", false, inRequest | inResponse},
	{"if", `{"required": ["inj"]}, "then": {"required": ["jni"]}`, "object", false, inRequest | inResponse},
	{"enum", `["inj"]`, "string", false, inRequest | inResponse},
	{"enum", `[1000000007]`, "integer", false, inRequest | inResponse},
	{"const", `"inj"`, "string", false, inRequest | inResponse},
	{"readOnly", `true`, "", true, inRequest},
	{"writeOnly", `true`, "", true, inResponse},

	{"x-bailey-mask", `"redact"`, "", false, inResponse},
	{"x-bailey-mask", `"drop"`, "", true, inResponse},
	{"x-bailey-data", `"secret"`, "", false, inResponse},
	{"x-bailey-writable-by", `"inj"`, "", false, inRequest},
	{"x-bailey-unknown", `"drop"`, "", false, inRequest},
	{"x-bailey-exact", `true`, "", false, inRequest | inResponse},
}

// site is a schema object that operations reach.
type site struct {
	n        *load.Node
	property bool
	way      ways
	// named is set where a warning of the document as it is names the place as unchecked, in all uses,
	// and raw where one says that the value stays JSON text, which is read to the letter anyhow.
	named, raw bool
}

// sites walks a golden document from its operations, in order.
type sites struct {
	doc   *load.Document
	rules func(n *load.Node) (named, raw, never bool) // by warnings at the node's line
	found map[*load.Node]*site
	order []*site
	seen  map[seenSite]bool
}

type seenSite struct {
	n  *load.Node
	as state
}

// state is what is known on the way to a node.
type state struct {
	way                          ways
	schema, property, named, raw bool
}

func (w *sites) operations() {
	for _, path := range w.doc.Root.Get("paths").Members {
		for _, m := range w.target(path.Value).Members {
			if m.Key == "parameters" {
				w.visit(m.Value, state{way: inRequest})
				continue
			}
			if m.Value.Get("x-bailey-skip") != nil {
				continue
			}
			for _, part := range w.target(m.Value).Members {
				switch part.Key {
				case "parameters", "requestBody":
					w.visit(part.Value, state{way: inRequest})
				case "responses":
					w.visit(part.Value, state{way: inResponse})
				}
			}
		}
	}
}

func (w *sites) target(n *load.Node) *load.Node {
	if t, err := w.doc.Resolve(n); err == nil {
		return t
	}
	return n
}

func (w *sites) visit(n *load.Node, as state) {
	named, raw, never := w.rules(n)
	if never {
		return // no value is ever there
	}
	as.named, as.raw = as.named || named, as.raw || raw
	if n.Kind == load.Object {
		if w.seen[seenSite{n, as}] {
			return
		}
		w.seen[seenSite{n, as}] = true
	}
	switch {
	case n.Kind == load.Array:
		for _, item := range n.Items {
			w.visit(item, as)
		}
	case n.Kind != load.Object:
	case n.Get("$ref") != nil:
		if target, err := w.doc.Target(n); err == nil && target.Pos.File == w.doc.Root.Pos.File {
			w.visit(target, as)
		}
	case !as.schema:
		for _, m := range n.Members {
			switch m.Key {
			case "schema", "itemSchema":
				below := as
				below.schema = true
				w.visit(m.Value, below)
			case "example", "examples", "x-bailey-rate-limit", "links":
			case "Content-Type", "X-Request-Id", "X-Content-Type-Options", "Content-Length": // bailey's own
			default:
				w.visit(m.Value, as)
			}
		}
	default:
		w.schema(n, as)
	}
}

func (w *sites) schema(n *load.Node, as state) {
	if as.way == inRequest && n.Get("readOnly").IsTrue() || as.way == inResponse && n.Get("writeOnly").IsTrue() {
		return // it never travels
	}
	s := w.found[n]
	if s == nil {
		s = &site{n: n, named: true, raw: true}
		w.found[n] = s
		w.order = append(w.order, s)
	}
	s.way, s.property, s.named, s.raw = s.way|as.way, s.property || as.property, s.named && as.named, s.raw && as.raw
	for _, key := range []string{"properties", "patternProperties"} {
		if v := n.Get(key); v != nil {
			for _, m := range v.Members {
				below := as
				below.property = key == "properties"
				w.visit(m.Value, below)
			}
		}
	}
	for _, key := range []string{"items", "additionalProperties", "oneOf", "anyOf", "allOf", "prefixItems"} {
		if v := n.Get(key); v != nil {
			below := as
			below.property = key == "allOf" && as.property
			w.visit(v, below)
		}
	}
}

// printer writes a document as JSON, a member a line, with a key more in one object.
type printer struct {
	b      bytes.Buffer
	line   int
	lines  map[*load.Node]int // of the members' values
	into   *load.Node
	member string // of the injection
	at     int    // its line
}

func (p *printer) newline() { p.b.WriteByte('\n'); p.line++ }

func (p *printer) node(n *load.Node) {
	switch n.Kind {
	case load.Object:
		p.b.WriteByte('{')
		for i, m := range n.Members {
			if i > 0 {
				p.b.WriteByte(',')
			}
			p.newline()
			p.lines[m.Value] = p.line
			key, _ := json.Marshal(m.Key)
			p.b.Write(key)
			p.b.WriteByte(':')
			p.node(m.Value)
		}
		if n == p.into {
			if len(n.Members) > 0 {
				p.b.WriteByte(',')
			}
			p.newline()
			p.at = p.line
			p.b.WriteString(p.member)
		}
		p.newline()
		p.b.WriteByte('}')
	case load.Array:
		p.b.WriteByte('[')
		for i, item := range n.Items {
			if i > 0 {
				p.b.WriteByte(',')
			}
			p.node(item)
		}
		p.b.WriteByte(']')
	case load.String:
		text, _ := json.Marshal(n.Text)
		p.b.Write(text)
	case load.Null:
		p.b.WriteString("null")
	default:
		p.b.WriteString(n.Text)
	}
}

// injected renders a golden with a key more in an object, or as it is: the code, what is said, and
// the printed document.
func injected(t *testing.T, cfg Config, doc *load.Document, into *load.Node, member string) (code string, res *Result, p *printer) {
	t.Helper()
	p = &printer{lines: map[*load.Node]int{}, into: into, member: member, line: 1}
	p.node(doc.Root)
	cfg.Document = filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(cfg.Document, p.b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	res, err := Render(cfg)
	if res == nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range res.Files {
		if f.Name == "policy.gen.go" || strings.HasSuffix(f.Name, "_test.go") {
			continue // what policy.gen.go says is no proof that code does it
		}
		for _, line := range strings.Split(string(f.Content), "\n") {
			if !strings.HasPrefix(strings.TrimSpace(line), "//") {
				b.WriteString(places.ReplaceAllString(line, "") + "\n")
			}
		}
	}
	return b.String(), res, p
}

// places are positions in the generated code.
var places = regexp.MustCompile(`openapi\.json:\d+:\d+`)

// naming are the rules of warnings that name a place whose keywords are not checked.
var naming = []string{"unchecked-body", "header-type", "header", "form-encoding", "form-extra"}

// namings is how many warnings name a place as unchecked.
func namings(res *Result) int {
	n := 0
	for _, d := range res.Diagnostics {
		if slices.Contains(naming, d.Rule) {
			n++
		}
	}
	return n
}

// sampled is how many injections a usual run makes, chosen by their names; BAILEY_INJECT is another
// number.
const sampled = 150

// TestInjection puts each keyword and each policy into every schema object that operations of the
// golden documents reach, and accepts only an error or other code. For keywords, never for policies,
// a warning that names the key's line, or the body as unchecked, is enough.
func TestInjection(t *testing.T) {
	t.Parallel()
	goldens, err := filepath.Glob("../testdata/golden/*/" + ConfigName)
	if err != nil || len(goldens) == 0 {
		t.Fatal(len(goldens), err)
	}
	type run struct {
		name string
		do   func(t *testing.T)
		hash uint32
	}
	var runs []run
	for _, path := range goldens {
		cfg, err := LoadConfig(path)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Tests = false
		doc, found := load.Load(cfg.Document, load.Limits{})
		if found.HasErrors() {
			t.Fatal(found)
		}
		base, res, printed := injected(t, cfg, doc, nil, "")
		if res.Errors() > 0 {
			t.Fatalf("%s: %v", path, res.Diagnostics)
		}
		warned, raw, never := map[int]bool{}, map[int]bool{}, map[int]bool{}
		for _, d := range res.Diagnostics {
			warned[d.Line] = warned[d.Line] || slices.Contains(naming, d.Rule)
			raw[d.Line] = raw[d.Line] || d.Rule == "raw-value"
			never[d.Line] = never[d.Line] || d.Rule == "unsatisfiable"
		}
		w := &sites{doc: doc, found: map[*load.Node]*site{}, seen: map[seenSite]bool{}, rules: func(n *load.Node) (bool, bool, bool) {
			line := printed.lines[n]
			none := never[line]
			for _, m := range n.Members { // the warning is at the keyword that contradicts
				none = none || never[printed.lines[m.Value]] && (m.Value.Kind != load.Object || m.Key == "schema")
			}
			return warned[line], raw[line] || cfg.Exact, none
		}}
		w.operations()
		for _, s := range w.order {
			for _, in := range injections {
				if !in.fits(s) {
					continue
				}
				if saidElsewhere[s.n.Pointer()] == in.key {
					continue
				}
				name := fmt.Sprintf("%s%s %s=%s", filepath.Base(filepath.Dir(path)), s.n.Pointer(), in.key, in.value)
				h := fnv.New32a()
				h.Write([]byte(name))
				runs = append(runs, run{name, func(t *testing.T) { in.hold(t, cfg, doc, s, base, namings(res)) }, h.Sum32()})
			}
		}
	}
	most, all := sampled, len(runs)
	if text := os.Getenv("BAILEY_INJECT"); text != "" {
		if most, err = strconv.Atoi(text); err != nil {
			t.Fatalf("BAILEY_INJECT is a number of injections: %v", err)
		}
	}
	slices.SortFunc(runs, func(a, b run) int { return cmp.Compare(a.hash, b.hash) })
	runs = runs[:min(most, all)]
	t.Logf("%d of %d injections", len(runs), all)
	for _, r := range runs {
		t.Run(r.name, func(t *testing.T) { t.Parallel(); r.do(t) })
	}
}

// saidElsewhere are keys that another branch of an allOf says of the same property already.
var saidElsewhere = map[string]string{"/components/schemas/All/properties/merged/allOf/0/properties/s": "writeOnly"}

// fits reports whether an injection asks for something at a site.
func (in injection) fits(s *site) bool {
	if s.n.Get(in.key) != nil || in.way&s.way == 0 || in.property && !s.property {
		return false
	}
	if in.key == "unevaluatedItems" && s.n.Get("items") != nil || in.key == "x-bailey-exact" && s.raw {
		return false // it says nothing there
	}
	if in.key == "allOf" && s.n.Get("maxLength") != nil {
		return false // it may say the same
	}
	if in.types == "" {
		return true
	}
	kind := s.n.Get("type")
	if kind != nil && kind.Kind == load.Array && len(kind.Items) > 0 {
		kind = kind.Items[0]
	}
	text, ok := kind.Str()
	return ok && slices.Contains(strings.Fields(in.types), text)
}

// hold makes the injection.
func (in injection) hold(t *testing.T, cfg Config, doc *load.Document, s *site, base string, before int) {
	code, res, p := injected(t, cfg, doc, s.n, fmt.Sprintf("%q: %s", in.key, in.value))
	policy := strings.HasPrefix(in.key, "x-bailey-")
	switch {
	case res.Errors() > 0, code != base:
		return
	case !policy && (s.named || namings(res) > before):
		return
	}
	for _, d := range res.Diagnostics {
		if !policy && d.Line == p.at {
			return
		}
	}
	t.Errorf("it has no effect, and nothing is said of it (line %d)", p.at)
}
