package jwt

import (
	"slices"

	gojwt "github.com/golang-jwt/jwt/v5"

	read "github.com/bailey-go/bailey/runtime/auth/internal/claims"
)

// claims are a token's claims, decoded once. They give golang-jwt's validator its values,
// so that what is validated is what is used.
type claims struct {
	members map[string]any
	weight  int // see remember.Weight
	policy  *Policy
}

var _ gojwt.Claims = (*claims)(nil)

// UnmarshalJSON does nothing: golang-jwt decodes into its claims, and these are decoded already,
// from the same bytes, by the strict decoder.
func (c *claims) UnmarshalJSON([]byte) error { return nil }

func (c *claims) GetExpirationTime() (*gojwt.NumericDate, error) { return c.date("exp") }
func (c *claims) GetIssuedAt() (*gojwt.NumericDate, error)       { return c.date("iat") }
func (c *claims) GetNotBefore() (*gojwt.NumericDate, error)      { return c.date("nbf") }
func (c *claims) GetIssuer() (string, error)                     { return c.text("iss") }
func (c *claims) GetSubject() (string, error)                    { return c.text("sub") }

// GetAudience returns aud: a string or a list of strings (RFC 7519, section 4.1.3); or the claim that stands for it, and
// then aud, if it is there, must be good as well.
func (c *claims) GetAudience() (gojwt.ClaimStrings, error) {
	name := "aud"
	if c.policy.AudienceClaim != "" {
		name = c.policy.AudienceClaim
		if aud, there := c.members["aud"]; there && !read.AnyOf(aud, c.policy.Audiences) {
			return nil, errAudience
		}
	}
	list, ok := read.Strings(c.members[name])
	if !ok {
		return nil, errAudience
	}
	return list, nil
}

// text returns a claim that must be a string where it is present.
func (c *claims) text(name string) (string, error) {
	v, ok := c.members[name]
	if !ok {
		return "", nil
	}
	s, ok := v.(string)
	if !ok {
		return "", errClaims
	}
	return s, nil
}

// date returns a NumericDate (RFC 7519, section 2), which is a number and nothing that looks like one.
func (c *claims) date(name string) (*gojwt.NumericDate, error) {
	v, ok := c.members[name]
	if !ok {
		return nil, nil
	}
	date, ok := read.Date(v)
	if !ok {
		return nil, errClaims
	}
	return &gojwt.NumericDate{Time: date}, nil
}

// checkSubject requires a sub that can be compared and logged.
func (c *claims) checkSubject() (string, error) {
	sub, ok := read.Subject(c.members["sub"])
	if !ok {
		return "", errSubject
	}
	return sub, nil
}

// checkKind refuses what is no access token though it bears a typ of the policy's: security event tokens, logout tokens among them
// (RFC 8417, section 2.2; OpenID Connect Back-Channel Logout 1.0, section 2.4), whatever their typ, and ID tokens (OpenID Connect
// Core 1.0, sections 2 and 3.3.2.11), unless the typ is that of access tokens alone (RFC 9068). typ and token_use are where some issuers
// say within the claims what a token is for.
func (c *claims) checkKind(typ string) error {
	if _, ok := c.members["events"]; ok {
		return errKind
	}
	if typ == defaultType {
		return nil
	}
	for _, name := range [...]string{"nonce", "at_hash", "c_hash", "s_hash", "sub_jwk"} {
		if name == "nonce" && c.policy.AcceptNonce {
			continue
		}
		if _, ok := c.members[name]; ok {
			return errKind
		}
	}
	for _, k := range [...]struct {
		name string
		good []string
	}{{"typ", []string{"bearer", "dpop", "at+jwt", "jwt"}}, {"token_use", []string{"access", "access_token"}}} {
		v, ok := c.members[k.name]
		if !ok {
			continue
		}
		if s, ok := v.(string); !ok || !slices.Contains(k.good, mediaType(s)) {
			return errKind
		}
	}
	return nil
}

// scopes returns the scopes in the named claim; none if it is absent.
func (c *claims) scopes(name string) ([]string, error) {
	v, ok := read.Find(c.members, name)
	if !ok {
		return nil, nil
	}
	list, ok := read.Scopes(v)
	if !ok {
		return nil, errScope
	}
	return list, nil
}

// roles returns the roles in the named claim; none if it is absent.
func (c *claims) roles(name string) ([]string, error) {
	v, ok := read.Find(c.members, name)
	if !ok {
		return nil, nil
	}
	list, ok := read.Roles(v, c.policy.RolesForm)
	if !ok {
		return nil, errRoles
	}
	return list, nil
}

// typed checks the claims whose types the policy knows, and returns the tenant.
func (c *claims) typed(p Policy) (tenant string, err error) {
	switch ok, missing := read.Typed(c.members, p.Claims); {
	case missing:
		return "", errRequired
	case !ok:
		return "", errTyped
	}
	tenant, ok := read.Tenant(c.members, p.TenantClaim)
	if !ok {
		return "", errTenant
	}
	return tenant, nil
}
