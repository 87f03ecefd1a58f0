package types

import (
	"slices"
	"strconv"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// enum is a named string or integer type with constants; other scalars are checked
// against the list of their values.
func (b *Builder) enum(t *model.Type, s *schema.Schema, at Place) {
	b.Spend(len(s.Enum), s.Pos)
	kinds := map[load.Kind]bool{}
	for _, v := range s.Enum {
		kinds[v.Kind] = true
	}
	plain := *s
	plain.Enum = nil
	t.Hold(s, "enum", "const", "type")
	switch {
	case len(kinds) == 1 && kinds[load.String] && s.Types == schema.TypeString:
		b.stringEnum(t, s, at)
	case len(kinds) == 1 && kinds[load.Number] && s.Types&^(schema.TypeInteger|schema.TypeNumber) == 0:
		b.number(t, &plain)
		b.listed(t, s, func(n *load.Node) (gosrc.Literal, bool) { return b.numberLiteral(t, n.Text) })
	case len(kinds) == 1 && kinds[load.Bool] && s.Types == schema.TypeBool:
		b.Scalar(t, "bool")
		b.listed(t, s, func(n *load.Node) (gosrc.Literal, bool) { return gosrc.Bool(n.Text == "true"), true })
	default: // what checkedRaw leaves: null alone
		b.unsaid(t, s)
	}
	b.constant(t, s)
}

// listed checks a scalar against the values of an enum.
func (b *Builder) listed(t *model.Type, s *schema.Schema, lit func(*load.Node) (gosrc.Literal, bool)) {
	var list []model.Listed
	seen := make(map[gosrc.Literal]bool, len(s.Enum))
	for _, v := range s.Enum {
		l, ok := lit(v)
		if !ok {
			b.Diags.Warnf(v.Pos, rules.EnumType, "no value of this schema's type can be %s; it is left out", v.Text)
		} else if !seen[l] {
			seen[l] = true
			list = append(list, model.Listed{Value: l, Text: v.Text})
		}
	}
	if len(list) == 0 {
		b.Errorf(s.At("enum"), rules.Unsatisfiable, "none of the enum's values can be held by this schema's type")
		return
	}
	bits := map[string]int{"Float64": 64, "Float32": 32}[t.Method.String()]
	shown := make([]string, len(list))
	for i, l := range list {
		shown[i] = shorten(l.Text)
	}
	t.Checks = append(t.Checks, model.Check{Keyword: gosrc.Quote("enum"), Refusal: b.enumRefusal(shown), Op: model.OneOf, Listed: list, Bits: bits})
}

func (b *Builder) numberLiteral(t *model.Type, text string) (gosrc.Literal, bool) {
	switch t.Method.String() {
	case "Float64", "Float32":
		l, err := gosrc.Float(text)
		return l, err == nil && !beyondFloat32(t.Method.String(), text)
	}
	r, ok := model.Exactly(text)
	if !ok || !r.IsInt() || !model.Held(t.Method.String(), r.Num()) {
		return gosrc.Literal{}, false
	}
	l, err := gosrc.Number(r.Num().String())
	return l, err == nil
}

// stringEnum declares a string type with a constant for each value.
func (b *Builder) stringEnum(t *model.Type, s *schema.Schema, at Place) {
	b.Scalar(t, "string")
	t.Hold(s, "format", "contentEncoding", "minLength", "maxLength", "pattern")
	t.Elem = &model.Type{Kind: model.Scalar, Method: t.Method, Go: t.Go, MaxItems: -1}
	t.Conv = true
	b.declare(t, s, at)
	listed := make(map[string]bool, len(s.Enum))
	var words []*naming.Claim
	var values []string
	for i, v := range s.Enum {
		word := v.Text
		if i < len(s.EnumNames) && s.EnumNames[i] != "" {
			word = s.EnumNames[i]
		}
		if word == "" {
			word = "empty"
		}
		if listed[v.Text] {
			continue
		}
		listed[v.Text] = true
		value := gosrc.Exported(word)
		values = append(values, v.Text)
		words = append(words, &naming.Claim{ID: v.Text, Exact: value.String() == word, Choices: []gosrc.Ident{value}})
	}
	naming.NewScope().Settle(words)
	for i, c := range words {
		name := b.Bid(s.Pos, t.Name.String()+" = "+c.ID, rankValue, t.Name.Plus(c.Name.String()), t.Name.Plus("_"+c.Name.String()))
		t.Enum = append(t.Enum, model.EnumValue{Name: name, Value: gosrc.Quote(values[i])})
	}
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = strconv.Quote(v)
	}
	t.Checks = append(t.Checks, model.Check{Keyword: gosrc.Quote("enum"), Refusal: b.enumRefusal(quoted), Op: model.IsValid})
	// What else the schema says of the text holds beside the list.
	for _, c := range b.stringChecks(s, s.Format, at) {
		c.AsText = true
		t.Checks = append(t.Checks, c)
	}
}

// sum is a struct with one pointer for each branch.
func (b *Builder) sum(t *model.Type, s *schema.Schema, at Place) {
	branches, any := s.OneOf, false
	if len(branches) == 0 {
		branches, any = s.AnyOf, true
	}
	if b.strings(t, s, branches, any, at) {
		return
	}
	t.Kind = model.Sum
	t.Hold(s, "type", "oneOf", "anyOf")
	b.declare(t, s, at)
	merged, d := b.selection(s, b.Merged(s), at)
	names := b.variantNames(merged, branches)
	for i, branch := range branches {
		v := b.variant(t, merged[i], names[i], at)
		refuseBranch(t, branch, at.Dir, model.Check{Op: model.NoVariant, Name: v.Name})
	}
	b.choose(t, s, d, merged, any)
}

