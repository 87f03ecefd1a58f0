package types

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// selection decides whether the discriminator of s can select between the branches, which are
// merged with what stands beside them. It returns the branches with the property that selects
// them, and nil in place of the discriminator where the branches have to be tried.
func (b *Builder) selection(s *schema.Schema, merged []*schema.Schema, at Place) ([]*schema.Schema, *schema.Discriminator) {
	d := s.Discriminator
	if d == nil || !selectable(merged) {
		return merged, nil
	}
	merged = slices.Clone(merged)
	var lacking []int
	declared := false
	for i, br := range merged {
		if br.Types != schema.TypeObject {
			continue
		}
		if at.Dir == Request && oneWayMember(br, d.Property, 0) {
			b.Diags.Warnf(br.Pos, rules.Discriminator, "the discriminator %q is readOnly in this branch, so that no request has it: the branches are tried instead", d.Property)
			return merged, nil
		}
		if declares(br, d.Property, 0) {
			declared = true
		} else {
			lacking = append(lacking, i)
		}
	}
	switch {
	case declared:
	case !b.In.DeclareDiscriminators:
		b.Diags.Add(diag.Diagnostic{
			Pos: d.Pos, Rule: rules.DiscriminatorUndeclared,
			Message: fmt.Sprintf("no branch declares %q, the property of this discriminator, so that each value that has it would be refused: add it to the properties of each branch", d.Property),
			Advice:  "undeclared-discriminator: declare adds it to them, as a required one",
		})
		return merged, d
	default:
		b.Diags.Warnf(d.Pos, rules.DiscriminatorUndeclared, "no branch declares %q, the property of this discriminator: each gets it, as a required one", d.Property)
	}
	for _, i := range lacking {
		if br := merged[i]; br.Extra == schema.ExtraFalse || len(br.OneOf)+len(br.AnyOf) > 0 {
			b.Errorf(br.Pos, rules.DiscriminatorUndeclared, "this branch does not declare %q, the property of the discriminator at %v, and refuses members that it does not name: add the property to it", d.Property, d.Pos)
			continue
		}
		merged[i] = b.declaring(s, merged[i], i, !declared)
	}
	return merged, d
}

// declaring is a branch with the property of the discriminator of s, which it does not declare: what it is
// there is what the values that select the branch are. alone is set where no other branch declares it: nothing
// but the value selects the branch then, so that it is required.
func (b *Builder) declaring(s, branch *schema.Schema, i int, alone bool) *schema.Schema {
	return b.VariantOf(s, "selected "+strconv.Itoa(i), func() *schema.Schema {
		member, object := schema.Any(), schema.Any()
		member.Pos = s.Discriminator.Pos
		if !slices.Contains(s.Discriminator.Default, i) {
			member.Types = schema.TypeString
		}
		for _, m := range s.Discriminator.Mapping {
			if m.Branch == i && member.Types != schema.TypeAny {
				member.Types = typesOf[m.Kind]
			}
		}
		object.Types, object.Pos = schema.TypeObject, branch.Pos
		object.Properties = []schema.Property{{Name: s.Discriminator.Property, Pos: s.Discriminator.Pos, Schema: member}}
		if alone && !slices.Contains(s.Discriminator.Default, i) {
			object.Required = []string{s.Discriminator.Property}
		}
		reader := s.Reader()
		if reader == nil {
			reader = b.In.Schemas
		}
		return reader.Merge(s.Pos, branch, object)
	})
}

var typesOf = map[load.Kind]schema.Types{
	load.String: schema.TypeString, load.Bool: schema.TypeBool, load.Number: schema.TypeInteger,
}

// selectable reports whether a property can tell the branches apart: two or more are objects, and
// the others are told from these, and from each other, by their JSON type.
func selectable(branches []*schema.Schema) bool {
	objects := 0
	var rest []*schema.Schema
	for _, br := range branches {
		if br.Types == schema.TypeObject {
			objects++
		} else {
			rest = append(rest, br)
		}
	}
	return objects > 1 && apartByKind(append(rest, &schema.Schema{Types: schema.TypeObject}))
}

// apartByKind reports whether no two branches have a JSON type in common.
func apartByKind(branches []*schema.Schema) bool {
	var seen schema.Types
	for _, br := range branches {
		kinds := br.Types
		if kinds&(schema.TypeInteger|schema.TypeNumber) != 0 {
			kinds |= schema.TypeInteger | schema.TypeNumber // one token: wire.Number
		}
		if seen&kinds != 0 {
			return false
		}
		seen |= kinds
	}
	return true
}

// maxInner is how deep branches that are choices themselves are looked into.
const maxInner = 8

// declares reports whether values of s may have a member: as a property, as one that is only
// required, as one of those that nobody names, or in a branch of s.
func declares(s *schema.Schema, name string, depth int) bool {
	if s.Property(name) != nil {
		return true // what refuses every value of it is said by itself
	}
	if s.Extra == schema.ExtraAny || s.Extra == schema.ExtraTyped || slices.Contains(s.Required, name) || s.Has("patternProperties") {
		return true
	}
	if depth > maxInner {
		return true
	}
	return slices.ContainsFunc(slices.Concat(s.OneOf, s.AnyOf), func(br *schema.Schema) bool { return declares(br, name, depth+1) })
}

// oneWayMember reports whether a member is readOnly.
func oneWayMember(s *schema.Schema, name string, depth int) bool {
	if p := s.Property(name); p != nil {
		return p.Schema.ReadOnly
	}
	return depth <= maxInner && slices.ContainsFunc(slices.Concat(s.OneOf, s.AnyOf), func(br *schema.Schema) bool { return oneWayMember(br, name, depth+1) })
}

