package jwt

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/runtime/auth/internal/spiffe"
)

// svidTypes are what the header typ of a JWT-SVID can be; NoType is its absence (JWT-SVID, section 2.3).
var svidTypes = []string{"jwt", "jose", NoType}

// svidUse is the use of a trust domain's keys of JWT-SVIDs (SPIFFE Trust Domain and Bundle, section 4.2.2).
const svidUse = "jwt-svid"

// checkTrustDomain says what is wrong with a policy for the JWT-SVIDs of a trust domain, and fills in what they need.
func (p *Policy) checkTrustDomain(bad func(format string, args ...any)) {
	if p.TrustDomain == "" {
		return
	}
	if !spiffe.IsTrustDomain(p.TrustDomain) {
		bad("%q is no trust domain: it has small letters, digits, dots, hyphens and underscores", p.TrustDomain)
	}
	if p.Issuer != "" || p.Tenants != nil {
		bad("the policy has a trust domain, and an issuer or tenants: the trust domain of sub says who signs a JWT-SVID")
	}
	if p.AudienceClaim != "" || p.AcceptNonce {
		bad("the policy has a trust domain, and relaxes a check that JWT-SVIDs pass: they have aud, and no nonce")
	}
	for _, typ := range p.Types {
		if typ != NoType && !slices.Contains(svidTypes, typ) {
			bad("the policy accepts the typ %s, which no JWT-SVID has", typ)
		}
	}
	for _, name := range p.Algorithms {
		if !strings.HasPrefix(name, "RS") && !strings.HasPrefix(name, "ES") && !strings.HasPrefix(name, "PS") {
			bad("the policy accepts the algorithm %s, which signs no JWT-SVID", name)
		}
	}
	p.Issuer = spiffe.Scheme + p.TrustDomain
}

// checkSVID refuses a token whose subject is no SPIFFE ID of the policy's trust domain (JWT-SVID, section 3.1). It does not look at iss,
// which a JWT-SVID need not have.
func (p *Policy) checkSVID(c *claims) error {
	if _, err := c.text("iss"); err != nil {
		return err
	}
	sub, _ := c.members["sub"].(string)
	switch {
	case spiffe.In(sub, p.TrustDomain):
		return nil
	case spiffe.IsID(sub), sub != "" && !strings.HasPrefix(strings.ToLower(sub), "spiffe:"):
		return errIssuer // another trust domain's, or no SVID: another scheme may be its own
	}
	return errSubject
}
