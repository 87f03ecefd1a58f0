// Package apikeytest is the conformance suite of [apikey.Store]: what every store must do, whatever is behind it.
package apikeytest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
)

// HashKeys returns the hash keys under which the suite's keys are hashed.
func HashKeys(t *testing.T) *apikey.HashKeys {
	t.Helper()
	secret := sha256.Sum256([]byte("apikeytest"))
	r, err := apikey.NewHashKeys(apikey.HashKey{ID: "test", Secret: secret[:]})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A writer is a store that keys can be added to and revoked in; the suite tests that too where it can.
type writer interface {
	Add(ctx context.Context, k apikey.Key) error
	Revoke(ctx context.Context, id string) error
}

// Run tests the stores that open returns, which must hold exactly these keys.
func Run(t *testing.T, open func(t *testing.T, keys ...apikey.Key) apikey.Store) {
	s := &suite{ring: HashKeys(t), open: open}
	for _, test := range []struct {
		name string
		run  func(*testing.T, *suite)
	}{
		{"every member comes back", testMembers},
		{"unknown ids are not found", testUnknown},
		{"ids have case", testCase},
		{"hostile ids", testHostile},
		{"keys of one subject", testSubject},
		{"an ended context", testContext},
		{"concurrent look-ups", testConcurrent},
		{"writing", testWriting},
		{"by hash", testHash},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, s) })
	}
}

type suite struct {
	ring *apikey.HashKeys
	open func(t *testing.T, keys ...apikey.Key) apikey.Store
}

// key makes one with every member set.
func (s *suite) key(subject string) apikey.Key {
	_, k := s.ring.Generate("t_")
	k.Subject, k.Name = subject, "a name with 'quotes\" and ünïcödé"
	k.Scopes, k.Roles = []string{"read", "a:b/c%d'e"}, []string{"admin", "a role with spaces, and commas"}
	k.WeakReason = "a reason with 'quotes\""
	k.NotBefore, k.Expires = time.Unix(1_700_000_000, 0).UTC(), time.Unix(4_000_000_000, 0).UTC()
	return k
}

// find wants the key found as it was given.
func find(t *testing.T, store apikey.Store, want apikey.Key) {
	t.Helper()
	got, ok, err := store.Lookup(t.Context(), want.ID)
	if err != nil || !ok || got == nil {
		t.Fatalf("%s: %v, %v", want.ID, ok, err)
	}
	if g := normal(*got); !reflect.DeepEqual(g, normal(want)) {
		t.Errorf("got  %+v\nwant %+v", g, normal(want))
	}
}

// normal is a key without differences that mean nothing.
func normal(k apikey.Key) apikey.Key {
	k.Scopes, k.Roles = append([]string{}, k.Scopes...), append([]string{}, k.Roles...)
	k.NotBefore, k.Expires = k.NotBefore.UTC(), k.Expires.UTC()
	return k
}

func testMembers(t *testing.T, s *suite) {
	full, bare := s.key("full"), s.key("bare")
	bare.Name, bare.Scopes, bare.Roles, bare.NotBefore, bare.Expires, bare.WeakReason = "", nil, nil, time.Time{}, time.Time{}, ""
	store := s.open(t, full, bare)
	find(t, store, full)
	find(t, store, bare)
	find(t, store, full) // and once more, from a cache if there is one
}

// missing wants no key; an error is as good where strict is false.
func missing(t *testing.T, store apikey.Store, id string, strict bool) {
	t.Helper()
	k, ok, err := store.Lookup(t.Context(), id)
	if ok && err == nil || strict && err != nil {
		t.Errorf("%q: %+v, %v, %v; want nothing", id, k, ok, err)
	}
}

func testUnknown(t *testing.T, s *suite) {
	store := s.open(t, s.key("x"))
	for range 3 {
		_, other := s.ring.Generate("t_")
		missing(t, store, other.ID, true)
	}
}

func testCase(t *testing.T, s *suite) {
	k := s.key("x")
	k.ID = "aBcDeFgHiJkLmNoP"
	store := s.open(t, k)
	find(t, store, k)
	for _, id := range []string{strings.ToUpper(k.ID), strings.ToLower(k.ID)} {
		if got, ok, err := store.Lookup(t.Context(), id); ok && err == nil && got.ID == id {
			t.Errorf("%s is found under %s", k.ID, id)
		}
	}
}

