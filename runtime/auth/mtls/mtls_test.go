package mtls_test

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/mtls"
	"github.com/bailey-go/bailey/runtime/principal"
)

var table = principal.NewTable([]string{"read", "write"}, []string{"machine"})

func policy() mtls.Policy {
	return mtls.Policy{Scheme: "machines", Identity: mtls.SPIFFE, TrustDomain: "bank.example", Callers: []mtls.Caller{
		{ID: "spiffe://bank.example/batch", Subject: "batch", Scopes: []string{"read"}, Roles: []string{"machine"}},
		{ID: "spiffe://bank.example/ns/prod/*", Scopes: []string{"read", "write"}},
		{ID: "spiffe://bank.example/ns/prod/db", Scopes: nil},
	}}
}

func open(t testing.TB, p mtls.Policy, trust mtls.Trust) *mtls.Authenticator {
	t.Helper()
	a, err := mtls.New(p, trust, table)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// state is a connection on which the certificates were presented.
func state(certs ...tls.Certificate) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.TLS = &tls.ConnectionState{HandshakeComplete: true}
	for _, c := range certs {
		for _, der := range c.Certificate {
			parsed, err := x509.ParseCertificate(der)
			if err != nil {
				panic(err)
			}
			r.TLS.PeerCertificates = append(r.TLS.PeerCertificates, parsed)
		}
	}
	return r
}

// rule names an authenticator's answer: "" for a principal.
func rule(p *principal.Principal, err error) string {
	var refused *auth.Refused
	var unavailable *auth.Unavailable
	switch {
	case errors.Is(err, auth.ErrMissing):
		return "missing"
	case errors.As(err, &refused):
		return refused.Rule
	case errors.As(err, &unavailable):
		return "unavailable: " + unavailable.Rule
	case err == nil && p != nil:
		return ""
	}
	return fmt.Sprint("neither: ", p, err)
}

// TestHandshake goes over real connections, to a listener that asks for certificates and verifies none itself.
func TestHandshake(t *testing.T) {
	ca, other := newAuthority(t, "ca", nil), newAuthority(t, "ca", nil)
	middle := newAuthority(t, "middle", ca)
	a := open(t, policy(), mtls.Trust{CAs: []*x509.Certificate{ca.cert}})
	var subject atomic.Value
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, err := a.Authenticate(r)
		if p != nil {
			subject.Store(p.Subject)
		}
		_, _ = w.Write([]byte(rule(p, err)))
	}))
	srv.TLS = &tls.Config{ClientAuth: tls.RequestClientCert, MinVersion: tls.VersionTLS12}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	id := func(text string) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.URIs = uris(text) }
	}
	for _, tt := range []struct {
		name, rule, subject string
		cert                tls.Certificate
	}{
		{"good", "", "batch", ca.issue(t, nil)},
		{"by an authority between", "", "batch", middle.issue(t, nil, middle)},
		{"below a path", "", "spiffe://bank.example/ns/prod/api/v1", ca.issue(t, id("spiffe://bank.example/ns/prod/api/v1"))},
		{"the authority between is missing", "certificate-chain", "", middle.issue(t, nil)},
		{"another authority of the same name", "certificate-chain", "", other.issue(t, nil)},
		{"another authority that comes along", "certificate-chain", "", other.issue(t, nil, other)},
		{"ended", "certificate-time", "", ca.issue(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })},
		{"not begun", "certificate-time", "", ca.issue(t, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) })},
		{"no extended key usage", "certificate-use", "", ca.issue(t, func(c *x509.Certificate) { c.ExtKeyUsage = nil })},
		{"a server's", "certificate-use", "", ca.issue(t, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })},
		{"any use", "certificate-use", "", ca.issue(t, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} })},
		{"no signatures", "certificate-use", "", ca.issue(t, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment })},
		{"an authority's", "certificate-use", "", ca.issue(t, func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true })},
		{"nobody on the list", "certificate-not-allowed", "", ca.issue(t, id("spiffe://bank.example/other"))},
		{"the path itself", "certificate-not-allowed", "", ca.issue(t, id("spiffe://bank.example/ns/prod"))},
		{"another trust domain", "certificate-identity", "", ca.issue(t, id("spiffe://evil.example/batch"))},
		{"a longer trust domain", "certificate-identity", "", ca.issue(t, id("spiffe://bank.example.evil.example/batch"))},
		{"a port", "certificate-identity", "", ca.issue(t, id("spiffe://bank.example:443/batch"))},
		{"a query", "certificate-identity", "", ca.issue(t, id("spiffe://bank.example/batch?a=b"))},
		{"dots", "certificate-identity", "", ca.issue(t, id("spiffe://bank.example/ns/prod/../../batch"))},
		{"an escape", "certificate-identity", "", ca.issue(t, id("spiffe://bank.example/b%61tch"))},
		{"another scheme", "certificate-identity", "", ca.issue(t, id("https://bank.example/batch"))},
		{"two identities", "certificate-identity", "", ca.issue(t, func(c *x509.Certificate) {
			c.URIs = uris("spiffe://bank.example/batch", "spiffe://bank.example/ns/prod/x")
		})},
		{"no identity but a common name", "certificate-identity", "", ca.issue(t, func(c *x509.Certificate) {
			c.URIs, c.Subject.CommonName = nil, "spiffe://bank.example/batch"
		})},
		{"none", "missing", "", tls.Certificate{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			client := srv.Client()
			transport := client.Transport.(*http.Transport).Clone()
			transport.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &tt.cert, nil }
			defer transport.CloseIdleConnections()
			for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
				transport := transport.Clone()
				transport.TLSClientConfig.MaxVersion = version
				res, err := (&http.Client{Transport: transport}).Get(srv.URL)
				if err != nil {
					t.Fatal(err)
				}
				body := make([]byte, 100)
				n, _ := res.Body.Read(body)
				res.Body.Close()
				transport.CloseIdleConnections()
				if string(body[:n]) != tt.rule {
					t.Errorf("got %q, want %q", body[:n], tt.rule)
				}
				if tt.rule == "" && subject.Load() != tt.subject {
					t.Errorf("subject %v, want %s", subject.Load(), tt.subject)
				}
			}
		})
	}
}

