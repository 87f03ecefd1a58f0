package model

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// What a name is of, from the one that has it to those that give way: see docs/naming.md.
const (
	rankChosen    = iota // x-bailey-go-name
	rankSchema           // a component of the document itself
	rankOther            // of another file, or the base of a family
	rankView             // of requests, where responses have another
	rankResponse         // a component
	rankOperation        // the request of an operation, its responses and their interface
	rankPlace            // a type without a name of its own
	rankMerged           // of several schema objects at once
	rankValue            // of an enum
)

// reserved are the names that every generated package declares, or may declare.
var reserved = []string{"Handler", "Unimplemented", "Config", "Server", "NewServer", authorizerName}

// named is a schema with a name: a family and its base are one node.
type named struct {
	node *load.Node
	name string
}

// settleSchemas gives the document's schemas their names: all of them, so that which ones operations
// use is no matter. Those that none uses have no type, and keep no name from others.
func (b *builder) settleSchemas(used []*schema.Schema) {
	claims := map[named]*naming.Claim{}
	var order []*naming.Claim
	claim := func(n *load.Node, name, own, what string, rank int) {
		k := named{n, name}
		if claims[k] != nil {
			return
		}
		id := gosrc.Exported(name)
		c := &naming.Claim{ID: "schema " + name, Rank: rank, Exact: id.String() == name, Pos: n.Pos, What: what}
		kind := "Schema"
		if file := n.Pos.File; file != b.in.Doc.Root.Pos.File {
			c.ID, c.Rank = file+" "+c.ID, rankOther
			kind = gosrc.Exported(strings.TrimSuffix(path.Base(file), path.Ext(file))).String()
		}
		if own != "" {
			id, c.Rank, c.Exact = identOf(own), rankChosen, true
		}
		c.Choices = []gosrc.Ident{id, id.Plus(kind)}
		claims[k] = c
		order = append(order, c)
	}
	for _, s := range used {
		rank := rankSchema
		if s.Line {
			rank = rankOther
		}
		claim(s.Node, s.Name, b.goNameOfSchema(s), "schema "+s.Name, rank)
	}
	for _, m := range b.componentSchemas() {
		if !schema.OnlyRef(m.Value) {
			claim(m.Value, m.Key, b.goNameOf(m.Value), "", rankSchema)
		} else if s := b.in.Schemas.Read(m.Value); s.Name == "" || gosrc.Exported(s.Name) != gosrc.Exported(m.Key) {
			claim(m.Value, m.Key, "", "", rankSchema)
		}
	}
	b.names.Settle(order)
	for k, c := range claims {
		b.schemaNames[k] = c.Name
	}
	b.warnRenamed(order)
	for _, c := range order {
		if c.What == "" {
			b.names.Release(c)
		}
	}
	b.settleViews(used)
}

// settleViews names what operations use: where requests and responses see a schema differently, it
// has a name for each.
func (b *builder) settleViews(used []*schema.Schema) {
	var views []*naming.Claim
	for _, s := range used {
		name := b.schemaNames[named{s.Node, s.Name}]
		b.components[typeKey{schema: s, dir: response}], b.components[typeKey{schema: s, dir: request}] = name, name
		if b.differs(s) {
			views = append(views, &naming.Claim{
				ID: name.String(), Rank: rankView, Choices: []gosrc.Ident{name.Plus("Input"), name.Plus("InputSchema")},
				Pos: s.Pos, What: "what requests have of schema " + s.Name,
			})
		}
	}
	b.names.Settle(views)
	for _, s := range used {
		if b.differs(s) {
			b.components[typeKey{schema: s, dir: request}] = views[0].Name
			views = views[1:]
		}
	}
	b.warnRenamed(views)
}

// warnRenamed names what has another name than its own, and what has that one.
func (b *builder) warnRenamed(claims []*naming.Claim) {
	for _, c := range claims {
		key := c.Pos.String() + c.What
		if !c.Renamed || c.What == "" || b.renamed[key] {
			continue
		}
		b.renamed[key] = true
		other := "that every package has"
		if c.Rival != nil {
			other = "of " + cmp.Or(c.Rival.What, c.Rival.ID) + ", too"
		}
		b.diags.Warnf(c.Pos, rules.NameTaken, "%s is called %s in Go: %s is the name %s; x-bailey-go-name gives a schema or an operation a name of its own", c.What, c.Name, c.Choices[0], other)
	}
}

// warnRequests says once of all operations that schemas have the names of their requests: documents
// often have a schema for each body.
func (b *builder) warnRequests(claims []*naming.Claim) {
	var list []*naming.Claim
	for _, c := range claims {
		if c.Renamed && c.Rival != nil {
			list = append(list, c)
			b.renamed[c.Pos.String()+c.What] = true
		}
	}
	if len(list) > 0 {
		c := list[0]
		b.diags.Warnf(c.Pos, rules.NameTaken, "requests of operations have other names than their own in Go, %d in all: the first is %s, since %s is the name of %s", len(list), c.Name, c.Choices[0], c.Rival.What)
	}
}

