package model

import "github.com/bailey-go/bailey/generator/internal/gosrc"

// Setting is one member of a policy whose value comes from Config.
type Setting struct {
	Field gosrc.Ident   // of Config
	Doc   gosrc.Comment // of the field
	Type  gosrc.Expr    // of the field
	Print gosrc.Expr    // the members of its gen.Setting
	// Tried is the value that the generated test gives, where the document has no default.
	Tried    gosrc.Literal
	HasTried bool
}
