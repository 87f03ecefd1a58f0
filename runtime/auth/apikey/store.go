package apikey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

// table is an immutable set of keys by id.
type table map[string]*Key

// maxKeys bounds the keys of one table.
const maxKeys = 100_000

// newTable checks the keys and copies them.
func newTable(keys []Key) (table, error) {
	if len(keys) > maxKeys {
		return nil, fmt.Errorf("apikey: more than %d keys: they belong into a database", maxKeys)
	}
	var errs []error
	t := make(table, len(keys))
	for i := range keys {
		k := keys[i]
		if err := k.Check(); err != nil {
			errs = append(errs, err)
		} else if t[k.ID] != nil {
			errs = append(errs, fmt.Errorf("apikey: two keys with the id %s", k.ID))
		}
		t[k.ID] = &k
	}
	return t, errors.Join(errs...)
}

type static table

// Static returns a store of these keys, which it copies, or all that is wrong with them. There are at most 100,000.
func Static(keys ...Key) (Store, error) {
	t, err := newTable(keys)
	if err != nil {
		return nil, err
	}
	return static(t), nil
}

// Lookup implements [Store].
func (s static) Lookup(_ context.Context, id string) (*Key, bool, error) {
	k, ok := s[id]
	return k, ok, nil
}

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

// OpenFile reads the file and returns a store of its keys, or why it cannot be used.
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
	*keyfile.Live[table]
	clock func() time.Time
}

// Lookup implements [Store].
func (s *fileStore) Lookup(_ context.Context, id string) (*Key, bool, error) {
	keys, err := s.Get(s.clock())
	if err != nil {
		return nil, false, fmt.Errorf("apikey: key file: %w", err)
	}
	k, ok := (*keys)[id]
	return k, ok, nil
}
