package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// Code is the type whose functions read and write t.
func (t *Type) Code() *Type {
	if t.Shared != nil {
		return t.Shared
	}
	return t
}

// Keys is the variable with the names of the type's members.
func (t *Type) Keys() gosrc.Expr { return gosrc.Raw("keys%", t.Code().Name) }

func (t *Type) decoder() gosrc.Expr { return gosrc.Raw("decode%", t.Code().Name) }
func (t *Type) encoder() gosrc.Expr { return gosrc.Raw("append%", t.Code().Name) }

// IsPlain reports whether the runtime's own item functions serve the type.
func (t *Type) IsPlain() bool {
	return t.Kind == Scalar && !t.Conv && len(t.Checks) == 0 && t.Check == nil
}

// itemDecoder is the function that reads one item of an array or map.
func (t *Type) itemDecoder() gosrc.Expr {
	if t.IsPlain() {
		return gosrc.Raw("wire.Decode%", t.Method)
	}
	return t.decoder()
}

// itemEncoder is the function that appends one item of an array or map.
func (t *Type) itemEncoder() gosrc.Expr {
	if t.IsPlain() {
		return gosrc.Raw("wire.Encode%", t.Method)
	}
	return t.encoder()
}

// IsList reports whether the type is an array or a map that has a name, since it holds itself.
func (t *Type) IsList() bool { return t.Declared && (t.Kind == Slice || t.Kind == Map) }