// strings makes a choice between strings one string: what tells the branches apart is
// a pattern, a format or a list, and no Go type would say more.
func (b *Builder) strings(t *model.Type, s *schema.Schema, branches []*schema.Schema, any bool, at Place) bool {
	if len(s.Enum) > 0 {
		return false
	}
	for _, br := range branches {
		if br.Types != schema.TypeString || len(br.OneOf) > 0 || len(br.AnyOf) > 0 {
			return false
		}
	}
	b.Scalar(t, "string")
	t.Checks = append(t.Checks, b.stringChecks(s, s.Format, at)...)
	for _, x := range append([]*schema.Schema{s}, branches...) {
		t.Hold(x, "type", "oneOf", "anyOf", "enum", "const", "format", "contentEncoding", "minLength", "maxLength", "pattern")
	}
	choice := model.Check{Keyword: gosrc.Quote("oneOf"), Op: model.OneBranch, Branches: make([]model.Branch, len(branches))}
	if any {
		choice.Keyword, choice.Op = gosrc.Quote("anyOf"), model.AnyBranch
	}
	for i, br := range branches {
		choice.Branches[i] = b.branch(br, at.Sub("option "+strconv.Itoa(i+1)))
		refuseBranch(t, br, at.Dir, model.Check{Op: model.NoBranch, Branches: choice.Branches[i : i+1]})
	}
	t.Checks = append(t.Checks, choice)
	return true
}

// branch is what a string has to meet for one branch.
func (b *Builder) branch(s *schema.Schema, at Place) model.Branch {
	br := model.Branch{Checks: b.stringChecks(s, s.Format, at)}
	for _, e := range s.Enum {
		if l := gosrc.Quote(e.Text); !slices.Contains(br.Listed, l) {
			br.Listed = append(br.Listed, l)
		}
	}
	return br
}

// variant adds one branch; its type is a function's, so that it can be tried.
func (b *Builder) variant(t *model.Type, s *schema.Schema, field gosrc.Ident, at Place) *model.Variant {
	v := &model.Variant{Name: field}
	name := at.Called(t.Name).Plus(v.Name)
	v.Type = b.TypeOf(s, name)
	b.AsItem(v.Type, name.Name)
	t.Variants = append(t.Variants, v)
	return v
}

// variantNames are the fields of the branches of a choice: named is what the document has of each.
func (b *Builder) variantNames(list, names []*schema.Schema) []gosrc.Ident {
	claims := make([]*naming.Claim, len(list))
	for i, s := range list {
		named, number := names[i], "option "+strconv.Itoa(i+1)
		word := named.Name
		if word == "" {
			word = named.Title
		}
		if word == "" || len(word) > 40 {
			word = kindWord(s)
		}
		if word == "" {
			word = number
		}
		field := gosrc.Exported(word)
		c := &naming.Claim{ID: number, Rank: RankPlace, Own: true}
		if named.Name != "" {
			c.ID, c.Rank, c.Exact = word, RankSchema, field.String() == word
		}
		if own := b.goNameOfSchema(named); own != "" {
			field, c.Rank, c.Exact = naming.IdentOf(own), RankChosen, true
		}
		c.Choices = []gosrc.Ident{field, field.Plus(gosrc.Exported(number).String())}
		claims[i] = c
	}
	naming.NewScope().Settle(claims)
	out := make([]gosrc.Ident, len(claims))
	for i, c := range claims {
		out[i] = c.Name
	}
	return out
}

// kindWord names a branch that is no object after its type.
func kindWord(s *schema.Schema) string {
	switch s.Types &^ schema.TypeNull {
	case schema.TypeString:
		return "string"
	case schema.TypeBool:
		return "bool"
	case schema.TypeInteger:
		return "int"
	case schema.TypeInteger | schema.TypeNumber:
		return "number"
	case schema.TypeArray:
		return "list"
	}
	return ""
}

// choose finds the cheapest sound way to tell the branches apart.
func (b *Builder) choose(t *model.Type, s *schema.Schema, d *schema.Discriminator, branches []*schema.Schema, any bool) {
	switch {
	case d != nil:
		b.byDiscriminator(t, s, d, branches, any)
	case apartByKind(branches):
		t.Choice = model.ByKind
		for i, v := range t.Variants {
			v.Kinds = b.kindConstants(branches[i].Types)
		}
	case any:
		t.Choice = model.ByTryingAny
	default:
		t.Choice = model.ByTrying
	}
}

// kinds is a schema of several types without oneOf: a sum of one branch for each type.
func (b *Builder) kinds(t *model.Type, s *schema.Schema, at Place) {
	t.Kind, t.Choice = model.Sum, model.ByKind
	t.Hold(s, "type")
	b.declare(t, s, at)
	var kinds []*schema.Schema
	var bitsOf []schema.Types
	for _, bits := range []schema.Types{
		schema.TypeBool, schema.TypeInteger | schema.TypeNumber, schema.TypeString, schema.TypeArray, schema.TypeObject,
	} {
		if s.Types&bits == 0 {
			continue
		}
		one := b.VariantOf(s, "kind "+strconv.Itoa(int(bits)), func() *schema.Schema {
			c := *s
			c.Types, c.Name, c.Title, c.Default = s.Types&bits, "", "", nil
			return &c
		})
		kinds, bitsOf = append(kinds, one), append(bitsOf, bits)
	}
	names := b.variantNames(kinds, kinds)
	for i, one := range kinds {
		b.variant(t, one, names[i], at).Kinds = b.kindConstants(bitsOf[i])
	}
}
