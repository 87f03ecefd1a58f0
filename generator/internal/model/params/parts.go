package params

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Encoding reads what is said of the part or field that holds a property, and reports whether
// its content is JSON.
func (b *Builder) Encoding(pm *model.Param, e openapi.Encoding, p schema.Property, multipart bool, at types.Place) (asJSON bool) {
	if e.ContentType != "" {
		for _, kind := range openapi.MediaTypes(e.ContentType) {
			if main, sub, ok := strings.Cut(kind, "/"); !ok || main == "" || sub == "" || strings.ContainsAny(kind, " \t\"\\") || main == "*" && sub != "*" {
				b.Errorf(e.Pos, rules.FormEncoding, "the contentType of field %q is no list of media types", p.Name)
				continue
			}
			pm.MediaTypes = append(pm.MediaTypes, kind)
		}
		asJSON = !slices.ContainsFunc(pm.MediaTypes, func(t string) bool { return !openapi.IsJSON(t) })
	}
	if !multipart {
		if !asJSON && slices.ContainsFunc(pm.MediaTypes, func(t string) bool { return t != "text/plain" }) {
			b.Errorf(e.Pos, rules.FormEncoding, "the contentType of field %q must be JSON or text/plain in this form", p.Name)
		}
		if len(e.Headers) > 0 {
			b.Diags.Warnf(e.Pos, rules.FormEncoding, "field %q has no headers in this form: only a part of a multipart body has", p.Name)
		}
		pm.MediaTypes = nil
		return asJSON && e.Style == ""
	}
	for _, h := range e.Headers {
		b.partHeader(pm, h, at)
	}
	return asJSON
}

func (b *Builder) partHeader(pm *model.Param, h *openapi.Header, at types.Place) {
	switch strings.ToLower(h.Name) {
	case "content-type":
		return // contentType says what it is (OpenAPI 3.1.1, Encoding Object)
	case "content-disposition", "content-transfer-encoding":
		b.Diags.Warnf(h.Pos, rules.FormEncoding, "the header %s of a part is read by bailey itself, and its schema is not: see docs/openapi.md", h.Name)
		return
	}
	s := h.Schema
	if s == nil {
		s = b.Anything
	}
	t := b.TextType(s, at.Sub(h.Name))
	if t == nil || t.Kind != model.Scalar {
		b.Errorf(h.Pos, rules.FormEncoding, "the header %s of a part is no scalar, which is not supported", h.Name)
		return
	}
	pm.PartHeaders = append(pm.PartHeaders, &model.PartHeader{Name: gosrc.Quote(h.Name), Value: model.Value{At: gosrc.Raw("header"), Type: t}, Required: h.Required})
}

// FileTypes takes the media type of a file from its schema where encoding does not say it.
func (b *Builder) FileTypes(pm *model.Param, s *schema.Schema) {
	if t := s.ContentMediaType; len(pm.MediaTypes) == 0 && t != "" && t != "application/octet-stream" {
		pm.MediaTypes = openapi.MediaTypes(t)
	}
}

// IsFile reports whether a part is handed on unread: binary text, or from OpenAPI 3.1 on what has
// no type at all.
func (b *Builder) IsFile(s *schema.Schema) bool {
	if s.Types == schema.TypeAny {
		return b.In.Doc.Version != "3.0" && types.Unconstrained(s) && len(s.OneOf)+len(s.AnyOf)+len(s.Enum) == 0 && !b.CheckedRaw(s)
	}
	return openapi.IsFile(s)
}

// File is a file of a multipart body, whose length in bytes its schema may bound (OpenAPI 3.1.1,
// Working with Binary Data).
func (b *Builder) File(s *schema.Schema) *model.Type {
	b.RefuseUnsupported(s)
	t := &model.Type{Kind: model.Scalar, Go: gosrc.Raw("runtime.File"), MaxItems: -1, Opaque: true, MaxBytes: s.MaxLength}
	t.Hold(s, "type", "minLength", "maxLength")
	if s.Format == "binary" {
		t.Hold(s, "format")
	}
	if len(s.Patterns)+len(s.Enum)+len(s.OneOf)+len(s.AnyOf) > 0 {
		b.Errorf(s.Pos, rules.FormField, "the content of a file is not looked into: only minLength and maxLength are checked")
	}
	if s.MinLength > 0 {
		t.Checks = append(t.Checks, model.Check{Keyword: gosrc.Quote("minLength"), Op: model.MinSize, N: gosrc.Int(s.MinLength)})
	}
	return t
}
