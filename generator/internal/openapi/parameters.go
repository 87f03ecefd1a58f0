package openapi

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// parameters reads the list of a path item, then that of the operation: what has the
// same name and place replaces the path item's. Names of headers have no case.
func (r *reader) parameters(op *Operation, holder *load.Node) {
	inherited := len(op.Parameters)
	for _, item := range r.list(op, holder, "parameters") {
		n := r.resolved(op, item, "a parameter")
		if n == nil {
			continue
		}
		p := r.parameter(op, n)
		if p == nil {
			continue
		}
		i := slices.IndexFunc(op.Parameters, func(q *Parameter) bool {
			return q.In == p.In && (q.Name == p.Name || p.In == "header" && strings.EqualFold(q.Name, p.Name))
		})
		switch {
		case i < 0:
			op.Parameters = append(op.Parameters, p)
		case i < inherited && !op.Parameters[i].own:
			p.own = true
			op.Parameters[i] = p
		case alike(op.Parameters[i].Node, p.Node):
			first := op.Parameters[i]
			r.diags.Warnf(item.Pos, rules.DuplicateParameter, "the %s parameter %q stands in this list already, at %v, with the same values; it is required if one of them is", p.In, p.Name, first.Pos)
			first.Required = first.Required || p.Required
		default:
			op.Unsupported.Errorf(item.Pos, rules.DuplicateParameter, "the %s parameter %q stands in this list already, at %v", p.In, p.Name, op.Parameters[i].Pos)
		}
	}
}

// notes are the members of a parameter and of its schema that say nothing of its values, or
// are compared elsewhere.
var notes = []string{"name", "required", "description", "title", "example", "examples"}

// alike reports whether two parameters of one name and place have the same values.
func alike(a, b *load.Node) bool {
	return load.Equal(a, b, func(key string, x, y *load.Node) bool {
		return slices.Contains(notes, key) || key == "schema" && load.Equal(x, y, func(key string, _, _ *load.Node) bool {
			return key != "required" && slices.Contains(notes, key)
		})
	})
}

// defaultStyles are the styles of the places (3.0.3, Parameter Object).
var defaultStyles = map[string]string{"path": "simple", "header": "simple", "query": "form", "cookie": "form"}

// styles are the styles that each place has.
var styles = map[string][]string{
	"path": {"simple", "label", "matrix"}, "header": {"simple"}, "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"}, "cookie": {"form"},
}

// stylesOf are the styles of a place in the document's version of OpenAPI.
func (r *reader) stylesOf(in string) []string {
	if in == "cookie" && r.doc.Version == "3.2" {
		return []string{"form", "cookie"}
	}
	return styles[in]
}

// querystring checks a parameter that is the whole query (OpenAPI 3.2, Parameter Object).
func (r *reader) querystring(op *Operation, n *load.Node, p *Parameter, content []load.Member) {
	if len(content) != 1 || n.Get("schema") != nil || n.Get("style") != nil || n.Get("explode") != nil {
		op.Unsupported.Errorf(n.Pos, rules.Parameter, "a parameter in querystring has content of one media type, and neither a schema nor a style")
		return
	}
	if media := r.resolved(op, content[0].Value, "a media type"); media != nil {
		for _, e := range r.object(op, media, "encoding") {
			p.Encoding = append(p.Encoding, r.encoding(op, e))
		}
	}
}

// oneQuery refuses other parameters of the query beside one that is the whole query.
func (r *reader) oneQuery(op *Operation) {
	for _, p := range op.Parameters {
		if p.In != "querystring" {
			continue
		}
		for _, q := range op.Parameters {
			if q != p && (q.In == "query" || q.In == "querystring") {
				op.Unsupported.Errorf(q.Pos, rules.Parameter, "the parameter %q at %v is the whole query: there are no others beside it (OpenAPI 3.2, Parameter Object)", p.Name, p.Pos)
			}
		}
	}
}

func (r *reader) parameter(op *Operation, n *load.Node) *Parameter {
	p := &Parameter{
		Node: n, Pos: n.Pos, Name: n.StrOr("name"), In: n.StrOr("in"), Required: r.flag(op, n, "required", false),
		Deprecated: n.Get("deprecated").IsTrue(), Description: n.StrOr("description"), Style: n.StrOr("style"),
		Separators:    r.doc.Separators(n),
		AllowReserved: n.Get("allowReserved").IsTrue(), AllowEmptyValue: n.Get("allowEmptyValue").IsTrue(),
	}
	style, known := defaultStyles[p.In]
	known = known || p.In == "querystring" && r.doc.Version == "3.2"
	if !known || p.Name == "" {
		op.Unsupported.Errorf(n.Pos, rules.Parameter, "a parameter needs a name and a place: path, query, header or cookie")
		return nil
	}
	for _, m := range n.Members {
		r.unknownOfParameter(op, m)
	}
	if p.In == "header" {
		switch strings.ToLower(p.Name) {
		case "accept", "content-type", "authorization":
			r.diags.Warnf(n.Pos, rules.ReservedHeader, "the header %s is not a parameter (OpenAPI, Parameter Object): its schema is not checked; content and security describe it", p.Name)
			r.unread(op, "the header "+p.Name+", which is no parameter", false, n)
			return nil
		}
	}
	if p.Style == "" {
		p.Style = style
	} else if have := r.stylesOf(p.In); !slices.Contains(have, p.Style) {
		r.diags.Warnf(n.PosOf("style"), rules.Parameter, "OpenAPI has no style %q for %s parameters; it has: %s", p.Style, p.In, strings.Join(have, ", "))
	}
	p.Explode = r.flag(op, n, "explode", p.Style == "form" || p.Style == "cookie")
	if p.In == "path" {
		p.Required = true
	}
	if s := n.Get("schema"); s != nil {
		p.Schema = r.schemas.Read(s)
	}
	content := r.object(op, n, "content")
	if p.In == "querystring" {
		r.querystring(op, n, p, content)
	}
	switch {
	case len(content) > 1, len(content) == 1 && p.Schema != nil:
		op.Unsupported.Errorf(n.PosOf("content"), rules.Parameter, "a parameter has a schema or one content type, not both and not several")
	case len(content) == 1:
		p.ContentType = mediaType(content[0].Key)
		if media := r.resolved(op, content[0].Value, "a media type"); media != nil && media.Get("schema") != nil {
			p.Schema = r.schemas.Read(media.Get("schema"))
		}
	case p.Schema == nil:
		r.diags.Warnf(n.Pos, rules.Parameter, "the %s parameter %q has no schema: any text is let through", p.In, p.Name)
	}
	return p
}

// unknownOfParameter refuses the keywords that Swagger 2.0 has beside a parameter's
// name: whoever wrote them wants them checked.
func (r *reader) unknownOfParameter(op *Operation, m load.Member) {
	switch m.Key {
	case "type", "format", "items", "enum", "default", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
		"minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "collectionFormat":
		op.Unsupported.Add(diag.Diagnostic{
			Pos: m.Pos, Rule: rules.UnknownMember, Message: m.Key + " beside a parameter's name is of Swagger 2.0, and is not checked",
			Advice: "write it below schema",
		})
	default:
		r.unknown(op, m, "a parameter", "name", "in", "description", "required", "deprecated", "allowEmptyValue", "style", "explode", "allowReserved",
			"schema", "example", "examples", "content")
	}
}
