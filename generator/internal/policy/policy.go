// Package policy reads the x-bailey-* vocabulary: each key into a typed value, and
// from all of them the effective policy of each operation.
package policy

import (
	"time"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// Options are what the command line and the configuration add to a document.
type Options struct {
	// AllowPublic is the reason why operations without any security may be served to
	// everybody; "" means that they may not.
	AllowPublic string
	// Unknown is x-bailey-unknown for operations that inherit none: "refuse" or
	// "drop"; "" means "refuse".
	Unknown string
	// ReadOnly is x-bailey-read-only for operations that inherit none: "refuse" or "drop"; ""
	// means "refuse".
	ReadOnly string
	// Today is the day by which x-bailey-mode ends; the zero value means the day of the clock, in UTC.
	Today time.Time
}

// Set is every policy of a document.
type Set struct {
	// Schemes are components.securitySchemes in document order.
	Schemes []*Scheme
	// Operations are the effective policies by operation node.
	Operations map[*load.Node]*Operation
	// Order are the same in document order.
	Order []*Operation
	// Rates are the rate limits that stand on the document, whether an operation has them or not.
	Rates []Rate
	// Schemas are the policies written on schema, property or parameter nodes (the
	// node itself, before following its $ref). Nodes without policy have no entry.
	// A class of data that must not be shown has its default mask here, too.
	Schemas map[*load.Node]*Schema
	// Errors are the values of x-bailey-errors by the node that has it, the document, a response or a schema;
	// ErrorHolders are these nodes in the order of finding.
	Errors       map[*load.Node]*Errors
	ErrorHolders []*load.Node
}

// Scheme is one security scheme.
type Scheme struct {
	Name          string
	Pos           diag.Pos
	Type          string         // apiKey, http, oauth2, openIdConnect, mutualTLS; "" when it is not declared
	In, Param     string         // apiKey
	HTTP          string         // http: the scheme in lower case: bearer, basic ...
	JWT           *JWT           // x-bailey-jwt
	APIKey        *APIKey        // x-bailey-api-key
	Introspection *Introspection // x-bailey-introspection
	Basic         *Basic         // x-bailey-basic
	MTLS          *MTLS          // x-bailey-mtls
	Session       *Session       // x-bailey-session
	Client        bool           // x-bailey-subject: client
	SaysSubject   bool           // x-bailey-subject is written
	Names         string         // x-bailey-names: scopes, roles, or "" where it is not written
	GoName        string         // x-bailey-go-name
	// Declared are the scopes that the flows of an oauth2 scheme list.
	Declared []string
}

// JWT is x-bailey-jwt.
type JWT struct {
	Pos         diag.Pos
	Issuer      string
	TrustDomain string // in place of Issuer: the SPIFFE trust domain of the callers
	Audiences   []string
	Algorithms  []string
	Types       []string      // accepted typ values; default at+jwt
	Leeway      time.Duration // negative: none at all; 0: nothing is written
	MaxAge      time.Duration // 0: none
	ScopeClaim  string        // default "scope"
	RolesClaim  string        // default "roles"
	RolesForm   string        // keys or commas, or "" or list
	Claims      []Claim       // typed ones
	Tenant      string        // the claim that names the tenant, or ""
	Required    []string      // claims that must be there
	// AudienceClaim stands for aud, or is "". Nonce: ID tokens' claim of that name is accepted. MaxToken is in bytes; 0: nothing is written.
	AudienceClaim string
	Nonce         bool
	MaxToken      int
	Provider      string        // whose preset filled the rest, or ""
	Profile       string        // fapi2 or ""
	Tenants       []string      // of an issuer with {tenant} in it
	AskTenants    bool          // Config knows the tenants
	Prefix        string        // before the token in a named header, or ""
	PlainCookie   string        // the reason why the cookie has no __Host-, or ""
	Keep          time.Duration // of keys that cannot be had again; 0: nothing is written
	// Certificate: each token must be bound to a client certificate.
	Certificate bool
	DPoP        *DPoP
	Revocation  bool   // Config has a store of revoked tokens
	JWKS        string // https URL, or ""
	CAFile      string // or "", of that address or of Discovery
	KeyFile     string // or ""
	Keys        string // inline PEM or JWKS text, or ""
	Discovery   string // https URL of the provider's metadata, where none of the three is written, or ""
	Settings    []Setting
}

// Introspection is x-bailey-introspection.
type Introspection struct {
	Pos             diag.Pos
	URL             string
	Issuer          string // or ""
	Audiences       []string
	ClientID        string // or "", with SecretFile
	SecretFile      string
	CAFile          string        // or ""
	Leeway          time.Duration // negative: none at all; 0: nothing is written, as for the next two
	Cache, Negative time.Duration
	Certificate     bool // each token must be bound to a client certificate
	DPoP            *DPoP
	ScopeClaim      string // default "scope"
	RolesClaim      string // default "roles"
	RolesForm       string // as in JWT
	AudienceClaim   string // client_id or ""
	Profile         string // fapi2 or ""
	Claims          []Claim
	Tenant          string
	Settings        []Setting
}

// Operation is the effective policy of one operation.
type Operation struct {
	Node   *load.Node
	Path   string // the first path that it stands under, for messages
	Method string // upper case
	GoName string
	Skip   *Skip // x-bailey-skip: leave the operation out, with the reason
	// Public is set when the operation needs no caller; Requirements is then empty.
	Public *Public
	// Requirements are alternatives (OR) of schemes that must all hold (AND). An
	// empty alternative admits anonymous callers.
	Requirements []Requirement
	Require      []Condition
	Authorize    *Authorize
	Owners       []Owner
	// Rates are all that count the operation's requests: those of the document, the path and the
	// operation, the nearest of each name.
	Rates        []Rate
	Limits       Limits
	Unknown      Unknown
	DropReadOnly bool // x-bailey-read-only: drop
	Deprecation  *Deprecation
	// Mode is x-bailey-mode, or nil.
	Mode *Mode
}

// Skip is x-bailey-skip.
type Skip struct {
	Pos    diag.Pos
	Reason string
}

// Public is x-bailey-public or --allow-public.
type Public struct {
	Pos    diag.Pos
	Reason string
}

// Requirement is one alternative of a security requirement list.
type Requirement []Need

// Need is one scheme of a requirement with the scopes or the roles that it names, all of
// which the caller must have by it.
type Need struct {
	Scheme        *Scheme
	Scopes, Roles []string
}

// Owner is one x-bailey-owner rule: a parameter or body field must be the caller's by a
// claim. With Any or All it is a group of rules, and nothing else.
type Owner struct {
	Pos       diag.Pos
	In        string // path, query, header, cookie, body
	Name      string // parameter name, or JSON pointer into the body
	Claim     string // or "", with Template
	Match     string // equal, in, prefix, or "" for the first two
	Separator string // with prefix
	Template  string // with claims in braces
	// Hide answers 404 instead of 403; the rules of a group have what the group has.
	Hide      bool
	Lift      []string // scopes that exempt the caller; with those of the groups around it
	LiftRoles []string // and roles
	Any, All  []Owner
}

// Rate is one rule of x-bailey-rate-limit.
type Rate struct {
	Pos    diag.Pos
	Name   string
	Limit  int
	Window time.Duration
	Burst  int
	Per    string // address, principal
	Cost   int
	Scope  RateScope // where it stands, and so what it counts together
	// Follows is set where the burst is not written, and is whatever Config makes the limit.
	Follows  bool
	Settings []Setting
}

// RateScope is where a rate limit stands.
type RateScope uint8

// The scopes of rate limits.
const (
	RateOperation RateScope = iota
	RatePath
	RateDocument
)

// Limits is x-bailey-limits; zero means the runtime's default.
type Limits struct {
	Body   int64
	Item   int64
	Parts  int
	Fields int64
	// Encodings are the content codings that a body may have, Inflated how long it may be then.
	Encodings []string
	Inflated  int64
	Depth     int
	Items     int
	// Memory is what reading a request may allocate beyond what its length allows.
	Memory  int64
	Timeout time.Duration
	// Settings are those of the members that count, each with the place where it stands.
	Settings []Setting
}

// Unknown says what happens to members and parameters that the document does not name.
type Unknown uint8

const (
	// UnknownRefuse is the default.
	UnknownRefuse Unknown = iota
	// UnknownDrop accepts them; they never reach the handler.
	UnknownDrop
	// UnknownKeep hands members on, and lets a handler answer with them. It stands on schemas alone.
	UnknownKeep
)

// Schema is the policy written on a schema, a property or a parameter.
type Schema struct {
	Mask    *Mask
	Writers *Writers
	Data    *Data
	Unknown *Unknown
	GoName  string
}

// MaskClear is the How of a property that is shown although its class of data says
// otherwise; the document gives the reason.
const MaskClear = "clear"

// Mask is x-bailey-mask.
type Mask struct {
	Pos           diag.Pos
	How           string   // redact, last4, first6last4, email, hash, null, drop, or MaskClear
	Class         string   // the class of data that asks for it, "" where x-bailey-mask does
	Reason        string   // why, for MaskClear
	Scopes, Roles []string // who sees the clear value
	Owner         bool     // the caller whom the operation's owner rule names
}

// Writers is x-bailey-writable-by: who may set a property.
type Writers struct {
	Pos           diag.Pos
	Scopes, Roles []string
}

// Data is x-bailey-data.
type Data struct {
	Pos       diag.Pos
	Class     string
	Purpose   string
	Retention string
}
