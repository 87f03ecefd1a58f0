package openapi

import (
	"net/url"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// route is the part of a path that a request's path can be: a document that describes variants of
// one operation tells them apart behind "?" or "#".
func route(path string) string {
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		return path[:i]
	}
	return path
}

// variantQuery requires of an operation what its path says of the query: each pair is a
// required parameter, with the value that is written. Behind "#" stands a name for people.
func (r *reader) variantQuery(op *Operation, path load.Member) {
	_, query, found := strings.Cut(path.Key, "?")
	if query, _, _ = strings.Cut(query, "#"); !found || strings.Contains(route(path.Key), "#") {
		return
	}
	for _, pair := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if name == "" || err != nil {
			op.Unsupported.Errorf(path.Pos, rules.Path, "the path %q has a query that is no list of name=value", path.Key)
			return
		}
		i := slices.IndexFunc(op.Parameters, func(p *Parameter) bool { return p.In == "query" && p.Name == name })
		if template := strings.HasPrefix(value, "{") && strings.HasSuffix(value, "}"); template {
			if i < 0 {
				op.Unsupported.Errorf(path.Pos, rules.Path, "the path %q has the query parameter %q, which the operation does not declare", path.Key, name)
				return
			}
			required := *op.Parameters[i]
			required.Required, op.Parameters[i] = true, &required
			continue
		}
		if value, err = url.QueryUnescape(value); err != nil {
			op.Unsupported.Errorf(path.Pos, rules.Path, "the path %q has a query that is no list of name=value", path.Key)
			return
		}
		s := schema.Any()
		s.Types, s.Pos = schema.TypeString, path.Pos
		s.Enum = []*load.Node{{Kind: load.String, Text: value, Pos: path.Pos}}
		p := &Parameter{Pos: path.Pos, Name: name, In: "query", Required: true, Style: "form", Explode: true, Schema: s}
		if i < 0 {
			op.Parameters = append(op.Parameters, p)
			continue
		}
		if have := op.Parameters[i].Schema; have != nil && !have.Allows(s.Enum[0]) && have.Types&schema.TypeString != 0 {
			op.Unsupported.Errorf(path.Pos, rules.Path, "the path %q has the query parameter %q with a value that its schema refuses", path.Key, name)
			return
		}
		p.Node, p.Description = op.Parameters[i].Node, op.Parameters[i].Description
		op.Parameters[i] = p
	}
}
