package model

import (
	"maps"
	"mime"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// BodyMedia is one media type that a request body may have.
type BodyMedia struct {
	Kind  openapi.MediaKind
	Type  gosrc.Literal
	Field *Field
	// Fields are the parts of a form. Those for which pairs are taken are in Gather, or
	// the one that is the form as a whole; it is nil without any.
	Fields  []*Param
	Gather  *Gather
	Whole   *Param
	Unknown gosrc.Expr
	// ReadOnly are the fields of a form that are the server's.
	ReadOnly    gosrc.Expr
	HasReadOnly bool
	// Reader is the function that reads a form.
	Reader gosrc.Ident
	// Dynamic is set for ranges such as image/*: the request says which it is.
	Dynamic bool
	// stream is the expression of a body that the handler reads.
	stream gosrc.Expr
	text   bool
}

// Streamed are the media types of text that the handler reads.
func (op *Operation) Streamed() []gosrc.Literal {
	var out []gosrc.Literal
	for _, m := range op.Bodies {
		if m.text && m.Binary() {
			out = append(out, m.Type)
		}
	}
	return out
}

// Stream is the expression of a body that the handler reads.
func (m *BodyMedia) Stream() gosrc.Expr { return m.stream }

// JSON reports whether the body is read by the JSON decoder.
func (m *BodyMedia) JSON() bool { return m.Kind == openapi.MediaJSON }

// Form reports whether it is a form in a URL's encoding.
func (m *BodyMedia) Form() bool { return m.Kind == openapi.MediaForm }

// Text reports whether it is one text.
func (m *BodyMedia) Text() bool { return m.Kind == openapi.MediaText }

// Binary reports whether it is handed on as a stream.
func (m *BodyMedia) Binary() bool { return m.Kind == openapi.MediaBinary }

// Place is the body's value in the request.
func (m *BodyMedia) Place() Value { return m.Field.InRequest() }

func (b *builder) bodies(op *Operation, used *naming.Scope) {
	body := op.source.Body
	if body == nil {
		return
	}
	op.BodyRequired = body.Required
	if len(body.Content) == 0 {
		b.errorf(body.Pos, rules.BodyContent, "a request body without a media type cannot be read")
		return
	}
	fields := map[*schema.Schema]*Field{}
	names := b.bodyNames(op.source)
	for i, media := range body.Content {
		m := &BodyMedia{Kind: media.Kind, Type: gosrc.Quote(media.Name), Dynamic: strings.Contains(media.Type, "*")}
		s := media.Schema
		if f := fields[s]; f != nil && s != nil && media.Kind == openapi.MediaJSON {
			m.Field = f
			op.Bodies = append(op.Bodies, m)
			continue
		}
		used.Reserve(names[i].String())
		m.Field = &Field{Name: names[i], Doc: gosrc.NewComment(body.Description), Required: true}
		pol := b.in.Policies.Operations[op.source.Node]
		b.mayCome(media, pol != nil && pol.DropReadOnly)
		b.bodyType(op, m, media, s)
		m.Field.Opt = (len(body.Content) > 1 || !body.Required) && !m.Field.Type.nilable()
		m.Field.Required = !m.Field.Opt
		if s != nil && media.Kind == openapi.MediaJSON {
			fields[s] = m.Field
		}
		op.Fields = append(op.Fields, m.Field)
		op.Bodies = append(op.Bodies, m)
	}
	if slices.ContainsFunc(op.Bodies, func(m *BodyMedia) bool { return m.Dynamic }) {
		t := &Type{MaxItems: -1}
		b.scalar(t, "string")
		op.ContentType = &Field{
			Name: used.Take(gosrc.Exported("content type"), gosrc.Exported("body content type")), Type: t, Required: true,
			Doc: gosrc.NewComment("The media type of the body, as the request has it: in lower case, without parameters."),
		}
		op.Fields = append(op.Fields, op.ContentType)
	}
}

// mediaWord names the field of one of several media types, by its kind and by what tells it from others of the kind.
func mediaWord(m *openapi.Media) string {
	word := typeWord(m)
	_, params, _ := mime.ParseMediaType(m.Name)
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if name == "charset" {
			continue
		}
		word += " " + name
		if value := params[name]; len(value) <= 24 && !strings.ContainsAny(value, "/:") {
			word += " " + value
		}
	}
	return word
}

func typeWord(m *openapi.Media) string {
	switch m.Kind {
	case openapi.MediaJSON:
		if m.Type == "application/json" {
			return "JSON"
		}
	case openapi.MediaForm:
		return "form"
	case openapi.MediaMultipart:
		return "multipart"
	}
	main, sub, _ := strings.Cut(m.Type, "/")
	switch {
	case sub != "*":
		return sub
	case main != "*":
		return main
	}
	return "other"
}

