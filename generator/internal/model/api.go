// Package model is what the generated package looks like: its types, names, checks, operations and
// policy, as values that the templates only have to print. The packages below this folder make them.
// Everything in it that comes from the document's text is a gosrc type: nothing of
// the document can become Go code.
package model

import (
	"github.com/bailey-go/bailey/generator/internal/assert"
	"github.com/bailey-go/bailey/generator/internal/callers"
	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// API is a whole generated package.
type API struct {
	Package gosrc.Ident
	Source  gosrc.Comment // "Source: openapi.yaml"
	Title   gosrc.Literal
	Doc     gosrc.Comment

	// Cost is the budget of the document, for the stage that prints.
	Cost *cost.Budget

	// Types are the declared types in the order of their first use; Funcs are the
	// types that have decode and append functions of their own.
	Types []*Type
	Funcs []*Type
	// Checks are the functions of checked raw values.
	Checks []*assert.Func
	// Patterns are the compiled patterns, each once.
	Patterns []*Pattern

	// Gathers are the sets of parameters for which pairs are taken, Members those that
	// are one text each.
	Gathers, Members []*Gather
	// Judges tell readings of one text apart.
	Judges []*Judge

	Operations []*Operation
	// Replies are the response types that the operations return, each once.
	Replies []*Reply
	Schemes []*Scheme
	// Settings are the members of policies that Config gives, in the order of the document.
	Settings []*Setting
	// Limits are those of Settings that belong to no scheme.
	Limits []*Setting
	// Tests asks for the generated security test.
	Tests bool
	// Authorized are the operations that ask an authoriser.
	Authorized []*Operation
	// Caller is nil where nobody has to say who they are.
	Caller *Caller
	// Lifts are the callers who see masked values in clear.
	Lifts []callers.Set
	// Rates are the rate limits of the whole document.
	Rates []RateView
	// Writers are the callers who may set guarded members.
	Writers []callers.Set
	// ErrorBodies are the declared shapes of refusals, each once, ErrorCodes their tables, and Refusals the
	// shape where no operation declares one, nil for problem documents.
	ErrorBodies []*ErrorBody
	ErrorCodes  []ErrorCodes
	Refusals    *Refusals
	// HashMask is set when a property is masked by hash: Config then needs a key.
	HashMask bool
	// Kept are the objects whose members reach the handler, and leave it, though the document does not name
	// them.
	Kept []gosrc.Comment
	// Tokens are the schemes whose tokens differ from those of RFC 9068 in the field Authorization, and in what.
	Tokens []gosrc.Comment
	// NullKept are the places where null passes an allOf that refuses it, since the configuration says so.
	NullKept []gosrc.Comment
	// NullEnums are the places where null passes an enum that does not list it, likewise.
	NullEnums []gosrc.Comment
	// Terse says where the document makes details terse; it is empty where it does not.
	Terse gosrc.Comment
	// KeyLines are the schemes whose API keys stand behind an authentication scheme, or are opaque.
	KeyLines []gosrc.Comment
	// Skipped are the operations that were left out, with the reason.
	Skipped []Skipped
	// AllowedPublic is set when the whole document was made public by the caller.
	AllowedPublic gosrc.Comment
	// Apart are the schemas that are read without those that extend them, as the document says.
	Apart []gosrc.Comment
}

// Skipped is one operation that is not in the generated package.
type Skipped struct {
	Operation string // "GET /users/{id}"
	ID        string
	Pos       diag.Pos
	Reason    string
	Line      gosrc.Comment
	// Declared is set when the document itself asked for it with x-bailey-skip.
	Declared bool
}
