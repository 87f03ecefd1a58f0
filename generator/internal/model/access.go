package model

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

// Policy is what policy.gen.go says about an operation.
type Policy struct {
	Public       bool
	Reason       gosrc.Literal
	Alternatives [][]Need
	Rates        []RateView
	Require      []ConditionView
	Authorize    gosrc.Expr // a gen.Hook
	Owners       []gosrc.Expr
	Body, Depth  gosrc.Literal
	Timeout      gosrc.Literal
	HasBody      bool
	HasItem      bool
	HasParts     bool
	HasFields    bool
	Parts        gosrc.Literal
	Fields       gosrc.Literal
	HasInflated  bool
	Inflated     gosrc.Literal
	HasEncodings bool
	Encodings    gosrc.Literal
	Item         gosrc.Literal
	HasDepth     bool
	HasTimeout   bool
	HasMemory    bool
	Memory       gosrc.Literal
	HasItems     bool
	Items        gosrc.Literal
	DropUnknown  bool
	DropReadOnly bool
	Deprecation  *DeprecationView
	// Detects is set where x-bailey-mode has rate limits recorded, DetectUntil until a day.
	Detects                   bool
	DetectUntil, DetectReason gosrc.Literal
	// SameOrigin is set where a browser may add the credential to a request of any page.
	SameOrigin bool
	// Settings are the fields of Config that give some of the limits.
	Settings []gosrc.Literal
	Masked   []gosrc.Comment
}

// DeprecationView is x-bailey-deprecation: times as RFC 3339 has them.
type DeprecationView struct {
	Since, Sunset, Link gosrc.Literal
	HasSunset, HasLink  bool
}

// Need is one scheme of an alternative with its scopes or its roles.
type Need struct {
	Scheme, Scopes, Roles gosrc.Literal
	HasScopes, HasRoles   bool
	Client                bool // its subject need not agree with those of the others
}

// ConditionView is one condition of x-bailey-require: a Go list for each part of it.
type ConditionView struct {
	Scopes, Roles, ACR, MaxAge             gosrc.Literal
	HasScopes, HasRoles, HasACR, HasMaxAge bool
	Claims                                 []ClaimView
}

// ClaimView is one claim of a condition.
type ClaimView struct{ Name, Values gosrc.Literal }

// Scheme is one security scheme that some operation uses.
type Scheme struct {
	Field gosrc.Ident // of Config
	Name  gosrc.Literal
	At    gosrc.Literal // its place in the document, for a comment
	JWT   *JWTView
	Key   *KeyView
	Asked *AskedView
	Proof *ProofView
	Basic *BasicView
	MTLS  *MTLSView
	Web   *SessionView
	// Settings are the members of its policy that Config gives.
	Settings []*Setting
}

// JWTView is x-bailey-jwt in Go.
type JWTView struct {
	Issuer, Audiences           gosrc.Expr
	TriedIssuer, TriedAudiences gosrc.Literal // in generated tests
	TrustDomain                 gosrc.Literal // in place of Issuer
	HasDomain                   bool

	Algorithms, Types, Leeway, MaxAge, ScopeClaim, RolesClaim gosrc.Literal
	Required, Keep                                            gosrc.Literal
	HasRequired, HasKeep, Certificate                         bool
	Source                                                    gosrc.Expr
	Typed                                                     gosrc.Expr // claims
	HasTyped                                                  bool
	HasSource                                                 bool
	Revocations                                               gosrc.Ident // of Config
	Revocable                                                 bool
	Tenants                                                   gosrc.Ident // of Config
	AskTenants                                                bool
	Tried                                                     gosrc.Literal // a tenant, in generated tests
	HasTried                                                  bool
	Place                                                     gosrc.Expr // In, Name and Prefix, as Go members
	HasPlace                                                  bool
	Kind                                                      gosrc.Expr // what differs from RFC 9068, as Go members
	HasKind                                                   bool
}

// ProofView is the member dpop of either in Go.
type ProofView struct {
	Field                             gosrc.Ident // of Config
	Required, Nonce                   bool
	Algorithms, MaxAge, Origins       gosrc.Literal
	HasAlgorithms, HasAge, HasOrigins bool
}

// AskedView is x-bailey-introspection in Go.
type AskedView struct {
	URL, Issuer, Audiences      gosrc.Expr
	TriedIssuer, TriedAudiences gosrc.Literal // in generated tests

	Leeway, Cache, Negative, ScopeClaim, RolesClaim gosrc.Literal
	ClientID, SecretFile                            gosrc.Literal
	CAFile                                          gosrc.Literal
	HasClient, Certificate, HasCAFile               bool
	Typed                                           gosrc.Expr // claims
	HasTyped                                        bool
	Kind                                            gosrc.Expr // AudienceClaim and RolesForm, as Go members
	HasKind                                         bool
}

// KeyView is x-bailey-api-key in Go.
type KeyView struct {
	In, Name, Prefix, AuthScheme, Parameter gosrc.Literal
	HasAuthScheme, HasParameter, Opaque     bool
}

// keyView is x-bailey-api-key of a scheme. Where http names what stands in front of the key, that is in the header Authorization.
func keyView(s *policy.Scheme) *KeyView {
	k := s.APIKey
	in, name := s.In, s.Param
	if s.Type == "http" {
		in, name = "header", "Authorization"
	}
	return &KeyView{
		In: gosrc.Quote(in), Name: gosrc.Quote(name), Prefix: gosrc.Quote(k.Prefix), AuthScheme: gosrc.Quote(k.AuthScheme), Parameter: gosrc.Quote(k.Parameter),
		HasAuthScheme: k.AuthScheme != "", HasParameter: k.Parameter != "", Opaque: k.Opaque,
	}
}

// KeyLine says for policy.gen.go how a scheme's API keys differ from those in a field of their own that the runtime makes, or is empty.
func KeyLine(s *policy.Scheme) gosrc.Comment {
	k := s.APIKey
	if k == nil || k.AuthScheme == "" && !k.Opaque {
		return gosrc.Comment{}
	}
	text := s.Pos.String() + ": " + s.Name + ","
	switch {
	case k.Opaque:
		text += " opaque keys"
	default:
		text += " keys"
	}
	switch {
	case strings.EqualFold(k.AuthScheme, "Basic"):
		text += ", the user name of Basic with an empty password"
	case k.Parameter != "":
		text += ", the parameter " + k.Parameter + " behind " + k.AuthScheme + " in Authorization"
	case k.AuthScheme != "":
		text += ", behind " + k.AuthScheme + " in Authorization"
	}
	return gosrc.NewComment(text)
}

// Others fills in the schemes without issuer.
func (v *Scheme) Others(s *policy.Scheme) {
	if s.APIKey != nil {
		v.Key = keyView(s)
	}
	if p := s.Basic; p != nil {
		v.Basic = &BasicView{
			Realm: gosrc.Quote(p.Realm), Cache: gosrc.Duration(p.Cache), UsersFile: gosrc.Quote(p.UsersFile), HasFile: p.UsersFile != "",
		}
	}
	if s.MTLS != nil {
		v.MTLS = mtlsView(s.MTLS)
	}
	if p := s.Session; p != nil {
		v.Web = &SessionView{Cookie: gosrc.Quote(s.Param), Idle: gosrc.Duration(p.Idle), Absolute: gosrc.Duration(p.Absolute), Strict: gosrc.Bool(p.Strict)}
	}
}
