package gen

import (
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/basic"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/limit"
)

// given is a configuration as generated code declares one.
type given struct {
	runtime.Config
	Keys     jwt.KeySource
	Accounts basic.Accounts
	Other    auth.Authenticator
	Secret   []byte
	hidden   auth.Authenticator
}

// TestNils: an interface of Config that holds a nil pointer is named and emptied; other values stay.
func TestNils(t *testing.T) {
	t.Parallel()
	cfg := given{Keys: (*jwt.RemoteSource)(nil), Other: tokens{}, hidden: (*closer)(nil)}
	cfg.Limiter, cfg.Log = (*limit.Memory)(nil), (*slog.Logger)(nil)
	cfg.Accounts.Users = (*nobody)(nil)
	want := []string{"Config.Limiter is a nil *limit.Memory", "Config.Keys is a nil *jwt.RemoteSource", "Config.Accounts.Users is a nil *gen.nobody"}
	if got := Nils(&cfg); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if cfg.Keys != nil || cfg.Limiter != nil || cfg.Accounts.Users != nil {
		t.Error("what is nil is still there")
	}
	if cfg.Other == nil || cfg.hidden == nil {
		t.Error("what is there was taken out")
	}
	if got := Nils(&cfg); len(got) > 0 {
		t.Errorf("an empty configuration has %q", got)
	}
	for _, cfg := range []any{nil, given{}, (*given)(nil)} {
		if got := Nils(cfg); got != nil {
			t.Errorf("%T has %q", cfg, got)
		}
	}
}

// nobody has no users.
type nobody struct{ basic.Users }

// TestNilsStop: a server does not start with any of them, and names all at once.
func TestNilsStop(t *testing.T) {
	t.Parallel()
	b := New(Setup{Title: "T", Config: runtime.Config{Limiter: (*limit.Memory)(nil), Events: (*sink)(nil)}, Nils: []string{"Config.Keys is a nil *jwt.RemoteSource"}})
	_, err := b.Server()
	for _, want := range []string{"Config.Limiter is a nil *limit.Memory", "Config.Events is a nil *gen.sink", "Config.Keys is a nil *jwt.RemoteSource"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

type sink struct{ event.Sink }