func (b *builder) bodyType(op *Operation, m *BodyMedia, media *openapi.Media, s *schema.Schema) {
	at := placeIn(op.Name.Plus(m.Field.Name.String()), request)
	switch media.Kind {
	case openapi.MediaJSON:
		if s == nil {
			s = b.anything
		}
		m.Field.Type = b.typeOf(s, at)
	case openapi.MediaForm, openapi.MediaMultipart:
		m.Field.Type = b.form(m, media, s, at)
	case openapi.MediaText:
		if streamed(media) {
			b.streamType(m, media, true)
			return
		}
		t := &Type{MaxItems: -1}
		b.scalar(t, "string")
		if s != nil {
			if own := b.textType(s, at); own != nil && own.Kind == Scalar {
				t = own
			} else {
				b.unread(t, media)
			}
		}
		m.Field.Type = t
	case openapi.MediaSequence:
		m.Field.Type = b.sequence(media, placeIn(op.Name.Plus("Item"), request))
	case openapi.MediaEvents:
		b.errorf(media.Pos, rules.Sequence, "events in a request are not supported; use application/x-ndjson")
		m.Field.Type = stream()
	default:
		b.streamType(m, media, false)
	}
}

// streamType makes the body a stream, within the bounds of its length.
func (b *builder) streamType(m *BodyMedia, media *openapi.Media, text bool) {
	m.Kind, m.Field.Type, m.text, m.stream = openapi.MediaBinary, stream(), text, gosrc.Raw("c.Stream()")
	s := media.Schema
	if s != nil && !sized(s) {
		b.unread(m.Field.Type, media)
		return
	}
	if s != nil {
		m.Field.Type.hold(s, "type", "format", "minLength", "maxLength")
	}
	if s != nil && s.Format != "byte" && (s.MinLength > 0 || s.MaxLength >= 0) || text {
		least, most := int64(0), int64(-1)
		if s != nil {
			least, most = s.MinLength, s.MaxLength
		}
		m.stream = gosrc.Raw("c.StreamWithin(%, %, %)", gosrc.Bool(text), gosrc.Int(least), gosrc.Int(most))
	}
}

// streamed reports whether a text is a stream: of another type than text/plain, with nothing
// to be checked that needs all of it.
func streamed(media *openapi.Media) bool {
	return media.Type != "text/plain" && (media.Schema == nil || media.Schema.Types == schema.TypeAny && unconstrained(media.Schema) || sized(media.Schema))
}

// sized reports whether s is a string of which no more than the length is said.
func sized(s *schema.Schema) bool {
	return s.Types == schema.TypeString && len(s.Patterns) == 0 && len(s.Enum) == 0 && len(s.OneOf)+len(s.AnyOf) == 0 &&
		(s.Format == "" || s.Format == "binary") && !s.BeyondForm() && s.ContentEncoding == ""
}

// unread warns of a schema for a body of type t that the generated code does not look into: that
// claims its keywords.
func (b *builder) unread(t *Type, media *openapi.Media) {
	b.unguardedBody(media)
	s := media.Schema
	if s == nil {
		return
	}
	t.holdAll(s)
	if !(s.Types == schema.TypeString && stringless(s)) && !isAny(s) {
		b.diags.Warnf(media.Pos, rules.UncheckedBody, "the schema of %s is not checked: the handler reads and writes it as it is", media.Name)
	}
}

// stringless reports whether a string schema says nothing that could be checked.
func stringless(s *schema.Schema) bool {
	return s.MinLength <= 0 && s.MaxLength < 0 && len(s.Patterns) == 0 && len(s.Enum) == 0 && len(s.OneOf) == 0 && len(s.AnyOf) == 0 &&
		(s.Format == "" || s.Format == "binary" || s.Format == "byte") && len(s.Unsupported) == 0
}

// stream is an opaque body, read by the handler.
func stream() *Type {
	return &Type{Kind: Scalar, Go: gosrc.Raw("io.Reader"), MaxItems: -1, opaque: true}
}

