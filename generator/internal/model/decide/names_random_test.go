package decide_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
)

// sketch is a document of which parts are added and removed.
type sketch struct {
	schemas   []*sketchSchema
	responses []string
	ops       []*sketchOp
}

type sketchSchema struct {
	name    string
	base    string // another schema, which it extends
	members []sketchMember
}

type sketchMember struct {
	name, kind, of string
}

type sketchOp struct {
	id, asks, answers string
	response          string // a component
	status            string
	params            []string
}

// words are few, so that names meet: some are other spellings of others, some end as the names of
// other kinds do.
var words = []string{
	"foo", "foo_bar", "fooBar", "FooBar", "foo-bar", "bar", "Bar", "a", "A", "a_b", "b", "ab", "Config", "error", "Error", "NotFound",
	"get", "getFoo", "get-foo", "getFooRequest", "fooRequest", "value", "Item", "open", "Open", "fooOpen", "A_B",
}

// sparse are words of which none is part of another's name.
var sparse = []string{
	"apple", "brick", "cloud", "drum", "eagle", "flint", "grape", "horse", "ivory", "jewel", "kite", "lemon", "maple", "nail", "olive", "pearl",
	"quilt", "river", "stone", "tulip", "umbra", "violet", "wheat", "xenon", "yacht", "zebra",
}

func (s *sketch) schema(name string) *sketchSchema {
	for _, x := range s.schemas {
		if x.name == name {
			return x
		}
	}
	return nil
}

// change adds or removes one part.
func (s *sketch) change(r *rand.Rand, words []string) {
	word := func() string { return words[r.IntN(len(words))] }
	some := func() string { return s.schemas[r.IntN(len(s.schemas))].name }
	switch r.IntN(8) {
	case 0, 1: // a schema, anywhere
		if name := word(); s.schema(name) == nil {
			x := &sketchSchema{name: name}
			if len(s.schemas) > 0 && r.IntN(3) == 0 {
				x.base = some()
			}
			s.schemas = slices.Insert(s.schemas, r.IntN(len(s.schemas)+1), x)
		}
	case 2: // a schema less, and all that refers to it
		if len(s.schemas) > 3 {
			gone := some()
			s.schemas = slices.DeleteFunc(s.schemas, func(x *sketchSchema) bool { return x.name == gone })
			s.ops = slices.DeleteFunc(s.ops, func(o *sketchOp) bool { return o.asks == gone || o.answers == gone })
			for _, x := range s.schemas {
				if x.base == gone {
					x.base = ""
				}
				x.members = slices.DeleteFunc(x.members, func(m sketchMember) bool { return m.of == gone })
			}
		}
	case 3, 4: // a member more or less
		if len(s.schemas) == 0 {
			return
		}
		x := s.schemas[r.IntN(len(s.schemas))]
		if len(x.members) > 3 {
			x.members = slices.Delete(x.members, 1, 2)
			return
		}
		m := sketchMember{name: word(), kind: []string{"text", "object", "enum", "list", "ref", "readOnly", "choice"}[r.IntN(7)]}
		if m.kind == "ref" {
			m.of = some()
		}
		if !slices.ContainsFunc(x.members, func(o sketchMember) bool { return o.name == m.name }) {
			x.members = slices.Insert(x.members, r.IntN(len(x.members)+1), m)
		}
	case 5: // a response
		if name := word(); !slices.Contains(s.responses, name) {
			s.responses = append(s.responses, name)
		}
	case 6: // an operation
		if id := word(); len(s.schemas) > 0 && !slices.ContainsFunc(s.ops, func(o *sketchOp) bool { return o.id == id }) {
			o := &sketchOp{id: id, asks: some(), answers: some(), status: []string{"404", "default"}[r.IntN(2)], params: []string{word(), word()}}
			if len(s.responses) > 0 {
				o.response = s.responses[r.IntN(len(s.responses))]
			}
			if o.params[0] == o.params[1] {
				o.params = o.params[:1]
			}
			s.ops = slices.Insert(s.ops, r.IntN(len(s.ops)+1), o)
		}
	case 7:
		if len(s.ops) > 3 {
			i := r.IntN(len(s.ops))
			s.ops = slices.Delete(s.ops, i, i+1)
		}
	}
}

