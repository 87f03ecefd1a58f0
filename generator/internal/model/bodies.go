package model

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// Streamed are the media types of text that the handler reads.
func (op *Operation) Streamed() []gosrc.Literal {
	var out []gosrc.Literal
	for _, m := range op.Bodies {
		if m.AsText && m.Binary() {
			out = append(out, m.Type)
		}
	}
	return out
}

// Stream is the expression of a body that the handler reads.
func (m *BodyMedia) Stream() gosrc.Expr { return m.ReadStream }

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

// Plain are the fields of a form that are read one pair at a time.
func (m *BodyMedia) Plain() []*Param {
	return slices.DeleteFunc(slices.Clone(m.Fields), func(p *Param) bool { return p.Gathered })
}

// Lists are the exploded arrays of a form with checks on the whole array.
func (m *BodyMedia) Lists() []*Param { return explodedLists(m.Plain()) }
