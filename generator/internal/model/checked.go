package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// Checked reports whether the type is JSON text that a function checks.
func (t *Type) Checked() bool { return t.Check != nil }

// ReadChecked is the call that reads a value of the type.
func (t *Type) ReadChecked() gosrc.Expr {
	if t.Way == (gosrc.Expr{}) {
		return gosrc.Raw("check.Decode(d, v, %)", t.Check())
	}
	return gosrc.Raw("check.DecodeWay(d, v, %, %)", t.Way, t.Check())
}

// AppendChecked is the call that appends a value of the type.
func (t *Type) AppendChecked() gosrc.Expr {
	if t.Way == (gosrc.Expr{}) {
		return gosrc.Raw("check.Append(e, b, *v, %)", t.Check())
	}
	return gosrc.Raw("check.AppendWay(e, b, *v, %, %)", t.Way, t.Check())
}
