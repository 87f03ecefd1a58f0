package model

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// object is a struct where the schema names members, also in a group of required members, else
// a map or, where the schema says nothing at all about members and nothing keeps them, a struct without
// fields: silence is no.
func (b *builder) object(t *Type, s *schema.Schema, at place) {
	b.spend(len(s.Properties)+len(s.Required), s.Pos)
	b.keeps(s)
	names := len(s.Properties)+len(s.Required)+len(s.RequiredAny)+len(s.RequiredOne) > 0
	if !names && (s.Extra == schema.ExtraAny || s.Extra == schema.ExtraTyped) {
		b.mapOf(t, s, at)
		return
	}
	t.Kind = Struct
	b.declare(t, s, at)
	t.Unknown = b.unknownMode(s)
	b.claimUnknown(t, s)
	t.hold(s, "type", "properties", "required", "additionalProperties", "unevaluatedProperties", "minProperties", "maxProperties", "oneOf", "anyOf", "not")

	fields, used := b.memberNames(s)
	named, forbidden, readOnly := b.members(t, s, at.dir)
	t.ReadOnly, t.HasReadOnly = gosrc.List(", ", readOnly...), len(readOnly) > 0
	for _, p := range named {
		f := b.field(p, s, at.called(t.Name), fields[p.Name])
		f.Index = len(t.Fields)
		t.Fields = append(t.Fields, f)
	}
	for _, p := range forbidden {
		f := b.forbidden(p, used)
		f.Index = len(t.Fields)
		t.Fields = append(t.Fields, f)
	}
	if s.Extra == schema.ExtraAny || s.Extra == schema.ExtraTyped && stays(s.ExtraSchema, at.dir) == "" {
		t.Extra = b.extra(s, at.called(t.Name), used)
		t.Unknown = gosrc.Raw("wire.Keep")
	} else if s.Extra == schema.ExtraTyped {
		t.holdAll(s.ExtraSchema) // none is taken or sent
		t.ReadOnlyRest = at.dir == request
	}
	t.Required = t.noBits()
	for _, f := range t.Fields {
		if f.Required {
			t.Required.add(f.Index)
		}
	}
	t.Groups = b.groups(t, s, at.dir)
	t.Min, t.Max = b.least(t, s, at.dir), s.MaxProperties
}