func q(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func refTo(section, name string) string {
	return `{"$ref": ` + q("#/components/"+section+"/"+strings.NewReplacer(" ", "%20").Replace(name)) + `}`
}

// text writes the document. Each type says in its description which it is.
func (s *sketch) text() string {
	var schemas, paths, responses []string
	for _, x := range s.schemas {
		var members []string
		for _, m := range x.members {
			members = append(members, q(m.name)+": "+m.text("s:"+x.name+"."+m.name))
		}
		body := `"type": "object", "properties": {` + strings.Join(members, ", ") + `}`
		if x.base != "" {
			body = `"allOf": [` + refTo("schemas", x.base) + `, {` + body + `}]`
		}
		schemas = append(schemas, q(x.name)+`: {"description": `+q("#s:"+x.name+"#")+`, `+body+`}`)
	}
	for _, name := range s.responses {
		responses = append(responses, q(name)+`: {"description": `+q("#r:"+name+"#")+`}`)
	}
	for _, o := range s.ops {
		var params []string
		for _, p := range o.params {
			params = append(params, `{"name": `+q(p)+`, "in": "query", "schema": {"description": `+q("#p:"+o.id+"."+p+"#")+`, "type": "string", "enum": ["open", "shut"]}}`)
		}
		failed := `{"description": ` + q("#o:"+o.id+"#") + `}`
		if o.response != "" {
			failed = refTo("responses", o.response)
		}
		paths = append(paths, q("/"+gosrc.Exported(o.id).String()+fmt.Sprintf("%x", o.id))+`: {"post": {"operationId": `+q(o.id)+`, "parameters": [`+strings.Join(params, ", ")+
			`], "requestBody": {"content": {"application/json": {"schema": `+refTo("schemas", o.asks)+`}}}, "responses": {"200": {"description": "done", "content": {"application/json": {"schema": `+
			refTo("schemas", o.answers)+`}}}, `+q(o.status)+`: `+failed+`}}}`)
	}
	return `{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {` + strings.Join(paths, ", ") + `}, "components": {"responses": {` +
		strings.Join(responses, ", ") + `}, "schemas": {` + strings.Join(schemas, ", ") + `}}}`
}

func (m sketchMember) text(mark string) string {
	about := `"description": ` + q("#"+mark+"#")
	enum := func(mark string) string {
		return `{"type": "string", "enum": ["open", "shut"], "description": ` + q("#"+mark+"#") + `}`
	}
	switch m.kind {
	case "object":
		return `{"type": "object", "properties": {"open": ` + enum(mark+".open") + `, "n": {"type": "integer"}}, ` + about + `}`
	case "enum":
		return enum(mark)
	case "list":
		return `{"type": "array", "items": {"type": "object", "properties": {"b": {"type": "string"}}, ` + about + `}}`
	case "ref":
		return refTo("schemas", m.of)
	case "readOnly":
		return `{"type": "string", "readOnly": true}`
	case "choice":
		return `{"oneOf": [{"type": "string"}, {"type": "integer"}], ` + about + `}`
	}
	return `{"type": "string"}`
}

var mark = regexp.MustCompile(`#([^#]+)#`)

// part is one thing of a document with the names that it has, and the one that it had alone.
type part struct {
	names []string
	plain string
}

// partsOf lists what has names in a package, by what it is.
func partsOf(s *sketch, api *model.API) map[string]*part {
	out := map[string]*part{}
	add := func(id, plain string, name gosrc.Ident) {
		if out[id] == nil {
			out[id] = &part{plain: plain}
		}
		// A request's view ends so; the schema says whether there is one.
		text := strings.Replace(name.String(), "Input", "", 1)
		if !slices.Contains(out[id].names, text) {
			out[id].names = append(out[id].names, text)
			slices.Sort(out[id].names)
		}
	}
	var typed func(t *model.Type)
	typed = func(t *model.Type) {
		for _, a := range t.Aliases {
			typed(a)
		}
		m := mark.FindStringSubmatch(t.Doc.String())
		if m == nil {
			return
		}
		id := m[1]
		plain := plainOf(id)
		add(id, plain, t.Name)
		for _, f := range t.Fields {
			add(id+" field "+f.JSON.String(), id+"."+gosrc.Exported(strings.Trim(f.JSON.String(), `"`)).String(), gosrc.Exported("x").With(f.Name.String()))
		}
		for _, e := range t.Enum {
			add(id+" value "+e.Value.String(), plain+gosrc.Exported(strings.Trim(e.Value.String(), `"`)).String(), e.Name)
		}
	}
	for _, t := range api.Types {
		typed(t)
	}
	for _, x := range s.schemas { // also those that nothing uses
		out["component "+x.name] = &part{plain: gosrc.Exported(x.name).String()}
	}
	for _, op := range api.Operations {
		id := strings.Trim(op.ID.String(), `"`)
		plain := gosrc.Exported(id).String()
		add("method "+id, "method "+plain, gosrc.Exported("method").With(op.Name.String()))
		add("request "+id, plain+"Request", op.Request)
		for _, o := range op.Outcomes {
			if o.Reply == nil {
				continue
			}
			m := mark.FindStringSubmatch(o.Reply.Doc.String())
			kind, p := m[1], gosrc.Exported(strings.TrimPrefix(m[1], "r:")).String()
			if strings.HasPrefix(kind, "o:") {
				p = plain + map[bool]string{true: "Default", false: "NotFound"}[o.Dynamic]
			} else if o.Dynamic {
				p += "WithStatus"
			}
			add(kind+fmt.Sprint(o.Dynamic), p, o.Reply.Name)
		}
	}
	return out
}

// plainOf is the name that a type has where no other wants it.
func plainOf(id string) string {
	kind, rest, _ := strings.Cut(id, ":")
	var name gosrc.Ident
	for i, word := range strings.Split(rest, ".") {
		next := gosrc.Exported(word)
		if name = name.Plus(next.String()); i == 0 {
			name = next
		}
	}
	_ = kind
	return name.String()
}

// wants are the names that a part has, had, or would have alone.
func wants(list ...*part) []string {
	var out []string
	for _, p := range list {
		if p != nil {
			out = append(append(out, p.names...), p.plain)
		}
	}
	return out
}

// TestNamesOfTheRest: parts of a document come and go, in any order; what stays keeps its names, but
// where what comes or goes wants the very name.
func TestNamesOfTheRest(t *testing.T) {
	t.Parallel()
	for name, words := range map[string][]string{"crowded": words, "sparse": sparse} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(9, 5))
			compared, excused := 0, 0
			for range 12 {
				s := &sketch{}
				for range 60 {
					s.change(r, words)
				}
				if len(s.ops) == 0 {
					continue
				}
				before := partsOf(s, built(t, s.text()))
				for range 25 {
					old := s.text()
					s.change(r, words)
					if len(s.ops) == 0 {
						break
					}
					after := partsOf(s, built(t, s.text()))
					c, e := compareParts(t, before, after, old, s.text())
					compared, excused, before = compared+c, excused+e, after
				}
			}
			t.Logf("%d names compared, of which %d were wanted by what came or went", compared, excused)
			if compared < 5000 || excused*20 > compared {
				t.Errorf("%d names compared, of which %d have an excuse: the test says nothing", compared, excused)
			}
		})
	}
}

