package auth

// A Claim is a claim of which a document says what it holds: a credential with another kind of
// value is refused.
type Claim struct {
	// Name is the claim's, or a JSON pointer to it (RFC 6901).
	Name string
	Type ClaimType
	// Required refuses a credential without it; without, it may be absent, but never null.
	Required bool
	// Values, if there are any, are those that the claim may hold, written as text: "42", "true". A list must hold one of
	// them. A credential without the claim is refused, whatever Required says, unless Optional is set.
	Values []string
	// Optional lets a credential without the claim pass though it has Values.
	Optional bool
}

// Needed reports whether a credential without the claim is refused.
func (c Claim) Needed() bool { return c.Required || len(c.Values) > 0 && !c.Optional }

// RolesForm says how issuers write roles.
type RolesForm uint8

// The forms of roles. A list is a list of strings, or one string, which is one role with whatever commas are in it.
const (
	RolesList   RolesForm = iota
	RolesKeys             // an object; its member names are the roles
	RolesCommas           // one string; commas stand between the roles, spaces around them do not count
)

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