// byDiscriminator lays out which values select which variants of t.
func (b *Builder) byDiscriminator(t *model.Type, s *schema.Schema, d *schema.Discriminator, branches []*schema.Schema, any bool) {
	t.Choice, t.Discriminator = model.ByDiscriminator, gosrc.Quote(d.Property)
	var order []schema.Selector
	selected := map[schema.Selector][]*model.Variant{}
	for _, m := range d.Mapping {
		if branches[m.Branch].Types != schema.TypeObject {
			continue
		}
		if len(selected[m.Selector]) == 0 {
			order = append(order, m.Selector)
		}
		t.ByJSON = t.ByJSON || m.Kind != load.String || m.Text == ""
		v := t.Variants[m.Branch]
		if slices.Contains(selected[m.Selector], v) {
			continue
		}
		selected[m.Selector] = append(selected[m.Selector], v)
		v.Selectors = append(v.Selectors, m.Selector)
		if !m.Listed && !v.Fills {
			v.Fills, v.Fill = true, m.Selector
		}
	}
	for _, i := range d.Default {
		t.Default.Variants = append(t.Default.Variants, t.Variants[i])
		t.Variants[i].IsDefault = true
	}
	t.Default.Any = any
	t.Unselected = b.selectorRefusal(d.Property, t.Variants)
	b.cases(t, order, selected, any)
	b.selectsNothing(s, branches)
	for i, v := range t.Variants {
		v.Of = t
		if !v.Fills && len(v.Selectors) == 1 {
			v.Fills, v.Fill = true, v.Selectors[0]
		}
		switch {
		case branches[i].Types != schema.TypeObject:
			v.Kinds = b.kindConstants(branches[i].Types)
			t.Plain = append(t.Plain, v)
		case len(v.Selectors) == 0 && !v.IsDefault:
			b.Errorf(branches[i].Pos, rules.Discriminator, "no value of the discriminator %q selects this branch: name it in the mapping, or give its %q a const", d.Property, d.Property)
		}
	}
}

// cases are the values by the variants that they select, those that select one variant first.
func (b *Builder) cases(t *model.Type, order []schema.Selector, selected map[schema.Selector][]*model.Variant, any bool) {
	for _, v := range t.Variants {
		c := &model.Case{Tried: model.Tried{Variants: []*model.Variant{v}, Any: any}}
		for _, sel := range v.Selectors {
			v.Values = append(v.Values, t.Literal(sel))
			if len(selected[sel]) == 1 {
				c.Values = append(c.Values, t.Literal(sel))
			}
		}
		if len(c.Values) > 0 {
			t.Cases = append(t.Cases, c)
		}
	}
	several := map[string]*model.Case{}
	for _, sel := range order {
		list := selected[sel]
		if len(list) == 1 {
			continue
		}
		b.Spend(len(list), b.ListsAt[t])
		key := fmt.Sprint(list) // the pointers
		c := several[key]
		if c == nil {
			c = &model.Case{Tried: model.Tried{Variants: list, Any: any}}
			several[key] = c
			t.Cases = append(t.Cases, c)
		}
		c.Values = append(c.Values, t.Literal(sel))
	}
}

// selectsNothing warns of values of a discriminator that are refused in any case: those that a
// branch allows and that select none, and those that select a branch which refuses them.
func (b *Builder) selectsNothing(s *schema.Schema, branches []*schema.Schema) {
	d, own := s.Discriminator, slices.Concat(s.OneOf, s.AnyOf)
	selects := map[schema.Selector]bool{}
	for _, m := range d.Mapping {
		selects[m.Selector] = true
		p := branches[m.Branch].Property(d.Property)
		if p != nil && !m.Listed && p.Schema.Refuses(&load.Node{Kind: m.Kind, Text: m.Text}) {
			b.Diags.Warnf(mappedAt(s, m.Text), rules.Discriminator, "the value %q of the discriminator selects the branch at %v, whose %q refuses it", m.Text, own[m.Branch].Pos, d.Property)
		}
	}
	if d.Default != nil {
		return
	}
	for _, br := range append([]*schema.Schema{s}, branches...) {
		p := br.Property(d.Property)
		if p == nil {
			continue
		}
		for _, v := range p.Schema.Enum {
			if sel, ok := schema.SelectorOf(v); ok && !selects[sel] {
				b.Diags.Warnf(v.Pos, rules.Discriminator, "the value %q of the discriminator %q selects no branch: it is refused", v.Text, d.Property)
			}
		}
	}
}

// mappedAt is where a mapping has a value, or its discriminator.
func mappedAt(s *schema.Schema, value string) diag.Pos {
	for _, n := range s.Nodes {
		if v := n.Get("discriminator").Get("mapping").Get(value); v != nil {
			return v.Pos
		}
	}
	return s.Discriminator.Pos
}

func (b *Builder) kindConstants(t schema.Types) []gosrc.Ident {
	var out []gosrc.Ident
	for _, k := range []struct {
		bits schema.Types
		name string
	}{
		{schema.TypeNull, "KindNull"}, {schema.TypeBool, "KindBool"}, {schema.TypeInteger | schema.TypeNumber, "KindNumber"},
		{schema.TypeString, "KindString"}, {schema.TypeArray, "KindArray"}, {schema.TypeObject, "KindObject"},
	} {
		if t&k.bits != 0 {
			out = append(out, b.Word(k.name))
		}
	}
	return out
}
