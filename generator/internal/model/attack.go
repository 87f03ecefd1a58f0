package model

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/sample"
)

// Attack is the request of the generated security test for one operation.
type Attack struct {
	Target      gosrc.Literal
	Headers     []HeaderView
	ContentType gosrc.Literal
	Body        gosrc.Literal
	HasBody     bool
	Complete    gosrc.Literal
	Owners      gosrc.Literal
	HasOwners   bool
}

// HeaderView is one header field of such a request.
type HeaderView struct{ Name, Value gosrc.Literal }

// attack makes the request. What it cannot make is left out, and the test says so.
func (b *builder) attack(op *Operation) {
	src := op.source
	made := attempt{path: src.Path, values: map[string]string{}, complete: true}
	for _, p := range src.Parameters {
		made.parameter(p)
	}
	made.body(src.Body)
	target := made.path
	if len(made.query) > 0 {
		target += "?" + strings.Join(made.query, "&")
	}
	if len(made.cookies) > 0 {
		made.headers = append(made.headers, HeaderView{gosrc.Quote("Cookie"), gosrc.Quote(strings.Join(made.cookies, "; "))})
	}
	view := &Attack{
		Target: gosrc.Quote(target), Headers: made.headers, Complete: gosrc.Bool(made.complete),
		HasBody: made.text != "", ContentType: gosrc.Quote(made.kind), Body: gosrc.Quote(made.text),
	}
	if pol := b.in.Policies.Operations[src.Node]; pol != nil && len(pol.Owners) > 0 {
		view.Owners, view.HasOwners = gosrc.Strings(made.owners(pol.Owners)), true
	}
	op.Attack = view
}

// attempt is a request in the making.
type attempt struct {
	path           string
	query, cookies []string
	headers        []HeaderView
	kind, text     string
	values         map[string]string // by place and name
	complete       bool
}

// parameter adds a required parameter, and one in the path anyhow.
func (r *attempt) parameter(p *openapi.Parameter) {
	if !p.Required && p.In != "path" {
		return
	}
	value, ok := "", false
	if p.ContentType != "" {
		value, ok = sample.JSON(p.Schema)
	} else {
		value, ok = sample.Text(p.Schema)
	}
	if !ok {
		r.complete = false
		value = "a"
	}
	r.values[p.In+" "+p.Name] = value
	switch p.In {
	case "path":
		switch p.Style { // each begins with something of its own (RFC 6570, 3.2)
		case "label":
			value = "." + url.PathEscape(value)
		case "matrix":
			value = ";" + p.Name + "=" + url.PathEscape(value)
		default:
			value = url.PathEscape(value)
		}
		r.path = strings.ReplaceAll(r.path, "{"+p.Name+"}", value)
	case "query":
		r.query = append(r.query, url.QueryEscape(p.Name)+"="+url.QueryEscape(value))
	case "header":
		r.headers = append(r.headers, HeaderView{gosrc.Quote(p.Name), gosrc.Quote(value)})
	case "cookie":
		r.cookies = append(r.cookies, p.Name+"="+url.PathEscape(value))
	}
}

// body adds the first body that can be made.
func (r *attempt) body(body *openapi.Body) {
	if body == nil {
		return
	}
	for _, m := range body.Content {
		switch m.Kind {
		case openapi.MediaJSON:
			r.text, _ = sample.JSON(m.Schema)
		case openapi.MediaSequence:
			if r.text, _ = sample.JSON(m.Items); strings.HasSuffix(m.Type, "json-seq") {
				r.text = "" // its separators are no text
			}
		case openapi.MediaText, openapi.MediaBinary:
			r.text = "a"
		}
		if strings.Contains(m.Type, "*") {
			r.text = ""
		}
		if r.text != "" {
			r.kind = m.Type
			return
		}
	}
	r.complete = r.complete && !body.Required
}

// owners are the values of the rules, groups not counted.
func (r *attempt) owners(list []policy.Owner) []string {
	var out []string
	for _, o := range list {
		if len(o.Any)+len(o.All) > 0 {
			out = append(append(out, r.owners(o.Any)...), r.owners(o.All)...)
			continue
		}
		out = append(out, r.owner(o))
	}
	return out
}

// owner is the value that an owner rule will compare, or "".
func (r *attempt) owner(o policy.Owner) string {
	if o.In != "body" {
		if !r.complete {
			return ""
		}
		return r.values[o.In+" "+o.Name]
	}
	var v any
	d := json.NewDecoder(strings.NewReader(r.text))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return ""
	}
	for step := range strings.SplitSeq(strings.TrimPrefix(o.Name, "/"), "/") {
		object, _ := v.(map[string]any)
		v = object[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]
	}
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}
