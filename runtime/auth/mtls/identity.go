package mtls

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"strings"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/spiffe"
)

// Identity says what of a certificate names its holder. The zero value is nothing.
type Identity uint8

// The kinds of identity.
const (
	_ Identity = iota
	// SPIFFE is the one URI among the subject's alternative names, a SPIFFE ID of the policy's
	// trust domain (X.509-SVID). It counts byte by byte: IDs in other spellings (case,
	// percent-encoding, an empty query or fragment) and certificates with two URIs are refused.
	SPIFFE
	// DNS is a DNS name among them.
	DNS
	// Email is an e-mail address among them.
	Email
	// CommonName is the one common name of the subject.
	CommonName
	// Serial is the serial number, in lower-case hexadecimal without leading zeros, of a certificate that the one authority signed itself.
	Serial
)

// A Caller is an entry of the allow-list.
type Caller struct {
	// ID is the identity, byte by byte; DNS names in lower case. A SPIFFE ID may end in "/*", for every ID below the path, and a DNS name may begin
	// with "*.", for one label: then what was matched is the subject.
	ID string
	// Subject is whom the certificate stands for; empty means ID. It cannot stand beside an asterisk.
	Subject string
	// Scopes and Roles are what the caller is granted and is.
	Scopes, Roles []string
}

const (
	maxID      = 2048
	maxCallers = 10_000
)

// callers is an allow-list, compiled.
type callers struct {
	exact    map[string]*Caller
	prefixes map[string]*Caller // spiffe://domain/path/
	suffixes map[string]*Caller // .example.com
}

func newCallers(kind Identity, domain string, list []Caller) (*callers, error) {
	c := &callers{exact: map[string]*Caller{}, prefixes: map[string]*Caller{}, suffixes: map[string]*Caller{}}
	var errs []error
	if len(list) == 0 || len(list) > maxCallers {
		errs = append(errs, fmt.Errorf("mtls: %d callers; 1 to %d are needed", len(list), maxCallers))
	}
	for i := range list {
		entry := list[i]
		into, id, plain := c.exact, entry.ID, entry.ID
		if below, ok := strings.CutSuffix(id, "/*"); ok && kind == SPIFFE {
			into, id, plain = c.prefixes, below+"/", below+"/x"
		} else if above, ok := strings.CutPrefix(id, "*."); ok && kind == DNS {
			into, id, plain = c.suffixes, "."+above, "x."+above
		}
		switch {
		case !valid(kind, domain, plain):
			errs = append(errs, fmt.Errorf("mtls: %q is no identity of its kind", entry.ID))
		case into[id] != nil:
			errs = append(errs, fmt.Errorf("mtls: two callers with the identity %q", entry.ID))
		case plain != id && entry.Subject != "":
			errs = append(errs, fmt.Errorf("mtls: many callers, %q, would have one subject", entry.ID))
		}
		for _, s := range entry.Scopes {
			if !auth.IsScopeToken(s) {
				errs = append(errs, fmt.Errorf("mtls: caller %q: a scope is not a scope-token (RFC 6749, section 3.3)", entry.ID))
			}
		}
		into[id] = &entry
	}
	return c, errors.Join(errs...)
}

// match returns the entry for an identity: an exact one, or else the one that says most.
func (c *callers) match(id string) *Caller {
	if e := c.exact[id]; e != nil {
		return e
	}
	for end := strings.LastIndexByte(id, '/'); end > 0 && len(c.prefixes) > 0; end = strings.LastIndexByte(id[:end], '/') {
		if e := c.prefixes[id[:end+1]]; e != nil {
			return e
		}
	}
	if dot := strings.IndexByte(id, '.'); dot > 0 {
		return c.suffixes[id[dot:]]
	}
	return nil
}

var (
	errIdentity  = &auth.Refused{Rule: "certificate-identity"}
	errUnknown   = &auth.Refused{Rule: "certificate-not-allowed"}
	errAmbiguous = &auth.Refused{Rule: "certificate-ambiguous"}
)

// find returns the one identity of a certificate that the allow-list has, and its entry.
func (c *callers) find(leaf *x509.Certificate, kind Identity, domain string) (string, *Caller, error) {
	ids := identities(leaf, kind)
	if len(ids) == 0 {
		return "", nil, errIdentity
	}
	var found string
	var caller *Caller
	for _, id := range ids {
		if !valid(kind, domain, id) {
			if kind == DNS || kind == Email {
				continue // certificates have other names too
			}
			return "", nil, errIdentity
		}
		e := c.match(id)
		switch {
		case e == nil || id == found:
		case caller != nil:
			return "", nil, errAmbiguous
		default:
			found, caller = id, e
		}
	}
	if caller == nil {
		return "", nil, errUnknown
	}
	return found, caller, nil
}

var oidSubjectAltName = asn1.ObjectIdentifier{2, 5, 29, 17}

// oneURI returns the one URI among the subject's alternative names (X509-SVID, section 2) byte by
// byte as it stands in the certificate. A parsed URL does not do, since printing it writes the
// scheme in lower case and drops an empty fragment.
func oneURI(c *x509.Certificate) (id string, ok bool) {
	const tagURI = 6 // uniformResourceIdentifier (RFC 5280, section 4.2.1.6)
	for _, e := range c.Extensions {
		if !e.Id.Equal(oidSubjectAltName) {
			continue
		}
		var names []asn1.RawValue
		if rest, err := asn1.Unmarshal(e.Value, &names); err != nil || len(rest) > 0 {
			return "", false
		}
		for _, name := range names {
			if name.Class != asn1.ClassContextSpecific || name.Tag != tagURI {
				continue
			}
			if ok || name.IsCompound {
				return "", false
			}
			id, ok = string(name.Bytes), true
		}
	}
	return id, ok
}

var oidCommonName = asn1.ObjectIdentifier{2, 5, 4, 3}

// identities are what a certificate has of a kind; where there must be one and are several, there is none.
func identities(c *x509.Certificate, kind Identity) []string {
	switch kind {
	case SPIFFE:
		if id, ok := oneURI(c); ok {
			return []string{id}
		}
	case DNS:
		names := make([]string, len(c.DNSNames))
		for i, name := range c.DNSNames {
			names[i] = strings.ToLower(name)
		}
		return names
	case Email:
		return c.EmailAddresses
	case CommonName:
		n := 0
		for _, a := range c.Subject.Names {
			if a.Type.Equal(oidCommonName) {
				n++
			}
		}
		if n == 1 {
			return []string{c.Subject.CommonName}
		}
	case Serial:
		return []string{c.SerialNumber.Text(16)}
	}
	return nil
}

// valid reports whether id can be an identity of the kind.
func valid(kind Identity, domain, id string) bool {
	if id == "" || len(id) > maxID {
		return false
	}
	switch kind {
	case SPIFFE:
		return spiffe.In(id, domain)
	case DNS:
		return isHost(id)
	case Email:
		local, host, ok := strings.Cut(id, "@")
		return ok && isPrintable(local) && isHost(strings.ToLower(host))
	case CommonName:
		return isPrintable(strings.ReplaceAll(id, " ", "_"))
	case Serial:
		return strings.Trim(id, "0123456789abcdef") == "" && id[0] != '0'
	}
	return false
}

func isHost(s string) bool {
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}

func isPrintable(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}
