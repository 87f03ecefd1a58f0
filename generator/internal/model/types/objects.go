package types

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// object is a struct where the schema names members, also in a group of required members, else
// a map or, where the schema says nothing at all about members and nothing keeps them, a struct without
// fields: silence is no.
func (b *Builder) object(t *model.Type, s *schema.Schema, at Place) {
	b.Spend(len(s.Properties)+len(s.Required), s.Pos)
	b.keeps(s)
	names := len(s.Properties)+len(s.Required)+len(s.RequiredAny)+len(s.RequiredOne) > 0
	if !names && (s.Extra == schema.ExtraAny || s.Extra == schema.ExtraTyped) {
		b.mapOf(t, s, at)
		return
	}
	t.Kind = model.Struct
	b.declare(t, s, at)
	t.Unknown = b.unknownMode(s)
	b.ClaimUnknown(t, s)
	t.Hold(s, "type", "properties", "required", "additionalProperties", "unevaluatedProperties", "minProperties", "maxProperties", "oneOf", "anyOf", "not")

	fields, used := b.MemberNames(s)
	named, forbidden, readOnly := b.Members(t, s, at.Dir)
	t.ReadOnly, t.HasReadOnly = gosrc.List(", ", readOnly...), len(readOnly) > 0
	for _, p := range named {
		f := b.field(p, s, at.Called(t.Name), fields[p.Name])
		f.Index = len(t.Fields)
		t.Fields = append(t.Fields, f)
	}
	for _, p := range forbidden {
		f := b.forbidden(p, used)
		f.Index = len(t.Fields)
		t.Fields = append(t.Fields, f)
	}
	if s.Extra == schema.ExtraAny || s.Extra == schema.ExtraTyped && Stays(s.ExtraSchema, at.Dir) == "" {
		t.Extra = b.extra(s, at.Called(t.Name), used)
		t.Unknown = gosrc.Raw("wire.Keep")
	} else if s.Extra == schema.ExtraTyped {
		t.HoldAll(s.ExtraSchema) // none is taken or sent
		t.ReadOnlyRest = at.Dir == Request
	}
	t.Required = t.NoBits()
	for _, f := range t.Fields {
		if f.Required {
			t.Required.Add(f.Index)
		}
	}
	t.Groups = b.groups(t, s, at.Dir)
	t.Min, t.Max = b.least(t, s, at.Dir), s.MaxProperties
}

// Members are the properties that travel in direction dir, with those that are only
// named in required: they may hold anything. The forbidden ones may not be there, though
// members that nobody names may pass: those whose schema no value can meet, and where
// additionalProperties would hand them over, those that are never sent. What is readOnly is the
// server's: a request that has it is refused, whatever becomes of members that nobody names.
func (b *Builder) Members(t *model.Type, s *schema.Schema, dir Direction) (out, forbidden []schema.Property, readOnly []gosrc.Part) {
	open := s.Extra == schema.ExtraAny || s.Extra == schema.ExtraTyped
	for _, p := range s.Properties {
		if p.Schema.Never || dir == Request && p.Schema.ReadOnly || dir == Response && p.Schema.WriteOnly {
			t.Without(&p)
		}
		if p.Schema.Never {
			b.letStand(p.Schema.Contradictions())
			if s.Extra != schema.ExtraFalse { // else it is refused like any other
				forbidden = append(forbidden, p)
			}
			continue
		}
		if dir == Request && p.Schema.ReadOnly {
			readOnly = append(readOnly, gosrc.Quote(p.Name))
			continue
		}
		if dir == Response && p.Schema.WriteOnly {
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
			member := b.Anything
			if s.Extra == schema.ExtraTyped && s.ExtraSchema != nil {
				member = s.ExtraSchema
			}
			out = append(out, schema.Property{Name: name, Pos: s.Pos, Schema: member})
		}
	}
	return out, forbidden, readOnly
}

