package apikey

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
	"github.com/bailey-go/bailey/runtime/auth/internal/turns"
)

const (
	// maxOpaque is the longest opaque key in bytes.
	maxOpaque = 256
	// maxTried bounds the hash keys of opaque keys, for each is another look-up.
	maxTried = 2

	unknownFor     = 10 * time.Second // that a key is not there is remembered so long
	unknownEntries = 10_000
	lookupsAtOnce  = 16
	lookupTimeout  = 2 * time.Second
)

// A finder finds opaque keys by their hashes. It asks a store that is not in memory for 16 keys at a time, and remembers for 10 seconds which
// keys are not there.
type finder struct {
	store   HashStore
	hashes  []hashed
	gate    *turns.Gate // nil for stores in memory, as unknown
	unknown *remember.Cache[remember.Digest, time.Time]
}

// hashed is one hash key with its id.
type hashed struct {
	id string
	*hasher
}

func newFinder(keys Keys) (*finder, error) {
	store, ok := keys.Store.(HashStore)
	var errs []error
	if !ok {
		errs = append(errs, errors.New("apikey: opaque keys need a store with LookupHash"))
	}
	if n := len(keys.Hash.ids); n > maxTried {
		errs = append(errs, fmt.Errorf("apikey: %d hash keys: an opaque key does not name its own, and at most %d are tried: hash keys that no stored key names can go", n, maxTried))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	f := &finder{store: store}
	for _, id := range keys.Hash.ids {
		f.hashes = append(f.hashes, hashed{id, keys.Hash.byID[id]})
	}
	if _, ok := store.(interface{ inMemory() }); !ok {
		f.gate, f.unknown = turns.New(lookupsAtOnce), remember.New[remember.Digest, time.Time](unknownEntries)
	}
	return f, nil
}

// find returns the stored key of a text of at most maxOpaque bytes.
func (f *finder) find(ctx context.Context, text string, now time.Time) (*Key, error) {
	first := f.hashes[0].sum(text)
	name := remember.Digest(first) // of no use without the hash key
	if until, ok := f.unknown.Get(name); ok && remember.Holds(until, now, unknownFor) {
		return nil, errUnknown
	}
	if f.gate != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, lookupTimeout)
		defer cancel()
		if err := f.gate.Enter(ctx); err != nil {
			return nil, &auth.Unavailable{Rule: "api-key-store", Err: fmt.Errorf("apikey: %w", err), Unverified: true}
		}
		defer f.gate.Leave()
	}
	for i, h := range f.hashes {
		mac := first
		if i > 0 {
			mac = h.sum(text)
		}
		k, err := f.ask(ctx, h.id, mac)
		if k != nil || err != nil {
			return k, err
		}
	}
	f.unknown.Put(name, now.Add(unknownFor), remember.Weight(0, 1))
	return nil, errUnknown
}

// ask returns the key with this hash under this hash key, or nil.
func (f *finder) ask(ctx context.Context, id string, mac [sha256.Size]byte) (*Key, error) {
	k, ok, err := f.store.LookupHash(ctx, mac)
	if err != nil {
		return nil, &auth.Unavailable{Rule: "api-key-store", Err: err, Unverified: true}
	}
	if !ok || k == nil || k.HashKey != id || !k.matches(&mac) { // a store that answers loosely is caught here
		return nil, nil
	}
	return k, nil
}
