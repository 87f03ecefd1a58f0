package operations

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/params"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

func (b *Builder) bodies(op *model.Operation, used *naming.Scope) {
	body := op.Source.Body
	if body == nil {
		return
	}
	op.BodyRequired = body.Required
	if len(body.Content) == 0 {
		b.Errorf(body.Pos, rules.BodyContent, "a request body without a media type cannot be read")
		return
	}
	fields := map[*schema.Schema]*model.Field{}
	names := b.bodyNames(op.Source)
	for i, media := range body.Content {
		m := &model.BodyMedia{Kind: media.Kind, Type: gosrc.Quote(media.Name), Dynamic: strings.Contains(media.Type, "*")}
		s := media.Schema
		if f := fields[s]; f != nil && s != nil && media.Kind == openapi.MediaJSON {
			m.Field = f
			op.Bodies = append(op.Bodies, m)
			continue
		}
		used.Reserve(names[i].String())
		m.Field = &model.Field{Name: names[i], Doc: gosrc.NewComment(body.Description), Required: true}
		pol := b.In.Policies.Operations[op.Source.Node]
		b.MayCome(media, pol != nil && pol.DropReadOnly)
		b.bodyType(op, m, media, s)
		m.Field.Opt = (len(body.Content) > 1 || !body.Required) && !m.Field.Type.Nilable()
		m.Field.Required = !m.Field.Opt
		if s != nil && media.Kind == openapi.MediaJSON {
			fields[s] = m.Field
		}
		op.Fields = append(op.Fields, m.Field)
		op.Bodies = append(op.Bodies, m)
	}
	if slices.ContainsFunc(op.Bodies, func(m *model.BodyMedia) bool { return m.Dynamic }) {
		t := &model.Type{MaxItems: -1}
		b.Scalar(t, "string")
		op.ContentType = &model.Field{
			Name: used.Take(gosrc.Exported("content type"), gosrc.Exported("body content type")), Type: t, Required: true,
			Doc: gosrc.NewComment("The media type of the body, as the request has it: in lower case, without parameters."),
		}
		op.Fields = append(op.Fields, op.ContentType)
	}
}

func (b *Builder) bodyType(op *model.Operation, m *model.BodyMedia, media *openapi.Media, s *schema.Schema) {
	at := types.PlaceIn(op.Name.Plus(m.Field.Name.String()), types.Request)
	switch media.Kind {
	case openapi.MediaJSON:
		if s == nil {
			s = b.Anything
		}
		m.Field.Type = b.TypeOf(s, at)
	case openapi.MediaForm, openapi.MediaMultipart:
		m.Field.Type = b.form(m, media, s, at)
	case openapi.MediaText:
		if streamed(media) {
			b.streamType(m, media, true)
			return
		}
		t := &model.Type{MaxItems: -1}
		b.Scalar(t, "string")
		if s != nil {
			if own := b.TextType(s, at); own != nil && own.Kind == model.Scalar {
				t = own
			} else {
				b.unread(t, media)
			}
		}
		m.Field.Type = t
	case openapi.MediaSequence:
		m.Field.Type = b.sequence(media, types.PlaceIn(op.Name.Plus("Item"), types.Request))
	case openapi.MediaEvents:
		b.Errorf(media.Pos, rules.Sequence, "events in a request are not supported; use application/x-ndjson")
		m.Field.Type = params.Stream()
	default:
		b.streamType(m, media, false)
	}
}

// streamType makes the body a stream, within the bounds of its length.
func (b *Builder) streamType(m *model.BodyMedia, media *openapi.Media, text bool) {
	m.Kind, m.Field.Type, m.AsText, m.ReadStream = openapi.MediaBinary, params.Stream(), text, gosrc.Raw("c.Stream()")
	s := media.Schema
	if s != nil && !sized(s) {
		b.unread(m.Field.Type, media)
		return
	}
	if s != nil {
		m.Field.Type.Hold(s, "type", "format", "minLength", "maxLength")
	}
	if s != nil && s.Format != "byte" && (s.MinLength > 0 || s.MaxLength >= 0) || text {
		least, most := int64(0), int64(-1)
		if s != nil {
			least, most = s.MinLength, s.MaxLength
		}
		m.ReadStream = gosrc.Raw("c.StreamWithin(%, %, %)", gosrc.Bool(text), gosrc.Int(least), gosrc.Int(most))
	}
}

