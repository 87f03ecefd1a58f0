package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// Authorizer are the methods of the generated interface that one operation asks.
type Authorizer struct {
	Before   gosrc.Ident // AuthorizeGetNote
	After    gosrc.Ident // FilterGetNote
	HasAfter bool
	Caller   gosrc.Ident // the type of who calls
}
