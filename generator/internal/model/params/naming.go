package params

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// SharedName is what the schemas of a component are named after that is no schema itself, with its kind.
func (b *Builder) SharedName(n *load.Node, section, kind string) (gosrc.Ident, bool) {
	in, name, ok := b.In.Doc.ComponentName(n)
	if !ok || in != section {
		return gosrc.Ident{}, false
	}
	id := gosrc.Exported(name)
	if !strings.HasSuffix(id.String(), kind) && !(kind == "Parameter" && strings.HasSuffix(id.String(), "Param")) {
		id = id.Plus(kind)
	}
	return id, true
}

// ParameterNames are the fields of an operation's parameters: those of one name are told apart by
// where they stand.
func (b *Builder) ParameterNames(op *openapi.Operation) []gosrc.Ident {
	if names, ok := b.fields[op]; ok {
		return names
	}
	fields := naming.NewScope()
	if op.Body != nil {
		fields.Reserve("Body")
	}
	claims := make([]*naming.Claim, len(op.Parameters))
	order := []string{"path", "query", "header", "cookie"}
	for i, p := range op.Parameters {
		name := gosrc.Exported(p.Name)
		c := &naming.Claim{ID: p.In + " " + p.Name, Rank: 1 + slices.Index(order, p.In), Exact: name.String() == p.Name, Pos: p.Pos, What: p.In + " parameter " + p.Name}
		if own := b.GoNameOf(p.Node); own != "" {
			name, c.Rank, c.Exact = naming.IdentOf(own), -1, true
		}
		c.Choices = []gosrc.Ident{name, name.Plus(gosrc.Exported(p.In).String())}
		claims[i] = c
	}
	fields.Settle(claims)
	b.WarnRenamed(claims)
	names := make([]gosrc.Ident, len(claims))
	for i, c := range claims {
		names[i] = c.Name
	}
	b.fields[op] = names
	return names
}