// streamed reports whether a text is a stream: of another type than text/plain, with nothing
// to be checked that needs all of it.
func streamed(media *openapi.Media) bool {
	return media.Type != "text/plain" && (media.Schema == nil || media.Schema.Types == schema.TypeAny && types.Unconstrained(media.Schema) || sized(media.Schema))
}

// sized reports whether s is a string of which no more than the length is said.
func sized(s *schema.Schema) bool {
	return s.Types == schema.TypeString && len(s.Patterns) == 0 && len(s.Enum) == 0 && len(s.OneOf)+len(s.AnyOf) == 0 &&
		(s.Format == "" || s.Format == "binary") && !s.BeyondForm() && s.ContentEncoding == ""
}

// unread warns of a schema for a body of type t that the generated code does not look into: that
// claims its keywords.
func (b *Builder) unread(t *model.Type, media *openapi.Media) {
	b.UnguardedBody(media)
	s := media.Schema
	if s == nil {
		return
	}
	t.HoldAll(s)
	if !(s.Types == schema.TypeString && stringless(s)) && !params.IsAny(s) {
		b.Diags.Warnf(media.Pos, rules.UncheckedBody, "the schema of %s is not checked: the handler reads and writes it as it is", media.Name)
	}
}

// stringless reports whether a string schema says nothing that could be checked.
func stringless(s *schema.Schema) bool {
	return s.MinLength <= 0 && s.MaxLength < 0 && len(s.Patterns) == 0 && len(s.Enum) == 0 && len(s.OneOf) == 0 && len(s.AnyOf) == 0 &&
		(s.Format == "" || s.Format == "binary" || s.Format == "byte") && len(s.Unsupported) == 0
}

// form is a struct of fields that are read as text, files or JSON parts; or where its
// schema is more than that, a value that is written as JSON from all fields together.
func (b *Builder) form(m *model.BodyMedia, media *openapi.Media, s *schema.Schema, at types.Place) *model.Type {
	t := &model.Type{Kind: model.Struct, MaxItems: -1, Min: 0, Max: -1}
	m.Unknown = gosrc.Raw("c.Unknown()")
	if s == nil {
		b.Errorf(media.Pos, rules.FormSchema, "a form needs a schema that names its fields")
		s = b.Anything
	} else if !b.Met(s, types.Request) || params.IsWhole(media, s) || b.CheckedRaw(s) {
		return b.WholeForm(m, media, s, at)
	}
	b.RefuseUnsupported(s)
	if s.Types&schema.TypeObject == 0 {
		b.Errorf(media.Pos, rules.FormSchema, "a form must be an object")
		s = b.Anything
	}
	if s.Kept == schema.KeptWord {
		b.Errorf(s.Pos, rules.NotEnforced, "x-bailey-unknown: keep cannot be enforced in a form with files: fields that the document does not name would have to be spooled before anybody knows what they are; name them, or write x-bailey-unknown: drop")
	} else if s.Extra == schema.ExtraAny {
		b.Diags.Warnf(s.At("additionalProperties"), rules.FormExtra, "beside files, fields that the document does not name are refused, or dropped where x-bailey-unknown says so")
	}
	t.Name = b.Bid(s.Pos, types.IDOf(s, at)+" form", types.RankPlace, at.Name, at.Spelled)
	t.Declared = true
	t.Go = gosrc.Raw("%", t.Name)
	types.Describe(t, s)
	m.Reader = gosrc.Unexported("read").Plus(t.Name.String())
	t.Hold(s, "type", "properties", "required", "additionalProperties", "unevaluatedProperties")
	b.API.Types = append(b.API.Types, t)
	m.Unknown = b.UnknownField(s)
	b.ClaimUnknown(t, s)
	names, _ := b.MemberNames(s)
	fields, forbidden, readOnly := b.Members(t, s, types.Request)
	m.ReadOnly, m.HasReadOnly = gosrc.List(", ", readOnly...), len(readOnly) > 0
	for _, p := range append(fields, forbidden...) {
		b.formField(t, m, media, p, s, at.Called(t.Name), names[p.Name])
	}
	for _, e := range media.Encoding {
		if s.Property(e.Property) == nil {
			b.Diags.Warnf(e.Pos, rules.FormEncoding, "the form has no field %q", e.Property)
		}
	}
	m.Gather = b.Gather(t.Name, "body", m.Fields)
	return t
}

