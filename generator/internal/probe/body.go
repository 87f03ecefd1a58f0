package probe

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/sample"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// boundary separates the parts of a multipart body.
const boundary = "bailey-attack"

// body adds the first body that can be made.
func (r *attempt) body(body *openapi.Body) {
	if body == nil {
		return
	}
	for _, m := range body.Content {
		if strings.Contains(m.Type, "*") {
			continue
		}
		text, guards := r.bodyOf(m, nil)
		if text == "" {
			continue
		}
		r.text, r.guards, r.kind = text, guards, m.Name
		if m.Kind == openapi.MediaMultipart {
			r.kind += "; boundary=" + boundary
		}
		r.guardedBodies(m)
		return
	}
	r.complete = r.complete && !body.Required
}

// bodyOf makes a body with the members that are required, those that owner rules compare,
// and more; guards are those of all of them.
func (r *attempt) bodyOf(m *openapi.Media, more []*schema.Property) (text string, guards []int) {
	maker := r.maker()
	wanted, texts := r.compared(m.Schema)
	wanted = append(wanted, more...)
	maker.Force = func(p *schema.Property) bool { return slices.ContainsFunc(wanted, same(p)) }
	maker.Text = func(p *schema.Property) (string, bool) {
		for of, text := range texts {
			if same(p)(of) {
				return text, true
			}
		}
		return "", false
	}
	maker.Member = func(p *schema.Property) { guards = r.m.addGuards(p, guards) }
	switch m.Kind {
	case openapi.MediaJSON:
		text, _ = maker.JSON(m.Schema)
	case openapi.MediaSequence:
		if text, _ = maker.JSON(m.Items); strings.HasSuffix(m.Type, "json-seq") {
			text = "" // its separators are no text
		}
	case openapi.MediaForm:
		text = r.form(m, maker)
	case openapi.MediaMultipart:
		text = r.multipart(m, maker)
	case openapi.MediaText:
		if text = "a"; m.Schema != nil {
			text, _ = maker.Scalar(m.Schema)
		}
	case openapi.MediaBinary:
		text = "a"
	}
	return text, guards
}

// same reports whether a property is the one that was met before: merging makes copies.
func same(p *schema.Property) func(*schema.Property) bool {
	return func(q *schema.Property) bool { return p.Name == q.Name && p.Pos == q.Pos }
}

// compared are the members that owner rules compare, those around them, and those that templates
// want them to be.
func (r *attempt) compared(s *schema.Schema) (members []*schema.Property, texts map[*schema.Property]string) {
	texts = map[*schema.Property]string{}
	for _, o := range r.rules {
		if o.In != "body" {
			continue
		}
		at := s
		var p *schema.Property
		for _, step := range steps(o.Name) {
			if at == nil {
				break
			}
			if at.Same != nil {
				at = at.Same
			}
			if p = at.Property(step); p == nil {
				break
			}
			members, at = append(members, p), p.Schema
		}
		if p == nil || at == nil {
			continue
		}
		if text, ok, _ := wish(r.rules, o.In, o.Name, at); ok {
			texts[p] = text
		}
	}
	return members, texts
}

// maxGuarded bounds the bodies with a guarded member that are tried.
const maxGuarded = 32

// anyWriters reports whether the document restricts the callers that may set any member.
func (m *Maker) anyWriters() bool {
	for _, pol := range m.Policies.Schemas {
		if pol.Writers != nil {
			return true
		}
	}
	return false
}

// guardedBodies makes a body with each member that only some callers may set.
func (r *attempt) guardedBodies(m *openapi.Media) {
	if !r.m.anyWriters() {
		return
	}
	var walk func(s *schema.Schema, around []*schema.Property, pointer string)
	walk = func(s *schema.Schema, around []*schema.Property, pointer string) {
		if s == nil || len(around) > 4 || len(r.guarded) >= maxGuarded {
			return
		}
		if s.Same != nil {
			s = s.Same
		}
		for i := range s.Properties {
			p := &s.Properties[i]
			r.m.Cost.Spend(cost.Attack, 1, p.Pos)
			if p.Schema.ReadOnly || p.Schema.Never {
				continue
			}
			path := append(slices.Clone(around), p)
			at := pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(p.Name)
			if own := r.m.addGuards(p, nil); len(own) > 0 && !r.always(own) {
				if text, guards := r.bodyOf(m, path); text != "" && subset(own, guards) {
					r.guarded = append(r.guarded, GuardedView{Body: gosrc.Quote(text), Member: gosrc.Quote(at), Writers: own})
				}
			}
			walk(p.Schema, path, at)
		}
	}
	walk(m.Schema, nil, "")
}

// always reports whether callers need these guards for any body.
func (r *attempt) always(guards []int) bool { return subset(guards, r.guards) }

func subset(some, all []int) bool {
	return !slices.ContainsFunc(some, func(g int) bool { return !slices.Contains(all, g) })
}

// form makes a form in a URL's encoding.
func (r *attempt) form(m *openapi.Media, maker sample.Maker) string {
	fields, ok := r.fields(m, maker)
	if !ok {
		return ""
	}
	var pairs []string
	for _, f := range fields {
		for _, v := range f.values {
			pairs = append(pairs, url.QueryEscape(f.name)+"="+url.QueryEscape(v))
		}
	}
	return strings.Join(pairs, "&")
}

