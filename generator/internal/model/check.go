package model

import "github.com/bailey-go/bailey/generator/internal/gosrc"

// Op is what a Check asks of a value.
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