// members are the properties that travel in direction dir, with those that are only
// named in required: they may hold anything. The forbidden ones may not be there, though
// members that nobody names may pass: those whose schema no value can meet, and where
// additionalProperties would hand them over, those that are never sent. What is readOnly is the
// server's: a request that has it is refused, whatever becomes of members that nobody names.
func (b *builder) members(t *Type, s *schema.Schema, dir direction) (out, forbidden []schema.Property, readOnly []gosrc.Part) {
	open := s.Extra == schema.ExtraAny || s.Extra == schema.ExtraTyped
	for _, p := range s.Properties {
		if p.Schema.Never || dir == request && p.Schema.ReadOnly || dir == response && p.Schema.WriteOnly {
			t.without(&p)
		}
		if p.Schema.Never {
			b.letStand(p.Schema.Contradictions())
			if s.Extra != schema.ExtraFalse { // else it is refused like any other
				forbidden = append(forbidden, p)
			}
			continue
		}
		if dir == request && p.Schema.ReadOnly {
			readOnly = append(readOnly, gosrc.Quote(p.Name))
			continue
		}
		if dir == response && p.Schema.WriteOnly {
			if open {
				forbidden = append(forbidden, p)
			}
			continue
		}
		out = append(out, p)
	}
	known := make(map[string]bool, len(s.Properties))
	for i := range s.Properties {
		known[s.Properties[i].Name] = true
	}
	for _, name := range bareNames(s) {
		if !known[name] {
			known[name] = true
			member := b.anything
			if s.Extra == schema.ExtraTyped && s.ExtraSchema != nil {
				member = s.ExtraSchema
			}
			out = append(out, schema.Property{Name: name, Pos: s.Pos, Schema: member})
		}
	}
	return out, forbidden, readOnly
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

// forbidden is a field that no value ever reaches: a member that may not be there has to
// be known, or it would pass where unknown ones do. Nobody outside of the package sees it.
func (b *builder) forbidden(p schema.Property, used *naming.Scope) *Field {
	t := &Type{MaxItems: -1}
	b.raw(t)
	t.Checks = []Check{{Keyword: gosrc.Quote("additionalProperties"), Op: IsAbsent}}
	return &Field{
		Name: used.Take(gosrc.Unexported(p.Name)), JSON: gosrc.Quote(p.Name), Doc: gosrc.NewComment("Never there: it is refused."),
		Bare: gosrc.Key(p.Name, ""), First: gosrc.Key(p.Name, "{"), Later: gosrc.Key(p.Name, ","),
		Type: t, Opt: true, never: true,
	}
}

// field builds one member of a struct.
func (b *builder) field(p schema.Property, s *schema.Schema, at place, name gosrc.Ident) *Field {
	f := &Field{
		Name:     name,
		JSON:     gosrc.Quote(p.Name),
		Doc:      gosrc.NewComment(p.Schema.Description),
		Required: slices.Contains(s.Required, p.Name),
	}
	f.Bare = gosrc.Key(p.Name, "")
	f.First = gosrc.Key(p.Name, "{")
	f.Later = gosrc.Key(p.Name, ",")
	f.Type = b.typeOf(p.Schema, at.plus(f.Name))
	if at.dir == response {
		if m := b.maskOf(&p); m != nil {
			b.mask(f, m)
			for _, n := range p.Nodes {
				f.words = append(f.words, word{n, wordMask})
			}
		}
	}
	b.guard(f, &p)
	if d := p.Schema.Default; d != nil && at.dir == request && !f.Required && counted(s, p.Name) {
		b.diags.Warnf(d.Pos, rules.DefaultNotApplied, "the default of this schema is documentation only: oneOf, not or maxProperties count the members that are there, and %q would always be", p.Name)
		f.Opt = !f.Type.nilable()
		return f
	}
	b.optional(f, p.Schema, at.dir)
	return f
}

// counted reports whether a value of s could have too much with the member, where it does not come from the caller: a
// handler could not even send back what it was sent.
func counted(s *schema.Schema, name string) bool {
	if s.MaxProperties >= 0 && s.MaxProperties < int64(len(s.Properties)) {
		return true
	}
	return slices.ContainsFunc(s.RequiredOne, func(sets [][]string) bool {
		return slices.ContainsFunc(sets, func(set []string) bool { return slices.Contains(set, name) })
	})
}

// optional decides how absence shows in Go: by the default, by nil, or by Opt.
func (b *builder) optional(f *Field, s *schema.Schema, dir direction) {
	if f.Required {
		return
	}
	if s.Default != nil && dir == request && !f.Type.refuses {
		if lit, ok := b.defaultOf(f.Type, s); ok {
			f.Default, f.HasDefault = lit, true
			return
		}
	}
	f.Opt = !f.Type.nilable()
}

// nilable reports whether the type's own nil says that the member is absent.
func (t *Type) nilable() bool {
	switch t.Kind {
	case Slice, Map, Pointer, Sequence:
		return true
	case Scalar:
		return t.Method.String() == "Bytes"
	}
	return false
}

// extra is the field for the members that have no name in the document.
func (b *builder) extra(s *schema.Schema, at place, used *naming.Scope) *Field {
	elem := s.ExtraSchema
	if s.Extra == schema.ExtraAny || elem == nil {
		elem = b.anything
	}
	name := used.Take(gosrc.Exported("additional properties"), gosrc.Exported("other properties"))
	item := at.plus(name)
	m := &Type{Kind: Map, Elem: b.typeOf(elem, item), MaxItems: -1}
	b.asItem(m.Elem, item.name)
	return &Field{Name: name, Type: m, Doc: gosrc.NewComment("Members that the document does not name.")}
}

func (b *builder) mapOf(t *Type, s *schema.Schema, at place) {
	t.Kind, t.MaxItems = Map, s.MaxProperties
	t.hold(s, "type", "additionalProperties", "minProperties", "maxProperties")
	b.claimUnknown(t, s)
	b.listsAt[t], b.lists[t] = s.Pos, listPlace{s, at}
	elem := s.ExtraSchema
	if s.Extra == schema.ExtraAny || elem == nil {
		elem = b.anything
	}
	value := at.sub("Value")
	t.Elem = b.typeOf(elem, value)
	b.asItem(t.Elem, value.name)
	t.Checks = refuseAny(elem, at.dir)
	if s.MinProperties > 0 {
		t.Checks = append(t.Checks, Check{Keyword: gosrc.Quote("minProperties"), Op: MinLength, N: gosrc.Int(s.MinProperties)})
	}
	if s.MaxProperties >= 0 {
		t.Checks = append(t.Checks, Check{Keyword: gosrc.Quote("maxProperties"), Op: MaxLength, N: gosrc.Int(s.MaxProperties)})
	}
}