func TestGrants(t *testing.T) {
	ca := newAuthority(t, "ca", nil)
	a := open(t, policy(), mtls.Trust{CAs: []*x509.Certificate{ca.cert}})
	p, err := a.Authenticate(state(ca.issue(t, nil)))
	if err != nil || !p.HasScope("read") || p.HasScope("write") || !p.HasRole("machine") || p.Scheme != "machines" || p.Expires.IsZero() {
		t.Errorf("got %+v, %v", p, err)
	}
	p, err = a.Authenticate(state(ca.issue(t, func(c *x509.Certificate) { c.URIs = uris("spiffe://bank.example/ns/prod/db") })))
	if err != nil || p.HasScope("read") {
		t.Errorf("the exact entry does not win: %+v, %v", p, err)
	}
}

// TestHeadersAreNoCertificates: what a proxy hands on in a header is not believed.
func TestHeadersAreNoCertificates(t *testing.T) {
	ca := newAuthority(t, "ca", nil)
	a := open(t, policy(), mtls.Trust{CAs: []*x509.Certificate{ca.cert}})
	r := state()
	for _, name := range []string{"X-Client-Cert", "X-Forwarded-Client-Cert", "Client-Cert", "X-Ssl-Client-Verify"} {
		r.Header.Set(name, "Hash=abc;URI=spiffe://bank.example/batch")
	}
	if got := rule(a.Authenticate(r)); got != "missing" {
		t.Errorf("got %q", got)
	}
	r.TLS = nil
	if got := rule(a.Authenticate(r)); got != "missing" {
		t.Errorf("got %q", got)
	}
}

