package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// Checked reports whether the part's media type is one of a list.
func (p *Param) Checked() bool { return len(p.MediaTypes) > 0 }

// Accepts are the media types that the part may have.
func (p *Param) Accepts() gosrc.Expr {
	list := make([]gosrc.Part, len(p.MediaTypes))
	for i, t := range p.MediaTypes {
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
	args := []gosrc.Part{gosrc.Int(t.MaxBytes)}
	for _, h := range p.PartHeaders {
		args = append(args, h.Name)
	}
	return gosrc.Call("parts.File", args...)
}
