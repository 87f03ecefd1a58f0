package types

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

func (b *Builder) raw(t *model.Type) {
	t.Kind = model.Scalar
	t.Method = b.Word("Raw")
	t.Go = gosrc.Raw("wire.Raw")
}

// scalars maps the Go types of scalars to the Decoder's methods.
var scalars = map[string]struct {
	method string
	expr   gosrc.Expr
}{
	"bool":    {"Bool", gosrc.Raw("bool")},
	"string":  {"String", gosrc.Raw("string")},
	"int32":   {"Int32", gosrc.Raw("int32")},
	"int64":   {"Int64", gosrc.Raw("int64")},
	"uint32":  {"Uint32", gosrc.Raw("uint32")},
	"uint64":  {"Uint64", gosrc.Raw("uint64")},
	"float32": {"Float32", gosrc.Raw("float32")},
	"float64": {"Float64", gosrc.Raw("float64")},
	"uuid":    {"UUID", gosrc.Raw("types.UUID")},
	"time":    {"Time", gosrc.Raw("time.Time")},
	"date":    {"Date", gosrc.Raw("types.Date")},
	"bytes":   {"Bytes", gosrc.Raw("[]byte")},
}

func (b *Builder) Scalar(t *model.Type, name string) {
	s := scalars[name]
	t.Kind, t.Method, t.Go = model.Scalar, b.Word(s.method), s.expr
}

// typedFormats are string formats with a Go type of their own.
var typedFormats = map[string]string{"uuid": "uuid", "date-time": "time", "date": "date", "byte": "bytes"}

// text is a string: with the format's own Go type where no other keyword needs the text.
func (b *Builder) text(t *model.Type, s *schema.Schema, at Place) {
	t.Hold(s, "type", "format", "contentEncoding", "minLength", "maxLength", "pattern")
	format := s.Format
	if format == "" && s.ContentEncoding == "base64" {
		format = "byte"
	}
	if goType, ok := typedFormats[format]; ok && s.MinLength <= 0 && s.MaxLength < 0 && len(s.Patterns) == 0 {
		b.Scalar(t, goType)
		return
	}
	b.Scalar(t, "string")
	t.Checks = append(t.Checks, b.stringChecks(s, format, at)...)
}

func (b *Builder) number(t *model.Type, s *schema.Schema) {
	integral := s.Types&schema.TypeNumber == 0
	t.Hold(s, "type", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
	switch {
	case s.Format == "int32" || s.Format == "int64" || s.Format == "uint32" || s.Format == "uint64":
		b.Scalar(t, s.Format)
	case integral && beyondInt64(s.Maximum) && s.Minimum != "" && !strings.HasPrefix(s.Minimum, "-"):
		b.Scalar(t, "uint64")
	case integral:
		b.Scalar(t, "int64")
	case s.Format == "float":
		b.Scalar(t, "float32")
	default:
		b.Scalar(t, "float64")
	}
	t.Checks = append(t.Checks, b.numberChecks(t, s)...)
}

func (b *Builder) slice(t *model.Type, s *schema.Schema, at Place) {
	t.Kind, t.MaxItems = model.Slice, s.MaxItems
	b.ListsAt[t], b.lists[t] = s.Pos, listPlace{s, at}
	items := s.Items
	if items == nil {
		items = b.Anything
	}
	name := at.Sub("Item")
	t.Elem = b.TypeOf(items, name)
	b.AsItem(t.Elem, name.Name)
	t.Checks = append(t.Checks, b.ArrayChecks(t, s, at.Dir)...)
}
