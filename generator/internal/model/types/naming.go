package types

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// NameComponents gives the document's own names away first, in document order: no
// operation can take the name of a component.
func (b *Builder) NameComponents(ops []*openapi.Operation) {
	answered := map[*schema.Schema]bool{}
	asked := map[*schema.Schema]bool{}
	var order []*schema.Schema
	var visit func(s *schema.Schema, into map[*schema.Schema]bool)
	visit = func(s *schema.Schema, into map[*schema.Schema]bool) {
		if s == nil {
			return
		}
		s.Walk(func(s *schema.Schema) bool {
			if into[s] {
				return false
			}
			into[s] = true
			// What only annotates another schema, or makes it nullable, is of its type.
			visit(s.Same, into)
			if Nullable(s) {
				visit(b.NotNull(s), into)
			} else if s.Name != "" {
				order = append(order, s)
			}
			return true
		})
	}
	for _, op := range ops {
		eachSchema(op, func(s *schema.Schema) { visit(s, asked) }, func(s *schema.Schema) { visit(s, answered) })
	}
	slices.SortStableFunc(order, func(x, y *schema.Schema) int {
		// A family and its base stand in the same place: they have different names.
		return cmp.Or(cmp.Compare(x.Pos.File, y.Pos.File), cmp.Compare(x.Pos.Line, y.Pos.Line), cmp.Compare(x.Pos.Col, y.Pos.Col), cmp.Compare(x.Name, y.Name))
	})
	b.settleSchemas(slices.Compact(order))
	b.nameAliases(asked, answered)
}

// eachSchema calls ask for the schemas of the request and answer for those of the responses.
func eachSchema(op *openapi.Operation, ask, answer func(*schema.Schema)) {
	for _, p := range op.Parameters {
		ask(p.Schema)
	}
	if op.Body != nil {
		for _, m := range op.Body.Content {
			ask(m.Schema)
			ask(m.Items)
		}
	}
	for _, r := range op.Responses {
		for _, m := range r.Content {
			answer(m.Schema)
			answer(m.Items)
		}
		for _, h := range r.Headers {
			answer(h.Schema)
		}
	}
}

// reserved are the names that every generated package declares, or may declare.
var reserved = []string{"Handler", "Unimplemented", "Config", "Server", "NewServer", AuthorizerName}

// settleSchemas gives the document's schemas their names: all of them, so that which ones operations
// use is no matter. Those that none uses have no type, and keep no name from others.
func (b *Builder) settleSchemas(used []*schema.Schema) {
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
		if file := n.Pos.File; file != b.In.Doc.Root.Pos.File {
			c.ID, c.Rank = file+" "+c.ID, rankOther
			kind = gosrc.Exported(strings.TrimSuffix(path.Base(file), path.Ext(file))).String()
		}
		if own != "" {
			id, c.Rank, c.Exact = naming.IdentOf(own), RankChosen, true
		}
		c.Choices = []gosrc.Ident{id, id.Plus(kind)}
		claims[k] = c
		order = append(order, c)
	}
	for _, s := range used {
		rank := RankSchema
		if s.Line {
			rank = rankOther
		}
		claim(s.Node, s.Name, b.goNameOfSchema(s), "schema "+s.Name, rank)
	}
	for _, m := range b.componentSchemas() {
		if !schema.OnlyRef(m.Value) {
			claim(m.Value, m.Key, b.GoNameOf(m.Value), "", RankSchema)
		} else if s := b.In.Schemas.Read(m.Value); s.Name == "" || gosrc.Exported(s.Name) != gosrc.Exported(m.Key) {
			claim(m.Value, m.Key, "", "", RankSchema)
		}
	}
	b.Names.Settle(order)
	for k, c := range claims {
		b.schemaNames[k] = c.Name
	}
	b.WarnRenamed(order)
	for _, c := range order {
		if c.What == "" {
			b.Names.Release(c)
		}
	}
	b.settleViews(used)
}

