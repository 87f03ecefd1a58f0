package jwt

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/runtime/auth"
	read "github.com/bailey-go/bailey/runtime/auth/internal/claims"
)

// NoType stands, among the types of a policy, for tokens without the header typ. They are judged as those with the typ JWT
// are, and a policy that takes them must have something that ID tokens do not: AudienceClaim, one of Claims with Values, or one of Required.
// The claim azp does not do, since the ID tokens of many issuers have it. A token whose typ is this text is refused.
const NoType = "none"

// The bounds of a token, in bytes.
const (
	defaultMaxToken = auth.MaxToken
	mostMaxToken    = 32 << 10
)

// audienceClaims are those that can stand for aud: each names the client that the token was issued to.
var audienceClaims = []string{"client_id", "azp", "appid", "cid"}

// inIDTokens are claims that ID tokens have, or may have (OpenID Connect Core 1.0, sections 2, 3.1.3.6 and 5.1; RFC 7519, section 4.1):
// that one of them is there proves nothing about what a token is for.
var inIDTokens = []string{
	"iss", "sub", "aud", "exp", "nbf", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "c_hash", "s_hash", "sub_jwk", "sid", "azp",
	"name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "email",
	"email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number", "phone_number_verified", "address", "updated_at",
}

// checkKinds says what is wrong with how the policy tells access tokens from other tokens of their issuer.
func (p *Policy) checkKinds(bad func(format string, args ...any)) {
	if p.AudienceClaim != "" && !slices.Contains(audienceClaims, p.AudienceClaim) {
		bad("the claim %s cannot stand for aud: one of %s can", p.AudienceClaim, strings.Join(audienceClaims, ", "))
	}
	for _, wrong := range read.CheckClaims(p.Claims) {
		bad("the claim %s", wrong)
	}
	if slices.Contains(p.Types, NoType) && !p.tellsAccess() {
		bad("the policy takes tokens without typ, and nothing in it tells them from ID tokens")
	}
	valued := slices.ContainsFunc(p.Claims, func(c auth.Claim) bool {
		return len(c.Values) > 0 && !c.Optional && (inAccessTokens(c.Name) || strings.TrimPrefix(c.Name, "/") == "azp")
	})
	if p.AcceptNonce && !(valued && p.tellsAccess()) && !slices.Contains(p.Required, "typ") && !slices.Contains(p.Required, "token_use") {
		bad("the policy takes tokens with a nonce, and nothing in it tells them from ID tokens")
	}
	if p.RolesForm > auth.RolesCommas {
		bad("roles in the unknown form %d", p.RolesForm)
	}
	switch {
	case p.MaxToken == 0:
		p.MaxToken = defaultMaxToken
	case p.MaxToken < 0, p.MaxToken > mostMaxToken:
		bad("tokens of up to %d bytes: 1 to %d can be allowed", p.MaxToken, mostMaxToken)
	}
}

// inAccessTokens reports whether a claim can tell an access token from an ID token.
func inAccessTokens(name string) bool {
	return !slices.Contains(inIDTokens, strings.TrimPrefix(name, "/"))
}

// tellsAccess reports whether a token must have something that ID tokens do not have.
func (p *Policy) tellsAccess() bool {
	return p.TrustDomain != "" || p.AudienceClaim != "" && inAccessTokens(p.AudienceClaim) || slices.ContainsFunc(p.Required, inAccessTokens) ||
		slices.ContainsFunc(p.Claims, func(c auth.Claim) bool {
			return (c.Required || len(c.Values) > 0 && !c.Optional) && inAccessTokens(c.Name)
		})
}

// accepts reports whether the policy takes a token with this typ, and returns it in the form of mediaType; "" where it has none.
func (p *Policy) accepts(header map[string]any) (typ string, ok bool) {
	v, there := header["typ"]
	if !there {
		return "", slices.Contains(p.Types, NoType)
	}
	text, _ := v.(string)
	typ = mediaType(text)
	return typ, typ != "" && typ != NoType && slices.Contains(p.Types, typ)
}
