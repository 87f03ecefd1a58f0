package probe

import (
	"net/url"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// How many long texts, forms and parameters are tried of an operation.
const (
	maxTexts      = 4
	maxLongFields = 4
	maxLongParams = 4
)

// longText reports whether a string that is long is worth a request: a pattern or format looks at all of it.
func longText(s *schema.Schema) bool {
	return s != nil && s.Types&schema.TypeString != 0 && s.Enum == nil && (s.MaxLength < 0 || s.MaxLength >= longFrom) && (len(s.Patterns) > 0 || s.Format != "")
}

// stretched are texts that are repeated to make a long one: a letter, and what the schema takes.
func (r *attempt) stretched(s *schema.Schema) []string {
	list := []string{"a"}
	maker := r.maker()
	if text, ok := maker.Scalar(s); ok && text != "" && text != "a" && len(text) < 1<<10 {
		list = append(list, text)
	}
	return list
}

// text adds long texts of a string that stands between two texts.
func (w *longWriter) text(s *schema.Schema, open, shut string) {
	if !longText(s) {
		return
	}
	for _, item := range w.stretched(s) {
		inner := nameText(item)
		if len(w.texts) < maxTexts {
			w.texts = append(w.texts, joined(open+`"`, inner[1:len(inner)-1], `"`+shut))
		}
	}
}

// joined is a long text of items with nothing between them.
func joined(open, item, shut string) longBody {
	return longBody{open: open, item: item, shut: shut, joined: true}
}

// counted is the part of an item that is another number each time.
const counted = "{n}"

// longForm makes long forms in a URL's encoding: lists, names of any kind, texts, and JSON.
func (r *attempt) longForm(m *openapi.Media) []longBody {
	if m.Schema == nil {
		return nil
	}
	var out []longBody
	add := func(l longBody) {
		if len(out) < maxLongFields {
			out = append(out, l)
		}
	}
	if m.Schema.Extra == schema.ExtraTyped || m.Schema.Extra == schema.ExtraAny {
		add(joined("", counted+"=a&", "z=a"))
	}
	fields, ok := r.fields(m, r.maker())
	if !ok {
		fields = nil
	}
	for i := range m.Schema.Properties {
		p := &m.Schema.Properties[i]
		if len(out) >= maxLongFields {
			break
		}
		if p.Schema == nil || p.Schema.ReadOnly || p.Schema.Types&(schema.TypeArray|schema.TypeObject) == 0 && !longText(p.Schema) {
			continue
		}
		name := url.QueryEscape(p.Name)
		rest := otherFields(fields, p.Name)
		switch {
		case p.Schema.Types&schema.TypeArray != 0:
			maker := r.maker()
			if value, ok := maker.JSON(p.Schema); ok {
				if values, ok := fieldValues(m, p, maker, value); ok && len(values) > 0 {
					add(joined(rest, name+"="+url.QueryEscape(values[0])+"&", name+"="+url.QueryEscape(values[0])))
				}
			}
		case longText(p.Schema):
			for _, item := range r.stretched(p.Schema) {
				add(joined(rest+name+"=", url.QueryEscape(item), ""))
			}
		case p.Schema.Types&schema.TypeObject != 0:
			w := longWriter{attempt: r, barren: map[*schema.Schema]int{}}
			w.value(p.Schema, "", "", 1)
			for _, v := range append(w.found, w.texts...) {
				add(v.escaped(rest + name + "="))
			}
		}
	}
	return out
}

// escaped is l as JSON in a form, behind a text.
func (l longBody) escaped(before string) longBody {
	item, separator := url.QueryEscape(l.item), url.QueryEscape(",")
	open, shut := before+url.QueryEscape(l.open), url.QueryEscape(l.shut)
	switch {
	case l.joined:
		return joined(open, item, shut)
	case l.named:
		item = url.QueryEscape(`"`) + counted + url.QueryEscape(`":`) + item
	}
	return joined(open+strings.ReplaceAll(item, counted, "z"), separator+item, shut)
}

// otherFields are the pairs of a form beside those of a property.
func otherFields(fields []formField, but string) string {
	var b strings.Builder
	for _, f := range fields {
		if f.name == but {
			continue
		}
		for _, v := range f.values {
			b.WriteString(url.QueryEscape(f.name) + "=" + url.QueryEscape(v) + "&")
		}
	}
	return b.String()
}

// longParts makes long forms of parts (RFC 7578): many parts, long texts, and line ends, with which a boundary begins.
func (r *attempt) longParts(m *openapi.Media) []longBody {
	if m.Schema == nil {
		return nil
	}
	const end = "--" + boundary + "--\r\n"
	head := func(f formField) string {
		b := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + f.name + "\""
		if f.file {
			b += "; filename=\"a\""
		}
		return b + f.header + "\r\n\r\n"
	}
	fields, ok := r.fields(m, r.maker())
	if !ok {
		return nil
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	for i := range m.Schema.Properties { // those that are not needed
		p := &m.Schema.Properties[i]
		if len(fields)-len(names) >= maxLongFields {
			break
		}
		if p.Schema == nil || p.Schema.ReadOnly || slices.Contains(names, p.Name) || strings.ContainsAny(p.Name, "\"\r\n") {
			continue
		}
		if f := (formField{name: p.Name, file: openapi.IsFile(p.Schema), values: []string{"a"}}); f.described(m, r.maker(), "a") {
			fields = append(fields, f)
		}
	}
	var out []longBody
	for i, f := range fields {
		p := m.Schema.Property(f.name)
		if p == nil || len(out) >= maxLongFields {
			continue
		}
		if p.Schema.Types&(schema.TypeArray|schema.TypeObject) == 0 && !f.file && !longText(p.Schema) {
			continue
		}
		rest := ""
		for k, other := range fields {
			if k != i && k < len(names) {
				for _, v := range other.values {
					rest += head(other) + v + "\r\n"
				}
			}
		}
		var views []longBody
		if p.Schema.Types&schema.TypeArray != 0 && len(f.values) > 0 {
			part := head(f) + f.values[0] + "\r\n"
			views = append(views, joined(rest+part, part, end))
		}
		if f.file || longText(p.Schema) {
			views = append(views, joined(rest+head(f), "\r\n--", "\r\n"+end), joined(rest+head(f), "a", "\r\n"+end))
		}
		if !f.file && p.Schema.Types&schema.TypeObject != 0 {
			w := longWriter{attempt: r, barren: map[*schema.Schema]int{}}
			w.value(p.Schema, rest+head(f), "\r\n"+end, 1)
			views = append(views, w.found...)
		}
		for _, v := range views {
			if len(out) < maxLongFields {
				out = append(out, v)
			}
		}
	}
	return out
}

// longParams makes requests with a long query, header field or cookie: lists, names of any kind, and texts.
func (m *Maker) longParams(src *openapi.Operation, made *attempt) []LongView {
	var out []LongView
	for _, p := range src.Parameters {
		if len(out) >= maxLongParams {
			break
		}
		if p.Schema == nil || p.In != "query" && p.In != "header" && p.In != "cookie" || p.Style == "cookie" {
			continue
		}
		as := m.AsRead(p)
		v, ok := made.valueOf(as)
		if !ok || len(v.values) == 0 {
			continue
		}
		name := url.QueryEscape(p.Name)
		before, between := name+"=", ""
		if p.In == "header" {
			before = ""
		}
		first := v.values[0]
		if p.In != "header" {
			first = url.QueryEscape(first)
		}
		var items []string
		switch {
		case v.object && (p.Style == "deepObject" || p.Explode) && p.In == "query":
			key := counted
			if p.Style == "deepObject" {
				key = name + "%5B" + counted + "%5D"
			}
			before, items = "", []string{key + "=a&"}
		case v.list && p.Explode && p.In != "header":
			before, between = "", map[string]string{"query": "&", "cookie": "; "}[p.In]
			items = []string{name + "=" + first + between}
		case v.list && p.Separators.Outer == 0 && p.Separators.Inner == "":
			items = []string{first + map[string]string{"spaceDelimited": "%20", "pipeDelimited": "%7C"}[p.Style] + map[string]string{"form": ",", "simple": ","}[p.Style]}
		case longText(p.Schema) || p.ContentType != "" && openapi.IsJSON(p.ContentType):
			items = []string{"a", first}
		}
		if len(items) == 0 {
			continue
		}
		without := m.requestWithout(src, made.rules, p)
		for _, item := range items {
			view := joined(before, item, "").view("")
			view.In, view.Name = gosrc.Quote(p.In), gosrc.Quote(p.Name)
			view.Target, view.Headers, view.IsParam = gosrc.Quote(without.target()), without.headers, true
			if len(out) < maxLongParams {
				out = append(out, view)
			}
		}
	}
	return out
}
