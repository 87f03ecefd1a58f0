package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Op is the kind of a Check.
type Op uint8

// The operations of checks, with the operands that they have.
const (
	MinRunes    Op = iota + 1 // a text has N characters or more
	MaxRunes                  // a text has N characters or less
	IsFormat                  // the function Name of package wire holds for a text; it may allocate where Costly is set
	Matches                   // the pattern in the variable Name matches a text
	MinLength                 // a list or a map has N items or more
	MaxLength                 // a list or a map has N items or less
	IsEmpty                   // a list or a map has no items
	MinSize                   // a file has N bytes or more
	IsUnique                  // the items of a list differ, as Go compares them
	IsUniqueBy                // the items of a list differ, as the encoder of Of writes them
	AtLeast                   // a number is N or more; Text is N as the document has it, where the type may round
	Above                     // a number is more than N
	AtMost                    // a number is N or less; Text likewise
	Below                     // a number is less than N
	MultipleOf                // a number, which the decoder's method Name reads, is a multiple of what Text says
	MultipleOfN               // a whole number is a multiple of N
	OneOf                     // a value is one of Listed; Bits is the size of a float, whose text is compared as well
	IsValid                   // the value of an enumeration is one of its constants
	IsAbsent                  // there is no JSON text
	IsNull                    // a JSON text is null
	Refused                   // a text that is always refused
	OneBranch                 // exactly one of Branches holds for a text
	AnyBranch                 // at least one of Branches holds for a text
	NoBranch                  // the one of Branches does not hold for a text
	NoVariant                 // the field Name of a choice is not set
)

// Check is one keyword that a value must meet, as data: package print makes the condition.
type Check struct {
	Keyword gosrc.Literal
	// Refusal is the keyword, a space, and the detail that names the bound; the zero Literal where the
	// keyword stands alone.
	Refusal gosrc.Literal
	Op      Op
	N       gosrc.Literal
	Text    gosrc.Literal
	Name    gosrc.Ident
	Of      *Type
	Costly  bool
	// AsText is set where the check is made of the text of a named string.
	AsText bool
	// WireDoes is set when the JSON decoder makes the check itself.
	WireDoes bool
	Bits     int
	Listed   []Listed
	Branches []Branch
}

// Listed is a value of an enum: Text is it as the document has it.
type Listed struct {
	Value gosrc.Literal
	Text  string
}

// Branch is a branch of a choice between texts: all Checks hold, and the text is Listed, unless that
// is empty.
type Branch struct {
	Checks []Check
	Listed []gosrc.Literal
}

// Case is what some values of a discriminator select: one variant, or several of which each is
// tried.
type Case struct {
	Values []gosrc.Literal
	Tried
}

// Tried are variants that a value is held against.
type Tried struct {
	Variants []*Variant
	Any      bool // one match is enough; else there must be exactly one
}

// Group is sets of members, and how many of them must be there: anyOf and oneOf, where the branches say nothing but `required`.
type Group struct {
	Keyword string
	// Any are sets of which at least one must be there. Else exactly one must be of one of the lists in One.
	Any []Bits
	One [][]Bits
}

// The ledger: what the document asks for must have been claimed by who enforces it, or generation
// fails at its line (not-enforced).
//
// A debit is a keyword or a policy on a schema object that a use reaches. A use is one parameter, one
// media type of a request or a response, one header of a response or of a part. A credit is a claim
// of the code that makes checks, decoders and encoders: it stands on the Type or the Field that
// the code is generated from, so that a use is credited with what its own types enforce. A
// component that a JSON body and an XML body share is thus enforced in the one, and missing in
// the other.
//
// Grain. Debits and credits are pairs of a schema object and a key, within a use: a schema object
// that stands in two places of one use counts as enforced in both when one of them claims it. Keywords
// are those that the normal form of package schema kept; the Reader answers for what it settles
// (see schema.Reader.Asks), and package assert for the values that stay JSON text. Policies are
// looked for in the document as it is written, whatever became of the branch that they stand in.
// What the document itself says is not sent or not taken (readOnly, writeOnly, false) needs no other
// claim, and a warning that names a body as unchecked is one for its keywords, never for policies.

// Word is a policy on a schema object.
type Word struct {
	Node *load.Node
	Key  string
}

// enforced are the claims of a type.
type enforced struct {
	Claims []schema.Claim
	Nodes  []*load.Node // of which all keywords hold
	Gone   []*load.Node // of which no value is ever there: all policies hold as well
	Words  []Word
	Table  bool // it is the type of a schema, wherever that stands: see typeOf
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
	Wanted   gosrc.Ident // what a function without declaration is called, if nothing else is
	Doc      gosrc.Comment
	// Aliases are the names of equal types in other places: see share.
	Aliases []*Type
	Shared  *Type  // the type that this is an alias of, or nil
	Own     bool   // the document itself names it
	About   string // its description
	// Deprecated is set where the document says so.
	Deprecated bool

	Elem *Type
	// Method is the Decoder's method of a scalar ("String"), Conv whether its result
	// needs a conversion to Go, and Under the type that the method returns.
	Method gosrc.Ident
	Conv   bool
	Enum   []EnumValue
	Const  *Const // of a Scalar: its only value, or nil

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
	// Unselected is the Refusal of an object that selects no variant.
	Unselected gosrc.Literal
	ByJSON     bool
	Plain      []*Variant

	MaxItems int64 // -1 for none
	// Min and Max are minProperties and maxProperties of a Struct; 0 and -1 for none.
	Min, Max  int64
	Checks    []Check
	Mask      *MaskRule
	Decoded   bool              // some request is read into it
	Encoded   bool              // some response is written from it
	MasksText bool              // Masked: the clear value is a string
	Opaque    bool              // streams and files: no codec reads or writes them
	Check     func() gosrc.Expr // the function of a checked raw value
	Way       gosrc.Expr        // the way it travels, where that matters to the function
	MaxBytes  int64             // of a file; -1 for no bound
	Nothing   bool              // nothing is a value
	Events    *openapi.Events   // Sequence: the items are events

	Enforced enforced // what of the document the code for the type holds values to
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

	Never bool // it may not be there, and no value has it

	Words []Word // policies that the code around the field enforces
}

// Variant is one alternative of a Sum.
type Variant struct {
	Name   gosrc.Ident
	Type   *Type
	Kinds  []gosrc.Ident   // ByKind: wire.Kind constants; ByDiscriminator: of a variant that is no object
	Values []gosrc.Literal // ByDiscriminator

	Of        *Type // the sum, ByDiscriminator
	Selectors []schema.Selector
	Fills     bool
	Fill      schema.Selector // what the encoder writes where the handler says nothing, if fills
	IsDefault bool
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
