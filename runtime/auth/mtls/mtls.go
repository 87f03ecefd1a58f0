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
	"github.com/bailey-go/bailey/runtime/auth/internal/spiffe"
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
	good    *remember.Cache[remember.Digest, verdict] // by the certificate
	refused *remember.Cache[remember.Digest, verdict] // by all certificates that the client sent
}

var (
	_ auth.TimedAuthenticator = (*Authenticator)(nil)
	_ auth.Challenger         = (*Authenticator)(nil)
)

// verdict is what was found out about certificates, from these authorities and lists: a caller, or
// why there is none.
type verdict struct {
	caller *principal.Principal
	err    error
	cas    *authorities
	crls   *revocations
	from   time.Time // a clock that is set back does not make it last longer
	until  time.Time
}

func (v *verdict) holds(cas *authorities, crls *revocations, now time.Time) bool {
	return v.cas == cas && v.crls == crls && now.Before(v.until) && !now.Before(v.from)
}

const (
	keep        = time.Minute
	keepRefused = 10 * time.Second // less, since certificates begin to be good, and none that is refused ceases to be refused by waiting
	cacheSize   = 10_000
	maxChain    = 6 // certificates that a client may send
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
	if (p.Identity == SPIFFE) != (p.TrustDomain != "") || p.TrustDomain != "" && !spiffe.IsTrustDomain(p.TrustDomain) {
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
	return &Authenticator{policy: p, cas: cas, crls: crls, callers: list, table: table,
		good: remember.New[remember.Digest, verdict](cacheSize), refused: remember.New[remember.Digest, verdict](cacheSize)}, nil
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
	if v, ok := a.good.Get(digest); ok && v.holds(cas, crls, now) {
		return v.caller, nil
	}
	if err := a.inspect(r.TLS.PeerCertificates, now); err != nil {
		return nil, err
	}
	// Whether there is a way to an authority depends on the certificates that come along.
	all := sumOf(r.TLS.PeerCertificates)
	if v, ok := a.refused.Get(all); ok && v.holds(cas, crls, now) {
		return nil, v.err
	}
	v, err := a.judge(r.TLS, cas, crls, now)
	if err != nil {
		a.refused.Put(all, verdict{err: err, cas: cas, crls: crls, from: now, until: now.Add(keepRefused)}, remember.Weight(0, 1))
		return nil, err
	}
	a.good.Put(digest, v, remember.Weight(0, 10+len(v.caller.Scopes)+len(v.caller.Roles)))
	return v.caller, nil
}

func sumOf(certs []*x509.Certificate) (sum remember.Digest) {
	h := sha256.New()
	for _, c := range certs {
		one := sha256.Sum256(c.Raw)
		_, _ = h.Write(one[:]) // a hash takes everything
	}
	h.Sum(sum[:0])
	return sum
}

// inspect checks what can be seen of the certificates without a signature.
func (a *Authenticator) inspect(certs []*x509.Certificate, now time.Time) error {
	leaf := certs[0]
	switch {
	case len(certs) > maxChain:
		return errChain
	case now.Before(leaf.NotBefore) || now.After(leaf.NotAfter):
		return errTime
	case leaf.IsCA, leaf.KeyUsage != 0 && leaf.KeyUsage&x509.KeyUsageDigitalSignature == 0,
		!slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageClientAuth): // x509 takes none, and any, for enough
		return errUse
	case a.policy.Identity == SPIFFE && leaf.KeyUsage&(x509.KeyUsageCertSign|x509.KeyUsageCRLSign) != 0: // X509-SVID, section 4.3
		return errUse
	case isWeak(leaf) || isWeakSignature(leaf.SignatureAlgorithm):
		return errWeak
	}
	return nil
}

// judge verifies a certificate and finds whom it names.
func (a *Authenticator) judge(state *tls.ConnectionState, cas *authorities, crls *revocations, now time.Time) (verdict, error) {
	leaf := state.PeerCertificates[0]
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
	if chains = slices.DeleteFunc(chains, isWeakChain); len(chains) == 0 {
		return verdict{}, errWeak
	}
	chain, end, err := a.unrevoked(chains, crls, now)
	if err != nil {
		return verdict{}, err
	}
	until := now.Add(keep)
	for _, c := range chain {
		if c.NotAfter.Before(until) {
			until = c.NotAfter
		}
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
	return verdict{caller: a.principal(leaf, id, entry), cas: cas, crls: crls, from: now, until: until}, nil
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

// Describe implements [auth.Describer].
func (a *Authenticator) Describe() any { return a.policy }
