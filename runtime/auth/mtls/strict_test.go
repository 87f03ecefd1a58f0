package mtls_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/mtls"
)

// TestRedteamCRLCost: the signature of a revocation list is checked once for each authority,
// whatever the requests are: of a revoked certificate, of different good ones, of many at a time,
// and when what is remembered of a certificate has ended.
func TestRedteamCRLCost(t *testing.T) {
	ca, twin := newAuthority(t, "ca", nil), newAuthority(t, "ca", nil)
	good, gone := ca.issue(t, nil), ca.issue(t, nil)
	now := time.Now()
	p := policy()
	p.Clock = func() time.Time { return now }
	a := open(t, p, mtls.Trust{CAs: []*x509.Certificate{ca.cert}, CRLs: []*x509.RevocationList{twin.revoke(t, time.Hour), ca.revoke(t, time.Hour, gone)}})
	checks := mtls.CountListSignatures(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 5 {
				if got := rule(a.Authenticate(state(gone))); got != "certificate-revoked" {
					t.Errorf("revoked: %q", got)
				}
			}
		})
	}
	all.Wait()
	if n := checks.Load(); n != 2 {
		t.Errorf("%d signatures checked for 2 lists and one authority, want 2", n)
	}
	for range 3 {
		for range 10 {
			if got := rule(a.Authenticate(state(ca.issue(t, nil)))); got != "" {
				t.Errorf("another good one: %q", got)
			}
		}
		now = now.Add(2 * time.Minute)
		if got := rule(a.Authenticate(state(good))); got != "" {
			t.Errorf("good: %q", got)
		}
	}
	if n := checks.Load(); n != 2 {
		t.Errorf("%d signatures checked in all, want 2", n)
	}
}

// BenchmarkRevoked is one of the two requests that cost a signature over the whole list.
func BenchmarkRevoked(b *testing.B) {
	ca := newAuthority(b, "ca", nil)
	gone := ca.issue(b, nil)
	list := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: time.Now().Add(-time.Hour), NextUpdate: time.Now().Add(time.Hour)}
	for i := range int64(100_000) {
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: big.NewInt(1<<40 + i), RevocationTime: time.Now()})
	}
	list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: gone.Leaf.SerialNumber, RevocationTime: time.Now()})
	der, err := x509.CreateRevocationList(rand.Reader, list, ca.cert, ca.key)
	if err != nil {
		b.Fatal(err)
	}
	parsed, err := x509.ParseRevocationList(der)
	if err != nil {
		b.Fatal(err)
	}
	a := open(b, policy(), mtls.Trust{CAs: []*x509.Certificate{ca.cert}, CRLs: []*x509.RevocationList{parsed}})
	r := state(gone)
	b.ReportAllocs()
	for b.Loop() {
		if got := rule(a.Authenticate(r)); got != "certificate-revoked" {
			b.Fatal(got)
		}
	}
}

// TestRefusalDependsOnTheWay: a certificate that came without the authority between is good when it
// comes with it, and one that is not good yet becomes so.
func TestRefusalDependsOnTheWay(t *testing.T) {
	ca := newAuthority(t, "ca", nil)
	middle := newAuthority(t, "middle", ca)
	with := middle.issue(t, nil, middle)
	without := with
	without.Certificate = with.Certificate[:1]
	a := open(t, policy(), mtls.Trust{CAs: []*x509.Certificate{ca.cert}})
	for range 2 {
		if got := rule(a.Authenticate(state(without))); got != "certificate-chain" {
			t.Errorf("without: %q", got)
		}
	}
	if got := rule(a.Authenticate(state(with))); got != "" {
		t.Errorf("with: %q", got)
	}
	late := ca.issue(t, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute).Truncate(time.Second) })
	for at, want := range []string{"certificate-time", ""} {
		if got := rule(a.AuthenticateAt(state(late), time.Now().Add(time.Duration(at)*time.Minute))); got != want {
			t.Errorf("at %d m: %q, want %q", at, got, want)
		}
	}
}