// settleViews names the views that operations use: where requests and responses see a schema differently, it
// has a name for each.
func (b *Builder) settleViews(used []*schema.Schema) {
	var views []*naming.Claim
	for _, s := range used {
		name := b.schemaNames[named{s.Node, s.Name}]
		b.components[TypeKey{Schema: s, Dir: Response}], b.components[TypeKey{Schema: s, Dir: Request}] = name, name
		if b.differs(s) {
			views = append(views, &naming.Claim{
				ID: name.String(), Rank: rankView, Choices: []gosrc.Ident{name.Plus("Input"), name.Plus("InputSchema")},
				Pos: s.Pos, What: "what requests have of schema " + s.Name,
			})
		}
	}
	b.Names.Settle(views)
	b.WarnRenamed(views)
	for _, s := range used {
		if b.differs(s) {
			b.components[TypeKey{Schema: s, Dir: Request}] = views[0].Name
			views = views[1:]
		}
	}
}

// WarnRenamed warns of each claim that has another name than its own, and names the claim that has that one.
func (b *Builder) WarnRenamed(claims []*naming.Claim) {
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
		b.Diags.Warnf(c.Pos, rules.NameTaken, "%s is called %s in Go: %s is the name %s; x-bailey-go-name gives a schema or an operation a name of its own", c.What, c.Name, c.Choices[0], other)
	}
}

// WarnRequests says once of all operations that schemas have the names of their requests: documents
// often have a schema for each body.
func (b *Builder) WarnRequests(claims []*naming.Claim) {
	var list []*naming.Claim
	for _, c := range claims {
		if c.Renamed && c.Rival != nil {
			list = append(list, c)
			b.renamed[c.Pos.String()+c.What] = true
		}
	}
	if len(list) > 0 {
		c := list[0]
		b.Diags.Warnf(c.Pos, rules.NameTaken, "requests of operations have other names than their own in Go, %d in all: the first is %s, since %s is the name of %s", len(list), c.Name, c.Choices[0], c.Rival.What)
	}
}

// Bid gives a name to the type at a place.
func (b *Builder) Bid(pos diag.Pos, id string, rank int, choices ...gosrc.Ident) gosrc.Ident {
	name := b.Names.Bid(id, rank, choices...)
	if name != choices[0] {
		what := "what this schema describes"
		if rank == rankValue {
			what = "a value of this enum"
		}
		b.Diags.Warnf(pos, rules.NameTaken, "%s is called %s in Go: %s is the name of something else, too; x-bailey-go-name gives a schema a name of its own, and x-enum-varnames the values of an enum", what, name, choices[0])
	}
	return name
}

// componentSchemas are the schemas of the document's components.
func (b *Builder) componentSchemas() []load.Member {
	components, problem := b.In.Doc.Resolve(b.In.Doc.Root.Get("components").Get("schemas"))
	if problem != nil || components == nil {
		return nil
	}
	return components.Members
}

