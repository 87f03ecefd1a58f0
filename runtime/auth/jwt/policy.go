package jwt

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/dpop"
)

// A Policy says which tokens are good. Issuer or TrustDomain, Audiences and Algorithms are required; there
// is no value that means "any".
type Policy struct {
	// Scheme names the security scheme, for [principal.Principal.Scheme].
	Scheme string
	// Realm is shown in the challenge; may be empty.
	Realm string
	// Issuer must equal iss, byte by byte. With {tenant} as one segment of its path, it is that of every tenant that Tenants
	// knows: the tenant's identifier, which TenantClaim holds, takes the place of {tenant}.
	Issuer string
	// TrustDomain, in place of Issuer, is the SPIFFE trust domain of the callers (JWT-SVID): sub must be a SPIFFE ID of it, with a path, and iss is not
	// looked at. Principals have spiffe:// and the trust domain as their issuer. The keys come from a SPIFFE bundle: those of a JWK set with
	// the use jwt-svid and a kid. Algorithms are of RS*, ES* and PS*, and Types of JWT, JOSE and [NoType], all three where it is empty.
	TrustDomain string
	// Tenants says which tenants there are, where Issuer has {tenant} in it, and is nil otherwise.
	Tenants Tenants
	// Audiences: aud must hold one of them.
	Audiences []string
	// AudienceClaim, if set, is the claim that stands for aud in tokens without one: client_id, azp, appid or cid, a string or
	// a list of strings. It must hold one of Audiences. A token that has aud must have one of them there as well.
	AudienceClaim string
	// Algorithms that may sign: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384,
	// ES512, EdDSA (with Ed25519), Ed25519 (the same by its name of RFC 9864), or, with no other beside them, HS256, HS384, HS512.
	Algorithms []string
	// Types are the accepted typ headers, compared without regard to case and to the prefix
	// "application/" (RFC 7515, section 4.1.9). Empty means at+jwt (RFC 9068). A token
	// without typ is refused, unless [NoType] is listed. Where "JWT" or NoType is listed, ID tokens and logout tokens,
	// which look like that too, are recognised by their claims and refused.
	Types []string
	// AcceptNonce takes tokens with the claim nonce, by which ID tokens are recognised otherwise. It needs a claim that says what the
	// token is for: one of Claims with Values, or typ or token_use among Required.
	AcceptNonce bool
	// In and Name say where tokens stand: in the field or cookie Name, where In is header or cookie. Empty means the field
	// Authorization, with the scheme Bearer. A token in a cookie goes with a request whatever page makes it: who mounts the
	// authenticator must refuse requests of pages of other origins.
	In, Name string
	// Prefix is the word before the token in a named field, such as Bearer; its case does not matter.
	Prefix string
	// MaxToken bounds a token, in bytes: 0 means 8 KiB, at most 32 KiB. The bound on a request's header must leave room for it.
	MaxToken int
	// Leeway is the tolerated difference between clocks, for exp, nbf and iat: 0 means 30
	// seconds, negative none, at most 5 minutes.
	Leeway time.Duration
	// MaxAge, if positive, requires iat and refuses tokens issued longer ago.
	MaxAge time.Duration
	// ScopeClaim holds the scopes, as a string with spaces between (RFC 9068, RFC 8693) or as a
	// list of strings. Empty means "scope". A name that begins with "/" is a JSON pointer
	// into the claims (RFC 6901).
	ScopeClaim string
	// RolesClaim holds the roles, a list of strings or one string. Empty means "roles".
	// A pointer as in ScopeClaim: "/realm_access/roles".
	RolesClaim string
	// RolesForm is how the roles are written.
	RolesForm auth.RolesForm
	// Claims are claims whose types are known: a token with another kind of value is refused.
	Claims []auth.Claim
	// TenantClaim, if set, is the claim that names the caller's tenant, or a JSON pointer to it: a
	// string that must be there and not be empty.
	TenantClaim string
	// CacheEntries bounds the memory of verified tokens: 0 means 10,000, negative turns
	// it off, at most 1,000,000. Its size is bounded too, at 64 MiB for 10,000 entries
	// and in proportion otherwise.
	CacheEntries int
	// KeepKeys is how long keys stay in force that could not be had again, for sources that do not say it themselves: 0 means 6
	// hours, at most 31 days. Then every token is refused as unavailable.
	KeepKeys time.Duration
	// Required are claims that a token must have beside iss, aud, sub and exp, whatever they hold but null. RFC 9068, section 2.2, has
	// issuers write client_id, iat and jti.
	Required []string
	// CertificateBound refuses tokens that are not bound to a client certificate (RFC 8705, section 3). One that is bound is good over a
	// connection with that certificate alone, whatever stands here.
	CertificateBound bool
	// DPoP, if set, takes tokens by the scheme DPoP too, or by it alone (RFC 9449): with a proof that the caller holds the key that the token is bound
	// to. Without, such tokens are refused.
	DPoP *dpop.Policy
	// Revocations, if set, is asked about every token that is otherwise good, remembered ones too. Tokens
	// must then have jti and iat, as RFC 9068, section 2.2, wants them to.
	Revocations Revocations
	// RevocationTimeout bounds one such question, unless the answer is in memory: 0 means 2 seconds.
	RevocationTimeout time.Duration
	// Clock replaces time.Now.
	Clock func() time.Time
	// Report, if set, is told when keys could not be read or fetched again. It is called from
	// the goroutine that tried, and must not block.
	Report func(error)
}

