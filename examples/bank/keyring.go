package main

import (
	"context"
	"sync"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
)

// keyring is a store of API keys that can end them. A real one keeps them in a database: see runtime/auth/apikey/apikeysql.
type keyring struct {
	mu   sync.Mutex
	keys map[string]*apikey.Key
}

var _ apikey.Store = (*keyring)(nil)

// Lookup implements apikey.Store.
func (k *keyring) Lookup(_ context.Context, id string) (*apikey.Key, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.keys[id]
	return key, ok, nil
}

func (k *keyring) add(key apikey.Key) error {
	if err := key.Check(); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys[key.ID] = &key
	return nil
}

// revoke ends a key, and reports whether there is one. What Lookup returned is not changed: a request may be looking at it.
func (k *keyring) revoke(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.keys[id]
	if ok {
		ended := *key
		ended.Revoked = true
		k.keys[id] = &ended
	}
	return ok
}
