package apikey

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
)

// A Key is what is stored of an API key: nothing in it is secret. [HashKeys.Generate] makes ID, HashKey and Hash; the rest is for
// whoever gives the key away to say.
type Key struct {
	// ID names the key, in lists and logs, and stands in its clear text.
	ID string `json:"id"`
	// HashKey is the id of the hash key.
	HashKey string `json:"hash-key"`
	// Hash is the HMAC-SHA-256 of the whole key in lower-case hexadecimal.
	Hash string `json:"hash"`
	// Subject is whom the key stands for; several keys may have the same.
	Subject string `json:"subject"`
	// Name is a label for people; may be empty.
	Name string `json:"name,omitempty"`
	// Scopes are what the key grants.
	Scopes []string `json:"scopes,omitempty"`
	// Roles are what its holder is.
	Roles []string `json:"roles,omitempty"`
	// NotBefore is when it begins to be good; zero means at once.
	NotBefore time.Time `json:"not-before,omitzero"`
	// Expires is when it ends; zero means that it does not.
	Expires time.Time `json:"expires,omitzero"`
	// Revoked keys are refused.
	Revoked bool `json:"revoked,omitempty"`
	// WeakReason is why a key is good that can be guessed more easily than [HashKeys.Import] allows: at most 255 bytes. Keys of fewer than
	// [LeastLength] characters are refused without one.
	WeakReason string `json:"weak-reason,omitempty"`
}

// The longest texts of a [Key], in bytes, and the most scopes and roles.
const (
	MaxSubject = 255
	MaxName    = 255
	MaxGrants  = 1000
)

// Check returns why k is not a usable key, or nil. Stores should ask it of what they are given and of what they read.
func (k *Key) Check() error {
	mac, err := hex.DecodeString(k.Hash)
	switch {
	case !isID(k.ID):
		return errors.New("apikey: a key whose id is not 16 letters and digits")
	case k.HashKey == "" || len(k.HashKey) > 64 || !isVisible(k.HashKey):
		return fmt.Errorf("apikey: key %s: no id of a hash key", k.ID)
	case err != nil || len(mac) != sha256.Size || strings.ToLower(k.Hash) != k.Hash:
		return fmt.Errorf("apikey: key %s: its hash is not an HMAC-SHA-256 in lower-case hexadecimal", k.ID)
	case k.Subject == "" || len(k.Subject) > MaxSubject || len(k.Name) > MaxName || len(k.WeakReason) > MaxName:
		return fmt.Errorf("apikey: key %s: no subject, or one, or a name, or a weak-reason, of more than 255 bytes", k.ID)
	case len(k.Scopes) > MaxGrants || len(k.Roles) > MaxGrants:
		return fmt.Errorf("apikey: key %s: more than %d scopes or roles", k.ID, MaxGrants)
	}
	for _, scope := range k.Scopes {
		if !auth.IsScopeToken(scope) {
			return fmt.Errorf("apikey: key %s: a scope is not a scope-token (RFC 6749, section 3.3)", k.ID)
		}
	}
	for _, role := range k.Roles {
		if role == "" || len(role) > MaxName {
			return fmt.Errorf("apikey: key %s: a role that is empty or of more than 255 bytes", k.ID)
		}
	}
	return nil
}

// mac is the hash in bytes, of a key that was checked.
func (k *Key) mac() (out [sha256.Size]byte) {
	_, _ = hex.Decode(out[:], []byte(k.Hash))
	return out
}

// matches compares the stored hash in constant time.
func (k *Key) matches(mac *[sha256.Size]byte) bool {
	var want [2 * sha256.Size]byte
	hex.Encode(want[:], mac[:])
	return len(k.Hash) == len(want) && subtle.ConstantTimeCompare([]byte(k.Hash), want[:]) == 1
}

// A Store finds keys by their ids, which are 16 letters and digits. It must be safe for concurrent use, and what it
// returns must not be changed afterwards: return a new *Key for a changed one. Revoked and expired keys may be returned or
// not. Package apikeytest holds a store to this.
//
// An error means that the store cannot answer; the request is refused as unavailable. It must come in bounded time.
type Store interface {
	Lookup(ctx context.Context, id string) (*Key, bool, error)
}

// A HashStore is a [Store] that finds keys by their hash as well, which opaque keys need ([Policy].Opaque). What is said of Lookup holds of
// LookupHash. The hash is that of [Key].Hash in bytes; no two keys have the same.
type HashStore interface {
	Store
	LookupHash(ctx context.Context, hash [sha256.Size]byte) (*Key, bool, error)
}

// Keys are what a server authenticates by. Both are required.
type Keys struct {
	Store Store
	Hash  *HashKeys
}
