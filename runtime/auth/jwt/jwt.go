package jwt

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/internal/bound"
	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
	"github.com/bailey-go/bailey/runtime/principal"
)

// An Authenticator verifies the bearer tokens of one policy. It is safe for concurrent use.
type Authenticator struct {
	policy     Policy
	algorithms []*algorithm
	table      *principal.Table
	ring       ring
	parser     *gojwt.Parser
	validator  *gojwt.Validator // of the claims, as the parser does it
	bound      bound.Rules
	cache      *remember.Cache[remember.Mark, *remembered]
	marker     remember.Marker
	source     any                    // of the keys, see sourceOf
	last       atomic.Pointer[keySet] // the set the cache's entries were verified with
	relaxed    []string               // of the key source
}

var (
	_ auth.Noncer     = (*Authenticator)(nil)
	_ auth.Challenger = (*Authenticator)(nil)
	_ auth.Negotiator = (*Authenticator)(nil)
	_ auth.Relaxed    = (*Authenticator)(nil)
)

// New checks the policy, opens the key source and returns an authenticator whose principals are
// bound to table. It reports everything that is wrong with the policy at once.
func New(p Policy, keys KeySource, table *principal.Table) (*Authenticator, error) {
	p, algorithms, err := p.normal()
	if keys == nil {
		err = errors.Join(err, errors.New("jwt: no key source"))
	}
	if table == nil {
		err = errors.Join(err, errors.New("jwt: no table of scopes"))
	}
	rules := bound.Rules{Certificate: p.CertificateBound, MaxToken: p.MaxToken}
	if place, bad := bound.NewPlace(p.In, p.Name, p.Prefix); bad != nil {
		err = errors.Join(err, fmt.Errorf("jwt: %w", bad))
	} else if rules.Place = place; place.In != "" && p.DPoP != nil {
		err = errors.Join(err, errors.New("jwt: DPoP proofs belong to tokens in the field Authorization (RFC 9449, section 7.1)"))
	}
	if p.DPoP != nil {
		checker, bad := dpop.New(*p.DPoP, p.Clock)
		if bad != nil {
			err = errors.Join(err, fmt.Errorf("jwt: %w", bad))
		}
		rules.Proofs, rules.Proof = checker, p.DPoP.Required
	}
	if err != nil {
		return nil, err
	}
	var relaxed []string
	r, err := keys.open(opening{issuer: p.Issuer, svid: p.TrustDomain != "", algorithms: algorithms, clock: p.Clock, report: p.Report, keep: p.KeepKeys, relaxed: &relaxed})
	if err != nil {
		return nil, err
	}
	names := make([]string, len(algorithms))
	for i, a := range algorithms {
		names[i] = a.name
	}
	checks := []gojwt.ParserOption{
		gojwt.WithAudience(p.Audiences...),
		gojwt.WithExpirationRequired(),
		gojwt.WithIssuedAt(),
		gojwt.WithLeeway(p.Leeway),
		gojwt.WithTimeFunc(p.Clock),
	}
	if !p.manyTenants() && p.TrustDomain == "" { // else read compares it, or sub
		checks = append(checks, gojwt.WithIssuer(p.Issuer))
	}
	return &Authenticator{
		source: sourceOf(keys, algorithms), relaxed: relaxed,
		policy: p, algorithms: algorithms, table: table, ring: r, cache: remember.New[remember.Mark, *remembered](p.CacheEntries), marker: remember.NewMarker(), bound: rules,
		parser:    gojwt.NewParser(append(checks, gojwt.WithValidMethods(names), gojwt.WithStrictDecoding())...),
		validator: gojwt.NewValidator(checks...),
	}, nil
}

// Close stops what refreshes the keys. The authenticator must not be used any more.
func (a *Authenticator) Close() error {
	a.ring.close()
	return nil
}

// Relaxed implements [auth.Relaxed].
func (a *Authenticator) Relaxed() (issuer string, rules []string) { return a.policy.Issuer, a.relaxed }

// Leeway implements [auth.Lenient].
func (a *Authenticator) Leeway() time.Duration { return a.policy.Leeway }

// TokenBytes is how long a token may be, for the bound on a request's header.
func (a *Authenticator) TokenBytes() int { return a.policy.MaxToken }

