package params

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// IsWhole reports whether a form's schema says more than what its fields are: it
// chooses among objects, counts fields, or takes fields of any name.
func IsWhole(media *openapi.Media, s *schema.Schema) bool {
	if s.Types&schema.TypeObject == 0 || IsAny(s) {
		return false
	}
	if s.Extra == schema.ExtraAny && len(s.Properties) > 0 && media.Kind == openapi.MediaMultipart && hasFile(s) {
		return false // beside files, what has no name is not kept
	}
	return len(s.OneOf)+len(s.AnyOf)+len(s.RequiredAny)+len(s.RequiredOne) > 0 || s.MinProperties > 0 || s.MaxProperties >= 0 ||
		s.Extra == schema.ExtraTyped || s.Extra == schema.ExtraAny
}

// WholeForm is a form that is written as JSON from all of its fields.
func (b *Builder) WholeForm(m *model.BodyMedia, media *openapi.Media, s *schema.Schema, at types.Place) *model.Type {
	f := &model.Field{Name: m.Field.Name, JSON: gosrc.Quote(""), Required: true}
	p := &model.Param{Field: f, In: "body", Name: f.JSON, Required: true, At: gosrc.Raw("form"), Pos: media.Pos}
	m.Whole = p
	if !b.Met(s, types.Request) { // whatever its fields are, they are refused together
		x := b.shaper(at)
		x.nested = true
		b.spreadAs(p, x, gosrc.Raw("Style: param.Spread"), s, b.AnyForm, at, media.Pos)
		m.Reader = b.Names.Take(gosrc.Unexported("read " + at.Name.String()))
		m.Gather = b.Gather(at.Name, "body", []*model.Param{p})
		return f.Type
	}
	if media.Kind == openapi.MediaMultipart && hasFile(s) {
		b.Errorf(media.Pos, rules.FormSchema, "a form with files must be an object that names its fields: oneOf, anyOf, minProperties, maxProperties and additionalProperties with a schema are not supported beside files; skip the operation, or describe all fields as optional")
		return Stream()
	}
	m.Unknown = b.UnknownField(s)
	if b.unshaped(s) {
		return Stream()
	}
	x := b.shaper(at)
	x.nested, x.encodings = true, media.Encoding
	b.spread(p, x, s, at, media.Pos)
	if f.Type == nil { // it has been refused
		return Stream()
	}
	for _, e := range media.Encoding {
		switch {
		case len(e.Headers) > 0 || e.ContentType != "" && media.Kind == openapi.MediaMultipart:
			b.Errorf(e.Pos, rules.FormEncoding, "field %q is of a form that is read as a whole, in which contentType and headers of parts would not be checked; leave them out", e.Property)
		case e.ContentType != "" && !openapi.IsJSON(e.ContentType) && e.ContentType != "text/plain":
			b.Errorf(e.Pos, rules.FormEncoding, "the contentType of field %q must be JSON or text/plain in this form", e.Property)
		}
		if !slices.Contains(p.Names, e.Property) {
			b.Diags.Warnf(e.Pos, rules.FormEncoding, "the form has no field %q", e.Property)
		}
	}
	m.Reader = b.Names.Take(gosrc.Unexported("read " + at.Name.String()))
	m.Gather = b.Gather(at.Name, "body", []*model.Param{p})
	return f.Type
}

// hasFile reports whether some string below s is a file.
func hasFile(s *schema.Schema) bool {
	found := false
	s.Walk(func(s *schema.Schema) bool {
		found = found || openapi.IsFile(s) && s.Types&^schema.TypeNull == schema.TypeString
		return !found
	})
	return found
}

