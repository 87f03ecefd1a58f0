package mtls

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"sync"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
)

// revocations are an immutable set of revocation lists, by the name of their issuer.
type revocations struct{ byIssuer map[string][]*revocationList }

// A revocationList is a list, indexed by serial number, and whose it is.
type revocationList struct {
	list    *x509.RevocationList // without its entries
	serials map[string]struct{}

	mu     sync.Mutex
	signed map[[sha256.Size]byte]bool // by the SHA-256 of an authority's certificate: whether it signed the list
}

// maxSigners bounds the authorities of one name that a list remembers.
const maxSigners = 64

// checkSignature is replaced by tests, which count the calls.
var checkSignature = (*x509.RevocationList).CheckSignatureFrom

// isFrom reports whether issuer signed the list. The signature covers the whole list, so that
// checking it takes time in proportion to the list's size: it is checked once for each authority,
// and the requests that need the answer meanwhile wait for it.
func (l *revocationList) isFrom(issuer *x509.Certificate) bool {
	key := sha256.Sum256(issuer.Raw)
	l.mu.Lock()
	defer l.mu.Unlock()
	signed, known := l.signed[key]
	if !known {
		signed = checkSignature(l.list, issuer) == nil
		if len(l.signed) >= maxSigners {
			clear(l.signed)
		}
		l.signed[key] = signed
	}
	return signed
}

func (l *revocationList) has(serial *big.Int) bool {
	_, found := l.serials[serialKey(serial)]
	return found
}

// serialKey is a serial number in the fewest bytes, and its sign.
func serialKey(n *big.Int) string {
	if n.Sign() < 0 {
		return "-" + string(n.Bytes())
	}
	return "+" + string(n.Bytes())
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
		if isWeakSignature(l.SignatureAlgorithm) {
			return nil, fmt.Errorf("revocation list %d is signed with %v, which can be forged", i+1, l.SignatureAlgorithm)
		}
		known := &revocationList{
			list: &x509.RevocationList{
				RawTBSRevocationList: l.RawTBSRevocationList, SignatureAlgorithm: l.SignatureAlgorithm, Signature: l.Signature,
				ThisUpdate: l.ThisUpdate, NextUpdate: l.NextUpdate,
			},
			serials: make(map[string]struct{}, len(l.RevokedCertificateEntries)), signed: map[[sha256.Size]byte]bool{},
		}
		for _, e := range l.RevokedCertificateEntries {
			known.serials[serialKey(e.SerialNumber)] = struct{}{}
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
			if !l.isFrom(issuer) { // another authority has the same name
				continue
			}
			if l.has(c.SerialNumber) {
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
