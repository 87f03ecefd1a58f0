package mtls

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/keyfile"
)

// Trust is whose certificates are believed, and which of them no longer.
type Trust struct {
	// CAs are the certificate authorities, or CAFile is a file of them in PEM, at most 1 MiB. One of the two is required.
	CAs    []*x509.Certificate
	CAFile string
	// CRLs are complete certificate revocation lists (RFC 5280, section 5), or CRLFile is a file of them, in PEM or one in DER, of at most 16 MiB. With
	// either, every authority of a chain must have one that is current: without, callers are refused as unavailable.
	CRLs    []*x509.RevocationList
	CRLFile string
}

// Files are read again when they change, by one of the requests and at most once in 10 seconds; one that cannot be read is reported, and what was read last
// stays in force for an hour.
const (
	maxCAFile  = 1 << 20
	maxCRLFile = 16 << 20
	maxCAs     = 1000
)

// authorities are an immutable set of certificate authorities.
type authorities struct {
	pool *x509.CertPool
	n    int
}

func newAuthorities(list []*x509.Certificate) (*authorities, error) {
	if len(list) == 0 || len(list) > maxCAs {
		return nil, fmt.Errorf("%d certificate authorities; 1 to %d are needed", len(list), maxCAs)
	}
	a := &authorities{pool: x509.NewCertPool(), n: len(list)}
	for i, c := range list {
		switch {
		case c == nil || !c.IsCA || !c.BasicConstraintsValid:
			return nil, fmt.Errorf("certificate %d is not that of an authority", i+1)
		case c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0:
			return nil, fmt.Errorf("certificate %d may not sign others", i+1)
		case isWeak(c):
			return nil, fmt.Errorf("certificate %d has a weak key: RSA keys need 2048 bits, and others than RSA, ECDSA and Ed25519 are not verified", i+1)
		}
		a.pool.AddCert(c)
	}
	return a, nil
}

// isWeak reports whether the key of c can be broken.
func isWeak(c *x509.Certificate) bool {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen() < 2048
	case *ecdsa.PublicKey:
		return k.Curve.Params().BitSize < 224
	case ed25519.PublicKey:
		return false
	}
	return true // such as DSA, which crypto/x509 does not verify
}

// isWeakSignature reports whether somebody may make another text that a signature of this kind
// fits: those over MD5 and SHA-1, DSA, and kinds that are not known.
func isWeakSignature(a x509.SignatureAlgorithm) bool {
	switch a {
	case x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA, x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS,
		x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512, x509.PureEd25519:
		return false
	}
	return true
}

// isWeakChain reports whether a verified chain has a key that can be broken, or a signature that
// can be forged. How the last certificate is signed does not matter, since it is trusted as it is.
func isWeakChain(chain []*x509.Certificate) bool {
	for i, c := range chain {
		if isWeak(c) || i < len(chain)-1 && isWeakSignature(c.SignatureAlgorithm) {
			return true
		}
	}
	return false
}

// parseCAs reads a file of certificates. Anything else in it, such as a private key, is a mistake.
func parseCAs(text []byte) (*authorities, error) {
	var list []*x509.Certificate
	err := blocks(text, "CERTIFICATE", func(der []byte) error {
		c, err := x509.ParseCertificate(der)
		list = append(list, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	return newAuthorities(list)
}

// blocks reads PEM that holds one kind of thing. Text between blocks is a comment.
func blocks(text []byte, kind string, use func(der []byte) error) error {
	for n := 1; ; n++ {
		var b *pem.Block
		if b, text = pem.Decode(text); b == nil {
			if bytes.Contains(text, []byte("-----BEGIN")) {
				return fmt.Errorf("block %d is not PEM", n)
			}
			return nil
		}
		if b.Type != kind {
			return fmt.Errorf("block %d is not a %s", n, kind)
		}
		if err := use(b.Bytes); err != nil {
			return fmt.Errorf("block %d: %w", n, errors.New("it cannot be parsed"))
		}
	}
}

// source is a value that stands still, or follows a file.
type source[T any] struct {
	still *T
	live  *keyfile.Live[*T]
}

func (s *source[T]) get(now time.Time) (*T, error) {
	if s.live == nil {
		return s.still, nil
	}
	v, err := s.live.Get(now)
	if err != nil {
		return nil, err
	}
	return *v, nil
}

func openFile[T any](path string, most int64, now time.Time, report func(error), parse func([]byte) (*T, error)) (source[T], error) {
	live, err := keyfile.OpenLive(keyfile.LiveConfig{Path: path, Max: most}, now, parse)
	if err != nil {
		return source[T]{}, err
	}
	live.ReportTo(report)
	return source[T]{live: live}, nil
}

// open reads what t names.
func (t *Trust) open(now time.Time, report func(error)) (cas source[authorities], crls source[revocations], errs []error) {
	var err error
	switch {
	case len(t.CAs) > 0 && t.CAFile != "":
		err = errors.New("certificate authorities and a file of them")
	case t.CAFile != "":
		cas, err = openFile(t.CAFile, maxCAFile, now, report, parseCAs)
	case len(t.CAs) > 0:
		cas.still, err = newAuthorities(t.CAs)
	default:
		err = errors.New("no certificate authorities")
	}
	if err != nil {
		errs = append(errs, fmt.Errorf("mtls: %w", err))
	}
	err = nil
	switch {
	case len(t.CRLs) > 0 && t.CRLFile != "":
		err = errors.New("revocation lists and a file of them")
	case t.CRLFile != "":
		crls, err = openFile(t.CRLFile, maxCRLFile, now, report, parseCRLs)
	case len(t.CRLs) > 0:
		crls.still, err = newRevocations(t.CRLs)
	}
	if err != nil {
		errs = append(errs, fmt.Errorf("mtls: %w", err))
	}
	return cas, crls, errs
}
