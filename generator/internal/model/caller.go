package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// Caller is the generated type of who calls, where some operation asks who does.
type Caller struct {
	Name, Of gosrc.Ident // Caller, CallerOf
	Claims   []CallerClaim
	Scopes   []NameConst
	Roles    []NameConst
}

// CallerField is the field of a request that holds who calls.
type CallerField struct {
	Doc  gosrc.Comment
	Name gosrc.Ident
	Type gosrc.Ident // the name of the Caller
}

// CallerClaim is the method for a typed claim.
type CallerClaim struct {
	Doc    gosrc.Comment
	Method gosrc.Ident
	Go     gosrc.Expr
	Read   gosrc.Ident // of principal.Caller
	Name   gosrc.Literal
}

// NameConst is the constant of a scope or role.
type NameConst struct {
	Name  gosrc.Ident
	Value gosrc.Literal
}
