package probe

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// sent is a parameter's value: a scalar, the items of a list, or names and values in turn.
type sent struct {
	values       []string
	list, object bool
}

// valueOf makes a value.
func (r *attempt) valueOf(p *openapi.Parameter) (sent, bool) {
	m := r.maker()
	if p.ContentType != "" {
		if !openapi.IsJSON(p.ContentType) {
			text, ok := m.Scalar(p.Schema)
			return sent{values: []string{text}}, ok
		}
		text, ok := m.JSON(p.Schema)
		return sent{values: []string{text}}, ok
	}
	if text, ok := m.Scalar(p.Schema); ok {
		return sent{values: []string{text}}, true
	}
	if items, ok := m.Items(p.Schema); ok {
		return sent{values: items, list: true}, true
	}
	if p.Separators.Inner != "" {
		return sent{}, false
	}
	text, ok := m.JSON(p.Schema)
	members, flat := flatObject(text)
	return sent{values: members, object: true}, ok && flat
}

// flatObject lists the names and values of an object of scalars.
func flatObject(text string) ([]string, bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var out []string
	for depth := 0; ; {
		token, err := d.Token()
		if err != nil {
			return out, depth == 0 && len(out)%2 == 0 && strings.HasPrefix(text, "{")
		}
		switch v := token.(type) {
		case json.Delim:
			if depth++; v == '}' {
				depth = 0
			} else if depth > 1 || v == '[' {
				return nil, false
			}
		case string:
			if v == "" {
				return nil, false
			}
			out = append(out, v)
		case json.Number:
			out = append(out, v.String())
		case bool:
			out = append(out, map[bool]string{true: "true", false: "false"}[v])
		default:
			return nil, false
		}
	}
}

// place writes a parameter where it belongs (OpenAPI 3.1, 4.8.12), and reports whether it could.
func (r *attempt) place(p *openapi.Parameter, v sent) bool {
	switch p.In {
	case "path":
		text, ok := v.inPath(p)
		if !ok || len(v.values) == 0 {
			return false
		}
		r.path = strings.ReplaceAll(r.path, "{"+p.Name+"}", text)
	case "query":
		pairs := v.pairs(p, url.QueryEscape)
		r.query = append(r.query, pairs...)
		return len(pairs) > 0 || v.object && p.Explode
	case "querystring":
		if !openapi.IsJSON(p.ContentType) {
			return false
		}
		r.query = append(r.query, strings.ReplaceAll(url.PathEscape(v.values[0]), "+", "%2B"))
	case "header":
		separator := between(p)
		if slices.ContainsFunc(v.values, func(s string) bool { return (v.list || v.object) && strings.Contains(s, separator) }) {
			return false
		}
		r.headers = append(r.headers, HeaderView{gosrc.Quote(p.Name), gosrc.Quote(v.joined(separator, p.Explode, func(s string) string { return s }))})
	case "cookie":
		escape := url.PathEscape
		if p.Style == "cookie" {
			escape = func(s string) string { return s }
			if slices.ContainsFunc(v.values, func(s string) bool { return url.PathEscape(s) != s || strings.Contains(s, ",") }) {
				return false
			}
		}
		pairs := v.pairs(p, escape)
		r.cookies = append(r.cookies, pairs...)
		return len(pairs) > 0 || v.object && p.Explode
	}
	return true
}

// joined is the value as one text.
func (v sent) joined(separator string, explode bool, escape func(string) string) string {
	var parts []string
	for i, s := range v.values {
		if v.object && explode && i%2 == 1 {
			parts[len(parts)-1] += "=" + escape(s)
			continue
		}
		parts = append(parts, escape(s))
	}
	return strings.Join(parts, separator)
}

// inPath is the value as a segment: each style begins with something of its own (RFC 6570, 3.2).
func (v sent) inPath(p *openapi.Parameter) (string, bool) {
	switch {
	case p.Style == "label" && p.Explode:
		dotted := slices.ContainsFunc(v.values, func(s string) bool { return strings.Contains(s, ".") })
		return "." + v.joined(".", true, url.PathEscape), !dotted || !v.list && !v.object
	case p.Style == "label":
		return "." + v.joined(",", false, url.PathEscape), true
	case p.Style == "matrix" && p.Explode && v.object:
		return ";" + v.joined(";", true, url.PathEscape), true
	case p.Style == "matrix" && p.Explode && v.list:
		text := ""
		for _, s := range v.values {
			text += ";" + p.Name + "=" + url.PathEscape(s)
		}
		return text, true
	case p.Style == "matrix":
		return ";" + p.Name + "=" + v.joined(",", false, url.PathEscape), true
	}
	separator := between(p)
	if p.Separators.Outer != 0 {
		separator = url.PathEscape(separator)
	}
	return v.joined(separator, p.Explode, url.PathEscape), true
}

// between is the separator of the items of one text.
func between(p *openapi.Parameter) string {
	if c := p.Separators.Outer; c != 0 {
		return string(rune(c))
	}
	return ","
}

// escapedTemplate is a path template in the form that a client sends: the text between the
// parameters is percent-encoded (RFC 3986, 3.3), and text that is already encoded stays as it is.
func escapedTemplate(path string) string {
	var b strings.Builder
	for path != "" {
		text, rest, found := strings.Cut(path, "{")
		for i, s := range strings.Split(text, "/") {
			if i > 0 {
				b.WriteByte('/')
			}
			if plain, err := url.PathUnescape(s); err == nil {
				s = plain
			}
			b.WriteString((&url.URL{Path: s}).EscapedPath())
		}
		if path = rest; !found {
			break
		}
		name, rest, _ := strings.Cut(rest, "}")
		b.WriteString("{" + name + "}")
		path = rest
	}
	return b.String()
}

// pairs is the value as pairs of a query, or as cookies.
func (v sent) pairs(p *openapi.Parameter, escape func(string) string) []string {
	name := escape(p.Name)
	var out []string
	switch {
	case v.object && (p.Explode || p.Style == "deepObject"):
		for i := 0; i < len(v.values); i += 2 {
			key := v.values[i]
			if p.Style == "deepObject" {
				key = p.Name + "[" + key + "]"
			}
			out = append(out, escape(key)+"="+escape(v.values[i+1]))
		}
	case v.list && (p.Explode || p.Style == "deepObject"):
		for _, s := range v.values {
			out = append(out, name+"="+escape(s))
		}
	default:
		separator := map[string]string{"spaceDelimited": "%20", "pipeDelimited": "%7C"}[p.Style]
		if separator == "" {
			separator = ","
		}
		if c := p.Separators.Outer; c != 0 {
			separator = escape(string(rune(c)))
		}
		out = append(out, name+"="+v.joined(separator, false, escape))
	}
	return out
}
