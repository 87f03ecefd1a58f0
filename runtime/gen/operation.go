// Package gen is for generated code only: no part of it is promised to stay, but for the constant
// Handshake2. It has the pipeline that a request passes before and after the handler, and the types
// that generated code names. Package runtime has the names that programs write.
//
// The order of the stages is the list in stages.go. A Server is immutable once it
// is built, and safe for concurrent use.
package gen

import (
	"time"

	"github.com/bailey-go/bailey/runtime/gen/param"
	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// Handshake2 ties generated code to a runtime that can serve it: generated code
// names the constant of its generation, and an older runtime does not have it.
const Handshake2 = true

// Operation describes one operation: generated, and never changed.
type Operation struct {
	// ID is the operationId, or the method and path where the document has none.
	ID     string
	Method string
	Path   string // the document's path template
	// Item is the path as the document writes it, where something stands behind "?" or "#" there; "" otherwise. Rate
	// limits of a path count by it.
	Item   string
	At     string // its place in the document: file:line:col
	Access Access
	// Fits tell the operation apart from others whose paths differ in the names of parameters only, or
	// that the document tells apart behind "?" or "#": a request for it meets all of them, and one that
	// meets those of no operation is answered as one for a path that there is not.
	Fits []Fit
	// SameOrigin refuses requests that a browser makes for a page of another origin: where
	// it would add the credential by itself (cookies, Basic, client certificates). Of GET, HEAD and OPTIONS it
	// refuses those with the field Upgrade.
	SameOrigin bool
	// Rate are all rate limits that count the operation's requests: its own, its path's and the
	// document's.
	Rate   []Rate
	Limits Limits
	// Detect has some rules recorded and not enforced.
	Detect Detect
	// Settings are the fields of Config that replace some of Limits: see [Setting].
	Settings []string
	Owner    []Owner
	// Require are conditions that the caller must meet, all of them.
	Require []Condition
	// Authorize says when the authoriser of Config is asked.
	Authorize Hook
	// Consumes are the media types of the request body; empty means that a body is
	// refused.
	Consumes     []string
	BodyRequired bool
	// Streamed are those of Consumes that are text and that the handler reads nevertheless.
	Streamed []string
	// Encodings are the content codings that the body may have: gzip, or none.
	Encodings []string
	// Produces are the media types that the answer may have, where there are several to
	// choose from: the request's Accept is then asked.
	Produces []string
	// Echo are the fields that have the request's id in all answers of the operation, beside X-Request-Id.
	Echo []Echo
	// Classified names the values of the request that have a class of data (x-bailey-data), which are kept
	// out of the texts of errors that are logged.
	Classified []Classified
	// Unknown says what happens to parameters and members that the document does not
	// name.
	Unknown param.Unknown
	// ReadOnly says what happens to members of the body that only the server sets.
	ReadOnly param.Unknown
	// Errors are the shapes of refusals that the operation declares; the first one that has the status counts.
	Errors []ErrorReply
	// Deprecation is what each answer says about the end of a deprecated operation; the zero value is nothing.
	Deprecation Deprecation
}

// Deprecation is the end of a deprecated operation. Times are texts of RFC 3339.
type Deprecation struct {
	Since  string // the field Deprecation (RFC 9745)
	Sunset string // the field Sunset (RFC 8594), or ""
	Link   string // the URL of the field Link, with the relation deprecation (RFC 9745, 3), or ""
}

// Echo is a field of answers that has the request's id.
type Echo struct {
	Name string // canonical
	UUID bool   // the id is a UUID
}

// Classified names values of a request that have a class of data.
type Classified struct {
	In    string // query, header, path, cookie, querystring, or body
	Name  string // of the parameter or of members of the body, at any depth; "*" for the whole body
	Class string // pii, phi, ...; credential for API keys
}

// The values of Operation.Unknown and Operation.ReadOnly.
const (
	Refuse = param.Refuse
	Drop   = param.Drop
)

// Access says who may call an operation. The zero value refuses everybody, and makes
// Builder.Server fail. Make one with Public or Require.
type Access struct {
	public       bool
	reason       string
	alternatives []Requirement
}

// Public admits everybody, for a reason that the document gives; an empty reason
// refuses.
func Public(reason string) Access { return Access{public: reason != "", reason: reason} }

// Require admits callers who meet one of the alternatives.
func Require(alternatives ...Requirement) Access { return Access{alternatives: alternatives} }

// IsPublic reports whether everybody is admitted.
func (a Access) IsPublic() bool { return a.public }

// Alternatives are those of Require; they must not be changed.
func (a Access) Alternatives() []Requirement { return a.alternatives }

// Requirement lists schemes that must all hold. An empty one admits callers without
// any credential.
type Requirement []Need

// Need is one scheme, and the scopes and roles that the caller must have by it: all of them. A document's
// requirement names scopes of oauth2 and openIdConnect, and since OpenAPI 3.1 roles of other schemes.
type Need struct {
	Scheme        string
	Scopes, Roles []string
	// Client says that the scheme's subject is the client (a machine, an application) through which
	// the subject of the other schemes of the requirement calls. All schemes that are not clients
	// must agree on the subject, or name none.
	Client bool
}

// Limits bound one request. Zero means the default.
type Limits struct {
	Body       int64         // bytes; default 1 MiB
	Depth      int           // nesting of JSON; default 64
	Items      int           // of a JSON array without maxItems, members of a map without maxProperties; default 524,288
	Memory     int64         // bytes that reading one request may allocate beyond 20 for each byte of its body; default 4 MiB
	Inflated   int64         // bytes of a body in a content coding, once it is inflated; default Body
	Parts      int           // of a multipart body; default 1,000
	Fields     int64         // bytes of a multipart body's parts that are no files; default 1 MiB
	Item       int64         // bytes of one item of a stream, sent or received; default 1 MiB
	Timeout    time.Duration // for the whole request; default 30 s
	Violations int           // reported; default 16
}

// The defaults of Limits.
const (
	DefaultBody    = 1 << 20
	DefaultItem    = 1 << 20
	DefaultFields  = 1 << 20
	DefaultParts   = 1000
	DefaultMemory  = wire.DefaultMemory
	DefaultTimeout = 30 * time.Second
)

// Lift says who sees a masked value in clear: callers with one of the scopes, with
// one of the roles, or, with Owner, those whom an owner rule found to be the owner.
type Lift struct {
	Scopes, Roles []string
	Owner         bool
}