// TextField is a field of a form that is no file: a scalar or an array of scalars, or
// what is written as JSON.
func (b *Builder) TextField(p *model.Param, prop schema.Property, enc openapi.Encoding, at types.Place) {
	s := b.Possible(prop.Schema)
	plain := enc.Style == "" || enc.Style == "form" || enc.Style == "spaceDelimited" || enc.Style == "pipeDelimited" ||
		enc.Style == "deepObject" && KindsOf(s)&schema.TypeArray == 0
	if enc.Styled {
		p.Exploded = enc.Explode
	}
	if plain && b.plainText(s) && !(openapi.IsJSON(enc.ContentType) && !enc.Styled) {
		if t := b.TextType(s, at); t != nil {
			p.Field.Type, p.List = t, t.Kind == model.Slice
			switch enc.Style {
			case "spaceDelimited":
				p.Separator = gosrc.Char(' ')
			case "pipeDelimited":
				p.Separator = gosrc.Char('|')
			}
			if c := enc.Separators.Outer; c != 0 {
				p.Separator = gosrc.Char(rune(c))
			}
			return
		}
	}
	x := b.shaper(at)
	x.nested = true
	p.Deep = enc.Style == "deepObject"
	p.Bracketed = p.Deep && KindsOf(s)&^schema.TypeNull == schema.TypeObject
	switch enc.Style {
	case "", "form", "deepObject", "spaceDelimited", "pipeDelimited":
	default:
		b.Errorf(enc.Pos, rules.FormEncoding, "style %q is not known in a form; it has: form, spaceDelimited, pipeDelimited, deepObject", enc.Style)
		return
	}
	p.Gathered = true
	if enc.Styled && enc.Explode && enc.Style != "deepObject" && KindsOf(s)&schema.TypeObject != 0 && !IsAny(s) {
		b.spread(p, x, s, at, prop.Pos)
		return
	}
	t := b.textual(s, at)
	member := x.encoded(prop.Name, s, t, enc)
	if b.shapeable(p, x, prop.Pos) {
		b.finish(p, t, member, at)
	}
}

// field is a member of a spread object: a form's field, or a parameter's member.
func (x *shaper) field(p schema.Property, t *model.Type) gosrc.Expr {
	enc := openapi.Encoding{}
	for _, e := range x.encodings {
		if e.Property == p.Name {
			enc = e
		}
	}
	return gosrc.Raw("{%}", x.encoded(p.Name, p.Schema, t, enc))
}

// encoded is the Member of a form's field (OpenAPI, Encoding Object). Without a style,
// what is an array or object inside of a field is JSON text.
func (x *shaper) encoded(name string, s *schema.Schema, t *model.Type, enc openapi.Encoding) gosrc.Expr {
	quoted := gosrc.Quote(name)
	defer func(inner string) { x.inner = inner }(x.inner)
	x.inner = enc.Separators.Inner
	switch {
	case enc.Separators.Outer != 0:
		return gosrc.Raw("Name: %, Style: param.Delimited, Separator: %, Shape: %", quoted, gosrc.Char(rune(enc.Separators.Outer)), x.shape(s, t, inText))
	case enc.ContentType != "" && !enc.Styled && openapi.IsJSON(enc.ContentType):
		return gosrc.Raw("Name: %, Shape: &param.JSONText", quoted)
	case enc.Style == "deepObject":
		return gosrc.Raw("Name: %, Style: param.Deep, Shape: %", quoted, x.shape(s, t, inDeep))
	case enc.Style == "spaceDelimited" && !enc.Explode:
		return gosrc.Raw("Name: %, Style: param.Delimited, Separator: ' ', Shape: %", quoted, x.shape(s, t, inText))
	case enc.Style == "pipeDelimited" && !enc.Explode:
		return gosrc.Raw("Name: %, Style: param.Delimited, Separator: '|', Shape: %", quoted, x.shape(s, t, inText))
	case enc.Styled && !enc.Explode:
		return gosrc.Raw("Name: %, Style: param.Delimited, Separator: ',', Shape: %", quoted, x.shape(s, t, inText))
	}
	return gosrc.Raw("Name: %, Shape: %", quoted, x.shape(s, t, inPairs))
}
