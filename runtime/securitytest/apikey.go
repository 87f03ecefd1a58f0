package securitytest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
)

// APIKeys are the keys of an API key scheme.
func (c *Credentials) APIKeys(scheme string) apikey.Keys {
	return apikey.Keys{Store: c.keys[scheme], Hash: c.keys[scheme].hash}
}

// keyring makes API keys and stores their hashes.
type keyring struct {
	policy apikey.Policy
	hash   *apikey.HashKeys
	keys   map[string]*apikey.Key
}

func newKeyring(p apikey.Policy) (*keyring, error) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	hash, err := apikey.NewHashKeys(apikey.HashKey{ID: "attack", Secret: secret})
	return &keyring{policy: p, hash: hash, keys: map[string]*apikey.Key{}}, err
}

var _ apikey.HashStore = (*keyring)(nil)

// Lookup implements [apikey.Store].
func (k *keyring) Lookup(_ context.Context, id string) (*apikey.Key, bool, error) {
	key, ok := k.keys[id]
	return key, ok, nil
}

// LookupHash implements [apikey.HashStore].
func (k *keyring) LookupHash(_ context.Context, hash [sha256.Size]byte) (*apikey.Key, bool, error) {
	text := hex.EncodeToString(hash[:])
	for _, key := range k.keys {
		if key.Hash == text {
			return key, true, nil
		}
	}
	return nil, false, nil
}

// issue makes a key of which something may be changed.
func (k *keyring) issue(who Caller, scopes []string, change func(*apikey.Key)) string {
	clear, key := k.hash.Generate(k.policy.Prefix)
	key.Subject, key.Scopes, key.Roles = who.Subject, scopes, who.Roles
	if change != nil {
		change(&key)
	}
	k.keys[key.ID] = &key
	return clear
}

func (k *keyring) bad(who Caller, scopes []string) []bad {
	good := k.issue(who, scopes, nil)
	other, _ := k.hash.Generate(k.policy.Prefix)
	forged, stored := k.hash.Generate(k.policy.Prefix)
	stored.Subject, stored.Scopes, stored.Roles = who.Subject, scopes, who.Roles
	stored.Hash = k.keys[good[len(k.policy.Prefix):][:len(stored.ID)]].Hash
	k.keys[stored.ID] = &stored
	hour := time.Hour
	return []bad{
		{name: "an unknown key", fields: k.place(other)},
		{name: "a key with the id of another", fields: k.place(forged)},
		{name: "an expired key", fields: k.place(k.issue(who, scopes, func(k *apikey.Key) { k.Expires = time.Now().Add(-hour) }))},
		{name: "a key that is not yet good", fields: k.place(k.issue(who, scopes, func(k *apikey.Key) { k.NotBefore = time.Now().Add(hour) }))},
		{name: "a revoked key", fields: k.place(k.issue(who, scopes, func(k *apikey.Key) { k.Revoked = true }))},
		{name: "a key cut short", fields: k.place(good[:len(good)-1])},
		{name: "a key and more", fields: k.place(good + "0")},
		{name: "a key in capital letters", fields: k.place(strings.ToUpper(good))},
		{name: "an empty key", fields: k.place(""), blank: true},
	}
}

// place puts a key where the scheme has it.
func (k *keyring) place(key string) fields {
	switch k.policy.In {
	case "query":
		return fields{queryField: {url.QueryEscape(k.policy.Name) + "=" + url.QueryEscape(key)}}
	case "cookie":
		return fields{"Cookie": {k.policy.Name + "=" + key}}
	}
	switch scheme := k.policy.AuthScheme; {
	case strings.EqualFold(scheme, "Basic"):
		key = scheme + " " + base64.StdEncoding.EncodeToString([]byte(key+":"))
	case k.policy.Parameter != "":
		key = scheme + " " + k.policy.Parameter + `="` + key + `"`
	case scheme != "":
		key = scheme + " " + key
	}
	return fields{http.CanonicalHeaderKey(k.policy.Name): {key}}
}
