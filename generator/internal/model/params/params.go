package params

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

func (b *Builder) Parameters(op *model.Operation, used *naming.Scope) {
	path := 0
	names := b.ParameterNames(op.Source)
	for i, src := range op.Source.Parameters {
		used.Reserve(names[i].String())
		f := &model.Field{
			Name:     names[i],
			JSON:     gosrc.Quote(src.Name),
			Doc:      gosrc.NewComment(src.Description).Deprecate(src.Deprecated),
			Required: src.Required,
		}
		p := &model.Param{Source: src, Field: f, In: src.In, Name: f.JSON, Required: src.Required, At: gosrc.Raw("req"), Pos: src.Pos, Names: []string{src.Name}}
		if src.In == "path" {
			p.Index = path
			path++
		}
		s := src.Schema
		if s == nil {
			s = b.Anything
		}
		b.parameterType(op, p, src, s)
		if f.Type == nil {
			continue
		}
		b.emptyValue(p, src)
		if !b.ListDefault(p, s) && !b.JSONDefault(p, s) {
			b.Optional(f, s, types.Request)
		}
		if p.CanBeEmpty && f.Required && !f.Type.Nilable() {
			f.Opt, f.Required = true, false
		}
		op.Fields = append(op.Fields, f)
		op.Params = append(op.Params, p)
	}
	op.Query = b.Gather(op.Name, "query", op.Params)
	op.Cookies = b.Gather(op.Name, "cookie", op.Params)
}

// emptyValue is allowEmptyValue: a parameter whose type has no empty text may be there
// without a value, which is as if it were not there (OpenAPI, Parameter Object).
func (b *Builder) emptyValue(p *model.Param, src *openapi.Parameter) {
	t := p.Field.Type
	if !src.AllowEmptyValue || src.In != "query" || p.Spread || p.List && !p.Exploded {
		return
	}
	if p.List {
		t = t.Elem
	}
	p.CanBeEmpty = t.Kind != model.Scalar || t.Method.String() != "String" || len(t.Checks) > 0
}

// ListDefault sets the default of an array of scalars, and reports whether it could.
func (b *Builder) ListDefault(p *model.Param, s *schema.Schema) bool {
	n, t := s.Default, p.Field.Type
	if n == nil || n.Kind != load.Array || t.Kind != model.Slice || p.Required || p.File {
		return false
	}
	items := make([]gosrc.Part, len(n.Items))
	for i, item := range n.Items {
		lit, ok := b.ScalarLiteral(t.Elem, item)
		if !ok || s.Items != nil && !s.Items.Allows(item) {
			return false // optional warns
		}
		items[i] = lit
	}
	p.Field.ListDefault, p.Field.HasListDefault = gosrc.List(", ", items...), true
	return true
}

// Gather makes the set of the parameters of a place for which pairs are taken, gives the
// others their bits, and refuses pairs that could be of two of them.
func (b *Builder) Gather(of gosrc.Ident, in string, list []*model.Param) *model.Gather {
	g, bits := &model.Gather{}, 0
	var own []*model.Param
	for _, p := range list {
		switch {
		case p.In != in:
		case p.Gathered:
			p.Index = len(g.Members)
			member := gosrc.Raw("{%}", p.Member)
			if p.CanBeEmpty {
				member = gosrc.Raw("{%, Empty: true}", p.Member)
			}
			g.Members = append(g.Members, member)
			own = append(own, p)
		case in == "query" || in == "body":
			p.Index = bits
			bits++
			own = append(own, p)
		default:
			own = append(own, p)
		}
	}
	for _, p := range own {
		p.Words = (bits + 63) / 64
		p.Field.Index = p.Index
	}
	if len(g.Members) == 0 {
		return nil
	}
	b.collisions(own)
	g.Name = b.Names.Take(gosrc.Unexported(in + " " + of.String()))
	for _, p := range own {
		p.Set = g.Name
	}
	b.API.Gathers = append(b.API.Gathers, g)
	return g
}

// collisions refuses parameters whose pairs cannot be told apart.
func (b *Builder) collisions(list []*model.Param) {
	owner := map[string]*model.Param{}
	var open *model.Param
	for _, p := range list {
		for _, name := range p.Names {
			if p.Bracketed {
				name += "["
			}
			if q := owner[name]; q != nil && q != p {
				b.Errorf(p.Pos, rules.ParameterCollision, "the pairs called %q belong to this parameter and to the one at %v; rename one, or write style: deepObject", name, q.Pos)
			}
			owner[name] = p
		}
		if p.Open && open != nil {
			b.Errorf(p.Pos, rules.ParameterCollision, "this parameter and the one at %v both take pairs of any name; write style: deepObject", open.Pos)
		}
		if p.Open {
			open = p
		}
	}
	for name, q := range owner {
		key, _, ok := strings.Cut(name, "[")
		p := owner[key+"["]
		if p == nil {
			p = owner[key]
		}
		if ok && p != nil && p != q && p.Deep {
			b.Errorf(q.Pos, rules.ParameterCollision, "the pairs called %q belong to this parameter and to the one at %v, which has brackets; rename one", name, p.Pos)
		}
	}
}

