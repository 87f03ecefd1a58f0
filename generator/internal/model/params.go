package model

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Param is one parameter, or one field of a form.
type Param struct {
	Field *Field
	In    string
	Name  gosrc.Literal
	Index int // among the parameters of the same place: its bit, and for paths its position
	// List is set for arrays; Exploded when each item is a pair of its own, else
	// Separator stands between items.
	List      bool
	Exploded  bool
	Separator gosrc.Literal
	// AsJSON is set when the value is read as JSON text.
	AsJSON   bool
	Required bool
	// File is set for a file of a multipart body.
	File bool
	// PartHeaders are fields of a part's header; accepts are the media types that it may have.
	PartHeaders []*PartHeader
	accepts     []string
	// CanBeEmpty is allowEmptyValue where the type has no empty text: an empty value then
	// says nothing.
	CanBeEmpty bool
	// AsIs is set for cookies that are not percent-encoded.
	AsIs bool
	// Gathered is set where pairs are taken for it; Set are the parameters for which that
	// is so, and Index its place there. Transcribed is the param.Member of a value that is
	// one text to be written as JSON. Spread is set where the members of an object are
	// parameters of their own.
	Gathered    bool
	Set         gosrc.Ident
	Transcribed gosrc.Ident
	Spread      bool
	At          gosrc.Expr // the struct that holds the field: req or req.Body

	// DefaultJSON is the default of a value that is read as JSON.
	DefaultJSON    gosrc.Literal
	HasDefaultJSON bool

	member    gosrc.Expr // its param.Member
	names     []string   // of its pairs
	deep      bool       // its pairs may have brackets
	bracketed bool       // each of its pairs has brackets
	open      bool       // it takes pairs of any name
	words     int        // of the bits of its place
	source    *openapi.Parameter
	pos       diag.Pos
}

// Gather is a set of parameters for which pairs are taken.
type Gather struct {
	Name    gosrc.Ident
	Members []gosrc.Expr
}

// Judge is a function that reads a value of a type, for what it refuses.
type Judge struct {
	Name gosrc.Ident
	Type *Type
}

// Decoder is the function that reads the value.
func (j *Judge) Decoder() gosrc.Expr { return j.Type.itemDecoder() }

// Whole is the parameter's value, Item one item of a list.
func (p *Param) Whole() Value { return p.Field.in(gosrc.Raw("%.%", p.At, p.Field.Name)) }

// Item is the variable that one item of a list is read into.
func (p *Param) Item() Value { return Value{At: gosrc.Raw("item"), Type: p.Whole().Type.Elem} }

// SetFlag is the statement that marks an optional parameter as given.
func (p *Param) SetFlag() gosrc.Expr { return gosrc.Raw("%.%.Set = true", p.At, p.Field.Name) }

func (b *builder) parameters(op *Operation, used *naming.Scope) {
	path := 0
	names := b.parameterNames(op.source)
	for i, src := range op.source.Parameters {
		used.Reserve(names[i].String())
		f := &Field{
			Name:     names[i],
			JSON:     gosrc.Quote(src.Name),
			Doc:      gosrc.NewComment(src.Description),
			Required: src.Required,
		}
		p := &Param{source: src, Field: f, In: src.In, Name: f.JSON, Required: src.Required, At: gosrc.Raw("req"), pos: src.Pos, names: []string{src.Name}}
		if src.In == "path" {
			p.Index = path
			path++
		}
		s := src.Schema
		if s == nil {
			s = b.anything
		}
		b.parameterType(op, p, src, s)
		if f.Type == nil {
			continue
		}
		b.emptyValue(p, src)
		if !b.listDefault(p, s) && !b.jsonDefault(p, s) {
			b.optional(f, s, request)
		}
		if p.CanBeEmpty && f.Required && !f.Type.nilable() {
			f.Opt, f.Required = true, false
		}
		op.Fields = append(op.Fields, f)
		op.Params = append(op.Params, p)
	}
	op.Query = b.gather(op.Name, "query", op.Params)
	op.Cookies = b.gather(op.Name, "cookie", op.Params)
}

