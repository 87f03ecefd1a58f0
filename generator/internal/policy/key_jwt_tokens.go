package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// tokenMembers are the members of x-bailey-jwt for tokens that differ from RFC 9068.
var tokenMembers = []string{"audience-claim", "nonce", "roles-form", "max-token", "prefix", "cookie-without-host-prefix", "tenants", "provider", "profile", "trust-domain"}

// rolesForms are the ways in which issuers write roles.
var rolesForms = []string{"list", "keys", "commas"}

var tokenSchema = `
		"provider": {"enum": ["` + strings.Join(providerNames(), `", "`) + `"], "description": "whose tokens they are: the members that are not written are those of this identity provider"},
		"profile": {"enum": ["fapi2"], "description": "refuses what is weaker than the FAPI 2.0 Security Profile"},
		"trust-domain": {"type": "string", "pattern": "^[a-z0-9._-]{1,255}$", "description": "in place of issuer: the SPIFFE trust domain of the callers, whose JWT-SVIDs are taken"},
		"tenants": {
			"description": "the tenants of an issuer with {tenant} in it, or config: a function in Config knows them",
			"oneOf": [{"const": "config"}, {"type": "array", "minItems": 1, "maxItems": 1000, "uniqueItems": true, "items": {"type": "string", "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"}}]
		},
		"audience-claim": {"enum": ["client_id", "azp", "appid", "cid"], "description": "the claim that stands for aud in tokens without one"},
		"nonce": {"enum": ["accepted"], "description": "tokens may have the claim nonce; another claim must say what they are for"},
		"roles-form": {"enum": ["list", "keys", "commas"], "description": "how roles are written: a list or one string, the keys of an object, or a string with commas"},
		"max-token": ` + sizeSchema("how long a token may be, at most 32KiB; 8KiB unless written") + `,
		"prefix": {"enum": ["Bearer"], "description": "the word before the token in a named header"},
		"cookie-without-host-prefix": {"$ref": "#/$defs/text", "description": "why the cookie's name does not begin with __Host-"},`

const mostToken, leastToken = 32 << 10, 1 << 10

// noType stands in a list of types for tokens without typ.
const noType = "none"

// audienceClaims can stand for aud: each names the client that the token was issued to.
var audienceClaims = []string{"client_id", "azp", "appid", "cid"}

// inIDTokens are claims that ID tokens have, or may have (OpenID Connect Core 1.0, sections 2, 3.1.3.6 and 5.1; RFC 7519, section 4.1).
// The runtime has the same list.
var inIDTokens = []string{
	"iss", "sub", "aud", "exp", "nbf", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "c_hash", "s_hash", "sub_jwk", "sid", "azp",
	"name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "email",
	"email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number", "phone_number_verified", "address", "updated_at",
}

// inAccessTokens reports whether a claim can tell an access token from an ID token.
func inAccessTokens(name string) bool {
	return !slices.Contains(inIDTokens, strings.TrimPrefix(name, "/"))
}

// isAzp reports whether a claim is azp, the party that an ID token was issued to (OpenID Connect Core 1.0, section 2). The ID tokens of
// many issuers have it, and those of others, such as Entra, do not.
func isAzp(name string) bool { return strings.TrimPrefix(name, "/") == "azp" }

// jwtTokens reads the members for tokens that differ from RFC 9068, and holds them to what takes the place of the check that they relax.
func (r *reader) jwtTokens(n *load.Node, what string, j *JWT) {
	if v := n.Get("audience-claim"); v != nil {
		j.AudienceClaim, _ = r.choice(v, what+".audience-claim", audienceClaims...)
	}
	if v := n.Get("nonce"); v != nil {
		_, j.Nonce = r.choice(v, what+".nonce", "accepted")
	}
	j.RolesForm = r.rolesForm(n, what, j.RolesForm)
	if v := n.Get("max-token"); v != nil {
		size, ok := r.size(v, what+".max-token", mostToken)
		if j.MaxToken = int(size); ok && j.MaxToken < leastToken {
			r.wrong(v, what+".max-token", "a size between 1KiB and 32KiB")
		}
	}
	if v := n.Get("prefix"); v != nil {
		j.Prefix, _ = r.choice(v, what+".prefix", "Bearer")
	}
	if v := n.Get("cookie-without-host-prefix"); v != nil {
		j.PlainCookie, _ = r.reason(v, what+".cookie-without-host-prefix")
	}
	r.jwtKinds(n, what, j)
}

func (r *reader) rolesForm(n *load.Node, what, form string) string {
	if v := n.Get("roles-form"); v != nil {
		form, _ = r.choice(v, what+".roles-form", rolesForms...)
	}
	return form
}

// jwtKinds refuses policies that take tokens which ID tokens look like, and have nothing that tells them apart.
func (r *reader) jwtKinds(n *load.Node, what string, j *JWT) {
	valued := slices.ContainsFunc(j.Claims, func(c Claim) bool {
		return len(c.Values) > 0 && !c.Optional && (inAccessTokens(c.Name) || isAzp(c.Name))
	})
	if slices.Contains(j.Types, noType) && !j.tellsAccess() {
		r.fail(n.PosOf("types"), rules.PolicyValue, what+".types takes tokens without typ, and nothing tells them from ID tokens",
			"write required-claims with a claim that the issuer's ID tokens lack, values of such a claim, or audience-claim: client_id, appid or cid; azp does not do, which ID tokens may have")
	}
	if j.Nonce && !(valued && j.tellsAccess()) && !slices.Contains(j.Required, "typ") && !slices.Contains(j.Required, "token_use") {
		r.fail(n.PosOf("nonce"), rules.PolicyValue, what+".nonce accepts what ID tokens have, and no claim has to say what a token is for",
			"write claims with values that the issuer's access tokens alone have, or required-claims with typ or token_use")
	}
}

