package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/bailey-go/bailey/runtime"
)

var quiet = runtime.Config{Log: slog.New(slog.DiscardHandler), Limiter: generous{}}

// accounts asks for Ada's accounts with a bearer token.
func accounts(client *http.Client, token string) (int, error) {
	r, err := http.NewRequest("GET", apiName+"/customers/"+ada.subject+"/accounts", nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// TestRotationUnderLoad: while customers keep asking, each with new tokens, the issuer changes its key ten times and signs with each at
// once. Nobody is refused, and the keys are fetched about as often as they change.
func TestRotationUnderLoad(t *testing.T) {
	b := serveBank(t, quiet)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var asked, refused atomic.Int64
	var all sync.WaitGroup
	var failed error
	var once sync.Once
	for range 8 {
		all.Go(func() {
			for ctx.Err() == nil {
				token, err := b.login.issue(ada.subject, "accounts:read")
				status := 0
				if err == nil {
					status, err = accounts(b.plain, token)
				}
				if err != nil || status != 200 {
					refused.Add(1)
					once.Do(func() { failed = errors.Join(err, fmt.Errorf("status %d", status)) })
				}
				asked.Add(1)
			}
		})
	}
	before := b.login.asked.Load()
	const rotations = 10
	for n := range int64(rotations) {
		want := (n + 1) * 40
		eventually(t, "customers ask", func() bool { return asked.Load() >= want })
		if err := b.login.keys.Rotate(); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "customers ask", func() bool { return asked.Load() >= 40*(rotations+2) })
	cancel()
	all.Wait()
	if refused.Load() != 0 {
		t.Errorf("%d of %d requests were refused: %v", refused.Load(), asked.Load(), failed)
	}
	if n := b.login.asked.Load() - before; n > 4*rotations {
		t.Errorf("the issuer was asked %d times for %d rotations", n, rotations)
	}
}

// TestIssuerDown: what the bank can prove it goes on serving, and what it cannot it refuses; it starts without its issuer, too.
func TestIssuerDown(t *testing.T) {
	b := serveBank(t, quiet)
	wants := func(b *instance, name, token string, want int) {
		t.Helper()
		if status, err := accounts(b.plain, token); err != nil || status != want {
			t.Errorf("%s: %d, %v; want %d", name, status, err, want)
		}
	}
	token := func(b *instance) string {
		text, err := b.login.issue(ada.subject, "accounts:read")
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	old := token(b)
	wants(b, "up", old, 200)
	b.login.broken.Store(true)
	wants(b, "down, a token that is known", old, 200)
	wants(b, "down, a token of a known key", token(b), 200)
	if err := b.login.keys.Rotate(); err != nil {
		t.Fatal(err)
	}
	next := token(b)
	wants(b, "down, a token of a key that nobody has seen", next, 503) // it cannot be judged
	wants(b, "down, no token", "", 401)
	b.login.broken.Store(false)
	eventually(t, "the new key is had", func() bool { status, _ := accounts(b.plain, next); return status == 200 })
	b.login.close()
	wants(b, "gone, a token of a known key", token(b), 200)

	dark := serveBankOf(t, quiet, func(t *town) { t.login.broken.Store(true) })
	wants(dark, "down from the start", token(dark), 503)
	wants(dark, "down from the start, another issuer's", old, 503)
	wants(dark, "down from the start, no token at all", "x", 401)
	dark.login.broken.Store(false)
	eventually(t, "the keys are had", func() bool { status, _ := accounts(dark.plain, token(dark)); return status == 200 })
}
