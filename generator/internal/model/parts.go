package model

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// PartHeader is a field of the header of a multipart body's part.
type PartHeader struct {
	Name     gosrc.Literal
	Value    Value
	Required bool
}

// encoding reads what is said of the part or field that holds a property, and reports whether
// its content is JSON.
func (b *builder) encoding(pm *Param, e openapi.Encoding, p schema.Property, multipart bool, at place) (asJSON bool) {
	if e.ContentType != "" {
		for _, kind := range openapi.MediaTypes(e.ContentType) {
			if main, sub, ok := strings.Cut(kind, "/"); !ok || main == "" || sub == "" || strings.ContainsAny(kind, " \t\"\\") || main == "*" && sub != "*" {
				b.errorf(e.Pos, rules.FormEncoding, "the contentType of field %q is no list of media types", p.Name)
				continue
			}
			pm.accepts = append(pm.accepts, kind)
		}
		asJSON = !slices.ContainsFunc(pm.accepts, func(t string) bool { return !openapi.IsJSON(t) })
	}
	if !multipart {
		if !asJSON && slices.ContainsFunc(pm.accepts, func(t string) bool { return t != "text/plain" }) {
			b.errorf(e.Pos, rules.FormEncoding, "the contentType of field %q must be JSON or text/plain in this form", p.Name)
		}
		if len(e.Headers) > 0 {
			b.diags.Warnf(e.Pos, rules.FormEncoding, "field %q has no headers in this form: only a part of a multipart body has", p.Name)
		}
		pm.accepts = nil
		return asJSON && e.Style == ""
	}
	for _, h := range e.Headers {
		b.partHeader(pm, h, at)
	}
	return asJSON
}

func (b *builder) partHeader(pm *Param, h *openapi.Header, at place) {
	switch strings.ToLower(h.Name) {
	case "content-type":
		return // contentType says what it is (OpenAPI 3.1.1, Encoding Object)
	case "content-disposition", "content-transfer-encoding":
		b.diags.Warnf(h.Pos, rules.FormEncoding, "the header %s of a part is read by bailey itself, and its schema is not: see docs/openapi.md", h.Name)
		return
	}
	s := h.Schema
	if s == nil {
		s = b.anything
	}
	t := b.textType(s, at.sub(h.Name))
	if t == nil || t.Kind != Scalar {
		b.errorf(h.Pos, rules.FormEncoding, "the header %s of a part is no scalar, which is not supported", h.Name)
		return
	}
	pm.PartHeaders = append(pm.PartHeaders, &PartHeader{Name: gosrc.Quote(h.Name), Value: Value{At: gosrc.Raw("header"), Type: t}, Required: h.Required})
}

// fileTypes takes the media type of a file from its schema where encoding does not say it.
func (b *builder) fileTypes(pm *Param, s *schema.Schema) {
	if t := s.ContentMediaType; len(pm.accepts) == 0 && t != "" && t != "application/octet-stream" {
		pm.accepts = openapi.MediaTypes(t)
	}
}

// isFile reports whether a part is handed on unread: binary text, or from OpenAPI 3.1 on what has
// no type at all.
func (b *builder) isFile(s *schema.Schema) bool {
	if s.Types == schema.TypeAny {
		return b.in.Doc.Version != "3.0" && unconstrained(s) && len(s.OneOf)+len(s.AnyOf)+len(s.Enum) == 0 && !b.checkedRaw(s)
	}
	return openapi.IsFile(s)
}

// file is a file of a multipart body, whose length in bytes its schema may bound (OpenAPI 3.1.1,
// Working with Binary Data).
func (b *builder) file(s *schema.Schema) *Type {
	b.refuseUnsupported(s)
	t := &Type{Kind: Scalar, Go: gosrc.Raw("runtime.File"), MaxItems: -1, opaque: true, maxBytes: s.MaxLength}
	t.hold(s, "type", "minLength", "maxLength")
	if s.Format == "binary" {
		t.hold(s, "format")
	}
	if len(s.Patterns)+len(s.Enum)+len(s.OneOf)+len(s.AnyOf) > 0 {
		b.errorf(s.Pos, rules.FormField, "the content of a file is not looked into: only minLength and maxLength are checked")
	}
	if s.MinLength > 0 {
		t.Checks = append(t.Checks, Check{Keyword: gosrc.Quote("minLength"), Op: MinSize, N: gosrc.Int(s.MinLength)})
	}
	return t
}

// Checked reports whether the part's media type is one of a list.
func (p *Param) Checked() bool { return len(p.accepts) > 0 }

// Accepts are the media types that the part may have.
func (p *Param) Accepts() gosrc.Expr {
	list := make([]gosrc.Part, len(p.accepts))
	for i, t := range p.accepts {
		list[i] = gosrc.Quote(t)
	}
	return gosrc.List(", ", list...)
}

// ReadFile is the expression that reads the part as a file.
func (p *Param) ReadFile() gosrc.Expr {
	t := p.Whole().Type
	if p.List {
		t = t.Elem
	}
	args := []gosrc.Part{gosrc.Int(t.maxBytes)}
	for _, h := range p.PartHeaders {
		args = append(args, h.Name)
	}
	return gosrc.Call("parts.File", args...)
}
