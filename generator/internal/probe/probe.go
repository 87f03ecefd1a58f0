// Package probe makes the requests of the generated security test: for each operation one that its
// schemas accept, and others that they refuse.
package probe

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/callers"
	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/sample"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Maker makes the probes of a document's operations.
type Maker struct {
	Policies *policy.Set
	Schemas  *schema.Reader
	Cost     *cost.Budget // the document's
	// Callers numbers the callers that may set guarded members.
	Callers *callers.Table
	// AsRead is a parameter as generated code takes it.
	AsRead func(*openapi.Parameter) *openapi.Parameter
}

// Probe is the request of the generated security test for one operation.
type Probe struct {
	Target      gosrc.Literal
	Headers     []HeaderView
	ContentType gosrc.Literal
	Body        gosrc.Literal
	HasBody     bool
	Complete    gosrc.Literal
	Owners      gosrc.Literal
	HasOwners   bool
	// Writers are the guards of the members of Body, Guarded bodies with one guarded member more.
	Writers []int
	Guarded []GuardedView
	// Wrong are requests that the schemas refuse.
	Wrong []WrongView
	// Long are bodies of many small items, and other requests of one long text.
	Long []LongView
	// OpenQuery is set when a parameter takes members of any name from the query.
	OpenQuery bool
}

// HeaderView is one header field of such a request.
type HeaderView struct{ Name, Value gosrc.Literal }

// GuardedView is a body with a member that only some callers may set.
type GuardedView struct {
	Body    gosrc.Literal
	Member  gosrc.Literal // its pointer, or a field's name
	Writers []int         // of the member
}

// Probe makes the request for an operation. Requests that it cannot make are left out, and the test says so.
func (m *Maker) Probe(src *openapi.Operation) *Probe {
	var rules []policy.Owner
	if pol := m.Policies.Operations[src.Node]; pol != nil {
		rules = flatOwners(pol.Owners)
	}
	made := m.requestOf(src, rules, nil)
	view := &Probe{
		Target: gosrc.Quote(made.target()), Headers: made.headers, Complete: gosrc.Bool(made.complete),
		HasBody: made.text != "", ContentType: gosrc.Quote(made.kind), Body: gosrc.Quote(made.text),
		Writers: made.guards, Guarded: made.guarded,
	}
	if len(made.rules) > 0 {
		values := make([]string, len(made.rules))
		for i, o := range made.rules {
			values[i] = made.owner(o)
		}
		view.Owners, view.HasOwners = gosrc.Strings(values), true
	}
	view.Wrong, view.OpenQuery = m.wrongs(made, view, src), src.OpenQuery()
	view.Long = append(made.longs(src.Body, made.kind), m.longParams(src, made)...)
	return view
}

// target is the path and query of the request.
func (r *attempt) target() string {
	if len(r.query) == 0 {
		return r.path
	}
	return r.path + "?" + strings.Join(r.query, "&")
}

// flatOwners lists rules, groups not counted.
func flatOwners(list []policy.Owner) []policy.Owner {
	var out []policy.Owner
	for _, o := range list {
		if len(o.Any)+len(o.All) > 0 {
			out = append(append(out, flatOwners(o.Any)...), flatOwners(o.All)...)
			continue
		}
		out = append(out, o)
	}
	return out
}

// attempt is a request in the making.
type attempt struct {
	m              *Maker
	rules          []policy.Owner
	path           string
	query, cookies []string
	headers        []HeaderView
	kind, text     string
	values         map[string]string // by place and name
	complete       bool
	wrong          *openapi.Parameter // has a value that its schema refuses
	without        *openapi.Parameter // is left out
	guards         []int
	guarded        []GuardedView
}

func (r *attempt) maker() sample.Maker {
	return sample.Maker{Merge: r.m.Schemas.Merge, Cost: r.m.Cost}
}

// wish is the value that an owner rule would accept: of a template there is no
// other way to find one.
func wish(rules []policy.Owner, in, name string, s *schema.Schema) (text string, wished, ruled bool) {
	for _, o := range rules {
		if o.In != in || o.Name != name {
			continue
		}
		ruled = true
		if o.Template == "" {
			continue
		}
		text = o.Template
		for i := 0; strings.Contains(text, "{"); i++ {
			before, behind, _ := strings.Cut(text, "{")
			_, behind, _ = strings.Cut(behind, "}")
			text = before + "owner" + strings.Repeat("s", i) + behind
		}
		if sample.Accepts(s, text) {
			return text, true, true
		}
	}
	return "", false, ruled
}

// parameter adds a required parameter, one in the path anyhow, and one that an owner rule compares.
func (r *attempt) parameter(p *openapi.Parameter) {
	r.m.Cost.Spend(cost.Attack, 1+len(r.rules), p.Pos)
	wished, ok, ruled := wish(r.rules, p.In, p.Name, p.Schema)
	needed := p.Required || p.In == "path"
	if !needed && !ruled {
		return
	}
	if p == r.without {
		return
	}
	if p == r.wrong {
		r.place(p, sent{values: []string{notScalar}})
		return
	}
	p = r.m.AsRead(p)
	v := sent{values: []string{wished}}
	if !ok {
		v, ok = r.valueOf(p)
	}
	if ok && r.place(p, v) {
		if len(v.values) == 1 {
			r.values[p.In+" "+p.Name] = v.values[0]
		}
		return
	}
	if needed {
		r.complete = false
		r.place(p, sent{values: []string{"a"}})
	}
}

// owner is the value that an owner rule will compare, or "".
func (r *attempt) owner(o policy.Owner) string {
	if o.In != "body" {
		if !r.complete {
			return ""
		}
		return r.values[o.In+" "+o.Name]
	}
	if value, ok := r.values["body "+o.Name]; ok {
		return value
	}
	var v any
	d := json.NewDecoder(strings.NewReader(r.text))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return ""
	}
	for _, step := range steps(o.Name) {
		object, _ := v.(map[string]any)
		v = object[step]
	}
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// steps are those of a JSON pointer (RFC 6901).
func steps(pointer string) []string {
	out := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i := range out {
		out[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(out[i])
	}
	return out
}

// addGuards adds the guards of a member to a list.
func (m *Maker) addGuards(p *schema.Property, list []int) []int {
	for _, g := range m.Callers.Guards(p) {
		if !slices.Contains(list, g) {
			list = append(list, g)
		}
	}
	return list
}
