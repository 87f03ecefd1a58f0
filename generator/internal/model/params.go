package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// Decoder is the function that reads the value.
func (j *Judge) Decoder() gosrc.Expr { return j.Type.itemDecoder() }

// Whole is the parameter's value, Item one item of a list.
func (p *Param) Whole() Value { return p.Field.in(gosrc.Raw("%.%", p.At, p.Field.Name)) }

// Item is the variable that one item of a list is read into.
func (p *Param) Item() Value { return Value{At: gosrc.Raw("item"), Type: p.Whole().Type.Elem} }

// SetFlag is the statement that marks an optional parameter as given.
func (p *Param) SetFlag() gosrc.Expr { return gosrc.Raw("%.%.Set = true", p.At, p.Field.Name) }
