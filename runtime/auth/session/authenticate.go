package session

import (
	"crypto/sha256"
	"net/http"
	"sync"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/cookie"
	"github.com/bailey-go/bailey/runtime/principal"
)

type authenticator struct {
	policy  Policy
	store   Store
	table   *principal.Table
	callers *callers
}

// Refusals.
var (
	errRepeated = &auth.Refused{Rule: "session-repeated"}
	errForm     = &auth.Refused{Rule: "session-malformed"}
	errUnknown  = &auth.Refused{Rule: "session-unknown"}
	errIdle     = &auth.Refused{Rule: "session-idle"}
	errOver     = &auth.Refused{Rule: "session-over"}
)

// textLength is that of 32 bytes in base64url.
const textLength = 43

// Authenticate implements [auth.Authenticator].
func (a *authenticator) Authenticate(r *http.Request) (*principal.Principal, error) {
	return a.AuthenticateAt(r, a.policy.Clock())
}

// AuthenticateAt implements [auth.TimedAuthenticator].
func (a *authenticator) AuthenticateAt(r *http.Request, now time.Time) (*principal.Principal, error) {
	// A cookie whose name is in another case has none of the guarantees of its prefix, and is not found.
	text, err := cookie.One(r.Header["Cookie"], a.policy.Cookie, errRepeated)
	if err != nil {
		return nil, err
	}
	if len(text) != textLength || !isToken(text) {
		return nil, errForm
	}
	// The look-up is by the hash: its timing tells something about hashes of what the caller sent, and nothing about numbers.
	id := sha256.Sum256([]byte(text))
	rec, ok, err := a.store.Get(r.Context(), id)
	switch {
	case err != nil:
		return nil, &auth.Unavailable{Rule: "session-store", Err: err, Unverified: true}
	case !ok || rec == nil || rec.Who.check() != nil:
		return nil, errUnknown
	case !now.Before(rec.Ends) || !now.Before(rec.Began.Add(a.policy.Absolute)):
		return nil, errOver
	case now.Sub(rec.Used) >= a.policy.Idle:
		return nil, errIdle
	}
	if now.Sub(rec.Used) >= a.policy.Idle/touches {
		if err := a.store.Touch(r.Context(), id, now); err != nil {
			return nil, &auth.Unavailable{Rule: "session-store", Err: err}
		}
	}
	return a.callers.of(a, id, rec), nil
}

// touches is how often within the idle time a session's use is written down, at most: a session may end that much too early.
const touches = 16

// Challenge implements [auth.Challenger]. No scheme is registered for cookies, which a login gives; the name says what is missing.
func (a *authenticator) Challenge(missing []string) string {
	if missing != nil {
		return ""
	}
	return "Cookie"
}

// callers are the principals of sessions, each made once.
type callers struct {
	mu   sync.RWMutex
	byID map[sessionID]*bound
}

type bound struct {
	record *Record
	caller *principal.Principal
}

// maxCallers bounds the principals that are kept bound.
const maxCallers = 10_000

func newCallers() *callers { return &callers{byID: map[sessionID]*bound{}} }

func (c *callers) of(a *authenticator, id sessionID, rec *Record) *principal.Principal {
	c.mu.RLock()
	known := c.byID[id]
	c.mu.RUnlock()
	if known != nil && known.record == rec {
		return known.caller
	}
	p := &principal.Principal{
		Subject: rec.Who.Subject, Scheme: a.policy.Scheme, Scopes: rec.Who.Scopes, Roles: rec.Who.Roles,
		Expires: rec.Ends, Claims: map[string]any{},
	}
	for name, value := range rec.Who.Claims {
		p.Claims[name] = value
	}
	p.Claims[claimID] = id
	p.Bind(a.table)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.byID) >= maxCallers {
		clear(c.byID) // of many sessions, most are over
	}
	c.byID[id] = &bound{rec, p}
	return p
}

// Describe implements [auth.Describer].
func (a *authenticator) Describe() any { return a.policy }
