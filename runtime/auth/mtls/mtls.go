package mtls

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
	"github.com/bailey-go/bailey/runtime/principal"
)

// A Policy says which certificates are good, and whom they name.
type Policy struct {
	// Scheme names the security scheme, for [principal.Principal.Scheme].
	Scheme string
	// Identity is what of a certificate names its holder.
	Identity Identity
	// TrustDomain is that of the SPIFFE IDs; required with SPIFFE.
	TrustDomain string
	// Callers are who is let in.
	Callers []Caller
	// Clock replaces time.Now, where the pipeline does not say what time it is.
	Clock func() time.Time
	// Report, if set, is told when a file could not be read again. It must not block.
	Report func(error)
}

// Authenticator authenticates by client certificates. It is safe for concurrent use.
type Authenticator struct {
	policy  Policy
	cas     source[authorities]
	crls    source[revocations]
	callers *callers
	table   *principal.Table
	cache   *remember.Cache[remember.Digest, verdict]
}

var (
	_ auth.TimedAuthenticator = (*Authenticator)(nil)
	_ auth.Challenger         = (*Authenticator)(nil)
)

// verdict is what was found out about a good certificate, from these authorities and lists.
type verdict struct {
	caller *principal.Principal
	cas    *authorities
	crls   *revocations
	until  time.Time
}

const (
	keep      = time.Minute
	cacheSize = 10_000
	maxChain  = 6 // certificates that a client may send
)

// New checks the policy and reads what t names.
func New(p Policy, t Trust, table *principal.Table) (*Authenticator, error) {
	if p.Clock == nil {
		p.Clock = time.Now
	}
	var errs []error
	if p.Identity < SPIFFE || p.Identity > Serial {
		errs = append(errs, errors.New("mtls: the policy does not say what of a certificate names its holder"))
	}
	if (p.Identity == SPIFFE) != (p.TrustDomain != "") || p.TrustDomain != "" && !isTrustDomain(p.TrustDomain) {
		errs = append(errs, errors.New("mtls: SPIFFE IDs need a trust domain, others have none"))
	}
	if table == nil {
		errs = append(errs, errors.New("mtls: no table of scopes"))
	}
	list, err := newCallers(p.Identity, p.TrustDomain, p.Callers)
	if err != nil {
		errs = append(errs, err)
	}
	cas, crls, opening := t.open(p.Clock(), p.Report)
	if err := errors.Join(append(errs, opening...)...); err != nil {
		return nil, err
	}
	return &Authenticator{policy: p, cas: cas, crls: crls, callers: list, table: table, cache: remember.New[remember.Digest, verdict](cacheSize)}, nil
}

// Refusals.
var (
	errChain = &auth.Refused{Rule: "certificate-chain"}
	errTime  = &auth.Refused{Rule: "certificate-time"}
	errUse   = &auth.Refused{Rule: "certificate-use"}
	errWeak  = &auth.Refused{Rule: "certificate-weak"}
)

// Authenticate implements [auth.Authenticator].
func (a *Authenticator) Authenticate(r *http.Request) (*principal.Principal, error) {
	return a.AuthenticateAt(r, a.policy.Clock())
}

// AuthenticateAt implements [auth.TimedAuthenticator].
func (a *Authenticator) AuthenticateAt(r *http.Request, now time.Time) (*principal.Principal, error) {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return nil, auth.ErrMissing
	}
	cas, err := a.cas.get(now)
	if err != nil {
		return nil, &auth.Unavailable{Rule: "certificate-authorities", Err: err}
	}
	crls, err := a.crls.get(now)
	if err != nil {
		return nil, &auth.Unavailable{Rule: errNoCRL.Rule, Err: err}
	}
	digest := remember.Digest(sha256.Sum256(r.TLS.PeerCertificates[0].Raw))
	if v, ok := a.cache.Get(digest); ok && v.cas == cas && v.crls == crls && now.Before(v.until) {
		return v.caller, nil
	}
	v, err := a.judge(r.TLS, cas, crls, now)
	if err != nil {
		return nil, err
	}
	a.cache.Put(digest, v, remember.Weight(0, 10+len(v.caller.Scopes)+len(v.caller.Roles)))
	return v.caller, nil
}

// judge verifies a certificate and finds whom it names.
func (a *Authenticator) judge(state *tls.ConnectionState, cas *authorities, crls *revocations, now time.Time) (verdict, error) {
	leaf := state.PeerCertificates[0]
	switch {
	case len(state.PeerCertificates) > maxChain:
		return verdict{}, errChain
	case now.Before(leaf.NotBefore) || now.After(leaf.NotAfter):
		return verdict{}, errTime
	case leaf.IsCA, leaf.KeyUsage != 0 && leaf.KeyUsage&x509.KeyUsageDigitalSignature == 0,
		!slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageClientAuth): // x509 takes none, and any, for enough
		return verdict{}, errUse
	case isWeak(leaf):
		return verdict{}, errWeak
	}
	between := x509.NewCertPool()
	for _, c := range state.PeerCertificates[1:] {
		between.AddCert(c)
	}
	chains, err := leaf.Verify(x509.VerifyOptions{
		Roots: cas.pool, Intermediates: between, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return verdict{}, errChain
	}
	until := now.Add(keep)
	if leaf.NotAfter.Before(until) {
		until = leaf.NotAfter
	}
	chain, end, err := a.unrevoked(chains, crls, now)
	if err != nil {
		return verdict{}, err
	}
	if !end.IsZero() && end.Before(until) {
		until = end
	}
	if a.policy.Identity == Serial && (cas.n != 1 || len(chain) != 2) {
		return verdict{}, errIdentity // two authorities may give away the same number
	}
	id, entry, err := a.callers.find(leaf, a.policy.Identity, a.policy.TrustDomain)
	if err != nil {
		return verdict{}, err
	}
	return verdict{caller: a.principal(leaf, id, entry), cas: cas, crls: crls, until: until}, nil
}

// unrevoked returns the first chain of which nothing is revoked.
func (a *Authenticator) unrevoked(chains [][]*x509.Certificate, crls *revocations, now time.Time) ([]*x509.Certificate, time.Time, error) {
	if crls == nil {
		return chains[0], time.Time{}, nil
	}
	var bad error // revoked, if one is
	for _, chain := range chains {
		end, err := crls.check(chain, now)
		if err == nil {
			return chain, end, nil
		}
		if bad != errRevoked {
			bad = err
		}
	}
	return nil, time.Time{}, bad
}

func (a *Authenticator) principal(leaf *x509.Certificate, id string, entry *Caller) *principal.Principal {
	sum := sha256.Sum256(leaf.Raw)
	p := &principal.Principal{
		Subject: entry.Subject, Scheme: a.policy.Scheme, Scopes: entry.Scopes, Roles: entry.Roles, Expires: leaf.NotAfter.Add(time.Second),
		Claims: map[string]any{"x5t#S256": base64.RawURLEncoding.EncodeToString(sum[:])},
	}
	if p.Subject == "" {
		p.Subject = id
	}
	p.Bind(a.table)
	return p
}

// Challenge implements [auth.Challenger]. No scheme is registered for certificates, which no header can bring: the name says what is missing.
func (a *Authenticator) Challenge(missing []string) string {
	if missing != nil {
		return ""
	}
	return "Certificate"
}
