package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/limit"
)

// serveBank starts a bank and what is around it on free ports until the test ends.
func serveBank(t *testing.T, cfg runtime.Config) *instance {
	t.Helper()
	return serveBankOf(t, cfg, func(*town) {})
}

// serveBankOf is serveBank with providers that are changed before the bank asks them.
func serveBankOf(t *testing.T, cfg runtime.Config, change func(*town)) *instance {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	around, err := newTown(ln, cfg.Log)
	if err != nil {
		t.Fatal(err)
	}
	change(around)
	b, err := open(cfg, around)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- b.run(ctx, ln) }()
	t.Cleanup(func() {
		b.plain.CloseIdleConnections()
		cancel()
		if err := <-stopped; err != nil {
			t.Errorf("the server stopped with %v", err)
		}
	})
	return b
}

// expect sends rows, each of which must be answered as it says.
func (b *instance) expect(t *testing.T, rows ...row) {
	t.Helper()
	for _, r := range rows {
		if came, err := r.send(b.town); err != nil || came != fmt.Sprint(r.want) {
			t.Errorf("%s: %s, %v; want %d", r.title, came, err, r.want)
		}
	}
}

// must is for what a test cannot do without.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// eventually waits until ok, for a while.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// memory is a log that can be read while it is written.
type memory struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (m *memory) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.b.Write(p)
}

func (m *memory) text() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.b.String()
}

// generous is the limiter for tests that send more than any caller may.
type generous struct{ limit.Store }

func (g generous) Take(context.Context, limit.Key, limit.Rule, int, time.Time) (limit.Decision, error) {
	return limit.Decision{OK: true, Limit: 1, Remaining: 1}, nil
}

// TestDemo is the demonstration: no row may differ. Whatever it sent, its log says who
// was refused and why, and holds nothing that a reader of logs may not have.
func TestDemo(t *testing.T) {
	var table, log memory
	handler := slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})
	if err := demonstrateTo(t.Context(), &table, "127.0.0.1:0", slog.New(handler)); err != nil {
		t.Fatalf("%v\n%s", err, table.text())
	}
	if n := strings.Count(table.text(), "\nok "); n < 100 {
		t.Errorf("the table has %d rows that are ok, want 100 or more:\n%s", n, table.text())
	}
	for _, secret := range []string{
		"eyJ", "bank_", "correct horse", "correct+horse", "ledger and", "ledger+and", "wrong password", // credentials
		"code_verifier", "an-opaque-token", "__Host-",
		"ada@engines.example", "GB29NWBK", "UTR 1815", "DE8937", "Lovelace", // data
	} {
		if at := strings.Index(log.text(), secret); at >= 0 {
			t.Errorf("the log holds %q: %.300s", secret, log.text()[max(0, at-200):])
		}
	}
	events := map[string]int{}
	scheme := false
	for line := range strings.Lines(log.text()) {
		var e struct{ Event, Operation, Rule, Scheme, Subject string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		events[e.Event]++
		scheme = scheme || e.Event == "authz_fail" && e.Scheme == "customer" && e.Subject != "" && e.Operation != "" && e.Rule != ""
	}
	for _, name := range []string{"authn_login_fail", "authz_fail", "excess_rate_limit_exceeded", "input_validation_fail"} {
		if events[name] == 0 {
			t.Errorf("the log has no event %s: %v", name, events)
		}
	}
	if !scheme {
		t.Errorf("no event of a missing permission says who lacked it:\n%s", log.text())
	}
}
