package model

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// satisfiable refuses an operation that nobody could call or answer as the document says:
// a required parameter, a required body or a response whose schema no value can meet. Where a
// contradiction stands in a place that a value can do without (an optional property, the
// items of an array that may be empty, one branch of several), the schema refuses everything
// there, and a warning says so.
func (b *builder) satisfiable(op *openapi.Operation) {
	if b.in.AllowUnsatisfiable {
		return
	}
	for _, p := range op.Parameters {
		if p.Required || p.In == "path" {
			b.refuseDoomed(p.Schema)
		}
	}
	if op.Body != nil && op.Body.Required {
		for _, m := range op.Body.Content {
			b.refuseDoomed(m.Schema)
		}
	}
	for _, r := range op.Responses {
		for _, m := range r.Content {
			b.refuseDoomed(m.Schema)
		}
	}
}

// refuseDoomed refuses s where no value can meet it, at the lines that are the reason.
func (b *builder) refuseDoomed(s *schema.Schema) {
	if s == nil || !b.doomed(s) {
		return
	}
	for seen := map[*schema.Schema]bool{}; s != nil && !seen[s]; s = b.doomedPart(s) {
		seen[s] = true
		found := s.Contradictions()
		if len(found) == 0 && contradictory(s) {
			found.Errorf(s.Pos, "unsatisfiable", "no value can meet this schema; leave out what requires one")
		}
		for _, d := range found {
			b.refusedAt[d.Pos] = true
			b.diags.Add(d)
		}
		if len(found) > 0 {
			return
		}
	}
	b.errorf(s.Pos, "unsatisfiable", "no value can meet this schema; leave out what requires one")
}

// doomed reports whether no value can meet s. It is asked of all that s cannot do without at
// once: what is doomed spreads from the contradictions until nothing changes.
func (b *builder) doomed(s *schema.Schema) bool {
	if known, ok := b.verdicts[s]; ok {
		return known
	}
	var all []*schema.Schema
	for next := []*schema.Schema{s}; len(next) > 0; {
		at := next[len(next)-1]
		next = next[:len(next)-1]
		if _, ok := b.verdicts[at]; ok {
			continue
		}
		b.verdicts[at] = contradictory(at)
		all = append(all, at)
		next = append(next, needed(at)...)
	}
	for changed := true; changed; {
		changed = false
		for _, at := range slices.Backward(all) {
			if !b.verdicts[at] && b.doomedPart(at) != nil {
				b.verdicts[at], changed = true, true
			}
		}
	}
	return b.verdicts[s]
}

// contradictory reports whether s contradicts itself.
func contradictory(s *schema.Schema) bool {
	return s.Never || s.Types == 0 || len(s.Contradictions()) > 0
}

// needed are the schemas that may decide whether a value can meet s.
func needed(s *schema.Schema) []*schema.Schema {
	out := slices.Concat(s.OneOf, s.AnyOf)
	for _, name := range s.Required {
		if p := s.Property(name); p != nil {
			out = append(out, p.Schema)
		}
	}
	for _, set := range slices.Concat(slices.Concat(s.RequiredAny...), slices.Concat(s.RequiredOne...)) {
		for _, name := range set {
			if p := s.Property(name); p != nil {
				out = append(out, p.Schema)
			}
		}
	}
	if s.Items != nil {
		out = append(out, s.Items)
	}
	return out
}

// doomedPart is a part that dooms s, as far as the verdicts go: a property that every value
// has, the items of an array that cannot be empty, the first of branches that are all doomed.
func (b *builder) doomedPart(s *schema.Schema) *schema.Schema {
	if s.Types == schema.TypeObject {
		if p := b.doomedProperty(s, s.Required); p != nil {
			return p
		}
		for _, group := range slices.Concat(s.RequiredAny, s.RequiredOne) {
			open := func(set []string) bool { return b.doomedProperty(s, set) == nil }
			if len(group) > 0 && !slices.ContainsFunc(group, open) {
				return b.doomedProperty(s, group[0])
			}
		}
	}
	if s.Types == schema.TypeArray && s.MinItems > 0 && s.Items != nil && b.verdicts[s.Items] {
		return s.Items
	}
	alive := func(br *schema.Schema) bool { return !b.verdicts[br] }
	for _, branches := range [][]*schema.Schema{s.OneOf, s.AnyOf} {
		if len(branches) > 0 && !slices.ContainsFunc(branches, alive) {
			return branches[0]
		}
	}
	return nil
}

// doomedProperty is the schema of the first of these properties that is doomed, or nil.
func (b *builder) doomedProperty(s *schema.Schema, names []string) *schema.Schema {
	for _, name := range names {
		if p := s.Property(name); p != nil && b.verdicts[p.Schema] {
			return p.Schema
		}
	}
	return nil
}
