package idp

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/dpop"
)

// How long things last. A code is as long remembered again after it was used, to notice that somebody uses it a second time.
const (
	codeLife   = time.Minute
	accessLife = 10 * time.Minute
	idLife     = 5 * time.Minute
)

// Config says what a provider is. Issuer, Audience, Clients and Keys are required.
type Config struct {
	// Issuer is the provider's name in tokens, and where callers reach it: an https URL without a path.
	Issuer string
	// Audience is the API that access tokens are for (aud).
	Audience string
	// Clients and Users are all that there are.
	Clients []Client
	Users   []User
	// Keys sign the tokens.
	Keys *Keys
	// Revoked, if set, is told of every JWT that ends before it expires, until when it would have been good. Without, only this
	// provider's introspection knows.
	Revoked func(jti string, until time.Time) error
	// Clock replaces time.Now.
	Clock func() time.Time
	// Log takes who was refused what, and never why in words of the caller; nil means slog.Default.
	Log *slog.Logger
}

// A Provider is an http.Handler that serves an OpenID Connect provider. It is safe for concurrent use.
type Provider struct {
	cfg     Config
	mux     *http.ServeMux
	clients map[string]*Client
	logins  *logins
	codes   *expiring[digest, *issuedCode]
	opaque  *expiring[digest, opaqueToken]
	ended   *expiring[string, struct{}] // by jti
	proofs  *dpop.Memory
}

// New checks cfg, and returns the provider or everything that is wrong with it.
func New(cfg Config) (*Provider, error) {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if err := cfg.check(); err != nil {
		return nil, err
	}
	proofs, err := dpop.NewMemory(maxProofs, cfg.Clock)
	if err != nil {
		return nil, err
	}
	p := &Provider{
		cfg: cfg, mux: http.NewServeMux(), clients: map[string]*Client{}, logins: newLogins(cfg.Users), proofs: proofs,
		codes:  newExpiring[digest, *issuedCode](maxCodes),
		opaque: newExpiring[digest, opaqueToken](maxOpaque),
		ended:  newExpiring[string, struct{}](maxEnded),
	}
	for _, c := range cfg.Clients {
		p.clients[c.ID] = &c
	}
	p.mux.HandleFunc("GET /.well-known/openid-configuration", p.metadata)
	p.mux.HandleFunc("GET /keys", p.keys)
	p.mux.HandleFunc("GET /authorize", p.authorize)
	p.mux.HandleFunc("POST /authorize", p.authorize)
	p.mux.Handle("POST /login", http.NewCrossOriginProtection().Handler(http.HandlerFunc(p.login)))
	p.mux.HandleFunc("POST /token", p.asClient(p.token))
	p.mux.HandleFunc("POST /introspect", p.asClient(p.introspect))
	p.mux.HandleFunc("POST /revoke", p.asClient(p.revoke))
	return p, nil
}

func (c *Config) check() error {
	var errs []error
	if u, err := url.Parse(c.Issuer); err != nil || u.Host == "" || c.Issuer != "https://"+u.Host {
		errs = append(errs, errors.New("idp: the issuer must be an https URL without a path"))
	}
	if c.Audience == "" || c.Keys == nil {
		errs = append(errs, errors.New("idp: the audience and the keys are required"))
	}
	names := map[string]bool{}
	for _, client := range c.Clients {
		if client.ID == "" || client.Secret == (digest{}) || names[client.ID] {
			errs = append(errs, fmt.Errorf("idp: client %q has no name of its own, or no secret", client.ID))
		}
		names[client.ID] = true
		for _, redirect := range client.Redirects {
			if u, err := url.Parse(redirect); err != nil || u.Scheme != "https" || u.Host == "" || strings.Contains(redirect, "#") {
				errs = append(errs, fmt.Errorf("idp: client %q: redirect URIs are https URLs without a fragment", client.ID))
			}
		}
	}
	return errors.Join(errs...)
}

// maxForm bounds what a caller may send, in bytes.
const maxForm = 16 << 10

// ServeHTTP implements http.Handler. Nothing that the provider says may be kept by anybody, but for its metadata and keys.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	p.mux.ServeHTTP(w, r)
}

// once returns the value of a parameter that may stand there once (RFC 6749, section 3.1): "" where it is absent, and false where it is repeated.
func once(v url.Values, name string) (string, bool) {
	if len(v[name]) > 1 {
		return "", false
	}
	return v.Get(name), true
}

// unique reports whether no parameter is repeated.
func unique(v url.Values) bool {
	for name := range v {
		if _, ok := once(v, name); !ok {
			return false
		}
	}
	return true
}
