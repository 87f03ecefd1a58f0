package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// svidTypes are what the header typ of a JWT-SVID can be (JWT-SVID, section 2.3).
var svidTypes = []string{"JWT", "JOSE", noType}

// isTrustDomain reports whether s is the name of a trust domain (SPIFFE-ID, section 2.1).
func isTrustDomain(s string) bool {
	return s != "" && len(s) <= 255 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789._-") == ""
}

// isSPIFFEID reports whether id is a SPIFFE ID of a trust domain with a path (SPIFFE-ID, section 2). The runtime has the same rule.
func isSPIFFEID(id, domain string) bool {
	path, ok := strings.CutPrefix(id, "spiffe://"+domain+"/")
	return ok && len(id) <= 2048 && !slices.ContainsFunc(strings.Split(path, "/"), func(segment string) bool {
		return segment == "" || segment == "." || segment == ".." ||
			strings.Trim(segment, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != ""
	})
}

// trustDomain reads the trust domain that stands in place of the issuer.
func (r *reader) trustDomain(n *load.Node, what string, j *JWT) {
	v := n.Get("trust-domain")
	if v == nil {
		return
	}
	if j.TrustDomain, _ = v.Str(); !isTrustDomain(j.TrustDomain) {
		r.wrong(v, what+".trust-domain", "a trust domain: small letters, digits and . _ -")
	}
	j.Types = slices.Clone(svidTypes)
}

// svids refuses what no JWT-SVID has in a policy for them, each at its line.
func (r *reader) svids(n *load.Node, what string, j *JWT) {
	if j.TrustDomain == "" {
		return
	}
	for _, m := range []struct{ member, why string }{
		{"issuer", "the trust domain of sub says who signs a JWT-SVID"},
		{"provider", "the trust domain of sub says who signs a JWT-SVID"},
		{"tenants", "the trust domain of sub says who signs a JWT-SVID"},
		{"discovery", "a trust domain has no metadata of OpenID Connect: write jwks with the address of its bundle"},
		{"audience-claim", "JWT-SVIDs have aud"},
		{"nonce", "JWT-SVIDs have no nonce"},
		{"profile", "JWT-SVIDs are bound to no key, as FAPI 2.0 asks"},
	} {
		if n.Get(m.member) != nil {
			r.fail(n.KeyPosOf(m.member), rules.PolicyConflict, what+" has both a trust-domain and "+m.member, "leave "+m.member+" out: "+m.why)
		}
	}
	for _, typ := range j.Types {
		if !slices.ContainsFunc(svidTypes, func(good string) bool {
			return strings.EqualFold(good, strings.TrimPrefix(strings.ToLower(typ), "application/")) && (good != noType || typ == noType)
		}) {
			r.fail(n.PosOf("types"), rules.PolicyConflict, what+".types has "+short(typ)+", which no JWT-SVID has", "JWT-SVID, 2.3: it can be "+strings.Join(svidTypes, ", "))
		}
	}
	for _, name := range j.Algorithms {
		if slices.Contains(algorithms, name) && !strings.HasPrefix(name, "RS") && !strings.HasPrefix(name, "ES") && !strings.HasPrefix(name, "PS") {
			r.fail(n.PosOf("algorithms"), rules.PolicyConflict, what+".algorithms has "+name+", which signs no JWT-SVID", "JWT-SVID, 2.1: RS256 to RS512, ES256 to ES512, PS256 to PS512")
		}
	}
	if j.Keys != "" && !strings.HasPrefix(strings.TrimLeft(j.Keys, " \t\r\n"), "{") {
		r.fail(n.PosOf("keys"), rules.PolicyConflict, what+".keys is no SPIFFE bundle, and the policy has a trust-domain", "write a JWK set whose keys have use: jwt-svid and a kid")
	}
	for _, c := range j.Claims {
		for _, id := range c.Values {
			if c.Name == "sub" && isTrustDomain(j.TrustDomain) && !isSPIFFEID(id, j.TrustDomain) {
				r.fail(c.Pos, rules.PolicyConflict, fmt.Sprintf("%s.claims.sub has the value %s, which is no SPIFFE ID of the trust-domain", what, short(id)),
					"write spiffe://"+j.TrustDomain+"/PATH")
			}
		}
	}
}