func (b *Builder) formField(t *model.Type, m *model.BodyMedia, media *openapi.Media, p schema.Property, s *schema.Schema, at types.Place, name gosrc.Ident) {
	f := &model.Field{Name: name, JSON: gosrc.Quote(p.Name), Doc: gosrc.NewComment(p.Schema.Description).Deprecate(p.Schema.Deprecated)}
	for _, r := range s.Required {
		f.Required = f.Required || r == p.Name
	}
	pm := &model.Param{Field: f, In: "body", Name: f.JSON, Required: f.Required, Exploded: true, Separator: gosrc.Char(','), Names: []string{p.Name}, Pos: p.Pos}
	pm.At = gosrc.Raw("form")
	item := at.Plus(f.Name)
	multipart := media.Kind == openapi.MediaMultipart
	enc := openapi.Encoding{}
	for _, e := range media.Encoding {
		if e.Property == p.Name {
			enc = e
		}
	}
	asJSON := enc.Property != "" && b.Encoding(pm, enc, p, multipart, item)
	switch {
	case !asJSON && !b.TextMet(p.Schema, types.Request):
		f.Type = b.Nothing()
		f.Type.HoldAll(p.Schema)
		if !p.Schema.Never || len(p.Schema.Contradictions()) > 0 { // else it may not be there, and the document says so
			b.Unmet(b.WithoutNull(p.Schema), types.Request)
		}
	case multipart && b.IsFile(p.Schema):
		f.Type, pm.File = b.File(p.Schema), true
		b.FileTypes(pm, p.Schema)
	case multipart && p.Schema.Types == schema.TypeArray && p.Schema.Items != nil && b.IsFile(p.Schema.Items):
		f.Type, pm.File, pm.List = &model.Type{Kind: model.Slice, Elem: b.File(p.Schema.Items), MaxItems: p.Schema.MaxItems}, true, true
		f.Type.Checks = b.ArrayChecks(f.Type, p.Schema, types.Request)
		if p.Schema.UniqueItems {
			b.Errorf(p.Schema.At("uniqueItems"), rules.FormField, "the content of a file is not looked into: uniqueItems would compare none")
		}
		b.FileTypes(pm, p.Schema.Items)
	case asJSON, multipart && !enc.Styled && params.KindsOf(p.Schema)&^schema.TypeNull == schema.TypeObject:
		f.Type, pm.AsJSON = b.TypeOf(p.Schema, item), true
	default:
		b.TextField(pm, p, enc, item)
	}
	if f.Type == nil {
		return
	}
	if pm.Gathered && (len(pm.MediaTypes) > 0 || len(pm.PartHeaders) > 0) {
		b.Errorf(p.Pos, rules.FormEncoding, "field %q may be in several parts, of which contentType and headers would not be checked; leave them out", p.Name)
	}
	if pm.AsJSON && !pm.Gathered && len(pm.MediaTypes) > 0 && !asJSON {
		b.Errorf(p.Pos, rules.FormEncoding, "field %q is read as JSON, and its contentType lists others", p.Name)
	}
	b.Guard(f, &p)
	if !b.ListDefault(pm, p.Schema) && !b.JSONDefault(pm, p.Schema) {
		b.Optional(f, p.Schema, types.Request)
	}
	t.Fields = append(t.Fields, f)
	m.Fields = append(m.Fields, pm)
}
