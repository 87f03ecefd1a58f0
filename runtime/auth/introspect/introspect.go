package introspect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/internal/bound"
	"github.com/bailey-go/bailey/runtime/auth/internal/outbound"
	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
	"github.com/bailey-go/bailey/runtime/principal"
)

// An Authenticator verifies the bearer tokens of one policy. It is safe for concurrent use.
type Authenticator struct {
	policy      Policy
	endpoint    string
	issuer      string // of principals
	credentials credentials
	table       *principal.Table
	client      *http.Client
	bound       bound.Rules
	good        *remember.Cache[remember.Digest, known]
	bad         *remember.Cache[remember.Digest, refused]
	slots       chan struct{} // one for each question that may be asked now
	waiting     atomic.Int64
	reported    atomic.Int64 // when Report was last called, Unix nanoseconds

	mu      sync.Mutex
	flights map[remember.Digest]*flight
}

// known is a good answer, and refused a bad one.
type (
	known struct {
		caller *principal.Principal
		until  time.Time
		key    *bound.Key // that the caller must hold; nil for a bearer token
	}
	refused struct {
		err   *auth.Refused
		until time.Time
	}
)

// A flight is a question on its way. Its result may be read when done is closed.
type flight struct {
	done  chan struct{}
	known known
	err   error
}

var (
	_ auth.Noncer     = (*Authenticator)(nil)
	_ auth.Challenger = (*Authenticator)(nil)
	_ auth.Negotiator = (*Authenticator)(nil)
)

// waitFactor is how many may wait for their turn for each that is asked about.
const waitFactor = 4

const (
	reportGap  = 10 * time.Second
	retryAfter = 2 * time.Second // the next question may be asked at once: so long, to spare an endpoint that is down
)

var (
	errText  = &auth.Refused{Rule: "authorization-malformed"}
	errAbort = &auth.Unavailable{Rule: "introspection-aborted"}
)

// New checks the policy and the client's credentials, and returns an authenticator whose principals are
// bound to table. The issuer is not asked before there is a token to ask about.
func New(p Policy, client Client, table *principal.Table) (*Authenticator, error) {
	p, target, err := p.normal()
	if table == nil {
		err = errors.Join(err, errors.New("introspect: no table of scopes"))
	}
	rules := bound.Rules{Certificate: p.CertificateBound}
	if p.DPoP != nil {
		checker, bad := dpop.New(*p.DPoP, p.Clock)
		if bad != nil {
			err = errors.Join(err, fmt.Errorf("introspect: %w", bad))
		}
		rules.Proofs, rules.Proof = checker, p.DPoP.Required
	}
	if v, ok := client.(via); ok {
		client = v.Client
		if v.transport != nil {
			p.Transport = v.transport
		}
	}
	if client == nil {
		return nil, errors.Join(err, errors.New("introspect: no client credentials"))
	}
	c, failed := client.open(p.Clock())
	if failed != nil {
		err = errors.Join(err, fmt.Errorf("introspect: %w", failed))
	}
	if err != nil {
		return nil, err
	}
	if p.Transport == nil {
		if p.Transport, err = p.connect(); err != nil {
			return nil, fmt.Errorf("introspect: %w", err)
		}
	}
	a := &Authenticator{
		policy: p, endpoint: target.String(), issuer: p.Issuer, credentials: c, table: table,
		good: remember.New[remember.Digest, known](p.CacheEntries), bad: remember.New[remember.Digest, refused](p.CacheEntries),
		slots: make(chan struct{}, p.Concurrency), flights: make(map[remember.Digest]*flight), bound: rules,
		client: &http.Client{Transport: p.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // the token and our credentials are for the endpoint alone
		}},
	}
	if a.issuer == "" {
		a.issuer = a.endpoint
	}
	return a, nil
}

// connect makes the policy's own transport.
func (p *Policy) connect() (http.RoundTripper, error) {
	t := outbound.NewTransport(p.Timeout, p.Concurrency)
	if p.CAFile == "" {
		return t, nil
	}
	return outbound.NewAuthority(t, p.CAFile, p.Clock, p.Report)
}

// Close ends idle connections. The authenticator must not be used any more.
func (a *Authenticator) Close() error {
	a.client.CloseIdleConnections()
	return nil
}

// Leeway implements [auth.Lenient].
func (a *Authenticator) Leeway() time.Duration { return a.policy.Leeway }

// Challenge implements [auth.Challenger].
func (a *Authenticator) Challenge(missing []string) string {
	return auth.BearerChallenge(a.policy.Realm, missing)
}

// Challenges implements [auth.Negotiator].
func (a *Authenticator) Challenges(missing []string, refused *auth.Refused) []string {
	return a.bound.Challenges(a.policy.Realm, missing, refused)
}

