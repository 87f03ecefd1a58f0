package securitytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/mtls"
)

// Trust is whose certificates the server believes for a scheme of client certificates.
func (c *Credentials) Trust(scheme string) mtls.Trust {
	m, _ := c.makers[scheme].(*machines)
	return mtls.Trust{CAs: []*x509.Certificate{m.ca.cert}, CRLs: []*x509.RevocationList{m.crl}}
}

// machines makes client certificates. What they grant is in the document: callers are chosen from its list.
type machines struct {
	credentials *Credentials
	policy      mtls.Policy
	ca, other   *signer
	crl         *x509.RevocationList
}

// signer is a certificate authority.
type signer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// revokedSerial is the number of the certificate that is revoked.
var revokedSerial = big.NewInt(0xbad)

func newMachines(c *Credentials, p mtls.Policy) (*machines, error) {
	m := &machines{credentials: c, policy: p}
	var err error
	if m.ca, err = newSigner(); err != nil {
		return nil, err
	}
	if m.other, err = newSigner(); err != nil {
		return nil, err
	}
	der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		Number: big.NewInt(1), ThisUpdate: time.Now().Add(-time.Hour), NextUpdate: time.Now().Add(24 * time.Hour),
		RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: revokedSerial, RevocationTime: time.Now()}},
	}, m.ca.cert, m.ca.key)
	if err != nil {
		return nil, err
	}
	m.crl, err = x509.ParseRevocationList(der)
	return m, err
}

func newSigner() (*signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "attack"}, NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return &signer{cert, key}, err
}

// choose returns the caller of the list who may least, and an identity that is theirs; nil if nobody is this caller.
func (m *machines) choose(who Caller, scopes []string) (*mtls.Caller, string) {
	var best *mtls.Caller
	var bestID string
	for i := range m.policy.Callers {
		c := &m.policy.Callers[i]
		id := strings.Replace(c.ID, "*", "attack", 1)
		subject := c.Subject
		if subject == "" {
			subject = id
		}
		switch {
		case !holds(c.Scopes, scopes), !holds(c.Roles, who.Roles), who.Subject != "" && who.Subject != subject && who.Subject != anybody:
		case best == nil || len(c.Scopes)+len(c.Roles) < len(best.Scopes)+len(best.Roles):
			best, bestID = c, id
		}
	}
	return best, bestID
}

// grants returns the scopes and roles of the caller that good would be.
func (m *machines) grants(who Caller, scopes []string) map[string][]string {
	if c, _ := m.choose(who, scopes); c != nil {
		return map[string][]string{"scope": c.Scopes, "role": c.Roles}
	}
	return nil
}

// issue makes a certificate with an identity, of which something may be changed.
func (m *machines) issue(by *signer, id string, change func(*x509.Certificate)) fields {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return m.credentials.certificate(nil)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(int64(len(m.credentials.certificates)) + 1e6), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	m.name(template, id)
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.cert, &key.PublicKey, by.key)
	if err != nil {
		return m.credentials.certificate(nil)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return m.credentials.certificate(nil)
	}
	return m.credentials.certificate(cert)
}

// name writes an identity into a certificate.
func (m *machines) name(c *x509.Certificate, id string) {
	switch m.policy.Identity {
	case mtls.SPIFFE:
		if u, err := url.Parse(id); err == nil {
			c.URIs = []*url.URL{u}
		}
	case mtls.DNS:
		c.DNSNames = []string{id}
	case mtls.Email:
		c.EmailAddresses = []string{id}
	case mtls.CommonName:
		c.Subject.CommonName = id
	case mtls.Serial:
		if n, ok := new(big.Int).SetString(id, 16); ok {
			c.SerialNumber = n
		}
	}
}

func (m *machines) good(who Caller, scopes []string) fields {
	c, id := m.choose(who, scopes)
	if c == nil {
		return fields{untriedField: {fmt.Sprintf("no caller of the document's list has the scopes %q and roles %q, and is the one", scopes, who.Roles)}}
	}
	return m.issue(m.ca, id, nil)
}

func (m *machines) bad(who Caller, scopes []string) []bad {
	_, id := m.choose(who, scopes)
	if id == "" {
		id = strings.Replace(m.policy.Callers[0].ID, "*", "attack", 1)
	}
	stranger := map[mtls.Identity]string{
		mtls.SPIFFE: "spiffe://attack.example/attack", mtls.DNS: "attack.invalid", mtls.Email: "attack@attack.invalid", mtls.CommonName: "securitytest: nobody", mtls.Serial: "a77ac",
	}[m.policy.Identity]
	list := []bad{
		{name: "no certificate", fields: m.credentials.certificate(nil), blank: true},
		{name: "a certificate of another authority", fields: m.issue(m.other, id, nil)},
		{name: "a certificate that ended", fields: m.issue(m.ca, id, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })},
		{name: "a certificate of the future", fields: m.issue(m.ca, id, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) })},
		{name: "a certificate of a server", fields: m.issue(m.ca, id, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })},
		{name: "a certificate without a use", fields: m.issue(m.ca, id, func(c *x509.Certificate) { c.ExtKeyUsage = nil })},
		{name: "a certificate of a stranger", fields: m.issue(m.ca, stranger, nil)},
		{name: "a certificate in a header", fields: fields{machineField: {"none"}, "X-Forwarded-Client-Cert": {"URI=" + id}}},
	}
	if m.policy.Identity != mtls.Serial {
		list = append(list, bad{name: "a revoked certificate", fields: m.issue(m.ca, id, func(c *x509.Certificate) { c.SerialNumber = revokedSerial })})
	}
	for i := range list {
		list[i].fields[untriedField] = nil // whoever would be the right caller
	}
	return list
}
