package securitytest

import (
	"crypto"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/internal/mint"
)

// issuer makes the tokens of one scheme, the good ones and the bad.
type issuer struct {
	policy jwt.Policy
	method gojwt.SigningMethod
	key    any
	public string // as jwt.Inline takes it
	other  any    // a key of the same kind, which nobody believes
	prover *prover
	tenant string // of an issuer of several
}

func newIssuer(p jwt.Policy, tenant string, m *prover) (*issuer, error) {
	if len(p.Algorithms) == 0 || len(p.Audiences) == 0 {
		return nil, fmt.Errorf("securitytest: the policy has no algorithm or no audience")
	}
	i := &issuer{policy: p, tenant: tenant, prover: m, method: mint.Method(p.Algorithms[0])}
	var err error
	if i.key, i.public, err = mint.Key(p.Algorithms[0]); err != nil {
		return nil, err
	}
	if signer, ok := i.key.(crypto.Signer); ok && p.TrustDomain != "" {
		one := mint.JWK(signer.Public())
		one["kid"], one["use"] = "attack", "jwt-svid"
		set, err := json.Marshal(map[string]any{"keys": []any{one}})
		if err != nil {
			return nil, err
		}
		i.public = string(set)
	}
	i.other, _, err = mint.Key(p.Algorithms[0])
	return i, err
}

// claims are those of a good token.
func (i *issuer) claims(who Caller, scopes []string) gojwt.MapClaims {
	now := time.Now()
	if _, taken := who.Claims[i.policy.TenantClaim]; i.tenant != "" && !taken {
		who = who.with(i.policy.TenantClaim, i.tenant)
	}
	all := Caller{Claims: who.Claims}.typed(i.policy.Claims, i.policy.TenantClaim)
	set := func(name, unless string, value any) {
		if name == "" {
			name = unless
		}
		if _, taken := all.Claims[name]; !taken {
			all.Claims[name] = value
		}
	}
	set(i.policy.ScopeClaim, "scope", strings.Join(scopes, " "))
	if len(who.Roles) > 0 {
		set(i.policy.RolesClaim, "roles", rolesIn(i.policy.RolesForm, who.Roles))
	}
	out := gojwt.MapClaims(claimsOf(all))
	out["iss"], out["aud"] = strings.Replace(i.policy.Issuer, "{tenant}", i.tenant, 1), i.policy.Audiences[0]
	if _, listed := out["sub"]; !listed {
		out["sub"] = i.subject(who.Subject)
	}
	if i.policy.TrustDomain != "" {
		delete(out, "iss")
	}
	for name, value := range map[string]string{"jti": "attack", "client_id": "attack", i.policy.AudienceClaim: i.policy.Audiences[0]} {
		if _, has := out[name]; !has && name != "" {
			out[name] = value
		}
	}
	if i.policy.AudienceClaim != "" {
		delete(out, "aud")
		out[i.policy.AudienceClaim] = i.policy.Audiences[0]
	}
	if held := cnf(i.policy.CertificateBound, i.prover); held != nil {
		out["cnf"] = held
	}
	for _, name := range i.policy.Required {
		if _, has := out[name]; !has {
			if out[name] = "attack"; kinds[name] != "" {
				out[name] = kinds[name]
			}
		}
	}
	out["iat"], out["exp"] = now.Unix(), now.Add(5*time.Minute).Unix()
	return out
}

// subject is the sub of a caller's token: in a trust domain, a SPIFFE ID of it.
func (i *issuer) subject(of string) string {
	if at := "spiffe://" + i.policy.TrustDomain + "/"; i.policy.TrustDomain != "" && (of == anybody || of == other) {
		return at + of
	}
	return of
}

// names reports whether a token can have this subject.
func (i *issuer) names(subject string) bool {
	return i.policy.TrustDomain == "" || strings.HasPrefix(i.subject(subject), "spiffe://"+i.policy.TrustDomain+"/")
}