// componentName is the name of the component at a node, for the places within.
func (b *Builder) componentName(n *load.Node, asked bool) (gosrc.Ident, bool) {
	section, name, ok := b.In.Doc.ComponentName(n)
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
// it is, and not where it is met, which may be any of several. A schema that is made of several objects is named
// after the one that refers to the others; a schema that is put together for a place, after that place.
func (b *Builder) placeOf(s *schema.Schema, at Place) Place {
	if name, ok := b.components[TypeKey{Schema: s, Dir: at.Dir}]; ok {
		return Place{Name: name, Spelled: name, Dir: at.Dir, own: name.String(), rank: RankPlace}
	}
	asked := at.Dir == Request && len(s.Nodes) > 0 && b.differs(s)
	var inner []*naming.Place
	var components []string
	for _, n := range s.Nodes {
		switch p := b.Places.Of(n, asked); {
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
		rank := RankPlace
		if len(inner) > 1 {
			rank = rankMerged
		}
		return Place{Name: p.Name, Spelled: p.Spelled, Dir: at.Dir, own: p.Spelled.String(), rank: rank}
	case len(components) > 1:
		slices.Sort(components)
		joined := gosrc.Exported(strings.Join(components, " and "))
		return Place{Name: joined, Spelled: joined, Dir: at.Dir, own: joined.String(), rank: rankMerged}
	}
	return at
}

// outermost is the place whose schema is made of those of the others, or the last one.
func (b *Builder) outermost(list []*naming.Place) *naming.Place {
	for _, p := range list {
		if p.Within == nil {
			continue
		}
		nodes := b.In.Schemas.Read(p.Within).Nodes
		if !slices.ContainsFunc(list, func(q *naming.Place) bool { return q != p && !slices.Contains(nodes, q.Within) }) {
			return p
		}
	}
	return list[len(list)-1]
}

// IDOf tells a place from others that are spelled the same: by its schema and its path in the document.
func IDOf(s *schema.Schema, at Place) string {
	var keys []string
	for n := s.Node; n != nil && n.Parent != nil; n = n.Parent {
		keys = append(keys, n.Key)
	}
	slices.Reverse(keys)
	return at.Spelled.String() + " " + strings.Join(keys, "/")
}

// MemberNames are the fields of the members of an object, which both views of it share, and the
// scope of the members that have no name in the document.
func (b *Builder) MemberNames(s *schema.Schema) (map[string]gosrc.Ident, *naming.Scope) {
	var claims []*naming.Claim
	known := map[string]bool{}
	claim := func(member, chosen string, pos diag.Pos) {
		if known[member] {
			return
		}
		known[member] = true
		name := gosrc.Exported(member)
		c := &naming.Claim{ID: member, Rank: RankPlace, Exact: name.String() == member, Pos: pos, What: "member " + member}
		if chosen != "" {
			name, c.Rank, c.Exact = naming.IdentOf(chosen), RankChosen, true
		}
		c.Choices = []gosrc.Ident{name}
		claims = append(claims, c)
	}
	for i := range s.Properties {
		p := &s.Properties[i]
		claim(p.Name, b.GoNameOf(p.Nodes...), p.Pos)
	}
	for _, name := range bareNames(s) {
		claim(name, "", s.Pos)
	}
	fields := naming.NewScope()
	fields.Settle(claims)
	b.WarnRenamed(claims)
	out := make(map[string]gosrc.Ident, len(claims))
	for _, c := range claims {
		out[c.ID] = c.Name
	}
	return out, fields
}

// bareNames are the members that required and groups of required members name.
func bareNames(s *schema.Schema) []string {
	bare := slices.Clone(s.Required)
	for _, groups := range [][][][]string{s.RequiredAny, s.RequiredOne} {
		for _, group := range groups {
			for _, set := range group {
				bare = append(bare, set...)
			}
		}
	}
	return bare
}

// GoNameOf is the x-bailey-go-name on any of the nodes, or "".
func (b *Builder) GoNameOf(nodes ...*load.Node) string {
	for _, n := range nodes {
		if pol := b.In.Policies.Schemas[n]; pol != nil && pol.GoName != "" {
			return pol.GoName
		}
	}
	return ""
}

// goNameOfSchema is the x-bailey-go-name of s, or "": of the schema object that it is, and of what is
// written in that one, but not of the components that it extends. The base of a family has the
// name that its family has, and says that it is the base.
func (b *Builder) goNameOfSchema(s *schema.Schema) string {
	for _, n := range s.Nodes {
		if _, _, other := b.In.Doc.ComponentName(n); other && n != s.Node {
			continue
		}
		if own := b.GoNameOf(n); own != "" {
			if s.Line {
				own += "Base"
			}
			return own
		}
	}
	return ""
}

// declare gives t a declared name: the component's, or that of its place.
func (b *Builder) declare(t *model.Type, s *schema.Schema, at Place) {
	t.Name, t.Own = b.declaredName(s, at)
	t.Declared = true
	t.Go = gosrc.Raw("%", t.Name)
	Describe(t, s)
	b.API.Types = append(b.API.Types, t)
	if t.Kind != model.Scalar {
		t.Func = true
		b.API.Funcs = append(b.API.Funcs, t)
	}
}

// declaredName is the name of a type, and whether the document says it: others are named after
// the place.
func (b *Builder) declaredName(s *schema.Schema, at Place) (name gosrc.Ident, own bool) {
	if name, ok := b.components[TypeKey{Schema: s, Dir: at.Dir}]; ok {
		return name, true
	}
	if own := b.goNameOfSchema(s); own != "" {
		return b.Bid(s.Pos, IDOf(s, at), RankChosen, naming.IdentOf(own)), true
	}
	return b.Bid(s.Pos, IDOf(s, at), at.rank, at.Name, at.Spelled), false
}
