package auth

// A Claim is a claim of which a document says what it holds: a credential with another kind of
// value is refused.
type Claim struct {
	// Name is the claim's, or a JSON pointer to it (RFC 6901).
	Name string
	Type ClaimType
	// Required refuses a credential without it; without, it may be absent, but never null.
	Required bool
}

// ClaimType is what a claim holds.
type ClaimType uint8

// The types of claims. The zero value is none, and refuses everything.
const (
	_             ClaimType = iota
	ClaimText               // a string
	ClaimInteger            // a number that is written as an integer and fits into 64 bits
	ClaimBoolean            // true or false
	ClaimTextList           // a list of strings
)