// bid gives a name to what stands at a place.
func (b *builder) bid(pos diag.Pos, id string, rank int, choices ...gosrc.Ident) gosrc.Ident {
	name := b.names.Bid(id, rank, choices...)
	if name != choices[0] {
		what := "what this schema describes"
		if rank == rankValue {
			what = "a value of this enum"
		}
		b.diags.Warnf(pos, rules.NameTaken, "%s is called %s in Go: %s is the name of something else, too; x-bailey-go-name gives a schema a name of its own, and x-enum-varnames the values of an enum", what, name, choices[0])
	}
	return name
}

// componentSchemas are the schemas of the document's components.
func (b *builder) componentSchemas() []load.Member {
	components, problem := b.in.Doc.Resolve(b.in.Doc.Root.Get("components").Get("schemas"))
	if problem != nil || components == nil {
		return nil
	}
	return components.Members
}

// componentName is the name of the component at a node, for the places within.
func (b *builder) componentName(n *load.Node, asked bool) (gosrc.Ident, bool) {
	section, name, ok := b.in.Doc.ComponentName(n)
	if !ok {
		return gosrc.Ident{}, false
	}
	id := gosrc.Exported(name)
	if section == "schemas" {
		if given, ok := b.schemaNames[named{n, name}]; ok {
			id = given
		}
		if asked {
			id = id.Plus("Input")
		}
	}
	return id, true
}

// placeOf is where the schema s is named after, if it has no name: the place of the schema object that
// it is, and not where it is met, which may be any of several. What is made of several objects is named
// after the one that refers to the others; what is put together for a place, after that.
func (b *builder) placeOf(s *schema.Schema, at place) place {
	if name, ok := b.components[typeKey{schema: s, dir: at.dir}]; ok {
		return place{name: name, spelled: name, dir: at.dir, own: name.String(), rank: rankPlace}
	}
	asked := at.dir == request && len(s.Nodes) > 0 && b.differs(s)
	var inner []*naming.Place
	var components []string
	for _, n := range s.Nodes {
		switch p := b.places.Of(n, asked); {
		case p == nil:
		case p.Spelled.String() == at.own:
			return at
		case p.Component && !slices.Contains(components, p.Name.String()):
			components = append(components, p.Name.String())
		case !p.Component && !slices.ContainsFunc(inner, func(q *naming.Place) bool { return q.Name == p.Name }):
			inner = append(inner, p)
		}
	}
	switch {
	case len(inner) > 0:
		p := b.outermost(inner)
		rank := rankPlace
		if len(inner) > 1 {
			rank = rankMerged
		}
		return place{name: p.Name, spelled: p.Spelled, dir: at.dir, own: p.Spelled.String(), rank: rank}
	case len(components) > 1:
		slices.Sort(components)
		joined := gosrc.Exported(strings.Join(components, " and "))
		return place{name: joined, spelled: joined, dir: at.dir, own: joined.String(), rank: rankMerged}
	}
	return at
}

// outermost is the place whose schema is made of those of the others, or the last one.
func (b *builder) outermost(list []*naming.Place) *naming.Place {
	for _, p := range list {
		if p.Within == nil {
			continue
		}
		nodes := b.in.Schemas.Read(p.Within).Nodes
		if !slices.ContainsFunc(list, func(q *naming.Place) bool { return q != p && !slices.Contains(nodes, q.Within) }) {
			return p
		}
	}
	return list[len(list)-1]
}

// idOf tells a place from others that are spelled the same: by what stands there, and where.
func idOf(s *schema.Schema, at place) string {
	var keys []string
	for n := s.Node; n != nil && n.Parent != nil; n = n.Parent {
		keys = append(keys, n.Key)
	}
	slices.Reverse(keys)
	return at.spelled.String() + " " + strings.Join(keys, "/")
}

// operationNames gives operations their methods, in one go.
func (b *builder) operationNames(ops []*openapi.Operation) []gosrc.Ident {
	claims := make([]*naming.Claim, len(ops))
	for i, src := range ops {
		route := gosrc.Exported(strings.ToLower(src.Method) + " " + src.Path)
		c := &naming.Claim{ID: src.Title(), Rank: rankOperation, Own: true, Choices: []gosrc.Ident{route}, Pos: src.Pos, What: src.Title()}
		if src.ID != "" {
			id := gosrc.Exported(src.ID)
			c.ID, c.Exact, c.Choices = src.ID, id.String() == src.ID, []gosrc.Ident{id, route}
		}
		if src.AliasOf != nil { // the operationId is that one's
			c.ID, c.Rank, c.Exact = src.Title(), rankPlace, false
		} else if pol := b.in.Policies.Operations[src.Node]; pol != nil && pol.GoName != "" {
			c.Rank, c.Exact, c.Choices[0] = rankChosen, true, identOf(pol.GoName)
		}
		claims[i] = c
	}
	b.methods.Settle(claims)
	b.warnRenamed(claims)
	out := make([]gosrc.Ident, len(ops))
	for i, c := range claims {
		out[i] = c.Name
	}
	return out
}
