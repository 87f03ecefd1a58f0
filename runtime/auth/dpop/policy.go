package dpop

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
)

// A Policy says which proofs are good.
type Policy struct {
	// Required refuses tokens that are not bound to a key; otherwise they are good as bearer tokens, beside those that are.
	Required bool
	// Algorithms that may sign proofs: those of signatures that a JWT policy can have, never MACs. Empty means ES256, ES384, ES512, EdDSA,
	// PS256, PS384 and PS512.
	Algorithms []string
	// MaxAge is how old a proof may be: 0 means 1 minute, at most 10. Leeway is added to it, and tolerated for
	// clocks that are ahead: 0 means 10 seconds, negative none, at most 1 minute.
	MaxAge, Leeway time.Duration
	// Nonce asks for a value in each proof that this server gave in the field DPoP-Nonce (RFC 9449, section 9), at most 10 minutes ago:
	// who has the key for a while cannot make proofs for later.
	Nonce bool
	// Origins are the addresses at which callers reach the server: scheme, host, port, and what stands before the paths of the document,
	// if anything. https, or http for a loopback address. A proof must name one of them: what the Host field says is the
	// word of whoever sends the request, who may have the proof from another server. Those of Setup, if there are any, replace them.
	Origins []string
	// Setup is what the program has to give.
	Setup Setup
}

// Setup is what a document cannot hold.
type Setup struct {
	// Origins replace those of the policy.
	Origins []string
	// Replays knows the proofs that were used: nil means those of this process, in memory. Several instances of a server must share one, or
	// each takes every proof once.
	Replays Replays
	// NonceKey makes nonces, 32 bytes or more: nil draws one for this process. Several instances must share one.
	NonceKey []byte
}

const (
	defaultMaxAge = time.Minute
	maxMaxAge     = 10 * time.Minute
	defaultLeeway = 10 * time.Second
	maxLeeway     = time.Minute
	maxOrigins    = 16
	minNonceKey   = 32
	replayTimeout = 2 * time.Second
)

var defaultAlgorithms = []string{"ES256", "ES384", "ES512", "EdDSA", "PS256", "PS384", "PS512"}

// A Checker judges proofs. It is safe for concurrent use.
type Checker struct {
	policy     Policy
	algorithms []*algorithm
	names      string // for challenges
	origins    []string
	replays    Replays
	nonces     nonces
}

// New checks the policy, and reports everything that is wrong with it.
func New(p Policy, clock func() time.Time) (*Checker, error) {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("dpop: "+format, args...)) }
	c := &Checker{replays: p.Setup.Replays}
	span := func(what string, d *time.Duration, fallback, most time.Duration) {
		switch {
		case *d == 0:
			*d = fallback
		case *d < 0:
			*d = 0
		}
		if *d > most {
			bad("%s of %v is more than %v", what, *d, most)
		}
	}
	if p.MaxAge < 0 {
		bad("a maximum age of %v is negative", p.MaxAge)
	}
	span("a maximum age", &p.MaxAge, defaultMaxAge, maxMaxAge)
	span("a leeway", &p.Leeway, defaultLeeway, maxLeeway)
	if len(p.Algorithms) == 0 {
		p.Algorithms = defaultAlgorithms
	}
	for _, name := range p.Algorithms {
		a := algorithmNamed(name)
		if a == nil {
			bad("%q is not an algorithm that proofs can be signed with", name)
			continue
		}
		c.algorithms = append(c.algorithms, a)
	}
	c.names = strings.Join(p.Algorithms, " ")
	origins := p.Origins
	if len(p.Setup.Origins) > 0 {
		origins = p.Setup.Origins
	}
	if len(origins) == 0 || len(origins) > maxOrigins {
		bad("%d origins: between 1 and %d, which say at what address callers reach the server", len(origins), maxOrigins)
	}
	for _, text := range origins {
		origin, err := readOrigin(text)
		if err != nil {
			bad("origin %q: %w", text, err)
		}
		c.origins = append(c.origins, origin)
	}
	if m, ok := c.replays.(*Memory); ok && m == nil {
		bad("the memory of proofs is nil")
	}
	if c.replays == nil {
		m, err := NewMemory(0, clock)
		if err != nil {
			return nil, err
		}
		c.replays = m
	}
	c.nonces.key = slices.Clone(p.Setup.NonceKey)
	switch {
	case len(c.nonces.key) == 0:
		c.nonces.key = make([]byte, minNonceKey)
		if _, err := rand.Read(c.nonces.key); err != nil {
			return nil, err
		}
	case len(c.nonces.key) < minNonceKey:
		bad("a key for nonces of %d bytes, less than %d", len(c.nonces.key), minNonceKey)
	}
	c.policy = p
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return c, nil
}

// Nonce is the nonce that proofs are to have now, for servers that give it before it is asked for.
func (c *Checker) Nonce(now time.Time) string { return c.nonces.now(now) }

// Challenge writes the challenge of the scheme DPoP (RFC 9449, section 7.1).
func (c *Checker) Challenge(realm string, missing []string, refused *auth.Refused) string {
	code := ""
	if refused != nil {
		if code = refused.Code; code == "" {
			code = "invalid_token"
		}
	}
	return auth.Challenge("DPoP", realm, code, missing, `algs="`+c.names+`"`)
}

// readOrigin brings an origin to the form that addresses are compared in, without a slash at its end.
func readOrigin(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "":
		return "", errors.New("not a URL with a host")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(text, "#"):
		return "", errors.New("an origin has no credentials, query or fragment")
	case u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Hostname())):
		return "", errors.New("only https, or http to a loopback address")
	}
	at, ok := normal(text)
	if !ok {
		return "", errors.New("an address that cannot be compared")
	}
	return strings.TrimSuffix(at, "/"), nil
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Unmap().IsLoopback()
}