// form is a struct of fields that are read as text, files or JSON parts; or where its
// schema is more than that, a value that is written as JSON from all fields together.
func (b *builder) form(m *BodyMedia, media *openapi.Media, s *schema.Schema, at place) *Type {
	t := &Type{Kind: Struct, MaxItems: -1, Min: 0, Max: -1}
	m.Unknown = gosrc.Raw("c.Unknown()")
	if s == nil {
		b.errorf(media.Pos, rules.FormSchema, "a form needs a schema that names its fields")
		s = b.anything
	} else if !b.met(s, request) || isWhole(media, s) || b.checkedRaw(s) {
		return b.wholeForm(m, media, s, at)
	}
	b.refuseUnsupported(s)
	if s.Types&schema.TypeObject == 0 {
		b.errorf(media.Pos, rules.FormSchema, "a form must be an object")
		s = b.anything
	}
	if s.Kept == schema.KeptWord {
		b.errorf(s.Pos, rules.NotEnforced, "x-bailey-unknown: keep cannot be enforced in a form with files: fields that the document does not name would have to be spooled before anybody knows what they are; name them, or write x-bailey-unknown: drop")
	} else if s.Extra == schema.ExtraAny {
		b.diags.Warnf(s.At("additionalProperties"), rules.FormExtra, "beside files, fields that the document does not name are refused, or dropped where x-bailey-unknown says so")
	}
	t.Name = b.bid(s.Pos, idOf(s, at)+" form", rankPlace, at.name, at.spelled)
	t.Declared = true
	t.Go = gosrc.Raw("%", t.Name)
	t.about = s.Description
	t.Doc = gosrc.Doc(t.Name, t.about)
	m.Reader = gosrc.Unexported("read").Plus(t.Name.String())
	t.hold(s, "type", "properties", "required", "additionalProperties", "unevaluatedProperties")
	b.api.Types = append(b.api.Types, t)
	m.Unknown = b.unknownField(s)
	b.claimUnknown(t, s)
	names, _ := b.memberNames(s)
	fields, forbidden, readOnly := b.members(t, s, request)
	m.ReadOnly, m.HasReadOnly = gosrc.List(", ", readOnly...), len(readOnly) > 0
	for _, p := range append(fields, forbidden...) {
		b.formField(t, m, media, p, s, at.called(t.Name), names[p.Name])
	}
	for _, e := range media.Encoding {
		if s.Property(e.Property) == nil {
			b.diags.Warnf(e.Pos, rules.FormEncoding, "the form has no field %q", e.Property)
		}
	}
	m.Gather = b.gather(t.Name, "body", m.Fields)
	return t
}

func (b *builder) formField(t *Type, m *BodyMedia, media *openapi.Media, p schema.Property, s *schema.Schema, at place, name gosrc.Ident) {
	f := &Field{Name: name, JSON: gosrc.Quote(p.Name), Doc: gosrc.NewComment(p.Schema.Description)}
	for _, r := range s.Required {
		f.Required = f.Required || r == p.Name
	}
	pm := &Param{Field: f, In: "body", Name: f.JSON, Required: f.Required, Exploded: true, Separator: gosrc.Char(','), names: []string{p.Name}, pos: p.Pos}
	pm.At = gosrc.Raw("form")
	item := at.plus(f.Name)
	multipart := media.Kind == openapi.MediaMultipart
	enc := openapi.Encoding{}
	for _, e := range media.Encoding {
		if e.Property == p.Name {
			enc = e
		}
	}
	asJSON := enc.Property != "" && b.encoding(pm, enc, p, multipart, item)
	switch {
	case !asJSON && !b.textMet(p.Schema, request):
		f.Type = b.nothing()
		f.Type.holdAll(p.Schema)
		if !p.Schema.Never || len(p.Schema.Contradictions()) > 0 { // else it may not be there, and the document says so
			b.unmet(b.withoutNull(p.Schema), request)
		}
	case multipart && b.isFile(p.Schema):
		f.Type, pm.File = b.file(p.Schema), true
		b.fileTypes(pm, p.Schema)
	case multipart && p.Schema.Types == schema.TypeArray && p.Schema.Items != nil && b.isFile(p.Schema.Items):
		f.Type, pm.File, pm.List = &Type{Kind: Slice, Elem: b.file(p.Schema.Items), MaxItems: p.Schema.MaxItems}, true, true
		f.Type.Checks = b.arrayChecks(f.Type, p.Schema, request)
		if p.Schema.UniqueItems {
			b.errorf(p.Schema.At("uniqueItems"), rules.FormField, "the content of a file is not looked into: uniqueItems would compare none")
		}
		b.fileTypes(pm, p.Schema.Items)
	case asJSON, multipart && !enc.Styled && kindsOf(p.Schema)&^schema.TypeNull == schema.TypeObject:
		f.Type, pm.AsJSON = b.typeOf(p.Schema, item), true
	default:
		b.textField(pm, p, enc, item)
	}
	if f.Type == nil {
		return
	}
	if pm.Gathered && (len(pm.accepts) > 0 || len(pm.PartHeaders) > 0) {
		b.errorf(p.Pos, rules.FormEncoding, "field %q may be in several parts, of which contentType and headers would not be checked; leave them out", p.Name)
	}
	if pm.AsJSON && !pm.Gathered && len(pm.accepts) > 0 && !asJSON {
		b.errorf(p.Pos, rules.FormEncoding, "field %q is read as JSON, and its contentType lists others", p.Name)
	}
	b.guard(f, &p)
	if !b.listDefault(pm, p.Schema) && !b.jsonDefault(pm, p.Schema) {
		b.optional(f, p.Schema, request)
	}
	t.Fields = append(t.Fields, f)
	m.Fields = append(m.Fields, pm)
}