// svids are tokens whose subject is no SPIFFE ID of the trust domain.
func (i *issuer) svids(as func(sub any) fields) (out []bad) {
	at := "spiffe://" + i.policy.TrustDomain
	for name, sub := range map[string]any{
		"another trust domain": "spiffe://attack.invalid/attack", "a trust domain that begins like ours": at + ".attack.invalid/attack", "a trust domain in capitals": "spiffe://" + strings.ToUpper(i.policy.TrustDomain) + "/attack",
		"the trust domain itself": at, "an empty path": at + "/", "an empty segment": at + "//attack", "a dot segment": at + "/a/../attack", "percent-encoding": at + "/%61ttack", "a port": at + ":443/attack",
		"a user": "spiffe://a@" + i.policy.TrustDomain + "/attack", "a query": at + "/attack?a=b", "a fragment": at + "/attack#a", "a SPIFFE ID of 2049 bytes": at + "/" + strings.Repeat("a", 2048-len(at)),
		"no SPIFFE ID": "attack", "a list": []any{at + "/attack"},
	} {
		out = append(out, bad{name: "a token whose subject is " + name, fields: as(sub)})
	}
	return out
}

// kinds are values of claims that say what a token is for.
var kinds = map[string]string{"typ": "Bearer", "token_use": "access"}

// audience is the claim with the audience.
func (i *issuer) audience() string {
	if i.policy.AudienceClaim != "" {
		return i.policy.AudienceClaim
	}
	return "aud"
}

func (i *issuer) token(who Caller, scopes []string) string {
	return i.sign(i.method, i.key, i.kind(), i.claims(who, scopes))
}

// place puts a token where the server looks for it.
func (i *issuer) place(token string) fields {
	f := place(i.policy.CertificateBound, i.prover, token)
	if i.policy.In == "" {
		return f
	}
	delete(f, "Authorization")
	switch {
	case i.policy.In == "cookie":
		return with(f, fields{"Cookie": {i.policy.Name + "=" + token}})
	case i.policy.Prefix != "":
		token = i.policy.Prefix + " " + token
	}
	return with(f, fields{i.policy.Name: {token}})
}

// elsewhere puts a token into Authorization, and takes it from where it belongs.
func (i *issuer) elsewhere(token string) fields {
	f := fields{"Authorization": {"Bearer " + token}}
	if i.policy.In == "cookie" {
		f["Cookie"] = []string{i.policy.Name + "="}
	} else if i.policy.Name != "Authorization" {
		f[i.policy.Name] = []string{""}
	}
	return f
}

// rolesIn writes roles in a form.
func rolesIn(form auth.RolesForm, list []string) any {
	switch form {
	case auth.RolesCommas:
		return strings.Join(list, ", ")
	case auth.RolesKeys:
		object := map[string]any{}
		for _, role := range list {
			object[role] = map[string]any{}
		}
		return object
	}
	return list
}

// kind is the typ of good tokens (RFC 9068, section 2.1).
func (i *issuer) kind() string {
	if len(i.policy.Types) > 0 {
		return i.policy.Types[0]
	}
	return "at+jwt"
}

func (i *issuer) sign(m gojwt.SigningMethod, key any, typ string, claims gojwt.MapClaims) string {
	header := map[string]any{"typ": typ}
	if typ == jwt.NoType {
		header["typ"] = nil
	}
	text, err := mint.Sign(m, key, header, claims)
	if err != nil {
		return "unsigned" // refused as well: what is wanted of a bad token
	}
	return text
}

