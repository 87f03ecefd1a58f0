package model

import (
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Variant is the type of a sum's i-th branch of n.
func (t *Type) Variant(i, n int) *Type {
	if t == nil || t.Kind != Sum || len(t.Variants) != n {
		return nil
	}
	return t.Variants[i].Type
}

// OfKind is the type of a sum's arrays or objects, or t itself.
func (t *Type) OfKind(kind schema.Types) *Type {
	if t == nil || t.Kind != Sum {
		return t
	}
	for _, v := range t.Variants {
		if kind == schema.TypeArray && v.Type.Kind == Slice || kind == schema.TypeObject && (v.Type.Kind == Struct || v.Type.Kind == Map) {
			return v.Type
		}
	}
	return nil
}

func (t *Type) MemberType(name string) *Type {
	if t == nil {
		return nil
	}
	if f := t.FieldNamed(name); f != nil {
		return f.Type
	}
	return nil
}

// FieldsOf are the fields among which memberType looks.
func (t *Type) FieldsOf() []*Field {
	if t == nil {
		return nil
	}
	return t.Fields
}

func (t *Type) ExtraType() *Type {
	switch {
	case t == nil:
	case t.Kind == Map:
		return t.Elem
	case t.Kind == Struct && t.Extra != nil:
		return t.Extra.Type.Elem
	}
	return nil
}
