package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bailey-go/bailey/examples/bank/internal/idp"
	"github.com/bailey-go/bailey/runtime/harden"
)

// issuer is one of the providers, as it runs. The bank knows nothing of it but its name: all the rest it asks for, as anybody could.
type issuer struct {
	name string
	keys *idp.Keys
	http.Handler

	asked  atomic.Int64 // how often somebody wanted to know its metadata or its keys
	broken atomic.Bool  // it answers, but nothing of use
	stop   func()
}

func newIssuer(cfg idp.Config) (*issuer, error) {
	keys, err := idp.NewKeys()
	if err != nil {
		return nil, err
	}
	cfg.Keys = keys
	provider, err := idp.New(cfg)
	return &issuer{name: cfg.Issuer, keys: keys, Handler: provider, stop: func() {}}, err
}

// ServeHTTP is the provider's, unless it is out of order.
func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && r.URL.Path != "/authorize" {
		i.asked.Add(1)
	}
	if i.broken.Load() {
		http.Error(w, "<html>down for maintenance</html>", http.StatusServiceUnavailable)
		return
	}
	i.Handler.ServeHTTP(w, r)
}

// start serves on ln until close.
func (i *issuer) start(ln net.Listener, certificate tls.Certificate, log *slog.Logger) error {
	srv, err := harden.New(harden.Config{
		Handler: i, Log: log, TLS: &tls.Config{Certificates: []tls.Certificate{certificate}}, StopTimeout: time.Second,
		ClientCertificates: harden.RequestClientCertificates, // tokens are bound to them
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	i.stop = func() { cancel(); <-stopped }
	go func() {
		defer close(stopped)
		if err := srv.Serve(ctx, ln); err != nil && log != nil {
			log.Error("the provider stopped", "issuer", i.name, "error", err)
		}
	}()
	return nil
}

// close may be called twice.
func (i *issuer) close() { i.stop() }

// tokenLife is how long the tokens of issue are good for.
const tokenLife = 15 * time.Minute

// issue makes a token for subject without asking for a password, as RFC 9068 has it: for tests and for the demonstration, which need
// more of them than people want to log in. Those that come the long way are in visitor.go.
func (i *issuer) issue(subject string, scopes ...string) (string, error) {
	return i.keys.Sign("at+jwt", i.claims(subject, scopes...))
}

// issueAs makes a token with roles, for somebody who authenticated in the way acr.
func (i *issuer) issueAs(subject string, roles []string, acr string, scopes ...string) (string, error) {
	c := i.claims(subject, scopes...)
	c["roles"], c["acr"] = roles, acr
	return i.keys.Sign("at+jwt", c)
}

func (i *issuer) claims(subject string, scopes ...string) map[string]any {
	now := time.Now()
	return map[string]any{
		"iss": i.name, "aud": apiName, "sub": subject, "client_id": "wallet", "jti": rand.Text(), "tenant": "bank", "branch": 7,
		"iat": now.Unix(), "exp": now.Add(tokenLife).Unix(), "auth_time": now.Unix(), "scope": strings.Join(scopes, " "),
	}
}