// multipart makes a form of parts (RFC 7578).
func (r *attempt) multipart(m *openapi.Media, maker sample.Maker) string {
	fields, ok := r.fields(m, maker)
	if !ok || len(fields) == 0 {
		return ""
	}
	var b strings.Builder
	for _, f := range fields {
		for _, v := range f.values {
			b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + f.name + "\"")
			if f.file {
				b.WriteString("; filename=\"a\"")
			}
			b.WriteString(f.header + "\r\n\r\n" + v + "\r\n")
		}
	}
	b.WriteString("--" + boundary + "--\r\n")
	return b.String()
}

type formField struct {
	name   string
	values []string
	file   bool
	header string // more of a part's
}

// described follows the encoding of a field: its media type, its headers, and its JSON.
func (f *formField) described(m *openapi.Media, maker sample.Maker, text string) bool {
	kind := ""
	if p := m.Schema.Property(f.name); p != nil && f.file && p.Schema.ContentMediaType != "" {
		kind = p.Schema.ContentMediaType
	}
	for _, e := range m.Encoding {
		if e.Property != f.name {
			continue
		}
		if list := openapi.MediaTypes(e.ContentType); e.ContentType != "" {
			kind = strings.ReplaceAll(list[0], "*", "x")
			if openapi.IsJSON(kind) && !f.file {
				f.values = []string{text}
			}
		}
		for _, h := range e.Headers {
			if !h.Required || strings.EqualFold(h.Name, "Content-Type") {
				continue
			}
			value, ok := maker.Scalar(h.Schema)
			if !ok {
				return false
			}
			f.header += "\r\n" + h.Name + ": " + value
		}
	}
	if kind != "" {
		f.header += "\r\nContent-Type: " + kind
	}
	return !strings.ContainsAny(kind, "\r\n")
}

// fields makes the fields of a form.
func (r *attempt) fields(m *openapi.Media, maker sample.Maker) ([]formField, bool) {
	names, values, ok := maker.Members(m.Schema)
	if !ok {
		return nil, false
	}
	var out []formField
	for i, name := range names {
		f := formField{name: name, values: []string{values[i]}}
		if strings.ContainsAny(name, "\"\r\n") {
			return nil, false
		}
		p := m.Schema.Property(name)
		switch {
		case p == nil: // anything
			f.values = []string{"a"}
		case m.Kind == openapi.MediaMultipart && openapi.IsFile(p.Schema):
			f.file, f.values = true, []string{"a"}
		case m.Kind == openapi.MediaMultipart && p.Schema.Types == schema.TypeArray && p.Schema.Items != nil && openapi.IsFile(p.Schema.Items):
			f.file, f.values = true, slices.Repeat([]string{"a"}, int(max(1, min(p.Schema.MinItems, 10))))
		default:
			if f.values, ok = fieldValues(m, p, maker, values[i]); !ok {
				return nil, false
			}
		}
		if f.file && p.Schema.MinLength > 1 && p.Schema.MinLength <= 1000 {
			f.values = []string{strings.Repeat("a", int(p.Schema.MinLength))}
		}
		if !f.described(m, maker, values[i]) {
			return nil, false
		}
		if len(f.values) == 1 && !f.file {
			r.values["body /"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name)] = f.values[0]
		}
		out = append(out, f)
	}
	return out, true
}

// fieldValues is the text of a field, or of each item of a list.
func fieldValues(m *openapi.Media, p *schema.Property, maker sample.Maker, value string) ([]string, bool) {
	if maker.Text == nil { // no owner rule compares it
	} else if text, ok := maker.Text(p); ok {
		return []string{text}, true
	}
	if text, ok := maker.Scalar(p.Schema); ok {
		return []string{text}, true
	}
	items, ok := maker.Items(p.Schema)
	if !ok {
		return jsonValues(m, p, value)
	}
	for _, e := range m.Encoding {
		if c := e.Separators.Outer; e.Property == p.Name && c != 0 {
			return []string{strings.Join(items, string(rune(c)))}, true
		}
		if separator, ok := map[string]string{"": ",", "form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}[e.Style]; e.Property == p.Name && !e.Explode && ok {
			return []string{strings.Join(items, separator)}, true
		}
	}
	return items, true
}

// jsonValues is the JSON in a field, or each item of a list of such.
func jsonValues(m *openapi.Media, p *schema.Property, value string) ([]string, bool) {
	for _, e := range m.Encoding {
		if e.Property == p.Name && (e.Styled || e.ContentType != "") {
			return []string{value}, !e.Styled && openapi.IsJSON(e.ContentType)
		}
	}
	if value[0] != '[' {
		return []string{value}, value[0] == '{'
	}
	var items []json.RawMessage
	if json.Unmarshal([]byte(value), &items) != nil {
		return nil, false
	}
	out := make([]string, len(items))
	for i, item := range items {
		if out[i] = string(item); item[0] != '{' && item[0] != '[' {
			return nil, false
		}
	}
	return out, len(out) > 0
}