// forbidden is a field that no value ever reaches: a member that may not be there has to
// be known, or it would pass where unknown ones do. Nobody outside of the package sees it.
func (b *Builder) forbidden(p schema.Property, used *naming.Scope) *model.Field {
	t := &model.Type{MaxItems: -1}
	b.raw(t)
	t.Checks = []model.Check{{Keyword: gosrc.Quote("additionalProperties"), Op: model.IsAbsent}}
	return &model.Field{
		Name: used.Take(gosrc.Unexported(p.Name)), JSON: gosrc.Quote(p.Name), Doc: gosrc.NewComment("Never there: it is refused."),
		Bare: gosrc.Key(p.Name, ""), First: gosrc.Key(p.Name, "{"), Later: gosrc.Key(p.Name, ","),
		Type: t, Opt: true, Never: true,
	}
}

// field builds one member of a struct.
func (b *Builder) field(p schema.Property, s *schema.Schema, at Place, name gosrc.Ident) *model.Field {
	f := &model.Field{
		Name:     name,
		JSON:     gosrc.Quote(p.Name),
		Doc:      gosrc.NewComment(p.Schema.Description).Deprecate(p.Schema.Deprecated),
		Required: slices.Contains(s.Required, p.Name),
	}
	f.Bare = gosrc.Key(p.Name, "")
	f.First = gosrc.Key(p.Name, "{")
	f.Later = gosrc.Key(p.Name, ",")
	f.Type = b.TypeOf(p.Schema, at.Plus(f.Name))
	if at.Dir == Response {
		if m := b.maskOf(&p); m != nil {
			b.mask(f, m)
			for _, n := range p.Nodes {
				f.Words = append(f.Words, model.Word{Node: n, Key: WordMask})
			}
		}
	}
	b.Guard(f, &p)
	if d := p.Schema.Default; d != nil && at.Dir == Request && !f.Required && counted(s, p.Name) {
		b.Diags.Warnf(d.Pos, rules.DefaultNotApplied, "the default of this schema is documentation only: oneOf, not or maxProperties count the members that are there, and %q would always be", p.Name)
		f.Opt = !f.Type.Nilable()
		return f
	}
	b.Optional(f, p.Schema, at.Dir)
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

// Optional decides how absence shows in Go: by the default, by nil, or by Opt.
func (b *Builder) Optional(f *model.Field, s *schema.Schema, dir Direction) {
	if f.Required {
		return
	}
	if s.Default != nil && dir == Request && !f.Type.Nothing {
		if lit, ok := b.defaultOf(f.Type, s); ok {
			f.Default, f.HasDefault = lit, true
			return
		}
	}
	f.Opt = !f.Type.Nilable()
}

// extra is the field for the members that have no name in the document.
func (b *Builder) extra(s *schema.Schema, at Place, used *naming.Scope) *model.Field {
	elem := s.ExtraSchema
	if s.Extra == schema.ExtraAny || elem == nil {
		elem = b.Anything
	}
	name := used.Take(gosrc.Exported("additional properties"), gosrc.Exported("other properties"))
	item := at.Plus(name)
	m := &model.Type{Kind: model.Map, Elem: b.TypeOf(elem, item), MaxItems: -1}
	b.AsItem(m.Elem, item.Name)
	return &model.Field{Name: name, Type: m, Doc: gosrc.NewComment("Members that the document does not name.")}
}

func (b *Builder) mapOf(t *model.Type, s *schema.Schema, at Place) {
	t.Kind, t.MaxItems = model.Map, s.MaxProperties
	t.Hold(s, "type", "additionalProperties", "minProperties", "maxProperties")
	b.ClaimUnknown(t, s)
	b.ListsAt[t], b.lists[t] = s.Pos, listPlace{s, at}
	elem := s.ExtraSchema
	if s.Extra == schema.ExtraAny || elem == nil {
		elem = b.Anything
	}
	value := at.Sub("Value")
	t.Elem = b.TypeOf(elem, value)
	b.AsItem(t.Elem, value.Name)
	t.Checks = refuseAny(elem, at.Dir)
	if s.MinProperties > 0 {
		t.Checks = append(t.Checks, model.Check{Keyword: gosrc.Quote("minProperties"), Op: model.MinLength, N: gosrc.Int(s.MinProperties)})
	}
	if s.MaxProperties >= 0 {
		t.Checks = append(t.Checks, model.Check{Keyword: gosrc.Quote("maxProperties"), Op: model.MaxLength, N: gosrc.Int(s.MaxProperties)})
	}
}
