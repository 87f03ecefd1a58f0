package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
)

// A Policy says how long sessions last, and what their cookie is called.
type Policy struct {
	// Scheme names the security scheme, for [principal.Principal.Scheme].
	Scheme string
	// Cookie is the cookie's name, which must begin with "__Host-": browsers then take it from this host only, over TLS, for all paths.
	Cookie string
	// Idle ends a session that was not used for so long: 1 minute to 24 hours; 0 means 30 minutes.
	Idle time.Duration
	// Absolute ends a session however much it is used: at least Idle, at most 30 days; 0 means 12 hours.
	Absolute time.Duration
	// Strict sends the cookie only with requests that a page of this site makes (SameSite=Strict): not when a link elsewhere is
	// followed. Otherwise it is Lax.
	Strict bool
	// Clock replaces time.Now, where the pipeline does not say what time it is.
	Clock func() time.Time
}

const (
	defaultIdle, leastIdle, mostIdle = 30 * time.Minute, time.Minute, 24 * time.Hour
	defaultAbsolute, mostAbsolute    = 12 * time.Hour, 30 * 24 * time.Hour
	hostPrefix                       = "__Host-"
	maxCookieName                    = 64
)

// Sessions begins and ends sessions, for handlers, and is what generated code authenticates by. Make one with New, give it to Config and to the
// handler. It is safe for concurrent use.
type Sessions struct {
	store   Store
	serving atomic.Pointer[Policy]
}

// New returns the sessions in a store: [NewMemory] has one.
func New(store Store) (*Sessions, error) {
	if store == nil {
		return nil, errors.New("session: no store")
	}
	return &Sessions{store: store}, nil
}

// Who is whom a session stands for.
type Who struct {
	// Subject names the caller; required, at most 255 bytes.
	Subject string
	// Scopes are what the session grants, Roles what the caller is; at most 1,000 of each.
	Scopes, Roles []string
	// Claims are what policies may compare, such as a tenant.
	Claims map[string]string
}

const (
	maxSubject = 255
	maxGrants  = 1000
	maxClaims  = 100
)

func (w *Who) check() error {
	if w.Subject == "" || len(w.Subject) > maxSubject || len(w.Scopes) > maxGrants || len(w.Roles) > maxGrants || len(w.Claims) > maxClaims {
		return errors.New("session: nobody, or too much of them")
	}
	for _, s := range w.Scopes {
		if !auth.IsScopeToken(s) {
			return errors.New("session: a scope is not a scope-token (RFC 6749, section 3.3)")
		}
	}
	return nil
}

// ErrNotServed says that no server has these sessions yet, and so no policy.
var ErrNotServed = errors.New("session: no server was made with these sessions")

// Begin begins a session, and returns the value of a Set-Cookie field that gives it to the browser: a secret, to be sent and not to be logged. Call it whenever
// somebody authenticates, and give it the session that they came with, if any: that one ends, so that nobody who planted it shares the new one
// (session fixation). The same is due when somebody's scopes change. Nil is nobody.
//
// Where the store fails, here and in End and EndAll, the error is an [*auth.Unavailable]: the handler
// returns it, and the server answers 503 with Retry-After.
func (s *Sessions) Begin(ctx context.Context, who Who, before Caller) (setCookie string, err error) {
	p := s.serving.Load()
	if p == nil {
		return "", ErrNotServed
	}
	if err := who.check(); err != nil {
		return "", err
	}
	if err := s.End(ctx, before); err != nil {
		return "", err
	}
	var number [32]byte
	rand.Read(number[:]) // never fails: it ends the program rather
	text := base64.RawURLEncoding.EncodeToString(number[:])
	now := p.Clock()
	err = s.store.Put(ctx, sha256.Sum256([]byte(text)), &Record{Who: who.clone(), Began: now, Used: now, Ends: now.Add(p.Absolute), Idle: p.Idle})
	if err != nil {
		return "", unavailable(err)
	}
	return p.cookie(text, int(p.Absolute/time.Second)), nil
}

// unavailable is the error of a store. A handler that returns it, wrapped or not, answers 503.
func unavailable(err error) error {
	return &auth.Unavailable{Rule: "session-store", Err: fmt.Errorf("session: %w", err)}
}

// Caller is who sent a request: a [principal.Caller], or what generated packages make of it.
type Caller interface {
	Scheme() string
	ClaimValue(name string) (any, bool)
}