func testHostile(t *testing.T, s *suite) {
	k := s.key("x")
	store := s.open(t, k)
	for _, id := range []string{
		"", "%", "_", "*", "?", "________________", "%%%%%%%%%%%%%%%%", "' OR '1'='1", `" OR ""="`, "x' OR 1=1 --   x", k.ID + "\x00", k.ID + " ", " " + k.ID,
		"\xff\xfe", strings.Repeat("a", 1<<16), k.ID[:15], k.ID + "0", k.ID + "%",
	} {
		missing(t, store, id, false)
	}
	find(t, store, k)
}

func testSubject(t *testing.T, s *suite) {
	a, b := s.key("same"), s.key("same")
	store := s.open(t, a, b)
	find(t, store, a)
	find(t, store, b)
}

func testContext(t *testing.T, s *suite) {
	k := s.key("x")
	store := s.open(t, k)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, ok, err := store.Lookup(ctx, k.ID); err == nil && (!ok || got.ID != k.ID) {
		t.Error("an ended context makes a key unknown: it must be an error, or the key")
	}
	find(t, store, k)
}

func testConcurrent(t *testing.T, s *suite) {
	keys := []apikey.Key{s.key("a"), s.key("b"), s.key("c")}
	store := s.open(t, keys...)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 20 {
				k := keys[i%len(keys)]
				if got, ok, err := store.Lookup(t.Context(), k.ID); err != nil || !ok || got.ID != k.ID || !slices.Equal(got.Scopes, k.Scopes) {
					t.Errorf("got %+v, %v, %v", got, ok, err)
				}
			}
		})
	}
	wg.Wait()
}

func testWriting(t *testing.T, s *suite) {
	first := s.key("first")
	store := s.open(t, first)
	w, ok := store.(writer)
	if !ok {
		t.Skip("the store has no Add and Revoke")
	}
	ctx := t.Context()
	second := s.key("second")
	missing(t, store, second.ID, true)
	if err := w.Add(ctx, second); err != nil {
		t.Fatal(err)
	}
	find(t, store, second)
	if err := w.Add(ctx, second); err == nil {
		t.Error("an id is added twice")
	}
	clear := s.key("clear")
	clear.Hash = "t_secret"
	if err := w.Add(ctx, clear); err == nil {
		t.Error("a key that is not hashed is added")
	}
	if err := w.Revoke(ctx, second.ID); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := store.Lookup(ctx, second.ID); err != nil || ok && !got.Revoked {
		t.Errorf("after it was revoked here: %+v, %v, %v", got, ok, err)
	}
	find(t, store, first)
	if err := w.Revoke(ctx, "0000000000000000"); err == nil {
		t.Error("an unknown key is revoked without an error")
	}
}

// digest is the hash of a key in bytes.
func digest(t *testing.T, k apikey.Key) (out [sha256.Size]byte) {
	t.Helper()
	if n, err := hex.Decode(out[:], []byte(k.Hash)); err != nil || n != len(out) {
		t.Fatalf("hash of %s: %d bytes, %v", k.ID, n, err)
	}
	return out
}

func testHash(t *testing.T, s *suite) {
	a, b, other := s.key("same"), s.key("same"), s.key("x")
	store, ok := s.open(t, a, b).(apikey.HashStore)
	if !ok {
		t.Skip("the store has no LookupHash")
	}
	for range 2 { // and once more, from a cache if there is one
		for _, want := range []apikey.Key{a, b} {
			got, ok, err := store.LookupHash(t.Context(), digest(t, want))
			if err != nil || !ok || !reflect.DeepEqual(normal(*got), normal(want)) {
				t.Errorf("%+v, %v, %v; want %+v", got, ok, err, want)
			}
		}
		for _, hash := range [][sha256.Size]byte{digest(t, other), {}} {
			if got, ok, err := store.LookupHash(t.Context(), hash); ok || err != nil {
				t.Errorf("an unknown hash: %+v, %v, %v", got, ok, err)
			}
		}
	}
	w, ok := store.(writer)
	if !ok {
		return
	}
	again := other
	again.Hash = a.Hash
	if err := w.Add(t.Context(), again); err == nil {
		t.Error("a hash is added twice")
	}
	if err := w.Revoke(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := store.LookupHash(t.Context(), digest(t, a)); err != nil || ok && !got.Revoked {
		t.Errorf("after it was revoked here: %+v, %v, %v", got, ok, err)
	}
}
