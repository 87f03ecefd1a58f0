package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

func (t *Type) FieldNamed(name string) *Field {
	if t.Kind != Struct {
		return nil
	}
	want := gosrc.Quote(name)
	for _, f := range t.Fields {
		if f.JSON == want {
			return f
		}
	}
	return nil
}
