package introspect

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/internal/claims"
	"github.com/bailey-go/bailey/runtime/auth/internal/outbound"
)

// A Policy says who is asked, and which answers are good. URL and Audiences are required.
type Policy struct {
	// Scheme names the security scheme, for [principal.Principal.Scheme].
	Scheme string
	// Realm is shown in the challenge; may be empty.
	Realm string
	// URL is the introspection endpoint: https, or http to a loopback address. Redirects are not followed.
	URL string
	// Issuer, if set, must equal iss, byte by byte, and iss must be there. Otherwise the URL stands for the issuer
	// in [principal.Principal.Issuer].
	Issuer string
	// Audiences: aud must be there and hold one of them.
	Audiences []string
	// AudienceClaim, if set, is the member that stands for aud in answers without it: client_id, and no other. It must hold one of
	// Audiences. An answer that has aud must have one of them there as well.
	AudienceClaim string
	// Leeway is the tolerated difference between clocks, for exp, nbf and iat: 0 means 30
	// seconds, negative none, at most 5 minutes.
	Leeway time.Duration
	// CertificateBound refuses tokens that are not bound to a client certificate (RFC 8705, section 3.2). One that is bound is good over a
	// connection with that certificate alone, whatever stands here.
	CertificateBound bool
	// DPoP, if set, takes tokens by the scheme DPoP too, or by it alone (RFC 9449): with a proof that the caller holds the key that the token is bound
	// to. Without, such tokens are refused.
	DPoP *dpop.Policy
	// ScopeClaim and RolesClaim hold the scopes and the roles, as in a JWT policy: names, or JSON pointers (RFC 6901).
	// Empty means "scope" and "roles".
	ScopeClaim, RolesClaim string
	// RolesForm is how the roles are written.
	RolesForm auth.RolesForm
	// Claims are members of the answer whose types are known: one with another kind of value is refused.
	Claims []auth.Claim
	// TenantClaim, if set, is the member that names the caller's tenant, or a JSON pointer to it: a string that must be
	// there and not be empty.
	TenantClaim string
	// Cache is how long a good answer counts, and so how long a revoked token stays good: 0 means 1 minute, negative
	// none at all, at most 1 hour. It never counts beyond exp.
	Cache time.Duration
	// NegativeCache is how long a bad answer counts: 0 means 10 seconds, negative none at all, at most 1 minute.
	NegativeCache time.Duration
	// CacheEntries bounds the memory of good answers, and that of bad ones: 0 means 10,000, at most 1,000,000. Their size is bounded
	// too, at 64 MiB for 10,000 entries and in proportion otherwise.
	CacheEntries int
	// Timeout bounds one question, with the wait for its turn: 0 means 5 seconds, at most 1 minute.
	Timeout time.Duration
	// Concurrency bounds the questions that are asked at once: 0 means 16, at most 1024. Four times as many wait for their turn;
	// who comes later is refused as unavailable.
	Concurrency int
	// Transport replaces the authenticator's own, which speaks TLS 1.2 and newer through the proxy that the environment names.
	Transport http.RoundTripper
	// CAFile, if not empty, is a file of the certificate authorities (PEM, at most 1 MiB) that are believed at URL instead of the system's. It is read
	// again when it changes: a question looks at it, at most once in 10 seconds. A transport takes its place.
	CAFile string
	// Clock replaces time.Now.
	Clock func() time.Time
	// Report, if set, is told when the issuer cannot be asked, at most once in 10 seconds. It must not block.
	Report func(error)
}

const (
	maxLeeway          = 5 * time.Minute
	defaultCache       = time.Minute
	maxCache           = time.Hour
	defaultNegative    = 10 * time.Second
	maxNegative        = time.Minute
	defaultEntries     = 10_000
	maxEntries         = 1_000_000
	defaultTimeout     = 5 * time.Second
	maxTimeout         = time.Minute
	defaultConcurrency = 16
	maxConcurrency     = 1024
)

// normal checks p and returns it with its defaults filled in, or all that is wrong with it.
func (p Policy) normal() (Policy, *url.URL, error) {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("introspect: "+format, args...)) }
	span := func(what string, d *time.Duration, fallback, most time.Duration) {
		switch {
		case *d == 0:
			*d = fallback
		case *d < 0:
			*d = 0
		case *d > most:
			bad("%s of %v is more than %v", what, *d, most)
		}
	}
	count := func(what string, n *int, fallback, most int) {
		switch {
		case *n == 0:
			*n = fallback
		case *n < 0, *n > most:
			bad("%d %s: between 1 and %d", *n, what, most)
		}
	}

	target, err := outbound.Target("the endpoint", p.URL)
	if err != nil {
		bad("%w", err)
	}
	if len(p.Audiences) == 0 || slices.Contains(p.Audiences, "") {
		bad("the policy has no audience, or an empty one")
	}
	p.Audiences = slices.Clone(p.Audiences)
	if p.AudienceClaim != "" && p.AudienceClaim != "client_id" {
		bad("the member %s cannot stand for aud: client_id can", p.AudienceClaim)
	}
	for _, wrong := range claims.CheckClaims(p.Claims) {
		bad("the member %s", wrong)
	}
	if p.RolesForm > auth.RolesCommas {
		bad("roles in the unknown form %d", p.RolesForm)
	}
	span("a leeway", &p.Leeway, auth.DefaultLeeway, maxLeeway)
	span("a cache", &p.Cache, defaultCache, maxCache)
	span("a negative cache", &p.NegativeCache, defaultNegative, maxNegative)
	if p.Timeout < 0 {
		bad("a time-out of %v is negative", p.Timeout)
	}
	span("a time-out", &p.Timeout, defaultTimeout, maxTimeout)
	count("cached answers", &p.CacheEntries, defaultEntries, maxEntries)
	count("questions at once", &p.Concurrency, defaultConcurrency, maxConcurrency)
	if p.ScopeClaim == "" {
		p.ScopeClaim = "scope"
	}
	if p.RolesClaim == "" {
		p.RolesClaim = "roles"
	}
	if p.Clock == nil {
		p.Clock = time.Now
	}
	if p.Report == nil {
		p.Report = func(error) {}
	}
	return p, target, errors.Join(errs...)
}
