package mtls_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"log"
	"math/big"
	"net/http/httptest"
	"net/url"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/mtls"
	"github.com/bailey-go/bailey/runtime/principal"
)

// Machines have certificates of the company's own authority, with a SPIFFE ID each. Those of production
// may write events; whoever else has a certificate is refused.
func Example() {
	ca, caKey, err := issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: "machines"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	table := principal.NewTable([]string{"events:write"}, []string{"machine"})
	machines, err := mtls.New(mtls.Policy{
		Scheme: "machine", Identity: mtls.SPIFFE, TrustDomain: "bank.example",
		Callers: []mtls.Caller{{ID: "spiffe://bank.example/ns/prod/*", Scopes: []string{"events:write"}, Roles: []string{"machine"}}},
	}, mtls.Trust{CAs: []*x509.Certificate{ca}}, table)
	if err != nil {
		log.Fatal(err)
	}
	for _, path := range []string{"/ns/prod/mailer", "/ns/test/mailer"} {
		certificate, _, err := issue(&x509.Certificate{
			URIs:     []*url.URL{{Scheme: "spiffe", Host: "bank.example", Path: path}},
			KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		}, ca, caKey)
		if err != nil {
			log.Fatal(err)
		}
		r := httptest.NewRequest("POST", "/events", nil)
		r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{certificate}} // as crypto/tls has it after a handshake
		caller, err := machines.Authenticate(r)
		if err != nil {
			fmt.Println(path, "refused:", err)
			continue
		}
		fmt.Println(path, caller.Subject, caller.Scopes, caller.Roles)
	}
	// Output:
	// /ns/prod/mailer spiffe://bank.example/ns/prod/mailer [events:write] [machine]
	// /ns/test/mailer refused: auth: refused: certificate-not-allowed
}

// issue makes a certificate, signed by above or, where that is nil, by itself.
func issue(template, above *x509.Certificate, aboveKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template.SerialNumber, template.NotBefore, template.NotAfter = big.NewInt(time.Now().UnixNano()), time.Now().Add(-time.Minute), time.Now().Add(time.Hour)
	if above == nil {
		above, aboveKey = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, above, &key.PublicKey, aboveKey)
	if err != nil {
		return nil, nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return cert, key, err
}