func TestIdentities(t *testing.T) {
	ca, second := newAuthority(t, "ca", nil), newAuthority(t, "second", nil)
	middle := newAuthority(t, "middle", ca)
	one, two := []*x509.Certificate{ca.cert}, []*x509.Certificate{ca.cert, second.cert}
	for _, tt := range []struct {
		name    string
		kind    mtls.Identity
		ids     []string
		cas     []*x509.Certificate
		change  func(*x509.Certificate)
		between *authority
		rule    string
	}{
		{"dns", mtls.DNS, []string{"batch.bank.example"}, one, nil, nil, ""},
		{"dns in capitals", mtls.DNS, []string{"batch.bank.example"}, one, func(c *x509.Certificate) { c.DNSNames = []string{"BATCH.bank.example"} }, nil, ""},
		{"dns below", mtls.DNS, []string{"*.bank.example"}, one, nil, nil, ""},
		{"dns two below", mtls.DNS, []string{"*.bank.example"}, one, func(c *x509.Certificate) { c.DNSNames = []string{"a.b.bank.example"} }, nil, "certificate-not-allowed"},
		{"dns wildcard in the certificate", mtls.DNS, []string{"batch.bank.example"}, one, func(c *x509.Certificate) { c.DNSNames = []string{"*.bank.example"} }, nil, "certificate-not-allowed"},
		{"dns, two on the list", mtls.DNS, []string{"a.bank.example", "b.bank.example"}, one, func(c *x509.Certificate) { c.DNSNames = []string{"a.bank.example", "b.bank.example"} }, nil, "certificate-ambiguous"},
		{"dns, one of two on the list", mtls.DNS, []string{"b.bank.example"}, one, func(c *x509.Certificate) { c.DNSNames = []string{"a.bank.example", "b.bank.example"} }, nil, ""},
		{"dns, none", mtls.DNS, []string{"batch.bank.example"}, one, func(c *x509.Certificate) { c.DNSNames = nil; c.Subject.CommonName = "batch.bank.example" }, nil, "certificate-identity"},
		{"email", mtls.Email, []string{"ops@bank.example"}, one, nil, nil, ""},
		{"email in capitals", mtls.Email, []string{"ops@bank.example"}, one, func(c *x509.Certificate) { c.EmailAddresses = []string{"OPS@bank.example"} }, nil, "certificate-not-allowed"},
		{"common name", mtls.CommonName, []string{"batch"}, one, nil, nil, ""},
		{"two common names", mtls.CommonName, []string{"batch"}, one, func(c *x509.Certificate) {
			c.Subject = pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{{Type: []int{2, 5, 4, 3}, Value: "other"}, {Type: []int{2, 5, 4, 3}, Value: "batch"}}}
		}, nil, "certificate-identity"},
		{"serial", mtls.Serial, []string{"abc123"}, one, func(c *x509.Certificate) { c.SerialNumber = big.NewInt(0xabc123) }, nil, ""},
		{"another serial", mtls.Serial, []string{"abc123"}, one, nil, nil, "certificate-not-allowed"},
		{"serial of two authorities", mtls.Serial, []string{"abc123"}, two, func(c *x509.Certificate) { c.SerialNumber = big.NewInt(0xabc123) }, nil, "certificate-identity"},
		{"serial of an authority between", mtls.Serial, []string{"abc123"}, one, func(c *x509.Certificate) { c.SerialNumber = big.NewInt(0xabc123) }, middle, "certificate-identity"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := mtls.Policy{Scheme: "m", Identity: tt.kind}
			for _, id := range tt.ids {
				p.Callers = append(p.Callers, mtls.Caller{ID: id})
			}
			issuer, between := ca, []*authority(nil)
			if tt.between != nil {
				issuer, between = tt.between, []*authority{tt.between}
			}
			if got := rule(open(t, p, mtls.Trust{CAs: tt.cas}).Authenticate(state(issuer.issue(t, tt.change, between...)))); got != tt.rule {
				t.Errorf("got %q, want %q", got, tt.rule)
			}
		})
	}
}