// End ends the session that c came with. Whoever came with something else, or nothing, has none to end.
func (s *Sessions) End(ctx context.Context, c Caller) error {
	policy := s.serving.Load()
	if c == nil || policy == nil || c.Scheme() != policy.Scheme {
		return nil
	}
	value, _ := c.ClaimValue(claimID)
	id, ok := value.(sessionID)
	if !ok {
		return errors.New("session: the caller is of this scheme, and has no session")
	}
	if err := s.store.Delete(ctx, id); err != nil {
		return unavailable(err)
	}
	return nil
}

// EndAll ends every session of a subject: after a change of password, or when somebody is locked out.
func (s *Sessions) EndAll(ctx context.Context, subject string) error {
	if err := s.store.DeleteSubject(ctx, subject); err != nil {
		return unavailable(err)
	}
	return nil
}

// Forget returns the value of a Set-Cookie field that takes the cookie away, for the answer to a logout.
func (s *Sessions) Forget() string {
	p := s.serving.Load()
	if p == nil {
		return ""
	}
	return p.cookie("", 0)
}

// cookie writes a Set-Cookie field (RFC 6265, section 4.1).
func (p *Policy) cookie(value string, seconds int) string {
	site := "Lax"
	if p.Strict {
		site = "Strict"
	}
	return fmt.Sprintf("%s=%s; Path=/; Max-Age=%d; Secure; HttpOnly; SameSite=%s", p.Cookie, value, seconds, site)
}

// claimID is the principal's claim with the session, of a type that no policy compares and nothing prints.
const claimID = "session"

type sessionID [sha256.Size]byte

// Format keeps it out of whatever is printed.
func (sessionID) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("session")) }

// MarshalText keeps it out of JSON.
func (sessionID) MarshalText() ([]byte, error) { return []byte("session"), nil }

func (w Who) clone() Who {
	c := Who{Subject: w.Subject, Scopes: append([]string(nil), w.Scopes...), Roles: append([]string(nil), w.Roles...)}
	if len(w.Claims) > 0 {
		c.Claims = make(map[string]string, len(w.Claims))
		for k, v := range w.Claims {
			c.Claims[k] = v
		}
	}
	return c
}

// Serve checks the policy and returns an authenticator whose principals are bound to table: generated code calls it. One server can have these sessions;
// for another, make others of the same store.
func (s *Sessions) Serve(p Policy, table *principal.Table) (auth.Authenticator, error) {
	if s == nil {
		return nil, errors.New("session: no sessions")
	}
	if p.Idle == 0 {
		p.Idle = defaultIdle
	}
	if p.Absolute == 0 {
		p.Absolute = max(defaultAbsolute, p.Idle)
	}
	if p.Clock == nil {
		p.Clock = time.Now
	}
	var errs []error
	if !strings.HasPrefix(p.Cookie, hostPrefix) || len(p.Cookie) == len(hostPrefix) || len(p.Cookie) > maxCookieName || !isToken(p.Cookie) {
		errs = append(errs, errors.New("session: the cookie's name does not begin with __Host-, or is no token"))
	}
	if p.Idle < leastIdle || p.Idle > mostIdle || p.Absolute < p.Idle || p.Absolute > mostAbsolute {
		errs = append(errs, errors.New("session: idle is 1m to 24h, and absolute no shorter and at most 720h"))
	}
	if table == nil {
		errs = append(errs, errors.New("session: no table of scopes"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if !s.serving.CompareAndSwap(nil, &p) && !s.serving.Load().equals(&p) {
		return nil, errors.New("session: these sessions serve another server")
	}
	return &authenticator{policy: p, store: s.store, table: table, callers: newCallers()}, nil
}

// equals reports whether two servers agree, such as one that did not start and the next attempt.
func (p *Policy) equals(q *Policy) bool {
	return p.Scheme == q.Scheme && p.Cookie == q.Cookie && p.Idle == q.Idle && p.Absolute == q.Absolute && p.Strict == q.Strict
}

// isToken reports whether s is a token (RFC 9110, section 5.6.2), as cookie names are.
func isToken(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~") == ""
}

var (
	_ auth.TimedAuthenticator = (*authenticator)(nil)
	_ auth.Challenger         = (*authenticator)(nil)
)
