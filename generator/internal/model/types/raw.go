package types

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// CheckedRaw reports whether values of s are checked raw values: what the normal form
// lacks, or has no Go type for, is in s itself or in one of its branches.
func (b *Builder) CheckedRaw(s *schema.Schema) bool {
	raw, ok := b.raws[s]
	if !ok {
		raw = b.decideRaw(s)
		b.raws[s] = raw
	}
	return raw
}

// decideRaw is checkedRaw for a schema that is met for the first time.
func (b *Builder) decideRaw(s *schema.Schema) bool {
	if len(s.Unsupported) > 0 {
		return s.BeyondForm()
	}
	if s.Never || s.Types == 0 {
		return s.Refusing()
	}
	if b.dynamic(s) || s.Exact() && ExactNumber(s) || requiresNever(s) {
		return true
	}
	within := func(br *schema.Schema) bool { return b.CheckedRaw(br) }
	if s.Inherited {
		return false // its discriminator tells the members apart, whatever they are
	}
	if slices.ContainsFunc(s.OneOf, within) || slices.ContainsFunc(s.AnyOf, within) {
		return true
	}
	if len(s.OneOf)+len(s.AnyOf) > 0 {
		return len(s.Enum) > 0 && mixedEnum(s)
	}
	if len(s.Enum) > 0 {
		return mixedEnum(s)
	}
	return s.Types == schema.TypeAny && !Unconstrained(s) || // keywords for several types
		s.Types&(schema.TypeInteger|schema.TypeNumber) == schema.TypeNumber // numbers that are not whole
}

// requiresNever reports whether s requires a property that can never be there.
func requiresNever(s *schema.Schema) bool {
	never := func(name string) bool {
		p := s.Property(name)
		return p != nil && p.Schema.Never
	}
	if slices.ContainsFunc(s.Required, never) {
		return true
	}
	for _, sets := range slices.Concat(s.RequiredAny, s.RequiredOne) {
		if !slices.ContainsFunc(sets, func(set []string) bool { return !slices.ContainsFunc(set, never) }) {
			return true
		}
	}
	return false
}

// ExactNumber reports whether s has numbers that no Go type holds.
func ExactNumber(s *schema.Schema) bool {
	if s.Types == schema.TypeAny || s.Types&(schema.TypeInteger|schema.TypeNumber) == 0 || len(s.Enum) > 0 || len(s.OneOf)+len(s.AnyOf) > 0 {
		return false
	}
	switch s.Format {
	case "int32", "int64", "uint32", "uint64", "float", "double":
		return false
	}
	return s.Types&schema.TypeNumber != 0 || !withinInt64(s.Minimum) || !withinInt64(s.Maximum)
}

// withinInt64 reports whether a bound is there, and an int64 holds it.
func withinInt64(text string) bool {
	r, ok := model.Exactly(text)
	return ok && r.Num().IsInt64()
}

// mixedEnum reports whether the values of an enum, null apart, have no one Go type.
func mixedEnum(s *schema.Schema) bool {
	kinds := map[load.Kind]bool{}
	for _, v := range s.Enum {
		if v.Kind != load.Null {
			kinds[v.Kind] = true
		}
	}
	return len(kinds) != 1 || kinds[load.Array] || kinds[load.Object]
}

// written is the schema object that s is, as it is written: or one that says that all
// those hold of which it consists.
func (b *Builder) written(s *schema.Schema) (*load.Node, bool) {
	list, ok := s.Written()
	if !ok || len(list) == 0 {
		return nil, false
	}
	if len(list) == 1 && !list[0].OrNull {
		return list[0].Node, true
	}
	if n, ok := b.conjunctions[s]; ok {
		return n, true
	}
	all := &load.Node{Kind: load.Array, Pos: s.Pos}
	for _, src := range list {
		n := src.Node
		if src.OrNull {
			null := keywordNode(s.Pos, "type", &load.Node{Kind: load.String, Text: "null", Pos: s.Pos})
			n = keywordNode(s.Pos, "anyOf", &load.Node{Kind: load.Array, Items: []*load.Node{null, n}, Pos: s.Pos})
		}
		all.Items = append(all.Items, n)
	}
	n := keywordNode(s.Pos, "allOf", all)
	n.Parent = list[0].Node.Parent // the resource that it stands in
	b.conjunctions[s] = n
	return n, true
}

// keywordNode is a schema object of one keyword.
func keywordNode(pos diag.Pos, keyword string, v *load.Node) *load.Node {
	return &load.Node{Kind: load.Object, Pos: pos, Members: []load.Member{{Key: keyword, Pos: pos, Value: v}}}
}

// dynamic reports whether what s accepts may depend on the schemas around it: it leads to
// a `$dynamicRef`, and there is more than one schema that it can mean. That looks at the
// schemas of all values around its own (JSON Schema core, 8.2.3.2), which must be checked
// raw values then, too. Nearly no document has any.
func (b *Builder) dynamic(s *schema.Schema) bool {
	return slices.ContainsFunc(s.Nodes, b.scopes.From)
}
