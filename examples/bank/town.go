package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/bailey-go/bailey/examples/bank/internal/idp"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
)

// The names in the document.
const (
	apiName       = "https://api.bank.example"
	customersName = "https://login.bank.example"
	staffName     = "https://staff.bank.example"
)

// town is what stands around a bank: two OpenID Connect providers that it does not control, the authorities that sign certificates, and
// a network in which all of them have the names that the document says.
type town struct {
	web      *authority // of everybody's TLS
	machines *authority // of the bank's own machines
	login    *issuer    // of customers and partners
	staff    *issuer

	// revoked is where providers tell the bank of tokens that ended. In production it is a store that they share, or the bank listens to
	// events of theirs.
	revoked *jwt.RevocationMemory
	// secrets are those of the providers' clients, by name.
	secrets map[string]string
	names   map[string]string // host and port, and where that is on this machine
	plain   *http.Client      // of everybody who has no certificate
}

// newTown opens the providers around a bank that will listen on ln.
func newTown(ln net.Listener, log *slog.Logger) (*town, error) {
	t := &town{secrets: map[string]string{}, names: map[string]string{}}
	t.name(apiName, ln)
	var err error
	if t.web, err = newAuthority("the web"); err != nil {
		return nil, err
	}
	t.plain = t.client()
	if t.machines, err = newAuthority("the bank's machines"); err != nil {
		return nil, err
	}
	if t.revoked, err = jwt.NewRevocationMemory(0, nil); err != nil {
		return nil, err
	}
	for _, client := range []string{webClient, walletClient, partnerClient, clearingClient, apiClient, deskClient} {
		t.secrets[client] = rand.Text()
	}
	if t.login, err = t.newIssuer(customersName, t.customersConfig(), log); err != nil {
		return nil, err
	}
	if t.staff, err = t.newIssuer(staffName, t.staffConfig(), log); err != nil {
		t.login.close()
	}
	return t, err
}

func (t *town) close() {
	t.login.close()
	t.staff.close()
}

func (t *town) newIssuer(name string, cfg idp.Config, log *slog.Logger) (*issuer, error) {
	cfg.Issuer, cfg.Audience, cfg.Log = name, apiName, log
	cfg.Revoked = func(jti string, until time.Time) error { return t.revoked.Revoke(name, jti, until) }
	i, err := newIssuer(cfg)
	if err != nil {
		return nil, err
	}
	certificate, err := t.web.server(name[len("https://"):])
	if err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t.name(name, ln)
	return i, i.start(ln, certificate, log)
}

// name lets transports find a listener under a name.
func (t *town) name(name string, ln net.Listener) {
	t.names[name[len("https://"):]+":443"] = ln.Addr().String()
}

// transport reaches who has a name in town, with a client certificate if there is one, and nobody else.
func (t *town) transport(certificates ...tls.Certificate) *http.Transport {
	roots := x509.NewCertPool()
	roots.AddCert(t.web.cert)
	return &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: certificates, MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			to, ok := t.names[address]
			if !ok {
				return nil, fmt.Errorf("nobody in town is called %s", address)
			}
			var d net.Dialer
			return d.DialContext(ctx, network, to)
		},
		MaxIdleConnsPerHost: 16,
	}
}

// client sends requests as one caller does, over connections of its own: it follows no redirections, so that they can be looked at.
func (t *town) client(certificates ...tls.Certificate) *http.Client {
	return &http.Client{
		Transport:     t.transport(certificates...),
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