// ownerOf is what a part is named after: the schema, or the method of the operation.
func ownerOf(id string) string {
	if kind, rest, ok := strings.Cut(id, ":"); ok {
		if name, _, inner := strings.Cut(rest, "."); inner || kind == "s" {
			if name, _, _ = strings.Cut(name, " "); kind == "p" {
				return "method " + name
			}
			return kind + ":" + name
		}
		return "method " + strings.TrimSuffix(strings.TrimSuffix(rest, "true"), "false")
	}
	return strings.Replace(id, "request ", "method ", 1)
}

// compareParts reports names that changed though nothing that came or went wants them.
func compareParts(t *testing.T, before, after map[string]*part, old, now string) (compared, excused int) {
	t.Helper()
	moved := map[string]bool{} // names that what came, went or gave way wants
	var changed []string
	for id, p := range before {
		switch q := after[id]; {
		case q == nil:
			for _, w := range wants(p) {
				moved[w] = true
			}
		case !slices.Equal(p.names, q.names):
			changed = append(changed, id)
		default:
			compared++
		}
	}
	for id, p := range after {
		if before[id] == nil {
			for _, w := range wants(p) {
				moved[w] = true
			}
		}
	}
	slices.Sort(changed)
	renamed := map[string]bool{}
	for again := true; again; {
		again = false
		changed = slices.DeleteFunc(changed, func(id string) bool {
			mine := wants(before[id], after[id])
			if !renamed[ownerOf(id)] && !slices.ContainsFunc(mine, func(w string) bool { return moved[w] }) {
				return false
			}
			for _, w := range mine {
				moved[w] = true
			}
			again, excused, renamed[id] = true, excused+1, true
			return true
		})
	}
	for _, id := range changed {
		t.Errorf("%s was %v and is %v", id, before[id].names, after[id].names)
	}
	if len(changed) > 0 {
		t.Fatalf("before: %s\nafter: %s", old, now)
	}
	return compared + excused, excused
}
