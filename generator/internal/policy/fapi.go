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

// fapiProofs may sign proofs where nothing is written.
var fapiProofs = []string{"ES256", "PS256", "EdDSA"}

// fapi2 refuses what is weaker than the FAPI 2.0 Security Profile asks of a resource server (sections 5.3.3 and 5.4), each at its
// line.
func (r *reader) fapi2(n *load.Node, what string, j *JWT) {
	if j.Profile = r.profile(n, what); j.Profile == "" {
		return
	}
	weak := r.weaker(n, what)
	weak.signed("algorithms", j.Algorithms)
	weak.bound(j.DPoP, j.Certificate)
	weak.leeway(j.Leeway)
	weak.relaxed("types", slices.Contains(j.Types, noType))
	weak.relaxed("nonce", j.Nonce)
	weak.relaxed("audience-claim", j.AudienceClaim != "")
	weak.address("issuer", j.Issuer)
	weak.address("jwks", j.JWKS)
	weak.address("discovery", j.Discovery)
}

// fapi2Asked is fapi2 for tokens that the server asks about.
func (r *reader) fapi2Asked(n *load.Node, what string, i *Introspection) {
	if i.Profile = r.profile(n, what); i.Profile == "" {
		return
	}
	weak := r.weaker(n, what)
	weak.bound(i.DPoP, i.Certificate)
	weak.leeway(i.Leeway)
	weak.relaxed("audience-claim", i.AudienceClaim != "")
	weak.address("issuer", i.Issuer)
	weak.address("url", i.URL)
}

func (r *reader) profile(n *load.Node, what string) string {
	v := n.Get("profile")
	if v == nil {
		return ""
	}
	word, _ := r.choice(v, what+".profile", "fapi2")
	return word
}

// A weakness refuses a member that is weaker than the profile.
type weakness func(member, why, advice string)

// weaker refuses members of n, which the document calls what.
func (r *reader) weaker(n *load.Node, what string) weakness {
	return func(member, why, advice string) {
		at := n.KeyPos()
		if m := n.Get(member); m != nil {
			at = m.Pos
		}
		r.fail(at, rules.PolicyConflict, what+"."+member+" is weaker than profile: fapi2: "+why, advice)
	}
}

func (weak weakness) signed(member string, list []string) {
	for _, name := range list {
		if !slices.Contains(fapiAlgorithms, name) {
			weak(member, name+" may not sign", "FAPI 2.0, 5.4.1: "+strings.Join(fapiAlgorithms, ", "))
		}
	}
}

// bound refuses tokens that are bound to no key. Proofs whose algorithms are not written may have those of the profile, which the runtime's
// default exceeds.
func (weak weakness) bound(d *DPoP, certificate bool) {
	if d != nil && len(d.Algorithms) == 0 {
		d.Algorithms = slices.Clone(fapiProofs)
	}
	switch {
	case d != nil && !d.Required && !certificate:
		weak("dpop", "a token that is bound to no key is accepted", "FAPI 2.0, 5.3.3: write dpop: required, or certificate-bound: true")
	case d == nil && !certificate:
		weak("certificate-bound", "tokens need not be bound to a key", "FAPI 2.0, 5.3.3: write dpop: required, or certificate-bound: true")
	case d != nil:
		weak.signed("dpop", d.Algorithms)
	}
}

func (weak weakness) leeway(d time.Duration) {
	if d != 0 && (d < 10*time.Second || d > time.Minute) {
		weak("leeway", "clocks may differ by 10 seconds, and no token may be from more than 60 seconds ahead", "FAPI 2.0, 5.3.3: write 10s to 60s")
	}
}

func (weak weakness) relaxed(member string, there bool) {
	if there {
		weak(member, "a check of access tokens is relaxed", "leave it out")
	}
}

func (weak weakness) address(member, address string) {
	if strings.HasPrefix(address, "http://") {
		weak(member, "it is no https URL", "FAPI 2.0, 5.2: write an https URL")
	}
}

// fapi2Place refuses places of tokens other than the field Authorization.
func (r *reader) fapi2Place(s *Scheme) {
	if s.JWT != nil && s.JWT.Profile != "" && s.Type == "apiKey" {
		r.fail(s.JWT.Pos, rules.PolicyConflict, fmt.Sprintf("a token in a %s is weaker than profile: fapi2", s.In), "FAPI 2.0, 5.3.3, and RFC 6750, 2.1: make the scheme http bearer")
	}
}
