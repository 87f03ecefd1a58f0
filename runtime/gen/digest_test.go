package gen

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/principal"
)

// changes change a policy.
type changes func(*environment, *Operation, *jwt.Policy)

// digestOf starts a server whose policy change has changed, and returns the digest and the log.
func digestOf(t *testing.T, change changes) (digest, log string) {
	t.Helper()
	var out bytes.Buffer
	cfg := environment{LoginIssuer: "https://a.example", Login: jwt.Inline(`{"keys":[{"kty":"oct","k":"c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldA"}]}`)}
	op := Operation{ID: "a", Method: http.MethodGet, Path: "/a", At: "a.yaml:1:1", Access: Require(Requirement{{Scheme: "login"}})}
	policy := jwt.Policy{Scheme: "login", Audiences: []string{"api"}, Algorithms: []string{"HS256"}}
	change(&cfg, &op, &policy)
	cfg.Log = slog.New(slog.NewTextHandler(&out, nil))
	b := New(Setup{Title: "T", Config: cfg.Config, Settings: loginSettings, Given: &cfg})
	b.Scheme("login", func(scopes *principal.Table) (auth.Authenticator, error) {
		policy.Issuer = b.Text("LoginIssuer")
		return jwt.New(policy, cfg.Login, scopes)
	})
	Mount(b, &op, noteOpen)
	s, err := b.Server()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s.PolicyDigest(), out.String()
}

// TestPolicyDigest: the digest is the same for the same policy, follows every part of it, and holds no secret.
func TestPolicyDigest(t *testing.T) {
	t.Parallel()
	same := func(*environment, *Operation, *jwt.Policy) {}
	first, log := digestOf(t, same)
	if !strings.Contains(log, `msg="policy in force" api=T digest=sha256:`+first+" operations=1") {
		t.Errorf("the log has no digest: %s", log)
	}
	for name, change := range map[string]changes{
		"nothing": same,
		"place":   func(_ *environment, op *Operation, _ *jwt.Policy) { op.At = "a.yaml:9:9" },
		"secret": func(e *environment, _ *Operation, _ *jwt.Policy) {
			e.Login = jwt.Inline(`{"keys":[{"kty":"oct","k":"b3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgb3RoZXI"}]}`)
		},
		"spool directory": func(e *environment, _ *Operation, _ *jwt.Policy) { e.SpoolDir = t.TempDir() },
	} {
		if got, _ := digestOf(t, change); got != first {
			t.Errorf("%s changes the digest", name)
		}
	}
	seen := map[string]string{first: "nothing"}
	for name, change := range map[string]changes{
		"issuer of Config": func(e *environment, _ *Operation, _ *jwt.Policy) { e.LoginIssuer = "https://b.example" },
		"audiences":        func(_ *environment, _ *Operation, p *jwt.Policy) { p.Audiences = []string{"b"} },
		"leeway":           func(_ *environment, _ *Operation, p *jwt.Policy) { p.Leeway = time.Second },
		"claims": func(_ *environment, _ *Operation, p *jwt.Policy) {
			p.Claims = []auth.Claim{{Name: "a", Required: true}}
		},
		"scopes": func(_ *environment, op *Operation, _ *jwt.Policy) {
			op.Access = Require(Requirement{{Scheme: "login", Scopes: []string{"a"}}})
		},
		"anonymous callers": func(_ *environment, op *Operation, _ *jwt.Policy) {
			op.Access = Require(Requirement{{Scheme: "login"}}, Requirement{})
		},
		"public":         func(_ *environment, op *Operation, _ *jwt.Policy) { op.Access = Public("why") },
		"another reason": func(_ *environment, op *Operation, _ *jwt.Policy) { op.Access = Public("another") },
		"body":           func(_ *environment, op *Operation, _ *jwt.Policy) { op.Limits.Body = 5 },
		"method":         func(_ *environment, op *Operation, _ *jwt.Policy) { op.Method = http.MethodHead },
		"unknown":        func(_ *environment, op *Operation, _ *jwt.Policy) { op.Unknown = Drop },
		"rate": func(_ *environment, op *Operation, _ *jwt.Policy) {
			op.Rate = []Rate{{Name: "a", Limit: 1, Window: time.Hour, Per: "address"}}
		},
		"proxies": func(e *environment, _ *Operation, _ *jwt.Policy) {
			e.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
		},
		"other proxies": func(e *environment, _ *Operation, _ *jwt.Policy) {
			e.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("11.0.0.0/8")}
		},
		"origins":        func(e *environment, _ *Operation, _ *jwt.Policy) { e.TrustedOrigins = []string{"https://app.example"} },
		"limiter's name": func(e *environment, _ *Operation, _ *jwt.Policy) { e.LimiterName = "a" },
		"requests":       func(e *environment, _ *Operation, _ *jwt.Policy) { e.MaxRequests = 7 },
	} {
		got, log := digestOf(t, change)
		if other, ok := seen[got]; ok {
			t.Errorf("%s has the digest of %s", name, other)
		}
		seen[got] = name
		if strings.Contains(log, "c2VjcmV0") {
			t.Errorf("%s: the log holds the secret", name)
		}
	}
}
