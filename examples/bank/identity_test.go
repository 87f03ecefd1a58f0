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

	"github.com/bailey-go/bailey/examples/bank/internal/bank"
	"github.com/bailey-go/bailey/runtime"
)

var quiet = runtime.Config{Log: slog.New(slog.DiscardHandler), Limiter: generous{}}

// accounts asks for Ada's accounts with a bearer token.
func accounts(client *http.Client, address, token string) (int, error) {
	r, err := http.NewRequest("GET", "http://"+address+"/customers/"+bank.Ada.String()+"/accounts", nil)
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
	b, address := serveBank(t, quiet)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	defer client.CloseIdleConnections()
	var asked, refused atomic.Int64
	var all sync.WaitGroup
	var failed error
	var once sync.Once
	for range 8 {
		all.Go(func() {
			for ctx.Err() == nil {
				token, err := b.issuer.issue(bank.Ada.String(), "accounts:read")
				status := 0
				if err == nil {
					status, err = accounts(client, address, token)
				}
				if err != nil || status != 200 {
					refused.Add(1)
					once.Do(func() { failed = errors.Join(err, fmt.Errorf("status %d", status)) })
				}
				asked.Add(1)
			}
		})
	}
	before := b.issuer.asked.Load()
	const rotations = 10
	for n := range int64(rotations) {
		want := (n + 1) * 40
		eventually(t, "customers ask", func() bool { return asked.Load() >= want })
		if err := b.issuer.rotate(); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "customers ask", func() bool { return asked.Load() >= 40*(rotations+2) })
	cancel()
	all.Wait()
	if refused.Load() != 0 {
		t.Errorf("%d of %d requests were refused: %v", refused.Load(), asked.Load(), failed)
	}
	if n := b.issuer.asked.Load() - before; n > 4*rotations {
		t.Errorf("the issuer was asked %d times for %d rotations", n, rotations)
	}
}

// TestIssuerDown: what the bank can prove it goes on serving, and what it cannot it refuses; it starts without its issuer, too.
func TestIssuerDown(t *testing.T) {
	b, address := serveBank(t, quiet)
	wants := func(name, address, token string, want int) {
		t.Helper()
		if status, err := accounts(http.DefaultClient, address, token); err != nil || status != want {
			t.Errorf("%s: %d, %v; want %d", name, status, err, want)
		}
	}
	defer http.DefaultClient.CloseIdleConnections()
	token := func(b *instance) string {
		text, err := b.issuer.issue(bank.Ada.String(), "accounts:read")
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	old := token(b)
	wants("up", address, old, 200)
	b.issuer.broken.Store(true)
	wants("down, a token that is known", address, old, 200)
	wants("down, a token of a known key", address, token(b), 200)
	if err := b.issuer.rotate(); err != nil {
		t.Fatal(err)
	}
	next := token(b)
	wants("down, a token of a key that nobody has seen", address, next, 401)
	wants("down, no token", address, "", 401)
	b.issuer.broken.Store(false)
	eventually(t, "the new key is had", func() bool { status, _ := accounts(http.DefaultClient, address, next); return status == 200 })
	b.issuer.close()
	wants("gone, a token of a known key", address, token(b), 200)

	dark, address := serveBankOf(t, quiet, func(i *issuer) { i.broken.Store(true) })
	wants("down from the start", address, token(dark), 503)
	wants("down from the start, another issuer's", address, old, 503)
	wants("down from the start, no token at all", address, "x", 401)
	dark.issuer.broken.Store(false)
	eventually(t, "the keys are had", func() bool { status, _ := accounts(http.DefaultClient, address, token(dark)); return status == 200 })
}
