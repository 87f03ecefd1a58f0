package model

import (
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
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
	// AsJSON is set when the value is JSON text (content: application/json).
	AsJSON   bool
	Required bool
	// File is set for a file of a multipart body.
	File bool
	// PartHeaders are fields of a part's header; accepts are the media types that it may have.
	PartHeaders []*PartHeader
	accepts     []string
	// CanBeEmpty is allowEmptyValue.
	At gosrc.Expr // the struct that holds the field: req or req.Body
}

// Whole is the parameter's value, Item one item of a list.
func (p *Param) Whole() Value { return p.Field.in(gosrc.Raw("%.%", p.At, p.Field.Name)) }

// Item is the variable that one item of a list is read into.
func (p *Param) Item() Value { return Value{At: gosrc.Raw("item"), Type: p.Whole().Type.Elem} }

// SetFlag is the statement that marks an optional parameter as given.
func (p *Param) SetFlag() gosrc.Expr { return gosrc.Raw("%.%.Set = true", p.At, p.Field.Name) }

func (b *builder) parameters(op *Operation, used *names) {
	counts := map[string]int{}
	for _, src := range op.source.Parameters {
		name := gosrc.Exported(src.Name)
		if own := b.goNameOf(src.Node); own != "" {
			name = identOf(own)
		}
		f := &Field{
			Name:     used.take(name, name.Plus(gosrc.Exported(src.In).String())),
			JSON:     gosrc.Quote(src.Name),
			Doc:      gosrc.NewComment(src.Description),
			Required: src.Required,
		}
		p := &Param{Field: f, In: src.In, Name: f.JSON, Index: counts[src.In], Required: src.Required, At: gosrc.Raw("req")}
		counts[src.In]++
		f.Index = p.Index
		s := src.Schema
		if s == nil {
			s = b.anything
		}
		b.parameterType(op, p, src, s)
		if f.Type == nil {
			continue
		}
		b.optional(f, s, request)
		op.Fields = append(op.Fields, f)
		op.Params = append(op.Params, p)
	}
	for in, n := range counts {
		if n > 64 {
			b.errorf(op.source.Pos, "too-many-parameters", "%d %s parameters; 64 is the limit", n, in)
		}
	}
}

// parameterType reads the schema and the style of one parameter.
func (b *builder) parameterType(op *Operation, p *Param, src *openapi.Parameter, s *schema.Schema) {
	at := place{op.Name.Plus(p.Field.Name.String()), request}
	if src.ContentType != "" {
		if !isJSON(src.ContentType) {
			b.errorf(placeOf(src, "content"), "parameter-content", "parameter %q has content of type %q; only JSON is supported", src.Name, src.ContentType)
			return
		}
		p.AsJSON = true
		p.Field.Type = b.typeOf(s, at)
		return
	}
	t := b.textType(s, at)
	if t == nil {
		b.errorf(placeOf(src, "schema"), "parameter-type", "parameter %q is an object or a mixture of types in style %s, which is not supported yet; write content: {application/json: ...} if callers can send JSON", src.Name, src.Style)
		return
	}
	p.Field.Type = t
	if t.Kind != Slice {
		if src.Style == "matrix" || src.Style == "label" || src.Style == "deepObject" {
			b.errorf(placeOf(src, "style"), "parameter-style", "parameter %q has style %s, which is not supported yet", src.Name, src.Style)
		}
		return
	}
	p.List = true
	switch src.Style {
	case "form", "simple":
		p.Exploded, p.Separator = src.Style == "form" && src.Explode && src.In != "path" && src.In != "header", gosrc.Char(',')
	case "spaceDelimited":
		p.Exploded, p.Separator = src.Explode, gosrc.Char(' ')
	case "pipeDelimited":
		p.Exploded, p.Separator = src.Explode, gosrc.Char('|')
	default:
		b.errorf(placeOf(src, "style"), "parameter-style", "parameter %q is an array in style %s, which is not supported yet", src.Name, src.Style)
	}
	if src.In == "cookie" && p.Exploded {
		p.Exploded = false // one cookie holds one value: a list of it is written with commas
		if src.Explode {
			b.errorf(placeOf(src, "explode"), "parameter-style", "cookie %q is an exploded array, which is not supported yet; write explode: false", src.Name)
		}
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
	b.refuseUnsupported(s) // also what could be checked in JSON
	if s.Refusing() {
		b.errorf(s.Pos, "unsatisfiable", "no value can meet this schema, and only JSON is checked against one that refuses everything; leave out what has it")
		return b.typeOf(b.anything, at)
	}
	if s.Types&schema.TypeNull != 0 && s.Types != schema.TypeNull && s.Types != schema.TypeAny {
		s = b.notNull(s)
	}
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
		elem := b.textType(items, place{at.name.Plus("Item"), request})
		if elem == nil || elem.Kind != Scalar {
			return nil
		}
		t := &Type{Kind: Slice, Elem: elem, MaxItems: s.MaxItems}
		t.Checks = b.arrayChecks(t, s)
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