// emptyValue is allowEmptyValue: a parameter whose type has no empty text may be there
// without a value, which is as if it were not there (OpenAPI, Parameter Object).
func (b *builder) emptyValue(p *Param, src *openapi.Parameter) {
	t := p.Field.Type
	if !src.AllowEmptyValue || src.In != "query" || p.Spread || p.List && !p.Exploded {
		return
	}
	if p.List {
		t = t.Elem
	}
	p.CanBeEmpty = t.Kind != Scalar || t.Method.String() != "String" || len(t.Checks) > 0
}

// listDefault sets the default of an array of scalars, and reports whether it could.
func (b *builder) listDefault(p *Param, s *schema.Schema) bool {
	n, t := s.Default, p.Field.Type
	if n == nil || n.Kind != load.Array || t.Kind != Slice || p.Required || p.File {
		return false
	}
	items := make([]gosrc.Part, len(n.Items))
	for i, item := range n.Items {
		lit, ok := b.scalarLiteral(t.Elem, item)
		if !ok || s.Items != nil && !s.Items.Allows(item) {
			return false // optional warns
		}
		items[i] = lit
	}
	p.Field.ListDefault, p.Field.HasListDefault = gosrc.List(", ", items...), true
	return true
}

// gather makes the set of the parameters of a place for which pairs are taken, gives the
// others their bits, and refuses pairs that could be of two of them.
func (b *builder) gather(of gosrc.Ident, in string, list []*Param) *Gather {
	g, bits := &Gather{}, 0
	var own []*Param
	for _, p := range list {
		switch {
		case p.In != in:
		case p.Gathered:
			p.Index = len(g.Members)
			member := gosrc.Raw("{%}", p.member)
			if p.CanBeEmpty {
				member = gosrc.Raw("{%, Empty: true}", p.member)
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
		p.words = (bits + 63) / 64
		p.Field.Index = p.Index
	}
	if len(g.Members) == 0 {
		return nil
	}
	b.collisions(own)
	g.Name = b.names.Take(gosrc.Unexported(in + " " + of.String()))
	for _, p := range own {
		p.Set = g.Name
	}
	b.api.Gathers = append(b.api.Gathers, g)
	return g
}

// collisions refuses parameters whose pairs cannot be told apart.
func (b *builder) collisions(list []*Param) {
	owner := map[string]*Param{}
	var open *Param
	for _, p := range list {
		for _, name := range p.names {
			if p.bracketed {
				name += "["
			}
			if q := owner[name]; q != nil && q != p {
				b.errorf(p.pos, rules.ParameterCollision, "the pairs called %q belong to this parameter and to the one at %v; rename one, or write style: deepObject", name, q.pos)
			}
			owner[name] = p
		}
		if p.open && open != nil {
			b.errorf(p.pos, rules.ParameterCollision, "this parameter and the one at %v both take pairs of any name; write style: deepObject", open.pos)
		}
		if p.open {
			open = p
		}
	}
	for name, q := range owner {
		key, _, ok := strings.Cut(name, "[")
		p := owner[key+"["]
		if p == nil {
			p = owner[key]
		}
		if ok && p != nil && p != q && p.deep {
			b.errorf(q.pos, rules.ParameterCollision, "the pairs called %q belong to this parameter and to the one at %v, which has brackets; rename one", name, p.pos)
		}
	}
}

// parameterType reads the schema and the style of one parameter.
func (b *builder) parameterType(op *Operation, p *Param, src *openapi.Parameter, s *schema.Schema) {
	at := placeIn(op.Name.Plus(p.Field.Name.String()), request)
	if src.ContentType != "" {
		b.parameterContent(p, src, s, at)
		return
	}
	if !b.textMet(s, request) {
		b.plainParameter(p, src, b.refusing(s, request))
		return
	}
	s = b.possible(s)
	if b.plainText(s) && plainStyle(src, s) {
		if t := b.textType(s, at); t != nil {
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
func (b *builder) parameterContent(p *Param, src *openapi.Parameter, s *schema.Schema, at place) {
	switch {
	case openapi.IsJSON(src.ContentType):
		p.AsJSON = true
		p.Field.Type = b.typeOf(s, at)
	case src.ContentType == "application/x-www-form-urlencoded" && src.In == "querystring":
		p.In = "query"
		x := b.shaper(at)
		x.nested, x.encodings = true, src.Encoding
		b.spread(p, x, s, at, placeOf(src, "content"))
	case src.ContentType == "text/plain" && kindsOf(s)&^schema.TypeNull == schema.TypeString && b.plainText(s):
		p.Field.Type = b.textType(s, at)
	default:
		b.errorf(placeOf(src, "content"), rules.ParameterContent, "parameter %q has content of type %q; what is supported is JSON, and text/plain of a string", src.Name, src.ContentType)
	}
}

// plainStyle reports whether the style is one whose values are read without a Shape.
func plainStyle(src *openapi.Parameter, s *schema.Schema) bool {
	array := kindsOf(s)&schema.TypeArray != 0 && !isAny(s)
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
func (b *builder) plainParameter(p *Param, src *openapi.Parameter, t *Type) {
	p.Field.Type, p.AsIs = t, src.Style == "cookie"
	if t.Kind != Slice {
		if src.Style == "deepObject" || src.Style == "spaceDelimited" || src.Style == "pipeDelimited" {
			b.diags.Warnf(placeOf(src, "style"), rules.ParameterStyle, "style %s says nothing of a single value: parameter %q is read as in style form", src.Style, src.Name)
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

// placeOf is where a parameter has a member.
func placeOf(p *openapi.Parameter, member string) diag.Pos {
	if n := p.Node.Get(member); n != nil {
		return n.Pos
	}
	return p.Pos
}

// textType is the type of a value that travels as plain text: a scalar, or an array
// of scalars; nil when the schema is something else. A null has no text: it is dropped.
func (b *builder) textType(s *schema.Schema, at place) *Type {
	if !b.textMet(s, at.dir) {
		return b.refusing(s, at.dir)
	}
	s = b.possible(s)
	b.refuseUnsupported(s) // also what could be checked in JSON
	s = b.withoutNull(s)
	if s.Types == schema.TypeAny && unconstrained(s) && len(s.OneOf) == 0 && len(s.AnyOf) == 0 && len(s.Enum) == 0 {
		t := &Type{MaxItems: -1}
		b.scalar(t, "string")
		return t
	}
	if s.Types == schema.TypeArray && len(s.OneOf) == 0 && len(s.AnyOf) == 0 {
		items := s.Items
		if items == nil {
			items = b.anything
		}
		if items.Types&^schema.TypeNull == schema.TypeArray && len(items.OneOf)+len(items.AnyOf) == 0 {
			return nil // it may be an array of itself
		}
		elem := b.textType(items, at.sub("item"))
		if elem == nil || elem.Kind != Scalar {
			return nil
		}
		t := &Type{Kind: Slice, Elem: elem, MaxItems: s.MaxItems}
		t.Checks = b.arrayChecks(t, s, request)
		return t
	}
	if s.Types&(schema.TypeObject|schema.TypeArray) != 0 {
		return nil
	}
	if choice := len(s.OneOf) + len(s.AnyOf); choice > 0 && s.Types != schema.TypeString {
		return nil
	}
	if s.Exact() && exactNumber(s) {
		s = b.variantOf(s, "usual", s.Usual)
	}
	t := b.typeOf(s, at)
	if t.Kind != Scalar || t.Method.String() == "Raw" {
		return nil
	}
	return t
}
