// Package apikey authenticates callers by API keys, of which only a keyed hash is stored.
//
// Keys are made by [HashKeys.Generate]: a prefix, an id that is no secret, 256 random bits, and a checksum. A key is
// found by its id, and decided about by its HMAC-SHA-256, compared in constant time: neither the store's timing nor its content, if stolen, helps to
// guess one. 256 bits cannot be guessed from their hash, so that it needs no slow function.
package apikey

import (
	"context"
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
	// AuthScheme, if not empty, is the authentication scheme (RFC 9110, section 11.1) in front of the key in the header field Authorization:
	// Bearer, Token, SSWS, or any other token. Its case does not matter. A request with another scheme has no key. With Basic the key is
	// the user name, and the password is empty (RFC 7617, section 2).
	AuthScheme string
	// Parameter, if not empty, is the one auth-param behind AuthScheme whose value is the key, as in `Token token="KEY"` (RFC 9110, section 11.2).
	Parameter string
	// Opaque keys have no form of their own: each is found by its HMAC-SHA-256 ([HashStore]), under one or two hash keys. They are visible
	// ASCII of at most 256 bytes. Keys of [HashKeys.Generate] are good in such a scheme, too.
	Opaque bool
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

	opaque *finder // nil where keys have ids

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
	_ auth.Negotiator         = (*Authenticator)(nil)
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
	if err := p.checkScheme(); err != nil {
		errs = append(errs, err)
	}
	if len(p.Prefix) > maxPrefix || !isVisible(p.Prefix) {
		bad("the prefix is not visible ASCII of at most %d bytes", maxPrefix)
	}
	if keys.Store == nil {
		bad("no store of keys")
	}
	if keys.Hash == nil || keys.Hash.byID[keys.Hash.first()] == nil {
		bad("no hash keys")
	}
	var opaque *finder
	if p.Opaque && keys.Store != nil && keys.Hash != nil {
		var err error
		if opaque, err = newFinder(keys); err != nil {
			errs = append(errs, err)
		}
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
		policy: p, field: http.CanonicalHeaderKey(p.Name), keys: keys, table: table, opaque: opaque,
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
	errShort    = &auth.Refused{Rule: "api-key-short"}
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
	k, err := a.lookup(r.Context(), text, now)
	if err != nil {
		return nil, err
	}
	switch {
	case k.Revoked:
		return nil, errRevoked
	case !k.NotBefore.IsZero() && now.Before(k.NotBefore):
		return nil, errEarly
	case !k.Expires.IsZero() && !now.Before(k.Expires):
		return nil, errExpired
	case len(text) < LeastLength && k.WeakReason == "":
		return nil, errShort
	}
	return a.caller(k), nil
}

// lookup returns the stored key of a text, whose hash is that of the text.
func (a *Authenticator) lookup(ctx context.Context, text string, now time.Time) (*Key, error) {
	if a.opaque != nil {
		if text == "" || len(text) > maxOpaque || !isVisible(text) || !strings.HasPrefix(text, a.policy.Prefix) {
			return nil, errForm
		}
		return a.opaque.find(ctx, text, now)
	}
	id, formed, whole := split(text, a.policy.Prefix)
	switch {
	case !formed:
		return nil, errForm
	case !whole:
		return nil, errChecksum // before anybody is asked
	}
	k, ok, err := a.keys.Store.Lookup(ctx, id)
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
	if mac := h.sum(text); !k.matches(&mac) {
		return nil, errUnknown
	}
	return k, nil
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

// Describe implements [auth.Describer].
func (a *Authenticator) Describe() any { return a.policy }
