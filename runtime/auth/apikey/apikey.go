// Package apikey authenticates callers by API keys, of which only a keyed hash is stored.
//
// Keys are made by [HashKeys.Generate]: a prefix, an id that is no secret, 256 random bits, and a checksum. A key is
// found by its id, and decided about by its HMAC-SHA-256, compared in constant time: neither the store's timing nor its content, if stolen, helps to
// guess one. 256 bits cannot be guessed from their hash, so that it needs no slow function.
package apikey

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
)

// A Policy says where a key stands in a request, and how it looks.
type Policy struct {
	// Scheme names the security scheme, for [principal.Principal.Scheme].
	Scheme string
	// Realm is shown in the challenge; may be empty.
	Realm string
	// In is "header", "query" or "cookie". Keys in queries end up in logs.
	In string
	// Name is the header field, the parameter or the cookie. Field names have no case, the others do.
	Name string
	// Prefix, if not empty, is what every key begins with: at most 64 visible ASCII characters. It makes keys
	// recognisable, and rubbish cheap to refuse.
	Prefix string
	// Clock replaces time.Now, where the pipeline does not say what time it is.
	Clock func() time.Time
	// Report, if set, is told when a store of keys could not be read again. It must not block.
	Report func(error)
}

// Authenticator authenticates by API keys. It is safe for concurrent use.
type Authenticator struct {
	policy Policy
	field  string // Name in canonical form, for headers
	keys   Keys
	table  *principal.Table

	mu      sync.RWMutex
	callers map[string]bound // by key id
}

// bound is a key and the principal made for it.
type bound struct {
	key    *Key
	caller *principal.Principal
}

// maxCallers bounds the principals that are kept bound; a store may have more keys.
const maxCallers = 10_000

var (
	_ auth.TimedAuthenticator = (*Authenticator)(nil)
	_ auth.Challenger         = (*Authenticator)(nil)
)

// New checks the policy and returns an authenticator whose principals are bound to table.
func New(p Policy, keys Keys, table *principal.Table) (*Authenticator, error) {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("apikey: "+format, args...)) }
	switch p.In {
	case "header", "query", "cookie":
	default:
		bad("a key cannot stand in %q: header, query or cookie", p.In)
	}
	if p.Name == "" || p.In != "query" && !isToken(p.Name) {
		bad("%q cannot be the name of a %s", p.Name, p.In)
	}
	if len(p.Prefix) > maxPrefix || !isVisible(p.Prefix) {
		bad("the prefix is not visible ASCII of at most %d bytes", maxPrefix)
	}
	if keys.Store == nil {
		bad("no store of keys")
	}
	if keys.Hash == nil || keys.Hash.byID[keys.Hash.first] == nil {
		bad("no hash keys")
	}
	if table == nil {
		bad("no table of scopes")
	}
	if p.Clock == nil {
		p.Clock = time.Now
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if s, ok := keys.Store.(interface{ ReportTo(func(error)) }); ok && p.Report != nil {
		s.ReportTo(p.Report)
	}
	return &Authenticator{
		policy: p, field: http.CanonicalHeaderKey(p.Name), keys: keys, table: table,
		callers: make(map[string]bound),
	}, nil
}

// Refusals.
var (
	errRepeated = &auth.Refused{Rule: "api-key-repeated"}
	errForm     = &auth.Refused{Rule: "api-key-malformed"}
	errChecksum = &auth.Refused{Rule: "api-key-checksum"}
	errUnknown  = &auth.Refused{Rule: "api-key-unknown"}
	errHashKey  = &auth.Refused{Rule: "api-key-hash-key"}
	errRevoked  = &auth.Refused{Rule: "api-key-revoked"}
	errEarly    = &auth.Refused{Rule: "api-key-not-yet"}
	errExpired  = &auth.Refused{Rule: "api-key-expired"}
	errQuery    = &auth.Refused{Rule: "api-key-query-malformed"}
)

// Authenticate implements [auth.Authenticator].
func (a *Authenticator) Authenticate(r *http.Request) (*principal.Principal, error) {
	return a.AuthenticateAt(r, a.policy.Clock())
}

// AuthenticateAt implements [auth.TimedAuthenticator].
func (a *Authenticator) AuthenticateAt(r *http.Request, now time.Time) (*principal.Principal, error) {
	text, err := a.find(r)
	if err != nil {
		return nil, err
	}
	id, formed, whole := split(text, a.policy.Prefix)
	switch {
	case !formed:
		return nil, errForm
	case !whole:
		return nil, errChecksum // before anybody is asked
	}
	k, ok, err := a.keys.Store.Lookup(r.Context(), id)
	if err != nil {
		return nil, &auth.Unavailable{Rule: "api-key-store", Err: err, Unverified: true}
	}
	if !ok || k == nil || k.ID != id { // a store that answers loosely is caught here
		return nil, errUnknown
	}
	h := a.keys.Hash.byID[k.HashKey]
	if h == nil {
		return nil, errHashKey
	}
	mac := h.sum(text)
	switch {
	case !k.matches(&mac):
		return nil, errUnknown
	case k.Revoked:
		return nil, errRevoked
	case !k.NotBefore.IsZero() && now.Before(k.NotBefore):
		return nil, errEarly
	case !k.Expires.IsZero() && !now.Before(k.Expires):
		return nil, errExpired
	}
	return a.caller(k), nil
}

// Challenge implements [auth.Challenger]. There is no registered scheme for API keys; the name says
// where one is expected, which the document says too.
func (a *Authenticator) Challenge(missing []string) string {
	rest := strings.TrimPrefix(auth.BearerChallenge(a.policy.Realm, missing), "Bearer")
	return "ApiKey" + rest
}

// caller returns the bound principal of k, made once: a store returns another *Key when anything about the
// key changed.
func (a *Authenticator) caller(k *Key) *principal.Principal {
	a.mu.RLock()
	known := a.callers[k.ID]
	a.mu.RUnlock()
	if known.key == k {
		return known.caller
	}
	p := &principal.Principal{
		Subject: k.Subject, Scheme: a.policy.Scheme, Scopes: k.Scopes, Roles: k.Roles, Expires: k.Expires,
		Claims: map[string]any{"key_id": k.ID},
	}
	p.Bind(a.table)
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.callers) >= maxCallers {
		clear(a.callers) // of many keys, some are gone from the store
	}
	a.callers[k.ID] = bound{k, p}
	return p
}
