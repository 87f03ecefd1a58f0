package bound

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/cookie"
)

// A Place is the one place of a request where tokens of a scheme stand. The zero value is the field Authorization.
type Place struct {
	In     string // header, cookie, or "" for Authorization
	Name   string // of the field, in its canonical form, or of the cookie
	Prefix string // header: the word before the token, "" for none
}

// NewPlace checks a place. Name and prefix mean nothing where in is "".
func NewPlace(in, name, prefix string) (Place, error) {
	switch {
	case in == "" && name == "" && prefix == "":
		return Place{}, nil
	case in != "header" && in != "cookie":
		return Place{}, fmt.Errorf("a token cannot stand in %q: header or cookie", in)
	case !isToken(name):
		return Place{}, fmt.Errorf("%q is no name of a %s", name, in)
	case in == "cookie" && prefix != "", prefix != "" && !isToken(prefix):
		return Place{}, fmt.Errorf("a token in a %s cannot have the prefix %q", in, prefix)
	}
	if in == "header" {
		if name = http.CanonicalHeaderKey(name); name == "Cookie" || name == "Host" || name == "Authorization" && prefix == "" {
			return Place{}, errors.New("a token cannot stand in the field " + name + " as it is")
		}
	}
	return Place{In: in, Name: name, Prefix: prefix}, nil
}

var (
	errRepeated  = &auth.Refused{Rule: "token-repeated"}
	errTooLong   = &auth.Refused{Rule: "token-too-long"}
	errMalformed = &auth.Refused{Rule: "token-malformed"}
)

// find returns the token of at most most bytes. Two are refused even if they are equal: a reader of the other one
// would see another caller.
func (p *Place) find(r *http.Request, most int) (text string, err error) {
	switch {
	case p.In == "cookie":
		text, err = cookie.One(r.Header["Cookie"], p.Name, errRepeated)
	case p.Prefix != "":
		return auth.SchemeText(r.Header[p.Name], p.Prefix, most)
	default:
		switch values := r.Header[p.Name]; len(values) {
		case 0:
			err = auth.ErrMissing
		case 1:
			text = values[0]
		default:
			err = errRepeated
		}
	}
	switch {
	case err != nil:
		return "", err
	case text == "":
		return "", errMalformed
	case len(text) > most:
		return "", errTooLong
	}
	return text, nil
}

// challenge is the one for WWW-Authenticate (RFC 9110, section 11.6.1): no scheme is registered for tokens outside of Authorization.
func (p *Place) challenge(missing []string) []string {
	switch {
	case missing != nil:
		return nil
	case p.In == "cookie":
		return []string{"Cookie"}
	}
	return []string{"Token"}
}

// bearer reports whether the place is what [auth.Bearer] reads.
func (p *Place) bearer() bool {
	return p.Name == "Authorization" && strings.EqualFold(p.Prefix, "Bearer")
}

// isToken reports whether s is a token (RFC 9110, section 5.6.2), as field and cookie names are.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0) {
			return false
		}
	}
	return s != "" && len(s) <= 100
}
