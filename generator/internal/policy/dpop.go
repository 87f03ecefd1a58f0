package policy

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// DPoP is the member dpop of x-bailey-jwt and x-bailey-introspection.
type DPoP struct {
	Pos        diag.Pos
	Required   bool
	Algorithms []string
	MaxAge     time.Duration // 0: nothing is written
	Nonce      bool
	Origins    []string
}

// DPoP is what the scheme says about proofs; nil: it takes none.
func (s *Scheme) DPoP() *DPoP {
	switch {
	case s.JWT != nil:
		return s.JWT.DPoP
	case s.Introspection != nil:
		return s.Introspection.DPoP
	}
	return nil
}

// proofAlgorithms are those that the runtime verifies proofs with: signatures, never MACs.
var proofAlgorithms = []string{"ES256", "ES384", "ES512", "EdDSA", "Ed25519", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"}

const maxOrigins = 16

var dpopSchema = `{
	"description": "proofs that the caller holds the key which the token is bound to (RFC 9449)",
	"oneOf": [{"enum": ["required", "accepted"]}, {
		"type": "object",
		"additionalProperties": false,
		"required": ["use"],
		"properties": {
			"use": {"enum": ["required", "accepted"], "description": "whether tokens that are bound to no key are refused"},
			"algorithms": {
				"description": "which may sign proofs; unless written, ES*, EdDSA and PS*",
				"type": "array", "minItems": 1, "uniqueItems": true,
				"items": {"enum": ["` + strings.Join(proofAlgorithms, `", "`) + `"]}
			},
			"max-age": {"$ref": "#/$defs/duration", "description": "how old a proof may be, at most 10m; 1m unless written"},
			"nonce": {"type": "boolean", "description": "a proof must have a nonce that the server gave"},
			"origins": {"$ref": "#/$defs/texts", "description": "the addresses at which callers reach the server"}
		}
	}]
}`

// dpop reads the member of n, nil where it is absent.
func (r *reader) dpop(n *load.Node, what string) *DPoP {
	v := n.Get("dpop")
	if v == nil {
		return nil
	}
	what += ".dpop"
	if v.Kind == load.String {
		use, _ := r.choice(v, what, "required", "accepted")
		return &DPoP{Pos: v.Pos, Required: use == "required"}
	}
	if v.Kind != load.Object {
		r.wrong(v, what, "required, accepted, or an object with some of: use, algorithms, max-age, nonce, origins")
		return nil
	}
	r.members(v, what, "use", "algorithms", "max-age", "nonce", "origins")
	d := &DPoP{Pos: v.Pos, Nonce: r.flag(v, what, "nonce")}
	if use := v.Get("use"); use != nil {
		word, _ := r.choice(use, what+".use", "required", "accepted")
		d.Required = word == "required"
	} else {
		r.missing(v, what, "use")
	}
	if list := v.Get("algorithms"); list != nil {
		d.Algorithms = r.texts(list, what+".algorithms")
		for _, name := range d.Algorithms {
			if !slices.Contains(proofAlgorithms, name) {
				r.fail(list.Pos, rules.PolicyValue, fmt.Sprintf("%s cannot be signed with the algorithm %s", what, short(name)), "it can be: "+strings.Join(proofAlgorithms, ", "))
			}
		}
	}
	if age := v.Get("max-age"); age != nil {
		d.MaxAge, _ = r.duration(age, what+".max-age", time.Second, 10*time.Minute)
	}
	if list := v.Get("origins"); list != nil {
		d.Origins = r.texts(list, what+".origins")
		if len(d.Origins) > maxOrigins {
			r.wrong(list, what+".origins", fmt.Sprintf("a list of at most %d", maxOrigins))
		}
		for _, origin := range d.Origins {
			if !isOrigin(origin) {
				r.fail(list.Pos, rules.PolicyValue, fmt.Sprintf("%s has the origin %s", what, short(origin)),
					"it has to be an https URL without user, query and fragment (http only for this machine: localhost, 127.0.0.1)")
			}
		}
	}
	return d
}

// isOrigin reports whether callers may be told to reach the server at a URL.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.User != nil || strings.ContainsAny(s, "?#") || u.Hostname() == "" {
		return false
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && addr.IsLoopback())
}