// bad are the tokens of RFC 8725 and of what was seen to pass elsewhere.
func (i *issuer) bad(who Caller, scopes []string) []bad {
	good := i.token(who, scopes)
	change := func(claim string, value any) string {
		c := i.claims(who, scopes)
		if c[claim] = value; value == nil {
			delete(c, claim)
		}
		return i.sign(i.method, i.key, i.kind(), c)
	}
	head, rest, _ := strings.Cut(good, ".")
	body, signature, _ := strings.Cut(rest, ".")
	now := time.Now()
	var out []bad
	for _, b := range []struct{ name, token string }{
		{"no token", ""},
		{"text that is no token", "abc"},
		{"an expired token", change("exp", now.Add(-time.Hour).Unix())},
		{"a token that does not expire", change("exp", nil)},
		{"a token of the future", change("nbf", now.Add(time.Hour).Unix())},
		{"a token of another issuer", change("iss", "https://evil.example")},
		{"a token without issuer", change("iss", nil)},
		{"a token for another audience", change("aud", "https://evil.example")},
		{"a token without audience", change(i.audience(), nil)},
		{"a token without subject", change("sub", nil)},
		{"a logout token", change("events", map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}})},
		{"a token of another type", i.sign(i.method, i.key, "logout+jwt", i.claims(who, scopes))},
		{"a token that another key signed", i.sign(i.method, i.other, i.kind(), i.claims(who, scopes))},
		{"an unsigned token", i.sign(gojwt.SigningMethodNone, gojwt.UnsafeAllowNoneSignatureType, i.kind(), i.claims(who, scopes))},
		{"a token signed with the public key", i.sign(gojwt.SigningMethodHS256, []byte(i.public), i.kind(), i.claims(who, scopes))},
		{"a token without its signature", head + "." + body + "."},
		{"a token with another header", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"at+jwt"}`)) + "." + body + "." + signature},
		{"a token with a claim changed", head + "." + flip(body) + "." + signature},
		{"a token of four parts", good + "." + signature},
		{"a token with padding", good + "="},
	} {
		if i.policy.TrustDomain != "" && strings.Contains(b.name, "issuer") {
			continue // nothing looks at iss
		}
		out = append(out, bad{name: b.name, fields: i.place(b.token)})
	}
	if i.policy.TrustDomain != "" {
		out = append(out, i.svids(func(sub any) fields { return i.place(change("sub", sub)) })...)
	}
	for _, c := range confirmations(i.policy.CertificateBound) {
		out = append(out, bad{name: c.name, fields: with(i.place(change("cnf", c.cnf)), fields{certificateField: c.certificate})})
	}
	out = append(out, wrongTypes(i.policy.Claims, i.policy.TenantClaim, func(claim string, value any) fields {
		return i.place(i.token(who.with(claim, value), scopes))
	})...)
	if claim := i.policy.AudienceClaim; claim != "" {
		for _, b := range []struct{ name, token string }{
			{"a token of another client", change(claim, "https://evil.example")},
			{"a token with an empty list of clients", change(claim, []any{})},
		} {
			out = append(out, bad{name: b.name, fields: i.place(b.token)})
		}
	}
	for _, c := range i.policy.Claims {
		if c.Name == "sub" {
			out = append(out, bad{name: "a token of a subject that is not listed", fields: i.place(change("sub", "attack: another"))})
		}
	}
	if !i.policy.AcceptNonce && i.kind() != "at+jwt" {
		out = append(out, bad{name: "an ID token, by its nonce", fields: i.place(change("nonce", "n"))})
	}
	if i.kind() != "at+jwt" {
		out = append(out, bad{name: "an ID token, by its at_hash", fields: i.place(change("at_hash", "n"))})
	}
	if i.tenant != "" {
		other := "00000000-0000-4000-8000-000000000bad"
		as := func(tenant string, iss any) fields {
			c := i.claims(who.with(i.policy.TenantClaim, tenant), scopes)
			c["iss"] = iss
			return i.place(i.sign(i.method, i.key, i.kind(), c))
		}
		issuer := func(tenant string) string { return strings.Replace(i.policy.Issuer, "{tenant}", tenant, 1) }
		out = append(out, bad{name: "a token of another tenant", fields: as(other, issuer(other))},
			bad{name: "a token of a tenant by another's issuer", fields: as(i.tenant, issuer(other))},
			bad{name: "a token of another tenant by a tenant's issuer", fields: as(other, issuer(i.tenant))},
			bad{name: "a token of the issuer as it is written", fields: as(i.tenant, i.policy.Issuer)})
	}
	if i.policy.In != "" {
		out = append(out, bad{name: "a good token in another place", fields: with(i.place(good), i.elsewhere(good))})
	}
	for _, name := range i.policy.Required {
		out = append(out, bad{name: "a token without " + name, fields: i.place(change(name, nil))})
	}
	if i.policy.Revocations != nil {
		out = append(out, bad{name: "a revoked token", fields: i.place(change("jti", revokedID))})
	}
	return append(out, i.prover.bad(i.place(good), func() fields { return i.place(change("cnf", nil)) })...)
}

// flip changes the first character of the claims' text.
func flip(body string) string {
	if strings.HasPrefix(body, "e") {
		return "f" + body[1:]
	}
	return "e" + body[1:]
}
