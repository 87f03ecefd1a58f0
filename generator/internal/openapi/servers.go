package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// servers warns of addresses that the routes do not have.
func (r *reader) servers(n *load.Node, where string) {
	list := n.Get("servers")
	if list == nil || list.Kind != load.Array {
		return
	}
	for _, s := range list.Items {
		r.variables(s)
	}
	for _, s := range list.Items {
		u := s.Get("url")
		text, _ := u.Str()
		if where != "" {
			r.diags.Warnf(list.Pos, rules.Servers, "%s has servers of its own; bailey serves it beside all other operations", where)
			return
		}
		if path := pathOf(text); path != "" {
			r.diags.Add(diag.Diagnostic{
				Pos: u.Pos, Severity: diag.Warning, Rule: rules.Servers, Message: fmt.Sprintf("the path %s of this server is not part of the routes", path),
				Advice: "mount the generated handler below it, with http.StripPrefix",
			})
		}
	}
}

// pathOf is the path of a server's URL, whose host may be a template; "" for none.
func pathOf(url string) string {
	if _, rest, ok := strings.Cut(url, "://"); ok {
		i := strings.IndexByte(rest, '/')
		if i < 0 {
			return ""
		}
		url = rest[i:]
	}
	if strings.HasPrefix(url, "/") {
		return strings.TrimRight(url, "/")
	}
	return ""
}

// variables warns of variables that a client cannot replace: of a URL that the server does not declare,
// and without a default, or with a default that is none of the values.
func (r *reader) variables(server *load.Node) {
	const rule = "server-variable"
	declared := server.Get("variables")
	for _, name := range variablesOf(server.StrOr("url")) {
		if declared.Get(name) == nil {
			r.diags.Warnf(server.PosOf("url"), rule, "the server's URL has a variable %q, which its variables do not declare", name)
		}
	}
	if declared == nil || declared.Kind != load.Object {
		return
	}
	for _, m := range declared.Members {
		if strings.HasPrefix(m.Key, "x-") {
			continue
		}
		value, ok := m.Value.Get("default").Str()
		if !ok {
			r.diags.Warnf(m.Pos, rule, "the server's variable %q has no default, which OpenAPI requires: a string", m.Key)
			continue
		}
		allowed := m.Value.Get("enum")
		if allowed != nil && !slices.ContainsFunc(allowed.Items, func(n *load.Node) bool { return n.Text == value }) {
			r.diags.Warnf(m.Value.PosOf("default"), rule, "the default of the server's variable %q is none of its enum", m.Key)
		}
	}
}

// variablesOf lists the names in braces of a server's URL, each once.
func variablesOf(url string) []string {
	var names []string
	for {
		_, rest, ok := strings.Cut(url, "{")
		if !ok {
			return names
		}
		name, rest, ok := strings.Cut(rest, "}")
		if !ok {
			return names
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		url = rest
	}
}