// Challenge implements [auth.Challenger]: the first of Challenges.
func (a *Authenticator) Challenge(missing []string) string {
	if list := a.Challenges(missing, nil); len(list) > 0 {
		return list[0]
	}
	return ""
}

// Challenges implements [auth.Negotiator].
func (a *Authenticator) Challenges(missing []string, refused *auth.Refused) []string {
	return a.bound.Challenges(a.policy.Realm, missing, refused)
}

// Authenticate implements [auth.Authenticator] for the token that [auth.Bearer] finds. The alphabet is
// checked once, by Verify, and not again for a token that is remembered.
func (a *Authenticator) Authenticate(r *http.Request) (*principal.Principal, error) {
	return a.AuthenticateAt(r, a.policy.Clock())
}

// AuthenticateAt implements [auth.TimedAuthenticator].
func (a *Authenticator) AuthenticateAt(r *http.Request, now time.Time) (*principal.Principal, error) {
	p, _, err := a.AuthenticateNonce(r, now)
	return p, err
}

// AuthenticateNonce implements [auth.Noncer].
func (a *Authenticator) AuthenticateNonce(r *http.Request, now time.Time) (*principal.Principal, string, error) {
	t, err := a.bound.Find(r)
	if err != nil {
		return nil, "", err
	}
	return a.verifyAt(r.Context(), r, t, now)
}

// Verify verifies a token that came by another way than the Authorization field. Its errors are
// [*auth.Refused] and [*auth.Unavailable]. A token that is bound to a key is refused: there is nothing that could show who holds it.
func (a *Authenticator) Verify(text string) (*principal.Principal, error) {
	p, _, err := a.verifyAt(context.Background(), nil, bound.Token{Text: text}, a.policy.Clock())
	return p, err
}

// verifyAt verifies a token that r presents, or nothing that can be looked at, and returns the next nonce of its proofs.
func (a *Authenticator) verifyAt(ctx context.Context, r *http.Request, given bound.Token, now time.Time) (*principal.Principal, string, error) {
	e, err := a.find(ctx, given.Text, now)
	if err != nil {
		return nil, "", err
	}
	if a.policy.Revocations != nil {
		if err := a.checkRevoked(ctx, e); err != nil {
			return nil, "", err
		}
	}
	if a.bound.Plain(e.key, given) {
		return e.caller, "", nil
	}
	next, err := a.bound.Check(r, e.key, given, now)
	if err != nil {
		return nil, "", err
	}
	return e.caller, next, nil
}

// find returns what is remembered of a token, and verifies it where nothing is.
func (a *Authenticator) find(ctx context.Context, text string, now time.Time) (*remembered, error) {
	if len(text) > a.policy.MaxToken {
		return nil, errLength
	}
	set, err := a.ring.current(now)
	if err != nil {
		if bad := a.hopeless(text); bad != nil {
			return nil, bad
		}
		return nil, err
	}
	if old := a.last.Load(); old != set && a.last.CompareAndSwap(old, set) {
		a.cache.Flush() // rotation: what the old keys verified is not remembered
	}
	mark := a.marker.Of(text)
	e, ok := a.cache.Get(mark)
	if !ok || !e.holds(set, now) || !e.proof.Of(text) {
		if e, err = a.verify(ctx, text, mark, set, now); err != nil {
			return nil, err
		}
		if a.cache != nil { // a revoked one too: it costs no more than a look-up when it comes again
			e.proof = remember.Prove(text)
			a.cache.Put(mark, e, e.weight+e.proof.Weight())
		}
	} else if e.tenant != "" && !a.policy.Tenants(e.tenant) {
		return nil, errIssuer // it was one when the token came first
	}
	return e, nil
}

// hopeless says what is wrong with a token that no key would help.
func (a *Authenticator) hopeless(text string) error {
	t, err := a.read(text)
	if err != nil {
		return err
	}
	if err := a.validator.Validate(t.claims); err != nil {
		return refusal(err)
	}
	return nil
}

