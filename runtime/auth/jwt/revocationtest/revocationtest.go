// Package revocationtest is the conformance suite of [jwt.Revocations]: what every store of revoked tokens must do, whatever is
// behind it.
package revocationtest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/jwt"
)

// Store is a store under test, with the two ways to revoke in it.
type Store struct {
	jwt.Revocations
	// Revoke ends one token until a time; RevokeSubject those that a subject has from before upTo, or from that very time.
	Revoke        func(ctx context.Context, issuer, id string, until time.Time) error
	RevokeSubject func(ctx context.Context, issuer, subject string, upTo, until time.Time) error
}

// Run tests the stores that open returns, an empty one for each test. Stores that several processes share may be opened on the
// same data if every call of open uses keys of its own.
func Run(t *testing.T, open func(t *testing.T) Store) {
	for _, test := range []struct {
		name string
		run  func(*client)
	}{
		{"nothing is revoked", testEmpty},
		{"one token", testID},
		{"tokens of a subject", testSubject},
		{"IDs and subjects are apart", testApart},
		{"names that could be taken for each other", testNames},
		{"a later time holds", testLater},
		{"what is over is an error", testOver},
		{"names that are none", testBadNames},
		{"racing", testRace},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.run(&client{t: t, store: open(t), now: time.Now().Truncate(time.Second)})
		})
	}
}

// client calls a store for one test.
type client struct {
	t     *testing.T
	store Store
	now   time.Time
}

const issuer = "https://issuer.example"

func (c *client) wants(want bool, iss, sub, id string, issued time.Time) {
	c.t.Helper()
	got, err := c.store.Revoked(context.Background(), jwt.TokenID{Issuer: iss, Subject: sub, ID: id, IssuedAt: issued})
	if err != nil || got != want {
		c.t.Errorf("Revoked(%q, %q, %q, %v) = %v, %v; want %v", iss, sub, id, issued, got, err, want)
	}
}

func (c *client) revoke(iss, id string) {
	c.t.Helper()
	if err := c.store.Revoke(context.Background(), iss, id, c.now.Add(time.Hour)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) revokeSubject(iss, sub string, upTo, until time.Time) {
	c.t.Helper()
	if err := c.store.RevokeSubject(context.Background(), iss, sub, upTo, until); err != nil {
		c.t.Fatal(err)
	}
}

func testEmpty(c *client) { c.wants(false, issuer, "ada", "1", c.now) }

func testID(c *client) {
	c.revoke(issuer, "1")
	c.revoke(issuer, "1")
	c.wants(true, issuer, "ada", "1", c.now)
	c.wants(true, issuer, "bob", "1", c.now.Add(time.Hour))
	c.wants(false, issuer, "ada", "2", c.now)
	c.wants(false, issuer+"/", "ada", "1", c.now)
}

func testSubject(c *client) {
	c.revokeSubject(issuer, "ada", c.now, c.now.Add(time.Hour))
	c.wants(true, issuer, "ada", "1", c.now.Add(-time.Hour))
	c.wants(true, issuer, "ada", "1", c.now)
	c.wants(false, issuer, "ada", "1", c.now.Add(time.Second))
	c.wants(false, issuer, "bob", "1", c.now)
	c.wants(false, issuer+"/", "ada", "1", c.now)
}

func testApart(c *client) {
	c.revoke(issuer, "ada")
	c.revokeSubject(issuer, "1", c.now, c.now.Add(time.Hour))
	c.wants(false, issuer, "ada", "1", c.now)
}

// testNames has issuers and names whose texts are the same, one behind the other.
func testNames(c *client) {
	c.revoke("a", "bc")
	c.revoke("x:y", "z")
	c.revoke(issuer, "*")
	c.revoke(issuer, "é\x00\r\n{}")
	c.wants(true, issuer, "ada", "é\x00\r\n{}", c.now)
	c.wants(false, "ab", "ada", "c", c.now)
	c.wants(false, "x", "ada", "y:z", c.now)
	c.wants(false, issuer, "ada", "1", c.now)
	c.wants(false, issuer, "ada", "é", c.now)
}

// testLater revokes for less, and up to less, than before: neither takes anything back.
func testLater(c *client) {
	until := c.now.Add(time.Hour)
	c.revokeSubject(issuer, "ada", c.now, until)
	c.revokeSubject(issuer, "ada", c.now.Add(-time.Minute), until)
	c.revokeSubject(issuer, "ada", c.now.Add(-time.Minute), c.now.Add(2*time.Hour))
	c.wants(true, issuer, "ada", "1", c.now)
	c.revokeSubject(issuer, "ada", c.now.Add(time.Minute), c.now.Add(time.Minute))
	c.wants(true, issuer, "ada", "1", c.now.Add(time.Minute))
	c.wants(false, issuer, "ada", "1", c.now.Add(2*time.Minute))
}

func testOver(c *client) {
	past := c.now.Add(-time.Hour)
	if err := c.store.Revoke(context.Background(), issuer, "1", past); err == nil {
		c.t.Error("a revocation that has ended is taken")
	}
	if err := c.store.RevokeSubject(context.Background(), issuer, "ada", past, past); err == nil {
		c.t.Error("a subject's revocation that has ended is taken")
	}
	c.wants(false, issuer, "ada", "1", c.now.Add(-2*time.Hour))
}

func testBadNames(c *client) {
	long := strings.Repeat("a", 8<<10+1)
	for _, name := range [][2]string{{"", "1"}, {issuer, ""}, {long, "1"}, {issuer, long}} {
		if err := c.store.Revoke(context.Background(), name[0], name[1], c.now.Add(time.Hour)); err == nil {
			c.t.Errorf("Revoke(%.20q, %.20q) is taken", name[0], name[1])
		}
		if err := c.store.RevokeSubject(context.Background(), name[0], name[1], c.now, c.now.Add(time.Hour)); err == nil {
			c.t.Errorf("RevokeSubject(%.20q, %.20q) is taken", name[0], name[1])
		}
	}
}

// testRace revokes and asks at once: the latest time holds, in whatever order the calls come.
func testRace(c *client) {
	var all sync.WaitGroup
	for n := range 50 {
		all.Go(func() {
			c.revoke(issuer, fmt.Sprint(n))
			c.revokeSubject(issuer, "ada", c.now.Add(time.Duration(n)*time.Second), c.now.Add(time.Hour))
			c.wants(true, issuer, "bob", fmt.Sprint(n), c.now)
		})
	}
	all.Wait()
	c.wants(true, issuer, "ada", "x", c.now.Add(49*time.Second))
	c.wants(false, issuer, "ada", "x", c.now.Add(50*time.Second))
}
