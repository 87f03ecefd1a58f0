package apikey

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/internal/keyfile"
)

// Generate makes a key of 256 random bits: prefix and 43 characters of base64url. The clear text is
// for its holder, once; what is stored is key, which still needs ID, Subject and the rest. It panics
// if prefix is not printable ASCII or is longer than 64 bytes.
func Generate(prefix string) (clear string, key Key) {
	if !isVisible(prefix) || len(prefix) > 64 {
		panic("apikey: the prefix is not printable ASCII of at most 64 bytes")
	}
	var random [32]byte
	rand.Read(random[:]) // never fails: it ends the program rather
	clear = prefix + base64.RawURLEncoding.EncodeToString(random[:])
	return clear, Key{Hash: HashOf(clear)}
}

// HashOf returns what [Key.Hash] holds for a key's clear text.
func HashOf(clear string) string {
	sum := sha256.Sum256([]byte(clear))
	return hex.EncodeToString(sum[:])
}

// table is an immutable set of keys by hash.
type table map[[sha256.Size]byte]*Key

// newTable checks the keys and copies them.
func newTable(keys []Key) (table, error) {
	var errs []error
	t := make(table, len(keys))
	ids := make(map[string]bool, len(keys))
	for i := range keys {
		k := keys[i]
		sum, err := k.sum()
		switch {
		case err != nil:
			errs = append(errs, err)
		case t[sum] != nil:
			errs = append(errs, fmt.Errorf("keys %q and %q have the same hash", t[sum].ID, k.ID))
		case ids[k.ID]:
			errs = append(errs, fmt.Errorf("two keys with the id %q", k.ID))
		}
		ids[k.ID] = true
		t[sum] = &k
	}
	return t, errors.Join(errs...)
}

type static table

// Static returns a store of these keys, which it copies, or all that is wrong with them.
func Static(keys ...Key) (Store, error) {
	t, err := newTable(keys)
	if err != nil {
		return nil, fmt.Errorf("apikey: %w", err)
	}
	return static(t), nil
}

// Lookup implements [Store].
func (s static) Lookup(_ context.Context, hash [sha256.Size]byte) (*Key, bool, error) {
	k, ok := s[hash]
	return k, ok, nil
}

// File returns a store of the keys in a file, as [OpenFile] does with its defaults.
func File(path string) (Store, error) { return OpenFile(FileStore{Path: path}) }

// FileStore describes a file of keys, at most 16 MiB, in one of two forms. JSON, read strictly:
//
//	{"keys": [{"id": "ci", "hash": "9f86...", "subject": "build", "scopes": ["read"], "expires": "2030-01-01T00:00:00Z"}]}
//
// or lines of id, hash, subject, and, if need be, the scopes with commas between (or -) and the expiry:
//
//	# a comment
//	ci 9f86... build read,write 2030-01-01T00:00:00Z
//
// The file must be a regular one that not everyone may write. It is looked at again by one of the requests, at most once
// per Interval. If it cannot be read then, or a key in it is not valid, Report is told and the keys read last stay in force
// for Keep; then every key is refused as unavailable.
type FileStore struct {
	Path string
	// Interval is the least time between two looks; 0 means 10 seconds.
	Interval time.Duration
	// Keep is how long keys stay in force that could not be confirmed; 0 means 1 hour.
	Keep time.Duration
	// Clock replaces time.Now.
	Clock func() time.Time
	// Report, if set, is told when the file could not be read again. It must not block.
	Report func(error)
}

const maxFile = 16 << 20

// OpenFile reads the file and returns a store of its keys, or why it cannot be used.
func OpenFile(f FileStore) (Store, error) {
	if f.Path == "" || f.Interval < 0 || f.Keep < 0 {
		return nil, errors.New("apikey: a key file needs a path, and intervals that are not negative")
	}
	if f.Interval == 0 {
		f.Interval = 10 * time.Second
	}
	if f.Keep == 0 {
		f.Keep = time.Hour
	}
	if f.Clock == nil {
		f.Clock = time.Now
	}
	if f.Report == nil {
		f.Report = func(error) {}
	}
	s := &fileStore{config: f, file: keyfile.Open(f.Path, maxFile, f.Interval)}
	if err := s.look(f.Clock()); err != nil {
		return nil, err
	}
	return s, nil
}

type fileStore struct {
	config FileStore
	file   *keyfile.File
	keys   atomic.Pointer[table]
	good   atomic.Int64 // when last confirmed, Unix nanoseconds
}

var errStale = errors.New("apikey: the key file could not be read for too long")

// Lookup implements [Store].
func (s *fileStore) Lookup(_ context.Context, hash [sha256.Size]byte) (*Key, bool, error) {
	now := s.config.Clock()
	if err := s.look(now); err != nil {
		s.config.Report(err)
	}
	if now.UnixNano()-s.good.Load() > int64(s.config.Keep) {
		return nil, false, errStale
	}
	k, ok := (*s.keys.Load())[hash]
	return k, ok, nil
}

func (s *fileStore) look(now time.Time) error {
	err := s.file.Poll(now, func(text []byte) error {
		if text != nil {
			keys, err := parseFile(string(text))
			if err != nil {
				return fmt.Errorf("%s: %w", s.file.Path(), err)
			}
			s.keys.Store(&keys)
		}
		s.good.Store(now.UnixNano())
		return nil
	})
	if err != nil {
		return fmt.Errorf("apikey: key file: %w", err)
	}
	return nil
}