func TestRevocation(t *testing.T) {
	ca, twin := newAuthority(t, "ca", nil), newAuthority(t, "ca", nil)
	middle := newAuthority(t, "middle", ca)
	good, gone, under := ca.issue(t, nil), ca.issue(t, nil), middle.issue(t, nil, middle)
	between := tls.Certificate{Leaf: middle.cert}
	const day = 24 * time.Hour
	for _, tt := range []struct {
		name  string
		lists []*x509.RevocationList
		cert  tls.Certificate
		rule  string
	}{
		{"not on the list", []*x509.RevocationList{ca.revoke(t, day, gone)}, good, ""},
		{"revoked", []*x509.RevocationList{ca.revoke(t, day, gone)}, gone, "certificate-revoked"},
		{"revoked by an old list", []*x509.RevocationList{ca.revoke(t, -time.Hour, gone)}, gone, "certificate-revoked"},
		{"an old list", []*x509.RevocationList{ca.revoke(t, -time.Hour, gone)}, good, "unavailable: certificate-revocation-list"},
		{"an old list and a new one", []*x509.RevocationList{ca.revoke(t, -time.Hour), ca.revoke(t, day)}, good, ""},
		{"a list of somebody with the name", []*x509.RevocationList{twin.revoke(t, day)}, good, "unavailable: certificate-revocation-list"},
		{"the name's owner revokes what is not theirs", []*x509.RevocationList{ca.revoke(t, day), twin.revoke(t, day, good)}, good, ""},
		{"no list of the authority between", []*x509.RevocationList{ca.revoke(t, day)}, under, "unavailable: certificate-revocation-list"},
		{"both lists", []*x509.RevocationList{ca.revoke(t, day), middle.revoke(t, day)}, under, ""},
		{"the authority between is revoked", []*x509.RevocationList{ca.revoke(t, day, between), middle.revoke(t, day)}, under, "certificate-revoked"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := open(t, policy(), mtls.Trust{CAs: []*x509.Certificate{ca.cert}, CRLs: tt.lists})
			for range 2 {
				if got := rule(a.Authenticate(state(tt.cert))); got != tt.rule {
					t.Errorf("got %q, want %q", got, tt.rule)
				}
			}
		})
	}
}

// TestFilesAreReloaded: a new authority counts, an old one does not, and neither does a certificate that was revoked meanwhile, remembered or not.
func TestFilesAreReloaded(t *testing.T) {
	dir := t.TempDir()
	cas, crls := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "crl.pem")
	first, second := newAuthority(t, "first", nil), newAuthority(t, "second", nil)
	a1, a2, b1 := first.issue(t, nil), first.issue(t, nil), second.issue(t, nil)
	writePEM(t, cas, "CERTIFICATE", first.cert.Raw)
	writePEM(t, crls, "X509 CRL", first.revoke(t, time.Hour).Raw, second.revoke(t, time.Hour).Raw)
	now := time.Now()
	var reports []error
	p := policy()
	p.Clock = func() time.Time { return now }
	p.Report = func(err error) { reports = append(reports, err) }
	a := open(t, p, mtls.Trust{CAFile: cas, CRLFile: crls})
	want := func(when string, cert tls.Certificate, want string) {
		t.Helper()
		if got := rule(a.Authenticate(state(cert))); got != want {
			t.Errorf("%s: got %q, want %q", when, got, want)
		}
	}
	want("at first", a1, "")
	want("at first", a2, "")
	want("at first", b1, "certificate-chain")
	writePEM(t, crls, "X509 CRL", first.revoke(t, time.Hour, a2).Raw, second.revoke(t, time.Hour).Raw)
	now = now.Add(10 * time.Second)
	want("after a revocation", a1, "")
	want("after a revocation", a2, "certificate-revoked")
	writePEM(t, cas, "CERTIFICATE", first.cert.Raw, second.cert.Raw)
	now = now.Add(10 * time.Second)
	want("with both", a1, "")
	want("with both", b1, "")
	writePEM(t, cas, "PRIVATE KEY", first.cert.Raw)
	now = now.Add(10 * time.Second)
	want("with a broken file", a1, "")
	if len(reports) != 1 || !strings.Contains(reports[0].Error(), "not a CERTIFICATE") {
		t.Errorf("reports %v", reports)
	}
	writePEM(t, cas, "CERTIFICATE", second.cert.Raw)
	now = now.Add(10 * time.Second)
	want("without the first", a1, "certificate-chain")
	want("without the first", b1, "")
}

