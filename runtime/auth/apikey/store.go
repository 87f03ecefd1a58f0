package apikey

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

// table is an immutable set of keys by id and by hash.
type table struct {
	byID   map[string]*Key
	byHash map[[sha256.Size]byte]*Key
}

// maxKeys bounds the keys of one table.
const maxKeys = 100_000

// newTable checks the keys and copies them.
func newTable(keys []Key) (*table, error) {
	if len(keys) > maxKeys {
		return nil, fmt.Errorf("apikey: more than %d keys: they belong into a database", maxKeys)
	}
	var errs []error
	t := &table{make(map[string]*Key, len(keys)), make(map[[sha256.Size]byte]*Key, len(keys))}
	for i := range keys {
		k := keys[i]
		if err := k.Check(); err != nil {
			errs = append(errs, err)
			continue
		}
		hash := k.mac()
		switch other := t.byHash[hash]; {
		case t.byID[k.ID] != nil:
			errs = append(errs, fmt.Errorf("apikey: two keys with the id %s", k.ID))
		case other != nil:
			errs = append(errs, fmt.Errorf("apikey: the keys %s and %s have the same hash", other.ID, k.ID))
		}
		t.byID[k.ID], t.byHash[hash] = &k, &k
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return t, nil
}

// Static returns a store of these keys, which it copies, or all that is wrong with them. There are at most 100,000. It is a [HashStore].
func Static(keys ...Key) (Store, error) {
	t, err := newTable(keys)
	if err != nil {
		return nil, err
	}
	return t, nil
}

// Lookup implements [Store].
func (t *table) Lookup(_ context.Context, id string) (*Key, bool, error) {
	k, ok := t.byID[id]
	return k, ok, nil
}

// LookupHash implements [HashStore].
func (t *table) LookupHash(_ context.Context, hash [sha256.Size]byte) (*Key, bool, error) {
	k, ok := t.byHash[hash]
	return k, ok, nil
}

func (t *table) inMemory() {}

// File returns a store of the keys in a file, as [OpenFile] does with its defaults.
func File(path string) (Store, error) { return OpenFile(FileStore{Path: path}) }

// FileStore describes a file of keys: JSON of at most 16 MiB and 100,000 keys, read strictly. What stands in it of a key is [Key]:
//
//	{"keys": [{"id": "4fW0ZbC...", "hash-key": "2026", "hash": "9f86...", "subject": "build", "scopes": ["read"], "expires": "2030-01-01T00:00:00Z"}]}
//
// The file must be a regular one that not everyone may write. It is looked at again by one of the requests, at most once
// per Interval, and replaced as a whole: write a new file beside it and rename that. If it cannot be read then, or a key in it is not valid, [Policy.Report] is told and
// the keys read last stay in force for Keep; then every key is refused as unavailable.
type FileStore struct {
	Path string
	// Interval is the least time between two looks; 0 means 10 seconds.
	Interval time.Duration
	// Keep is how long keys stay in force that could not be confirmed; 0 means 1 hour.
	Keep time.Duration
	// Clock replaces time.Now.
	Clock func() time.Time
}

const maxFile = 16 << 20

// OpenFile reads the file and returns a store of its keys, which is a [HashStore], or why it cannot be used.
func OpenFile(f FileStore) (Store, error) {
	if f.Clock == nil {
		f.Clock = time.Now
	}
	live, err := keyfile.OpenLive(keyfile.LiveConfig{Path: f.Path, Max: maxFile, Interval: f.Interval, Keep: f.Keep}, f.Clock(), parseFile)
	if err != nil {
		return nil, fmt.Errorf("apikey: key file: %w", err)
	}
	return &fileStore{live, f.Clock}, nil
}

type fileStore struct {
	*keyfile.Live[*table]
	clock func() time.Time
}

// Lookup implements [Store].
func (s *fileStore) Lookup(ctx context.Context, id string) (*Key, bool, error) {
	t, err := s.table()
	if err != nil {
		return nil, false, err
	}
	return t.Lookup(ctx, id)
}

// LookupHash implements [HashStore].
func (s *fileStore) LookupHash(ctx context.Context, hash [sha256.Size]byte) (*Key, bool, error) {
	t, err := s.table()
	if err != nil {
		return nil, false, err
	}
	return t.LookupHash(ctx, hash)
}

func (s *fileStore) inMemory() {}

func (s *fileStore) table() (*table, error) {
	t, err := s.Get(s.clock())
	if err != nil {
		return nil, fmt.Errorf("apikey: key file: %w", err)
	}
	return *t, nil
}
