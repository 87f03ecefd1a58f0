// Package sessiontest is the conformance suite of [session.Store]: what every store must do, whatever is behind it.
package sessiontest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/session"
)

// Run tests the stores that open returns, an empty one for each test, which must hold at least 50 sessions and 10 of each subject.
func Run(t *testing.T, open func(t *testing.T) session.Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, session.Store)
	}{
		{"every member comes back", testMembers},
		{"unknown sessions are not found", testUnknown},
		{"use is written down", testTouch},
		{"use does not bring back what is gone", testTouchGone},
		{"one session ends", testDelete},
		{"a session that was used is kept", testUsedIsKept},
		{"every session of a subject ends", testDeleteSubject},
		{"an ended context", testContext},
		{"concurrent use", testConcurrent},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// RunBound tests that a subject has no more than perSubject sessions, at most 1,000, however many
// begin at a time, in the empty stores that open returns: of one, or of several that share what
// they keep, as processes do.
func RunBound(t *testing.T, perSubject int, open func(t *testing.T) []session.Store) {
	t.Run("sessions that begin at a time", func(t *testing.T) {
		stores := open(t)
		const each = 8
		begin := 3*perSubject/each + 1
		var all sync.WaitGroup
		for i := range each {
			all.Go(func() {
				s := stores[i%len(stores)]
				for j := range begin {
					if err := s.Put(t.Context(), id(fmt.Sprint(i, " ", j)), record("ada")); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		there := 0
		for i := range each {
			for j := range begin {
				if _, ok, err := stores[0].Get(t.Context(), id(fmt.Sprint(i, " ", j))); err != nil {
					t.Fatal(err)
				} else if ok {
					there++
				}
			}
		}
		if there == 0 || there > perSubject {
			t.Errorf("%d sessions of a subject after %d began at a time, want 1 to %d", there, each*begin, perSubject)
		}
		last := record("ada")
		last.Used = start().Add(-time.Minute) // a process whose clock is behind
		put(t, stores[0], "last", last)
		wants(t, stores[0], "last", true)
	})
}

// start is when the suite's sessions begin, near the real time for stores that forget by their own clock.
func start() time.Time { return time.Now().UTC().Truncate(time.Second) }

func id(text string) [32]byte { return sha256.Sum256([]byte(text)) }

func record(subject string) *session.Record {
	return &session.Record{
		Who: session.Who{
			Subject: subject, Scopes: []string{"read", "a:b/c%d'e"}, Roles: []string{"admin", "a role with spaces, \"quotes\" and ünïcödé"},
			Claims: map[string]string{"tenant": "t'1", "empty": ""},
		},
		Began: start(), Used: start(), Ends: start().Add(time.Hour), Idle: 30 * time.Minute,
	}
}

func put(t *testing.T, s session.Store, name string, r *session.Record) {
	t.Helper()
	if err := s.Put(t.Context(), id(name), r); err != nil {
		t.Fatal(err)
	}
}

// wants looks whether a session is there.
func wants(t *testing.T, s session.Store, name string, there bool) *session.Record {
	t.Helper()
	r, ok, err := s.Get(t.Context(), id(name))
	if err != nil || ok != there || ok && r == nil {
		t.Fatalf("%s: %+v, %v, %v; want %v", name, r, ok, err, there)
	}
	return r
}

// same compares two records, whatever the zones of their times. Idle need not come back, but must not be another.
func same(t *testing.T, got, want *session.Record) {
	t.Helper()
	g, w := *got, *want
	for _, r := range []*session.Record{&g, &w} {
		if r.Idle == 0 {
			r.Idle = want.Idle
		}
		r.Began, r.Used, r.Ends = r.Began.UTC(), r.Used.UTC(), r.Ends.UTC()
		r.Scopes, r.Roles = append([]string{}, r.Scopes...), append([]string{}, r.Roles...)
		claims := map[string]string{}
		for k, v := range r.Claims {
			claims[k] = v
		}
		r.Claims = claims
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("got  %+v\nwant %+v", g, w)
	}
}

func testMembers(t *testing.T, s session.Store) {
	full := record("ada")
	bare := &session.Record{Who: session.Who{Subject: "bob"}, Began: start(), Used: start(), Ends: start().Add(time.Minute)}
	put(t, s, "full", full)
	put(t, s, "bare", bare)
	same(t, wants(t, s, "full", true), full)
	same(t, wants(t, s, "bare", true), bare)
}

func testUnknown(t *testing.T, s session.Store) {
	wants(t, s, "x", false)
	put(t, s, "x", record("ada"))
	wants(t, s, "y", false)
}

func testTouch(t *testing.T, s session.Store) {
	want := record("ada")
	put(t, s, "x", want)
	before := wants(t, s, "x", true)
	used := start().Add(5 * time.Minute)
	if err := s.Touch(t.Context(), id("x"), used); err != nil {
		t.Fatal(err)
	}
	if before.Used.Equal(used) {
		t.Error("a record that was handed out is changed")
	}
	want.Used = used
	same(t, wants(t, s, "x", true), want)
	if err := s.Touch(t.Context(), id("x"), used.Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	same(t, wants(t, s, "x", true), want) // an earlier use was noted late
}

// testUsedIsKept: sessions are forgotten by when they were used last, not by when they began, and when they end, not before.
func testUsedIsKept(t *testing.T, s session.Store) {
	r := record("ada")
	r.Began, r.Used, r.Idle = start().Add(-29*time.Minute), start().Add(-29*time.Minute), 30*time.Minute
	put(t, s, "x", r)
	if err := s.Touch(t.Context(), id("x"), start()); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		put(t, s, fmt.Sprint(i), record("bob")) // when stores look for what is over
	}
	wants(t, s, "x", true)
	r = record("ada")
	r.Ends, r.Idle = start().Add(2*time.Minute), 0
	put(t, s, "no idle time", r)
	wants(t, s, "no idle time", true)
}

func testTouchGone(t *testing.T, s session.Store) {
	put(t, s, "x", record("ada"))
	if err := s.Delete(t.Context(), id("x")); err != nil {
		t.Fatal(err)
	}
	if err := s.Touch(t.Context(), id("x"), start()); err != nil {
		t.Error(err)
	}
	wants(t, s, "x", false)
}

func testDelete(t *testing.T, s session.Store) {
	put(t, s, "x", record("ada"))
	put(t, s, "y", record("ada"))
	for range 2 { // the second time there is nothing to end
		if err := s.Delete(t.Context(), id("x")); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, s, "x", false)
	wants(t, s, "y", true)
}

func testDeleteSubject(t *testing.T, s session.Store) {
	for _, name := range []string{"a", "b", "c"} {
		put(t, s, name, record("ada"))
	}
	put(t, s, "other", record("adam"))
	put(t, s, "like", record("a%"))
	put(t, s, "capitals", record("ADA"))
	put(t, s, "a space", record("ada "))
	if err := s.DeleteSubject(t.Context(), "nobody"); err != nil {
		t.Fatal(err)
	}
	wants(t, s, "a", true)
	if err := s.DeleteSubject(t.Context(), "a%"); err != nil {
		t.Fatal(err)
	}
	wants(t, s, "like", false)
	wants(t, s, "a", true)
	if err := s.DeleteSubject(t.Context(), "ada"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b", "c"} {
		wants(t, s, name, false)
	}
	wants(t, s, "other", true)
	wants(t, s, "capitals", true)
	wants(t, s, "a space", true)
}

func testContext(t *testing.T, s session.Store) {
	put(t, s, "x", record("ada"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, ok, err := s.Get(ctx, id("x")); err == nil && !ok {
		t.Error("an ended context makes a session unknown: it must be an error, or the session")
	}
	wants(t, s, "x", true)
}

func testConcurrent(t *testing.T, s session.Store) {
	put(t, s, "shared", record("shared"))
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for j := range 5 {
				mine := id(fmt.Sprint(i, " ", j))
				ctx := t.Context()
				if err := s.Put(ctx, mine, record(fmt.Sprint("u", i))); err != nil {
					t.Error(err)
				}
				if err := s.Touch(ctx, id("shared"), start().Add(time.Duration(i*5+j)*time.Second)); err != nil {
					t.Error(err)
				}
				if _, ok, err := s.Get(ctx, mine); err != nil || !ok {
					t.Error(ok, err)
				}
				if err := s.Delete(ctx, mine); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	wants(t, s, "shared", true)
	wants(t, s, "3 4", false)
}
