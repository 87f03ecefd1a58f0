package types

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// maskOf is the mask that the document sets on a property, nil for none.
func (b *Builder) maskOf(p *schema.Property) *policy.Mask {
	m, _ := b.masksOf(p)
	if m == nil || m.How == policy.MaskClear {
		return nil // of clear, the document says why
	}
	return m
}

// masksOf is the mask of a property, and one that contradicts it or nil. Each schema object that
// stands at the property's name can have one.
func (b *Builder) masksOf(p *schema.Property) (mask, other *policy.Mask) {
	if len(b.In.Policies.Schemas) == 0 {
		return nil, nil
	}
	for _, n := range p.Nodes {
		for _, m := range b.MasksAt(n, nil) {
			switch {
			case mask == nil:
				mask = m
			case !sameMask(mask, m):
				return mask, m
			}
		}
	}
	return mask, nil
}

// MasksAt are the masks of the schema object n. Its own x-bailey-mask stands nearer than what its
// $ref and its allOf lead to, and replaces that; otherwise those hold together.
func (b *Builder) MasksAt(n *load.Node, within []*load.Node) []*policy.Mask {
	if n == nil || slices.Contains(within, n) {
		return nil // a cycle, which is reported elsewhere
	}
	within = append(within, n)
	var own *policy.Mask
	if pol := b.In.Policies.Schemas[n]; pol != nil {
		own = pol.Mask
	}
	if own != nil && own.Class == "" {
		return []*policy.Mask{own}
	}
	var out []*policy.Mask
	if own != nil {
		out = append(out, own)
	}
	if _, ok := n.Get("$ref").Str(); ok {
		if target, err := b.In.Doc.Target(n); err == nil {
			out = append(out, b.MasksAt(target, within)...)
		}
	}
	if all := n.Get("allOf"); all != nil {
		for _, item := range all.Items {
			out = append(out, b.MasksAt(item, within)...)
		}
	}
	return out
}

// sameMask reports whether two masks show the same to the same callers.
func sameMask(a, b *policy.Mask) bool {
	same := func(x, y []string) bool {
		x, y = slices.Sorted(slices.Values(x)), slices.Sorted(slices.Values(y))
		return slices.Equal(slices.Compact(x), slices.Compact(y))
	}
	return a.How == b.How && a.Owner == b.Owner && same(a.Scopes, b.Scopes) && same(a.Roles, b.Roles)
}

// maskConflict refuses two masks of one property that contradict each other, and a mask that
// contradicts a class of data.
func (b *Builder) maskConflict(p *schema.Property) {
	mask, other := b.masksOf(p)
	if other == nil {
		return
	}
	// Report at the later place: the earlier one is the one that is named.
	if other.Pos.Compare(mask.Pos) < 0 {
		mask, other = other, mask
	}
	b.Errorf(other.Pos, rules.PolicyConflict, "%s contradicts %s at %v: both hold for the property %q; write x-bailey-mask on the property itself", maskWord(other), maskWord(mask), mask.Pos, p.Name)
}

// maskWord is what a mask is written as.
func maskWord(m *policy.Mask) string {
	if m.Class != "" {
		return "x-bailey-data: " + m.Class
	}
	return "x-bailey-mask: " + m.How
}

// mask wraps a field's type, so that it prints masked everywhere.
func (b *Builder) mask(f *model.Field, m *policy.Mask) {
	rule := &model.MaskRule{How: m.How, Lift: b.Callers.Lift(m)}
	f.Drop = m.How == "drop"
	if f.Drop && f.Required {
		b.Errorf(m.Pos, rules.MaskDropRequired, "a required property cannot be masked by leaving it out")
	}
	b.API.HashMask = b.API.HashMask || m.How == "hash"
	elem := f.Type
	if m.How == "null" && elem.Kind != model.Null {
		b.Errorf(m.Pos, rules.MaskNull, "only a nullable property can be masked as null")
	}
	if elem.Kind == model.Null {
		elem = elem.Elem
	}
	text := elem.Kind == model.Scalar && elem.Method.String() == "String" && !elem.Conv
	if !text && !f.Drop && m.How != "null" {
		b.Errorf(m.Pos, rules.MaskType, "only a string can be masked by %q; use drop or null", m.How)
	}
	masked := &model.Type{Kind: model.Masked, Elem: elem, Mask: rule, MaxItems: -1, MasksText: text}
	if f.Type.Kind == model.Null {
		masked = &model.Type{Kind: model.Null, Elem: masked, MaxItems: -1}
	}
	f.Type = masked
}
