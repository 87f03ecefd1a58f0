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

// AppendChecked is the call that appends a value of the type: its only one, where the handler left it out.
func (t *Type) AppendChecked() gosrc.Expr {
	value := gosrc.Raw("*v")
	if t.Const != nil {
		value = gosrc.Raw("cmp.Or(*v, %)", t.Const.JSON)
	}
	if t.Way == (gosrc.Expr{}) {
		return gosrc.Raw("check.Append(e, b, %, %)", value, t.Check())
	}
	return gosrc.Raw("check.AppendWay(e, b, %, %, %)", value, t.Way, t.Check())
}