// Authenticate implements [auth.Authenticator] for the token that [auth.Bearer] finds.
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
	if !auth.IsToken(t.Text) {
		return nil, "", errText
	}
	k, err := a.find(r.Context(), t.Text, now)
	if err != nil {
		return nil, "", err
	}
	if a.bound.Plain(k.key, t) {
		return k.caller, "", nil
	}
	next, err := a.bound.Check(r, k.key, t, now)
	if err != nil {
		return nil, "", err
	}
	return k.caller, next, nil
}

// find returns what is known of a token, and asks where nothing is.
func (a *Authenticator) find(ctx context.Context, token string, now time.Time) (known, error) {
	sum := remember.Sum(token)
	if k, err := a.recall(sum, now); k.caller != nil || err != nil {
		return k, err
	}
	f, first := a.join(sum)
	if first {
		a.fly(ctx, f, sum, token, now)
		return f.known, f.err
	}
	select {
	case <-f.done:
		return f.known, f.err
	case <-ctx.Done():
		return known{}, errAbort
	}
}

// recall returns what is known of a token; neither where nothing is.
func (a *Authenticator) recall(sum remember.Digest, now time.Time) (known, error) {
	if k, ok := a.good.Get(sum); ok && remember.Holds(k.until, now, a.policy.Cache) {
		return k, nil
	}
	if r, ok := a.bad.Get(sum); ok && remember.Holds(r.until, now, a.policy.NegativeCache) {
		return known{}, r.err
	}
	return known{}, nil
}

// join returns the question about a token that is on its way, or a new one and true.
func (a *Authenticator) join(sum remember.Digest) (f *flight, first bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if f, ok := a.flights[sum]; ok {
		return f, false
	}
	f = &flight{done: make(chan struct{}), err: errAbort}
	a.flights[sum] = f
	return f, true
}

// fly asks, for everybody who joined: the first one's leaving does not end it, and the policy's Timeout does.
func (a *Authenticator) fly(ctx context.Context, f *flight, sum remember.Digest, token string, now time.Time) {
	defer func() {
		a.mu.Lock()
		delete(a.flights, sum)
		a.mu.Unlock()
		close(f.done)
	}()
	if k, err := a.recall(sum, now); k.caller != nil || err != nil { // from a flight that has just landed
		f.known, f.err = k, err
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.policy.Timeout)
	defer cancel()
	f.known, f.err = a.ask(ctx, sum, token, now)
}

// ask waits for its turn, asks, judges the answer and remembers what came of it.
func (a *Authenticator) ask(ctx context.Context, sum remember.Digest, token string, now time.Time) (known, error) {
	if !a.enter(ctx) {
		return known{}, a.unavailable("introspection-busy", nil)
	}
	defer func() { <-a.slots }()
	body, err := a.post(ctx, token, now)
	if err != nil {
		a.report(err)
		return known{}, a.unavailable("introspection", err)
	}
	v, err := a.judge(body, token, now)
	if bad := (*auth.Refused)(nil); errors.As(err, &bad) {
		if a.policy.NegativeCache > 0 {
			a.bad.Put(sum, refused{bad, now.Add(a.policy.NegativeCache)}, remember.Weight(0, 0))
		}
		return known{}, bad
	}
	if err != nil {
		a.report(err)
		return known{}, a.unavailable("introspection-answer", err)
	}
	if v.until.After(now) {
		a.good.Put(sum, v.known, v.weight)
	}
	return v.known, nil
}

// unavailable says that a token could not be asked about. Everybody can bring that about, with tokens
// that nobody issued.
func (a *Authenticator) unavailable(rule string, err error) error {
	return &auth.Unavailable{Rule: rule, Err: err, RetryAfter: retryAfter, Unverified: true, Issuer: a.issuer}
}

// enter takes a slot, and waits for one only where not too many wait already.
func (a *Authenticator) enter(ctx context.Context) bool {
	select {
	case a.slots <- struct{}{}:
		return true
	default:
	}
	defer a.waiting.Add(-1)
	if a.waiting.Add(1) > int64(waitFactor*cap(a.slots)) {
		return false
	}
	select {
	case a.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// post asks the endpoint (RFC 7662, section 2.1). The body of an answer is never part of the error: it may repeat the token.
func (a *Authenticator) post(ctx context.Context, token string, now time.Time) ([]byte, error) {
	id, secret, err := a.credentials.get(now)
	if err != nil {
		a.report(err)
	}
	form := url.Values{"token": {token}, "token_type_hint": {"access_token"}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.endpoint, strings.NewReader(form))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) // both encoded: RFC 6749, section 2.3.1
	return outbound.Read(a.client, r, maxAnswer)
}

// report tells of a failure, unless it has just told of another.
func (a *Authenticator) report(err error) {
	now, last := a.policy.Clock().UnixNano(), a.reported.Load()
	if last != 0 && now-last < int64(reportGap) || !a.reported.CompareAndSwap(last, now) {
		return
	}
	a.policy.Report(fmt.Errorf("introspect: %w", err))
}

// Describe implements [auth.Describer].
func (a *Authenticator) Describe() any { return a.policy }
