package policy

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// Errors is x-bailey-errors: the shape of refusals. A part that is not written is taken from the
// next holder: the response, the schema, the document.
type Errors struct {
	Node *load.Node // the value of the key
	Pos  diag.Pos
	// Body is the template, nil where none is written.
	Body *ErrorBody
	// Codes are the values of the part code, Docs those of the part docs.
	Codes, Docs []ErrorCode
	// Status maps statuses of refusals; it stands on the document alone.
	Status []ErrorStatus
	// Terse is set by `details: terse`, on the document alone; TerseAt is where it stands.
	Terse   bool
	TerseAt diag.Pos
}

// ErrorBody is a value of a template. It has one of: Word, Part, Literal, Members, Item.
type ErrorBody struct {
	Pos     diag.Pos
	Word    string        // ErrorProblem or ErrorNone, in place of a template
	Part    string        // one of ErrorParts
	Literal *load.Node    // a scalar
	Object  bool          // an object of Members
	Members []ErrorMember // in their order
	Item    *ErrorBody    // of a list: one item for each violation, or one for the refusal
}

// ErrorMember is a member of an object of a template.
type ErrorMember struct {
	Name  string
	Pos   diag.Pos
	Value *ErrorBody
}

// The words in place of a template.
const (
	ErrorProblem = "problem" // the problem document (RFC 9457)
	ErrorNone    = "none"    // no body
)

// ErrorCode is an entry of codes or docs.
type ErrorCode struct {
	For   string // a status, 4XX, 5XX, default, or a rule
	Pos   diag.Pos
	Value *load.Node // a string or an integer
}

// ErrorStatus is an entry of the status map.
type ErrorStatus struct {
	From, To int
	Pos      diag.Pos
}

// ErrorParts are the parts of templates; those of ErrorPlaces mean something within a list only.
var (
	ErrorParts  = []string{"status", "title", "detail", "code", "request-id", "docs", "retry-after"}
	ErrorPlaces = []string{"place", "pointer", "in", "parameter", "keyword"}
)

// ErrorRules are the rules that codes can name, with the status of each: validation, limits and media types alone.
// Whoever is refused for another reason must not learn it from a code.
var ErrorRules = []struct {
	Name   string
	Status int
}{
	{"parameters", 400}, {"syntax", 400}, {"body-missing", 400}, {"body-unexpected", 400}, {"body", 422},
	{"body-size", 413}, {"memory", 413}, {"steps", 413}, {"body-slow", 408},
	{"media-type", 415}, {"content-encoding", 415}, {"accept", 406},
}

// secretRules are rules that codes cannot name: a code for one of them would tell a caller what the status hides.
var secretRules = []string{
	"authentication", "unauthenticated", "authorization", "authorizer", "authorize", "owner", "scope", "role", "claim", "acr", "max-age",
	"writable-by", "lockout", "cross-origin", "csrf", "hidden",
}

// CodeAt returns the entry for a rule ("" for none) and a status: the rule's, else the status's, its
// class's, the default.
func CodeAt(list []ErrorCode, rule string, status int) *ErrorCode {
	for _, name := range []string{rule, strconv.Itoa(status), strconv.Itoa(status/100) + "XX", "default"} {
		if name == "" {
			continue
		}
		if i := slices.IndexFunc(list, func(c ErrorCode) bool { return c.For == name }); i >= 0 {
			return &list[i]
		}
	}
	return nil
}

// StatusOf is the status that a refusal with a status is sent with.
func StatusOf(list []ErrorStatus, status int) int {
	for _, s := range list {
		if s.From == status {
			return s.To
		}
	}
	return status
}

// String is the template as JSON, for a comment.
func (b *ErrorBody) String() string {
	switch {
	case b == nil:
		return ""
	case b.Word != "":
		return b.Word
	case b.Part != "":
		return quoted("{" + b.Part + "}")
	case b.Literal != nil:
		if b.Literal.Kind == load.String {
			return quoted(b.Literal.Text)
		}
		if b.Literal.Kind == load.Null {
			return "null"
		}
		return b.Literal.Text
	case b.Item != nil:
		return "[" + b.Item.String() + "]"
	}
	members := make([]string, len(b.Members))
	for i, m := range b.Members {
		members[i] = quoted(m.Name) + ": " + m.Value.String()
	}
	return "{" + strings.Join(members, ", ") + "}"
}