func TestPolicyIsChecked(t *testing.T) {
	ca := newAuthority(t, "ca", nil)
	leaf := ca.issue(t, nil)
	key := filepath.Join(t.TempDir(), "key.pem")
	writePEM(t, key, "PRIVATE KEY", leaf.Leaf.Raw)
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("# nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := mtls.Trust{CAs: []*x509.Certificate{ca.cert}}
	with := func(change func(*mtls.Policy)) mtls.Policy { p := policy(); change(&p); return p }
	list := func(ids ...string) func(*mtls.Policy) {
		return func(p *mtls.Policy) {
			p.Callers = nil
			for _, id := range ids {
				p.Callers = append(p.Callers, mtls.Caller{ID: id})
			}
		}
	}
	for _, tt := range []struct {
		name   string
		policy mtls.Policy
		trust  mtls.Trust
		want   string
	}{
		{"no authorities", policy(), mtls.Trust{}, "no certificate authorities"},
		{"a caller for an authority", policy(), mtls.Trust{CAs: []*x509.Certificate{leaf.Leaf}}, "not that of an authority"},
		{"both", policy(), mtls.Trust{CAs: good.CAs, CAFile: key}, "and a file"},
		{"no file", policy(), mtls.Trust{CAFile: key + "x"}, "no such file"},
		{"a private key", policy(), mtls.Trust{CAFile: key}, "not a CERTIFICATE"},
		{"an empty file", policy(), mtls.Trust{CAFile: empty}, "0 certificate authorities"},
		{"lists that are none", policy(), mtls.Trust{CAs: good.CAs, CRLFile: empty}, "neither PEM"},
		{"no identity", with(func(p *mtls.Policy) { p.Identity = 0 }), good, "what of a certificate"},
		{"no trust domain", with(func(p *mtls.Policy) { p.TrustDomain = "" }), good, "trust domain"},
		{"a trust domain for names", with(func(p *mtls.Policy) { p.Identity = mtls.DNS }), good, "trust domain"},
		{"nobody", with(list()), good, "0 callers"},
		{"another trust domain", with(list("spiffe://evil.example/batch")), good, "no identity"},
		{"everybody everywhere", with(list("*")), good, "no identity"},
		{"twice", with(list("spiffe://bank.example/a", "spiffe://bank.example/a")), good, "two callers"},
		{"one subject for many", with(func(p *mtls.Policy) { p.Callers[1].Subject = "x" }), good, "one subject"},
		{"a scope of two words", with(func(p *mtls.Policy) { p.Callers[0].Scopes = []string{"a b"} }), good, "scope"},
	} {
		if a, err := mtls.New(tt.policy, tt.trust, table); a != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	if a, err := mtls.New(with(list("spiffe://bank.example/*")), good, table); a == nil || err != nil {
		t.Error(err)
	}
}

func TestChainIsBounded(t *testing.T) {
	ca := newAuthority(t, "ca", nil)
	a := open(t, policy(), mtls.Trust{CAs: []*x509.Certificate{ca.cert}})
	cert := ca.issue(t, nil)
	if got := rule(a.Authenticate(state(cert, cert, cert, cert, cert, cert, cert))); got != "certificate-chain" {
		t.Errorf("got %q", got)
	}
}

func FuzzFiles(f *testing.F) {
	ca := newAuthority(f, "ca", nil)
	path := filepath.Join(f.TempDir(), "f")
	writePEM(f, path, "CERTIFICATE", ca.cert.Raw)
	text, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(ca.revoke(f, time.Hour).Raw)
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, trust := range []mtls.Trust{{CAFile: path}, {CAs: []*x509.Certificate{ca.cert}, CRLFile: path}} {
			if a, err := mtls.New(policy(), trust, table); (a == nil) == (err == nil) {
				t.Errorf("%v, %v", a, err)
			}
		}
	})
}

func BenchmarkAuthenticate(b *testing.B) {
	ca := newAuthority(b, "ca", nil)
	a := open(b, policy(), mtls.Trust{CAs: []*x509.Certificate{ca.cert}})
	r := state(ca.issue(b, nil))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Authenticate(r); err != nil {
			b.Fatal(err)
		}
	}
}
