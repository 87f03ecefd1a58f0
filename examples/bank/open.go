package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/bailey-go/bailey/examples/bank/api"
	"github.com/bailey-go/bailey/examples/bank/internal/bank"
	"github.com/bailey-go/bailey/examples/bank/internal/oidc"
	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/basic"
	"github.com/bailey-go/bailey/runtime/auth/introspect"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/auth/mtls"
	"github.com/bailey-go/bailey/runtime/auth/session"
	"github.com/bailey-go/bailey/runtime/harden"
)

// instance is a running bank with the credentials that were made for it.
type instance struct {
	*town
	server   *api.Server
	handler  *handler
	sessions *session.Sessions
	keys     apikey.Keys
	users    basic.Users
	keyring  *keyring
	batchKey string // clear
	tools    string // the password of the tools
	log      *slog.Logger
}

// toolsUser is the one user of HTTP Basic.
const toolsUser = "prometheus"

// The password of the tools is drawn when the program starts. A real one stands in a file of users, as a hash.
var (
	toolsPassword = sync.OnceValue(rand.Text)
	toolsHash     = sync.OnceValue(func() *basic.Hash {
		hash, err := basic.ParseHash(basic.HashPassword(toolsPassword()))
		if err != nil { // Static refuses a user without a hash
			return nil
		}
		return hash
	})
)

// open builds the server. Everything below is what a real program has to decide: keys, accounts, authorities, stores, how to reach the
// providers, the logger. Nothing else is left open by the document.
func open(cfg runtime.Config, t *town) (*instance, error) {
	b := &instance{town: t, keyring: &keyring{keys: map[string]*apikey.Key{}}, log: cfg.Log}
	hash, err := apikey.NewHashKeys(apikey.HashKey{ID: "demo", Secret: []byte(rand.Text() + rand.Text())})
	if err != nil {
		return nil, err
	}
	clear, key := hash.Generate("bank_")
	key.Name, key.Subject, key.Roles = "batch", "batch", []string{"reporter"}
	b.batchKey = clear
	if err := b.keyring.add(key); err != nil {
		return nil, err
	}
	b.tools = toolsPassword()
	users, err := basic.Static(basic.User{Name: toolsUser, Hash: toolsHash(), Roles: []string{"metrics"}})
	if err != nil {
		return nil, err
	}
	if b.sessions, err = newSessions(); err != nil {
		return nil, err
	}
	b.keys, b.users = apikey.Keys{Store: b.keyring, Hash: hash}, users
	b.handler = &handler{store: bank.NewStore(), keys: b.keyring, revoked: t.revoked, sessions: b.sessions, login: &oidc.Client{
		Issuer: customersName, ID: webClient, Secret: t.secrets[webClient], Redirect: webCallback, HTTP: t.plain,
	}}
	b.server, err = api.NewServer(b.handler, b.config(cfg))
	return b, err
}

// config is what the server is made of.
func (b *instance) config(cfg runtime.Config) api.Config {
	return api.Config{
		Config: cfg,
		// The document says who the issuers are; how to reach them in this town, and that there is hurry, it does not.
		Customer: b.discovery(), Staff: b.discovery(), Wallet: b.discovery(), Clearing: b.discovery(),
		CustomerRevocations: b.revoked, StaffRevocations: b.revoked, WalletRevocations: b.revoked,
		Partner:    introspect.Via(introspect.Secret(apiClient, b.secrets[apiClient]), b.transport()),
		BatchKey:   b.keys,
		Tools:      basic.Accounts{Users: b.users},
		Machine:    mtls.Trust{CAs: []*x509.Certificate{b.machines.cert}},
		Browser:    b.sessions,
		Authorizer: b.handler,
	}
}

func newSessions() (*session.Sessions, error) {
	store, err := session.NewMemory(session.MemoryConfig{})
	if err != nil {
		return nil, err
	}
	return session.New(store)
}

// discovery reads the metadata of the policy's issuer, and its keys from where that says.
func (t *town) discovery() jwt.KeySource {
	return jwt.DiscoverySource{MinGap: 20 * time.Millisecond, Transport: t.transport()}
}

// run serves on ln until ctx ends, over TLS alone, and asks clients for a certificate, without which most of them are served as well.
func (b *instance) run(ctx context.Context, ln net.Listener) error {
	defer b.close()
	certificate, err := b.web.server(apiName[len("https://"):])
	if err != nil {
		return err
	}
	srv, err := harden.New(harden.Config{
		Handler: b.server, Log: b.log, TLS: &tls.Config{Certificates: []tls.Certificate{certificate}}, ClientCertificates: harden.RequestClientCertificates,
	})
	if err != nil {
		return err
	}
	return srv.Serve(ctx, ln)
}
