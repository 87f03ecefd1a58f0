package types

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/inhabit"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// newInhabit makes what knows of the schemas that no value can meet, for one direction.
func (b *Builder) newInhabit(way inhabit.Way) *inhabit.Set {
	return inhabit.New(inhabit.Config{Way: way, Branches: b.Merged, Checked: b.heldAgainst, Reader: b.literal, Cost: b.In.Doc.Cost})
}

// Met reports whether a value can meet s: false is sure.
func (b *Builder) Met(s *schema.Schema, dir Direction) bool { return b.inhabited[dir].Inhabited(s) }

// TextMet is met for values that travel as text, which null has none of.
func (b *Builder) TextMet(s *schema.Schema, dir Direction) bool {
	return b.Met(b.WithoutNull(s), dir)
}

// heldAgainst is what the values of s are checked against: where they stay JSON text, that is
// s to the letter of JSON Schema, nil where it is not made of schema objects.
func (b *Builder) heldAgainst(s *schema.Schema) *schema.Schema {
	if s.Exact() || s.Never || s.Types == 0 || onlyContradicts(s) || requiresNever(s) || !b.CheckedRaw(s) {
		return s
	}
	if n, ok := b.written(s); ok {
		return b.literal.Read(n)
	}
	return nil
}

// onlyContradicts reports whether it is a contradiction alone for which the normal form does
// not say all of s.
func onlyContradicts(s *schema.Schema) bool {
	return len(s.Unsupported) > 0 && !slices.ContainsFunc(s.Unsupported, func(d diag.Diagnostic) bool { return d.Rule != rules.Unsatisfiable })
}

// Satisfiable refuses an operation that nobody could call or answer as the document says: a
// required parameter, a required body, a response or a required header of one, whose schema no
// value can meet. Of several media types one is enough. Where a contradiction stands in a
// place that a value can do without (an optional property, the items of an array that may be
// empty, one branch of several), the schema refuses everything there, and a warning says so.
func (b *Builder) Satisfiable(op *openapi.Operation) {
	if b.In.AllowUnsatisfiable {
		return
	}
	for _, p := range op.Parameters {
		if p.Schema == nil || !p.Required && p.In != "path" {
			continue
		}
		s := p.Schema
		if p.ContentType == "" {
			s = b.WithoutNull(s)
		}
		b.demand(s, Request)
	}
	if op.Body != nil && op.Body.Required {
		b.demandContent(op.Body.Content, Request)
	}
	for _, r := range op.Responses {
		b.demandContent(r.Content, Response)
		for _, h := range r.Headers {
			if h.Required && h.Schema != nil {
				b.demand(b.WithoutNull(h.Schema), Response)
			}
		}
	}
}

// demandContent refuses media types of which no value can meet any.
func (b *Builder) demandContent(content []*openapi.Media, dir Direction) {
	if slices.ContainsFunc(content, func(m *openapi.Media) bool { return m.Schema == nil || b.Met(m.Schema, dir) }) {
		return
	}
	for _, m := range content {
		b.demand(m.Schema, dir)
	}
}

// demand refuses s where no value can meet it, at the lines that are the reason.
func (b *Builder) demand(s *schema.Schema, dir Direction) {
	for _, d := range b.inhabited[dir].Why(s) {
		b.refusedAt[d.Pos] = true
		b.Diags.Add(d)
	}
}

// letStand warns of contradictions that are no errors: see satisfiable.
func (b *Builder) letStand(found diag.List) {
	for _, d := range found {
		d.Severity, d.Advice = diag.Warning, ""
		b.Diags.Add(d)
	}
}

// Unmet warns where no value can meet s.
func (b *Builder) Unmet(s *schema.Schema, dir Direction) {
	b.letStand(b.inhabited[dir].Why(s))
}

// Settled drops the warnings of what is an error, too, of another operation.
func (b *Builder) Settled() {
	b.Diags = slices.DeleteFunc(b.Diags, func(d diag.Diagnostic) bool {
		return d.Severity == diag.Warning && (d.Rule == rules.Unsatisfiable || d.Rule == rules.ShadowedBranch) && b.refusedAt[d.Pos]
	})
}

// contradictionsBelow warns of contradictions in schemas that values stand in which stay JSON
// text: those have no types of their own. Branches that come of several choices at once are
// passed over: that not all go together is what such choices are for.
func (b *Builder) contradictionsBelow(s *schema.Schema) {
	for next := []*schema.Schema{s}; len(next) > 0; {
		at := next[len(next)-1]
		next = next[:len(next)-1]
		if b.looked[at] {
			continue
		}
		b.looked[at] = true
		b.letStand(at.Contradictions())
		choices := slices.Concat(at.OneOf, at.AnyOf)
		at.Children(func(c *schema.Schema) {
			if written, ok := c.Written(); ok && len(written) == 1 || !slices.Contains(choices, c) {
				next = append(next, c)
			}
		})
		for _, k := range at.Beyond {
			for _, n := range positive(k) {
				next = append(next, b.literal.Read(n))
			}
		}
	}
}

// positive are the schemas of a keyword which some values have to meet.
func positive(k schema.Keyword) []*load.Node {
	switch k.Key {
	case "contains", "then", "else", "unevaluatedItems":
		return []*load.Node{k.Value}
	case "prefixItems":
		return k.Value.Items
	case "patternProperties", "dependentSchemas":
		var list []*load.Node
		for _, m := range k.Value.Members {
			list = append(list, m.Value)
		}
		return list
	}
	return nil
}
