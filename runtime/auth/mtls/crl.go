package mtls

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
)

// revocations are an immutable set of revocation lists, by the name of their issuer.
type revocations struct{ byIssuer map[string][]*revocationList }

type revocationList struct {
	list    *x509.RevocationList
	serials map[string]struct{}
}

func newRevocations(lists []*x509.RevocationList) (*revocations, error) {
	if len(lists) == 0 {
		return nil, errors.New("no revocation list")
	}
	r := &revocations{byIssuer: map[string][]*revocationList{}}
	for i, l := range lists {
		if l == nil || l.NextUpdate.IsZero() {
			return nil, fmt.Errorf("revocation list %d does not say when the next one comes", i+1)
		}
		for _, e := range l.Extensions {
			if e.Critical {
				return nil, fmt.Errorf("revocation list %d is not complete: it has the critical extension %s", i+1, e.Id)
			}
		}
		known := &revocationList{list: l, serials: make(map[string]struct{}, len(l.RevokedCertificateEntries))}
		for _, e := range l.RevokedCertificateEntries {
			known.serials[e.SerialNumber.String()] = struct{}{}
		}
		r.byIssuer[string(l.RawIssuer)] = append(r.byIssuer[string(l.RawIssuer)], known)
	}
	return r, nil
}

func parseCRLs(text []byte) (*revocations, error) {
	var lists []*x509.RevocationList
	add := func(der []byte) error {
		l, err := x509.ParseRevocationList(der)
		lists = append(lists, l)
		return err
	}
	if !bytes.Contains(text, []byte("-----BEGIN")) {
		var raw asn1.RawValue
		if rest, err := asn1.Unmarshal(text, &raw); err != nil || len(rest) > 0 || add(text) != nil {
			return nil, errors.New("neither PEM nor one revocation list in DER")
		}
	} else if err := blocks(text, "X509 CRL", add); err != nil {
		return nil, err
	}
	return newRevocations(lists)
}

var (
	errRevoked = &auth.Refused{Rule: "certificate-revoked"}
	errNoCRL   = &auth.Unavailable{Rule: "certificate-revocation-list"}
)

// check looks for the certificates of a chain in the lists of their issuers. It returns until when the answer holds.
func (r *revocations) check(chain []*x509.Certificate, now time.Time) (until time.Time, err error) {
	for i := range len(chain) - 1 {
		c, issuer := chain[i], chain[i+1]
		current := false
		for _, l := range r.byIssuer[string(issuer.RawSubject)] {
			if l.list.CheckSignatureFrom(issuer) != nil { // somebody else's of the same name
				continue
			}
			if _, found := l.serials[c.SerialNumber.String()]; found {
				return time.Time{}, errRevoked // an old list is right about that
			}
			if now.Before(l.list.NextUpdate) && !now.Before(l.list.ThisUpdate) {
				current = true
				if until.IsZero() || l.list.NextUpdate.Before(until) {
					until = l.list.NextUpdate
				}
			}
		}
		if !current {
			return time.Time{}, errNoCRL
		}
	}
	return until, nil
}
