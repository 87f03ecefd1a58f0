package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// fapiAlgorithms may sign under FAPI 2.0 (Security Profile, section 5.4.1).
var fapiAlgorithms = []string{"PS256", "ES256", "EdDSA", "Ed25519"}

// fapi2 refuses what is weaker than the FAPI 2.0 Security Profile asks of a resource server (sections 5.3.3 and 5.4), each at its
// line.
func (r *reader) fapi2(n *load.Node, what string, j *JWT) {
	v := n.Get("profile")
	if v == nil {
		return
	}
	j.Profile, _ = r.choice(v, what+".profile", "fapi2")
	if j.Profile == "" {
		return
	}
	weak := func(member, why, advice string) {
		at := n.KeyPos()
		if m := n.Get(member); m != nil {
			at = m.Pos
		}
		r.fail(at, rules.PolicyConflict, what+"."+member+" is weaker than profile: fapi2: "+why, advice)
	}
	signed := func(member string, list []string) {
		for _, name := range list {
			if !slices.Contains(fapiAlgorithms, name) {
				weak(member, name+" may not sign", "FAPI 2.0, 5.4.1: "+strings.Join(fapiAlgorithms, ", "))
			}
		}
	}
	signed("algorithms", j.Algorithms)
	switch d := j.DPoP; {
	case d != nil && !d.Required && !j.Certificate:
		weak("dpop", "a token that is bound to no key is accepted", "FAPI 2.0, 5.3.3: write dpop: required, or certificate-bound: true")
	case d == nil && !j.Certificate:
		weak("certificate-bound", "tokens need not be bound to a key", "FAPI 2.0, 5.3.3: write dpop: required, or certificate-bound: true")
	case d != nil:
		signed("dpop", d.Algorithms)
	}
	if j.Leeway != 0 && (j.Leeway < 10*time.Second || j.Leeway > time.Minute) {
		weak("leeway", "clocks may differ by 10 seconds, and no token may be from more than 60 seconds ahead", "FAPI 2.0, 5.3.3: write 10s to 60s")
	}
	for _, m := range []struct {
		member string
		there  bool
	}{
		{"types", slices.Contains(j.Types, noType)}, {"nonce", j.Nonce}, {"audience-claim", j.AudienceClaim != ""},
	} {
		if m.there {
			weak(m.member, "a check of access tokens is relaxed", "leave it out")
		}
	}
	for _, m := range []struct{ member, address string }{{"issuer", j.Issuer}, {"jwks", j.JWKS}, {"discovery", j.Discovery}} {
		if strings.HasPrefix(m.address, "http://") {
			weak(m.member, "it is no https URL", "FAPI 2.0, 5.2: write an https URL")
		}
	}
}

// fapi2Place refuses places of tokens other than the field Authorization.
func (r *reader) fapi2Place(s *Scheme) {
	if s.JWT != nil && s.JWT.Profile != "" && s.Type == "apiKey" {
		r.fail(s.JWT.Pos, rules.PolicyConflict, fmt.Sprintf("a token in a %s is weaker than profile: fapi2", s.In), "FAPI 2.0, 5.3.3, and RFC 6750, 2.1: make the scheme http bearer")
	}
}