// parameterType reads the schema and the style of one parameter.
func (b *Builder) parameterType(op *model.Operation, p *model.Param, src *openapi.Parameter, s *schema.Schema) {
	at := types.PlaceIn(op.Name.Plus(p.Field.Name.String()), types.Request)
	if src.ContentType != "" {
		b.parameterContent(p, src, s, at)
		return
	}
	if !b.TextMet(s, types.Request) {
		b.plainParameter(p, src, b.Refusing(s, types.Request))
		return
	}
	s = b.Possible(s)
	if b.plainText(s) && plainStyle(src, s) {
		if t := b.TextType(s, at); t != nil {
			b.plainParameter(p, src, t)
			return
		}
	}
	member, how, ok := b.styleOf(p, src, s)
	if !ok {
		return
	}
	b.shaped(p, src, member, how, s, at, placeOf(src, "schema"))
}

// parameterContent is a parameter with content: JSON, or text as it is.
func (b *Builder) parameterContent(p *model.Param, src *openapi.Parameter, s *schema.Schema, at types.Place) {
	switch {
	case openapi.IsJSON(src.ContentType):
		p.AsJSON = true
		p.Field.Type = b.TypeOf(s, at)
	case src.ContentType == "application/x-www-form-urlencoded" && src.In == "querystring":
		p.In = "query"
		x := b.shaper(at)
		x.nested, x.encodings = true, src.Encoding
		b.spread(p, x, s, at, placeOf(src, "content"))
	case src.ContentType == "text/plain" && KindsOf(s)&^schema.TypeNull == schema.TypeString && b.plainText(s):
		p.Field.Type = b.TextType(s, at)
	default:
		b.Errorf(placeOf(src, "content"), rules.ParameterContent, "parameter %q has content of type %q; what is supported is JSON, and text/plain of a string", src.Name, src.ContentType)
	}
}

// plainStyle reports whether the style is one whose values are read without a Shape.
func plainStyle(src *openapi.Parameter, s *schema.Schema) bool {
	array := KindsOf(s)&schema.TypeArray != 0 && !IsAny(s)
	switch src.Style {
	case "simple", "form":
		return !array || src.In != "cookie" || !src.Explode
	case "cookie":
		return !array || !src.Explode
	case "spaceDelimited", "pipeDelimited":
		return true
	case "deepObject":
		return !array
	}
	return false
}

// plainParameter is a scalar, or an array of scalars.
func (b *Builder) plainParameter(p *model.Param, src *openapi.Parameter, t *model.Type) {
	p.Field.Type, p.AsIs = t, src.Style == "cookie"
	if t.Kind != model.Slice {
		if src.Style == "deepObject" || src.Style == "spaceDelimited" || src.Style == "pipeDelimited" {
			b.Diags.Warnf(placeOf(src, "style"), rules.ParameterStyle, "style %s says nothing of a single value: parameter %q is read as in style form", src.Style, src.Name)
		}
		return
	}
	p.List = true
	p.Exploded, p.Separator = src.Explode && src.In == "query", gosrc.Char(',')
	switch src.Style {
	case "spaceDelimited":
		p.Separator = gosrc.Char(' ')
	case "pipeDelimited":
		p.Separator = gosrc.Char('|')
	}
	if c := src.Separators.Outer; c != 0 {
		p.Separator = gosrc.Char(rune(c))
	}
}

// TextType is the type of a value that travels as plain text: a scalar, or an array
// of scalars; nil when the schema is something else. A null has no text: it is dropped.
func (b *Builder) TextType(s *schema.Schema, at types.Place) *model.Type {
	if !b.TextMet(s, at.Dir) {
		return b.Refusing(s, at.Dir)
	}
	s = b.Possible(s)
	b.RefuseUnsupported(s) // also what could be checked in JSON
	s = b.WithoutNull(s)
	if s.Types == schema.TypeAny && types.Unconstrained(s) && len(s.OneOf) == 0 && len(s.AnyOf) == 0 && len(s.Enum) == 0 {
		t := &model.Type{MaxItems: -1}
		b.Scalar(t, "string")
		return t
	}
	if s.Types == schema.TypeArray && len(s.OneOf) == 0 && len(s.AnyOf) == 0 {
		items := s.Items
		if items == nil {
			items = b.Anything
		}
		if items.Types&^schema.TypeNull == schema.TypeArray && len(items.OneOf)+len(items.AnyOf) == 0 {
			return nil // it may be an array of itself
		}
		elem := b.TextType(items, at.Sub("item"))
		if elem == nil || elem.Kind != model.Scalar {
			return nil
		}
		t := &model.Type{Kind: model.Slice, Elem: elem, MaxItems: s.MaxItems}
		t.Checks = b.ArrayChecks(t, s, types.Request)
		return t
	}
	if s.Types&(schema.TypeObject|schema.TypeArray) != 0 {
		return nil
	}
	if choice := len(s.OneOf) + len(s.AnyOf); choice > 0 && s.Types != schema.TypeString {
		return nil
	}
	if s.Exact() && types.ExactNumber(s) {
		s = b.VariantOf(s, "usual", s.Usual)
	}
	t := b.TypeOf(s, at)
	if t.Kind != model.Scalar || t.Method.String() == "Raw" {
		return nil
	}
	return t
}
