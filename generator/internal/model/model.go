// Package model decides what the generated package looks like: its types, names,
// checks, operations and policy, as values that the templates only have to print.
// Everything in it that comes from the document's text is a gosrc type: nothing of
// the document can become Go code.
package model

import (
	"github.com/bailey-go/bailey/generator/internal/assert"
	"github.com/bailey-go/bailey/generator/internal/callers"
	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
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
	// HashMask is set when a property is masked by hash: Config then needs a key.
	HashMask bool
	// Kept are the objects whose members reach the handler, and leave it, though the document does not name
	// them.
	Kept []gosrc.Comment
	// NullKept are the places where null passes an allOf that refuses it, since the configuration says so.
	NullKept []gosrc.Comment
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

// Kind is how a type is put together.
type Kind uint8

// The kinds of Type.
const (
	Scalar   Kind = iota + 1 // one JSON token: strings, numbers, booleans, and Raw values
	Struct                   // an object with named members
	Slice                    // an array
	Map                      // an object without named members
	Sum                      // one of several: a struct with a pointer for each variant
	Null                     // Elem or null: runtime.Null
	Pointer                  // *Elem, where a type holds itself
	Masked                   // a scalar that prints masked
	Sequence                 // a stream of items: iter.Seq2[Elem, error]
)

// Type is a Go type with everything that is checked where a value of it is read
// or written.
type Type struct {
	Kind Kind
	// Go is the type as it is written: "string", "[]Item".
	Go gosrc.Expr
	// Under is what a declared array or map is made of: "[]Item".
	Under gosrc.Expr
	// Name is the declared name, or for a type with functions of its own (Func) but
	// without declaration the word behind decode and append.
	Name     gosrc.Ident
	Declared bool
	Func     bool
	wanted   gosrc.Ident // what a function without declaration is called, if nothing else is
	Doc      gosrc.Comment
	// Aliases are the names of equal types in other places: see share.
	Aliases []*Type
	shared  *Type  // the type that this is an alias of, or nil
	own     bool   // the document itself names it
	about   string // its description

	Elem *Type
	// Method is the Decoder's method of a scalar ("String"), Conv whether its result
	// needs a conversion to Go, and Under the type that the method returns.
	Method gosrc.Ident
	Conv   bool
	Enum   []EnumValue

	// Fields of a Struct, in document order; Extra is the field for members without
	// a name, or nil; Unknown is the mode of Decoder.Object.
	Fields  []*Field
	Extra   *Field
	Unknown gosrc.Expr
	// Required has the bits of the members that must be there, one word for 64 fields.
	Required Bits
	// ReadOnly are names of members that are the server's: no field stands for them.
	ReadOnly    gosrc.Expr
	HasReadOnly bool
	// ReadOnlyRest is set where members without a name are the server's.
	ReadOnlyRest bool
	Groups       []Group

	Variants []*Variant
	Choice   Choice
	// Discriminator is the member that selects the variant, Cases what its values select, and
	// Default what others do and none does. ByJSON is set where not all of them are strings with
	// something in them. Plain are variants that are no objects.
	Discriminator gosrc.Literal
	Cases         []*Case
	Default       Tried
	ByJSON        bool
	Plain         []*Variant

	MaxItems int64 // -1 for none
	// Min and Max are minProperties and maxProperties of a Struct; 0 and -1 for none.
	Min, Max  int64
	Checks    []Check
	Mask      *MaskRule
	Decoded   bool              // some request is read into it
	Encoded   bool              // some response is written from it
	masksText bool              // Masked: the clear value is a string
	opaque    bool              // streams and files: no codec reads or writes them
	check     func() gosrc.Expr // the function of a checked raw value
	way       gosrc.Expr        // the way it travels, where that matters to the function
	maxBytes  int64             // of a file; -1 for no bound
	refuses   bool              // nothing is a value
	events    *openapi.Events   // Sequence: the items are events

	enforced enforced // what of the document the code for the type holds values to
}

// Bits is a set of members, one word for each 64 fields.
type Bits []uint64

// Choice is how the variant of a Sum is found.
type Choice uint8

// The ways to choose.
const (
	ByKind          Choice = iota + 1 // the variants have different JSON types
	ByDiscriminator                   // a member's value names the variant
	ByTrying                          // exactly one must match
	ByTryingAny                       // at least one must match
)

// EnumValue is one constant of an enumeration.
type EnumValue struct {
	Name  gosrc.Ident
	Value gosrc.Literal
}

// Field is one member of a Struct or one field of a request.
type Field struct {
	Name gosrc.Ident
	Doc  gosrc.Comment
	// JSON is the member's name, Key the same as `"name":` in a Go literal, First
	// and Later the literals that the encoder appends.
	JSON               gosrc.Literal
	First, Later, Bare gosrc.Literal
	Index              int
	Type               *Type
	Go                 gosrc.Expr // with Opt around it where it is optional
	Required           bool
	Opt                bool // runtime.Opt around Type
	Default            gosrc.Literal
	HasDefault         bool
	Drop               bool // masked by leaving it out
	// Guards are positions in API.Writers: who sets the member must be in each of them.
	Guards []int
	// ListDefault are the items of an array's default.
	ListDefault    gosrc.Expr
	HasListDefault bool

	never bool // it may not be there, and no value has it

	words []word // policies that the code around the field enforces
}

// Variant is one alternative of a Sum.
type Variant struct {
	Name   gosrc.Ident
	Type   *Type
	Kinds  []gosrc.Ident   // ByKind: wire.Kind constants; ByDiscriminator: of a variant that is no object
	Values []gosrc.Literal // ByDiscriminator

	of        *Type // the sum, ByDiscriminator
	selectors []schema.Selector
	fills     bool
	fill      schema.Selector // what the encoder writes where the handler says nothing, if fills
	isDefault bool
}

// Pattern is one compiled pattern.
type Pattern struct {
	Name gosrc.Ident
	RE2  gosrc.Literal
}

// MaskRule is how a masked value is written, and for whom it is not.
type MaskRule struct {
	Lift int // the bit of Encoder.Clear; -1 when nobody sees it in clear
	How  string
}