// tellsAccess reports whether tokens must have something that ID tokens do not have.
func (j *JWT) tellsAccess() bool {
	return j.TrustDomain != "" || j.AudienceClaim != "" && inAccessTokens(j.AudienceClaim) || slices.ContainsFunc(j.Required, inAccessTokens) || slices.ContainsFunc(j.Claims, func(c Claim) bool {
		return (c.Required || len(c.Values) > 0 && !c.Optional) && inAccessTokens(c.Name)
	})
}

// warnIDTokens warns of a policy by which an ID token for the same audience can pass for an access token.
func (r *reader) warnIDTokens(n *load.Node, what string, j *JWT) {
	azp := j.AudienceClaim == "azp" || slices.ContainsFunc(j.Required, isAzp) || slices.ContainsFunc(j.Claims, func(c Claim) bool {
		return (c.Required || len(c.Values) > 0 && !c.Optional) && isAzp(c.Name)
	})
	if !j.tellsAccess() && !azp && slices.ContainsFunc(j.Types, func(typ string) bool {
		return strings.TrimPrefix(strings.ToLower(typ), "application/") == "jwt"
	}) {
		r.warn(n.PosOf("types"), rules.IDTokens, what+" takes tokens of the type JWT, which ID tokens are too",
			"write required-claims with the claim that names the client in access tokens, which ID tokens lack: client_id, appid or cid, or azp where the issuer's ID tokens lack it; or types: [at+jwt] where the issuer can write it")
	}
}

// jwtPlace checks where the tokens of a scheme of the type apiKey stand.
func (r *reader) jwtPlace(s *Scheme, n *load.Node) {
	v := n.Get(prefix + "jwt")
	j := s.JWT
	if v == nil || j == nil {
		return
	}
	const what = "x-bailey-jwt"
	if s.Type != "apiKey" || s.In != "header" {
		if p := v.Get("prefix"); p != nil {
			r.fail(p.Pos, rules.PolicyPlace, what+".prefix means nothing on "+s.kind(), "it can stand on apiKey in a header")
		}
	}
	if c := v.Get("cookie-without-host-prefix"); c != nil && (s.Type != "apiKey" || s.In != "cookie" || strings.HasPrefix(s.Param, hostPrefix)) {
		r.fail(c.Pos, rules.PolicyPlace, what+".cookie-without-host-prefix means nothing here", "it can stand on apiKey in a cookie whose name does not begin with "+hostPrefix)
	}
	r.providerPlace(s)
	if s.Type == "openIdConnect" && j.TrustDomain != "" {
		r.fail(v.PosOf("trust-domain"), rules.PolicyPlace, what+".trust-domain means nothing on "+s.kind(), "a trust domain has no metadata of OpenID Connect: make the scheme http bearer")
	}
	r.fapi2Place(s)
	if s.Type != "apiKey" {
		return
	}
	switch {
	case s.In == "query":
		r.fail(v.KeyPos(), rules.PolicyPlace, what+" reads tokens in the query, which logs, histories and Referer fields keep", "RFC 9700, 4.3.2: use a header or a cookie")
	case !isFieldName(s.Param):
		r.wrongMember(n, "name", "the name of the "+s.In+" with the tokens", "letters, digits and characters of ! # $ % & ' * + - . ^ _ ` | ~, at most 100")
	case s.In == "header" && slices.Contains([]string{"cookie", "host", "proxy-authorization", "dpop"}, strings.ToLower(s.Param)):
		r.wrongMember(n, "name", "the name of the header with the tokens", "one that carries nothing else")
	case s.In == "header" && strings.EqualFold(s.Param, "Authorization") && j.Prefix == "":
		r.fail(v.KeyPos(), rules.PolicyValue, what+" reads tokens without a scheme in Authorization", "write prefix: Bearer, or make the scheme http bearer")
	case s.In == "cookie" && !strings.HasPrefix(s.Param, hostPrefix) && j.PlainCookie == "":
		r.wrongMember(n, "name", "the cookie of tokens", hostPrefix+"NAME, so that browsers take it from this host alone and over TLS; or write cookie-without-host-prefix with the reason")
	}
	if j.DPoP != nil {
		r.fail(j.DPoP.Pos, rules.PolicyPlace, what+".dpop means nothing outside of the field Authorization", "RFC 9449, 7.1: make the scheme http bearer, or leave dpop out")
	}
	for _, other := range []string{"api-key", "session"} {
		if n.Get(prefix+other) != nil {
			r.fail(v.KeyPos(), rules.PolicyValue, fmt.Sprintf("%s stands beside x-bailey-%s", what, other), "a credential is judged in one way: leave one out")
		}
	}
}

// isFieldName reports whether s is a token (RFC 9110, section 5.6.2), as the names of fields and cookies are.
func isFieldName(s string) bool {
	return s != "" && len(s) <= 100 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~") == ""
}
