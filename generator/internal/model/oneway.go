package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// servers begins the name of the function that reads a list or a map: where what is in it is readOnly,
// it is dropped if the operation drops such members.
func (t *Type) servers() gosrc.Expr {
	for _, c := range t.Checks {
		if c.Op == IsEmpty && c.Keyword == gosrc.Quote("readOnly") {
			return gosrc.Raw("ReadOnly")
		}
	}
	return gosrc.Raw("")
}