// TestAuthorityBetweenEnds: a good certificate is not remembered beyond the end of the authority
// that signed it.
func TestAuthorityBetweenEnds(t *testing.T) {
	ca := newAuthority(t, "ca", nil)
	middle := newAuthority(t, "middle", ca)
	end := time.Now().Add(20 * time.Second).Truncate(time.Second)
	template := *middle.cert
	template.NotAfter = end
	der, err := x509.CreateCertificate(rand.Reader, &template, ca.cert, &middle.key.PublicKey, ca.key)
	if err != nil {
		t.Fatal(err)
	}
	if middle.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	cert := middle.issue(t, nil, middle)
	a := open(t, policy(), mtls.Trust{CAs: []*x509.Certificate{ca.cert}})
	for _, tt := range []struct {
		at   time.Duration
		want string
	}{{-time.Second, ""}, {time.Second, "certificate-chain"}, {-time.Second, ""}} { // the clock is set back
		if got := rule(a.AuthenticateAt(state(cert), end.Add(tt.at))); got != tt.want {
			t.Errorf("%v from the end: %q, want %q", tt.at, got, tt.want)
		}
	}
}

// signedBy makes a certificate of template for key, signed by an authority whose key may be of any
// kind.
func signedBy(t *testing.T, template, parent *x509.Certificate, key, signer crypto.Signer) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func caTemplate(name string, serial int64) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
}

// TestWeakAuthorities: a chain is as good as the weakest key and signature in it, wherever that is.
func TestWeakAuthorities(t *testing.T) {
	newRSA := func(bits int) *rsa.PrivateKey {
		k, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	strong, weak := newRSA(2048), newRSA(1024)
	rootTemplate := caTemplate("root", 1)
	root := signedBy(t, rootTemplate, rootTemplate, strong, strong)
	for _, tt := range []struct {
		name    string
		key     *rsa.PrivateKey // of the lower authority between
		above   x509.SignatureAlgorithm
		below   x509.SignatureAlgorithm
		refused bool
	}{
		{"strong", strong, x509.SHA256WithRSA, x509.SHA256WithRSA, false},
		{"a key of 1024 bits", weak, x509.SHA256WithRSA, x509.SHA256WithRSA, true},
		{"SHA-1 over the authority", strong, x509.SHA1WithRSA, x509.SHA256WithRSA, true},
		{"SHA-1 over the caller", strong, x509.SHA256WithRSA, x509.SHA1WithRSA, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			upper := caTemplate("upper", 2)
			upperCert := signedBy(t, upper, root, strong, strong)
			lower := caTemplate("lower", 3)
			lower.SignatureAlgorithm = tt.above
			lowerCert := signedBy(t, lower, upperCert, tt.key, strong)
			leaf := newAuthority(t, "x", nil).issue(t, nil).Leaf
			template := *leaf
			template.SignatureAlgorithm, template.AuthorityKeyId = tt.below, nil
			c := signedBy(t, &template, lowerCert, newKey(t), tt.key)
			r := state()
			r.TLS.PeerCertificates = []*x509.Certificate{c, lowerCert, upperCert}
			got := rule(open(t, policy(), mtls.Trust{CAs: []*x509.Certificate{root}}).Authenticate(r))
			if refused := got == "certificate-weak" || got == "certificate-chain"; refused != tt.refused || !refused && got != "" {
				t.Errorf("got %q, want refused: %v", got, tt.refused)
			}
		})
	}
	t.Run("one of two ways is strong", func(t *testing.T) {
		// The same key, certified by a weak authority and by the root itself.
		weakTemplate := caTemplate("weak", 4)
		weakCert := signedBy(t, weakTemplate, root, weak, strong)
		middleKey := newKey(t)
		viaWeak := signedBy(t, caTemplate("middle", 5), weakCert, middleKey, weak)
		viaRoot := signedBy(t, caTemplate("middle", 6), root, middleKey, strong)
		leaf := newAuthority(t, "x", nil).issue(t, nil).Leaf
		template := *leaf
		template.SignatureAlgorithm, template.AuthorityKeyId = 0, nil
		c := signedBy(t, &template, viaRoot, newKey(t), middleKey)
		r := state()
		r.TLS.PeerCertificates = []*x509.Certificate{c, viaWeak, weakCert, viaRoot}
		a := open(t, policy(), mtls.Trust{CAs: []*x509.Certificate{root}})
		if got := rule(a.Authenticate(r)); got != "" {
			t.Errorf("got %q", got)
		}
		r.TLS.PeerCertificates = []*x509.Certificate{c, viaWeak, weakCert}
		if got := rule(open(t, policy(), mtls.Trust{CAs: []*x509.Certificate{root}}).Authenticate(r)); got != "certificate-weak" {
			t.Errorf("without it: got %q", got)
		}
	})
	t.Run("a list signed with SHA-1", func(t *testing.T) {
		list := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: time.Now().Add(-time.Hour), NextUpdate: time.Now().Add(time.Hour), SignatureAlgorithm: x509.SHA1WithRSA}
		der, err := x509.CreateRevocationList(rand.Reader, list, root, strong)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := x509.ParseRevocationList(der)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := mtls.New(policy(), mtls.Trust{CAs: []*x509.Certificate{root}, CRLs: []*x509.RevocationList{parsed}}, table); a != nil || err == nil || !strings.Contains(err.Error(), "SHA1") {
			t.Errorf("%v, %v; want an error", a, err)
		}
	})
}