const (
	maxLeeway      = 5 * time.Minute
	defaultAsk     = 2 * time.Second
	defaultEntries = 10_000
	maxEntries     = 1_000_000
	defaultType    = "at+jwt"
	maxKeep        = 31 * 24 * time.Hour
	maxRequired    = 16
)

// normal checks p and returns it with its defaults filled in, or all that is wrong with it.
func (p Policy) normal() (Policy, []*algorithm, error) {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("jwt: "+format, args...)) }

	if p.Issuer == "" && p.TrustDomain == "" {
		bad("the policy has no issuer, and no trust domain")
	}
	if len(p.Audiences) == 0 || slices.Contains(p.Audiences, "") {
		bad("the policy has no audience, or an empty one")
	}
	p.Types = slices.Clone(p.Types)
	if len(p.Types) == 0 {
		p.Types = []string{defaultType}
		if p.TrustDomain != "" {
			p.Types = slices.Clone(svidTypes)
		}
	}
	for i, typ := range p.Types {
		if typ == NoType {
			continue
		}
		p.Types[i] = mediaType(typ)
		switch {
		case p.Types[i] == "":
			bad("the policy accepts an empty typ")
		case slices.Contains(neverTypes, p.Types[i]):
			bad("the policy accepts %s, which no access token is", p.Types[i])
		}
	}
	switch {
	case p.Leeway == 0:
		p.Leeway = auth.DefaultLeeway
	case p.Leeway < 0:
		p.Leeway = 0
	case p.Leeway > maxLeeway:
		bad("a leeway of %v is more than %v", p.Leeway, maxLeeway)
	}
	switch {
	case p.KeepKeys == 0:
		p.KeepKeys = defaultKeep
	case p.KeepKeys < 0, p.KeepKeys > maxKeep:
		bad("keys kept for %v: up to %v", p.KeepKeys, maxKeep)
	}
	if len(p.Required) > maxRequired || slices.Contains(p.Required, "") {
		bad("%d required claims: up to %d, and none without a name", len(p.Required), maxRequired)
	}
	p.Required = slices.Clone(p.Required)
	p.checkKinds(bad)
	p.checkTenants(bad)
	p.checkTrustDomain(bad)
	if p.MaxAge < 0 {
		bad("a maximum age of %v is negative", p.MaxAge)
	}
	if m, ok := p.Revocations.(*RevocationMemory); ok && m == nil {
		bad("the memory of revocations is nil")
	}
	if p.RevocationTimeout < 0 {
		bad("a revocation time-out of %v is negative", p.RevocationTimeout)
	}
	if p.RevocationTimeout == 0 {
		p.RevocationTimeout = defaultAsk
	}
	if p.ScopeClaim == "" {
		p.ScopeClaim = "scope"
	}
	if p.RolesClaim == "" {
		p.RolesClaim = "roles"
	}
	switch {
	case p.CacheEntries == 0:
		p.CacheEntries = defaultEntries
	case p.CacheEntries > maxEntries:
		bad("%d cached tokens are more than %d", p.CacheEntries, maxEntries)
	}
	if p.Clock == nil {
		p.Clock = time.Now
	}
	if p.Report == nil {
		p.Report = func(error) {}
	}
	p.Audiences = slices.Clone(p.Audiences)
	algorithms, err := pin(p.Algorithms)
	return p, algorithms, errors.Join(append(errs, err)...)
}

// neverTypes are those of tokens for other purposes: whoever lists one has them pass for access tokens (RFC 8725, section 3.12).
var neverTypes = []string{
	"logout+jwt", "secevent+jwt", "dpop+jwt", "token-introspection+jwt", "oauth-authz-req+jwt", "client-authentication+jwt", "id+jwt",
	"okta-internal-at+jwt", "global-token-revocation+jwt",
}

// mediaType brings a typ value to the form it is compared in: lower case, without
// "application/" where nothing else needs a slash.
func mediaType(typ string) string {
	typ = strings.ToLower(typ)
	if rest, ok := strings.CutPrefix(typ, "application/"); ok && !strings.Contains(rest, "/") {
		return rest
	}
	return typ
}
