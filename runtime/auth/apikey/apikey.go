// Package apikey authenticates callers by API keys, of which only the SHA-256 is stored.
//
// A key must be of high entropy, as [Generate] makes them: 256 random bits cannot be guessed
// from their hash, so that the hash needs no salt and no slow function, and a stolen
// list of hashes opens nothing. Never let callers choose their keys.
package apikey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
	// Prefix, if not empty, is what every key begins with: it makes keys recognisable, and
	// rubbish cheap to refuse.
	Prefix string
	// MinLength is the least length of a key with its prefix, in bytes; 0 means 32. At least 16, for a
	// shorter key can be guessed.
	MinLength int
	// Clock replaces time.Now.
	Clock func() time.Time
}

// MaxLength is the longest key, in bytes.
const MaxLength = 512

const (
	defaultMinLength = 32
	leastMinLength   = 16
)

// A Key is what is stored of an API key.
type Key struct {
	// ID names the key in lists and logs; it is no secret.
	ID string `json:"id"`
	// Hash is the SHA-256 of the whole key in lower-case hexadecimal.
	Hash string `json:"hash"`
	// Subject is whom the key stands for.
	Subject string `json:"subject"`
	// Scopes are what the key grants.
	Scopes []string `json:"scopes,omitempty"`
	// Roles are what its holder is.
	Roles []string `json:"roles,omitempty"`
	// Expires is when it ends; zero means that it does not.
	Expires time.Time `json:"expires,omitzero"`
}

// sum returns the decoded hash, or why k is not a usable key.
func (k *Key) sum() (sum [sha256.Size]byte, err error) {
	b, err := hex.DecodeString(k.Hash)
	switch {
	case k.ID == "":
		return sum, errors.New("a key without an id")
	case err != nil || len(b) != sha256.Size || strings.ToLower(k.Hash) != k.Hash:
		return sum, fmt.Errorf("key %q: its hash is not a SHA-256 in lower-case hexadecimal", k.ID)
	case k.Subject == "":
		return sum, fmt.Errorf("key %q: no subject", k.ID)
	}
	for _, scope := range k.Scopes {
		if !auth.IsScopeToken(scope) {
			return sum, fmt.Errorf("key %q: a scope is not a scope-token (RFC 6749, section 3.3)", k.ID)
		}
	}
	return [sha256.Size]byte(b), nil
}

// A Store finds keys by the SHA-256 of the whole key. It must be safe for concurrent use, and what it
// returns must not be changed afterwards: return a new *Key for a changed one.
//
// An error means that the store cannot answer; the request is refused as unavailable.
type Store interface {
	Lookup(ctx context.Context, hash [sha256.Size]byte) (*Key, bool, error)
}

// Authenticator authenticates by API keys. It is safe for concurrent use.
type Authenticator struct {
	policy Policy
	field  string // Name in canonical form, for headers
	store  Store
	table  *principal.Table

	mu      sync.RWMutex
	callers map[[sha256.Size]byte]bound
}

// bound is a key and the principal made for it.
type bound struct {
	key    *Key
	caller *principal.Principal
}

// maxCallers bounds the principals that are kept bound; a store may have more keys.
const maxCallers = 10_000

var (
	_ auth.Authenticator = (*Authenticator)(nil)
	_ auth.Challenger    = (*Authenticator)(nil)
)

// New checks the policy and returns an authenticator whose principals are bound to table.
func New(p Policy, store Store, table *principal.Table) (*Authenticator, error) {
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
	if p.MinLength == 0 {
		p.MinLength = max(defaultMinLength, len(p.Prefix)+leastMinLength)
	}
	if least := len(p.Prefix) + leastMinLength; p.MinLength < least || p.MinLength > MaxLength {
		bad("a minimum length of %d is not in %d..%d: behind the prefix there must be something to guess", p.MinLength, least, MaxLength)
	}
	if !isVisible(p.Prefix) {
		bad("the prefix is not printable ASCII")
	}
	if store == nil {
		bad("no store of keys")
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
	return &Authenticator{
		policy: p, field: http.CanonicalHeaderKey(p.Name), store: store, table: table,
		callers: make(map[[sha256.Size]byte]bound),
	}, nil
}

// Refusals.
var (
	errRepeated    = &auth.Refused{Rule: "api-key-repeated"}
	errForm        = &auth.Refused{Rule: "api-key-malformed"}
	errUnknown     = &auth.Refused{Rule: "api-key-unknown"}
	errExpired     = &auth.Refused{Rule: "api-key-expired"}
	errQuery       = &auth.Refused{Rule: "api-key-query-malformed"}
	errUnavailable = "api-key-store"
)

// Authenticate implements [auth.Authenticator].
func (a *Authenticator) Authenticate(r *http.Request) (*principal.Principal, error) {
	text, err := a.find(r)
	if err != nil {
		return nil, err
	}
	if len(text) < a.policy.MinLength || len(text) > MaxLength ||
		!strings.HasPrefix(text, a.policy.Prefix) || !isVisible(text) {
		return nil, errForm
	}
	// The look-up is by the hash, and its timing tells at most something about hashes of what the
	// caller sent; the comparison that decides is in constant time.
	sum := sha256.Sum256([]byte(text))
	k, ok, err := a.store.Lookup(r.Context(), sum)
	if err != nil {
		return nil, &auth.Unavailable{Rule: errUnavailable, Err: err}
	}
	if !ok || k == nil || !matches(k, &sum) {
		return nil, errUnknown
	}
	if !k.Expires.IsZero() && !a.policy.Clock().Before(k.Expires) {
		return nil, errExpired
	}
	return a.caller(k, sum), nil
}

// Challenge implements [auth.Challenger]. There is no registered scheme for API keys; the name says
// where one is expected, which the document says too.
func (a *Authenticator) Challenge(missing []string) string {
	rest := strings.TrimPrefix(auth.BearerChallenge(a.policy.Realm, missing), "Bearer")
	return "ApiKey" + rest
}

// caller returns the bound principal of k, made once: a store returns another *Key when anything about the
// key changed.
func (a *Authenticator) caller(k *Key, sum [sha256.Size]byte) *principal.Principal {
	a.mu.RLock()
	known := a.callers[sum]
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
	a.callers[sum] = bound{k, p}
	return p
}