// verify does the work of Verify without the memory and the revocations.
func (a *Authenticator) verify(ctx context.Context, text string, mark remember.Mark, set *keySet, now time.Time) (*remembered, error) {
	t, err := a.read(text)
	if err != nil {
		return nil, err
	}
	keys, until, ok := set.candidates(t, now)
	if ok && len(keys) == 0 {
		if err := a.validator.Validate(t.claims); err != nil {
			return nil, refusal(err) // no key would help it
		}
		set, err = a.ring.missing(ctx, mark, func(s *keySet) bool {
			keys, _, ok := s.candidates(t, now)
			return !ok || len(keys) > 0
		})
		if err != nil {
			return nil, err
		}
		keys, until, ok = set.candidates(t, now)
	}
	switch {
	case !ok:
		return nil, errAmbiguous
	case len(keys) == 0:
		return nil, errKeyID
	}
	_, err = a.parser.ParseWithClaims(text, t.claims, func(parsed *gojwt.Token) (any, error) {
		if parsed.Method != t.algorithm.method { // the registry of methods is a global that others may write
			return nil, errAlgorithm
		}
		input := text[:strings.LastIndexByte(text, '.')]
		return gojwt.VerificationKeySet{Keys: t.algorithm.strict(input, parsed.Signature, keys)}, nil
	})
	if err != nil {
		err = refusal(err)
		if r, ok := a.ring.(*remoteRing); ok && err == errSignature && t.kid == "" {
			r.hint() // keys without names change without one
		}
		return nil, err
	}
	e, err := a.admit(t, set, now)
	if err == nil && !until.IsZero() && until.Before(e.until) {
		e.until = until
	}
	return e, err
}

// admit checks what golang-jwt does not, and makes the principal.
func (a *Authenticator) admit(t *token, set *keySet, now time.Time) (*remembered, error) {
	if err := t.claims.checkKind(t.typ); err != nil {
		return nil, err
	}
	subject, err := t.claims.checkSubject()
	if err != nil {
		return nil, err
	}
	expires, err := t.claims.date("exp")
	if err != nil || expires == nil {
		return nil, errClaims
	}
	for _, name := range a.policy.Required {
		if t.claims.members[name] == nil {
			return nil, errRequired
		}
	}
	key, ok := bound.Read(t.claims.members)
	if !ok {
		return nil, bound.ErrUnknown
	}
	ends := expires.Add(a.policy.Leeway)
	until := ends
	if a.policy.MaxAge > 0 {
		issued, err := t.claims.date("iat")
		if err != nil || issued == nil {
			return nil, errRequired
		}
		oldest := issued.Add(a.policy.MaxAge + a.policy.Leeway)
		if !now.Before(oldest) {
			return nil, errAge
		}
		if oldest.Before(until) {
			until = oldest
		}
	}
	scopes, err := t.claims.scopes(a.policy.ScopeClaim)
	if err != nil {
		return nil, err
	}
	roles, err := t.claims.roles(a.policy.RolesClaim)
	if err != nil {
		return nil, err
	}
	tenant, err := t.claims.typed(a.policy)
	if err != nil {
		return nil, err
	}
	caller := &principal.Principal{
		Subject: subject, Issuer: t.issuer, Scheme: a.policy.Scheme,
		Scopes: scopes, Roles: roles, Tenant: tenant, Claims: t.claims.members, Expires: ends,
	}
	caller.Bind(a.table)
	e := &remembered{caller: caller, set: set, until: until, weight: t.claims.weight, key: key, tenant: t.tenant}
	if a.policy.Revocations != nil {
		if err := e.identify(t.claims); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// refusal finds the rule behind an error of golang-jwt's parser.
func refusal(err error) error {
	for _, row := range [...]struct {
		cause error
		rule  error
	}{
		{errAlgorithm, errAlgorithm},
		{gojwt.ErrTokenSignatureInvalid, errSignature},
		{gojwt.ErrTokenUnverifiable, errSignature},
		{gojwt.ErrTokenExpired, errExpired},
		{gojwt.ErrTokenNotValidYet, errNotYet},
		{gojwt.ErrTokenUsedBeforeIssued, errFuture},
		{gojwt.ErrTokenInvalidIssuer, errIssuer},
		{gojwt.ErrTokenInvalidAudience, errAudience},
		{errAudience, errAudience},
		{gojwt.ErrTokenRequiredClaimMissing, errRequired},
		{errClaims, errClaims},
	} {
		if errors.Is(err, row.cause) {
			return row.rule
		}
	}
	return errForm
}