// alternativeNames is the extension with these URIs, byte by byte.
func alternativeNames(t *testing.T, ids ...string) []pkix.Extension {
	t.Helper()
	var names []asn1.RawValue
	for _, id := range ids {
		names = append(names, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 6, Bytes: []byte(id)})
	}
	value, err := asn1.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	return []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: value}}
}

// TestSPIFFESpellings: an ID counts byte by byte. What a URL parser would take for the same is
// another one.
func TestSPIFFESpellings(t *testing.T) {
	ca := newAuthority(t, "ca", nil)
	const good = "spiffe://bank.example/batch"
	for _, ids := range [][]string{
		{good}, {"SPIFFE://bank.example/batch"}, {"Spiffe://bank.example/batch"}, {"spiffe://BANK.example/batch"}, {"spiffe://bank.example/BATCH"},
		{good + "/"}, {good + "//"}, {"spiffe://bank.example//batch"}, {"spiffe://bank.example/./batch"}, {good + "#"}, {good + "?"}, {good + "#a"}, {good + "?#"},
		{"spiffe://bank.example/%62atch"}, {good + "%2F"}, {good + "%00"}, {"spiffe://@bank.example/batch"}, {"spiffe://user@bank.example/batch"},
		{"spiffe://bank.example:/batch"}, {"spiffe://bank.example:443/batch"}, {"spiffe://bank.example./batch"}, {"spiffe:/bank.example/batch"},
		{"spiffe:bank.example/batch"}, {" " + good}, {good + " "}, {"//bank.example/batch"}, {good, good}, {good, "https://bank.example/"}, {"https://bank.example/", good},
	} {
		t.Run(fmt.Sprintf("%q", ids), func(t *testing.T) {
			// The test's client would not make some of these, and the parser of a server may refuse
			// others at once.
			a := open(t, policy(), mtls.Trust{CAs: []*x509.Certificate{ca.cert}})
			leaf := ca.issue(t, nil).Leaf
			template := *leaf
			template.URIs, template.DNSNames, template.EmailAddresses, template.Extensions = nil, nil, nil, nil
			template.ExtraExtensions = alternativeNames(t, ids...)
			der, err := x509.CreateCertificate(rand.Reader, &template, ca.cert, &newKey(t).PublicKey, ca.key)
			if err != nil {
				t.Fatal(err)
			}
			c, err := x509.ParseCertificate(der)
			if err != nil {
				t.Skip("crypto/x509 refuses it, and with that crypto/tls the handshake:", err)
			}
			want := "certificate-identity"
			switch {
			case len(ids) == 1 && ids[0] == good:
				want = ""
			case len(ids) == 1 && ids[0] == "spiffe://bank.example/BATCH": // well-formed, and another one
				want = "certificate-not-allowed"
			}
			r := state()
			r.TLS.PeerCertificates = []*x509.Certificate{c}
			if got := rule(a.Authenticate(r)); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// TestSVIDUse: a certificate that may sign others is no caller's, even where it says that it is
// none of an authority.
func TestSVIDUse(t *testing.T) {
	ca := newAuthority(t, "ca", nil)
	a := open(t, policy(), mtls.Trust{CAs: []*x509.Certificate{ca.cert}})
	for _, use := range []x509.KeyUsage{x509.KeyUsageCertSign, x509.KeyUsageCRLSign} {
		cert := ca.issue(t, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature | use })
		if got := rule(a.Authenticate(state(cert))); got != "certificate-use" {
			t.Errorf("use %v: %q", use, got)
		}
	}
}
