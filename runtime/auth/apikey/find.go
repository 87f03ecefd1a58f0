package apikey

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/cookie"
)

// find returns the one key in the request. Two are refused even if they are equal: whoever reads the other
// one would see another caller.
func (a *Authenticator) find(r *http.Request) (string, error) {
	switch a.policy.In {
	case "header":
		text, err := exactlyOne(r.Header[a.field])
		if err != nil || a.policy.AuthScheme == "" {
			return text, err
		}
		return a.policy.credentials(text)
	case "cookie":
		return cookie.One(r.Header["Cookie"], a.policy.Name, errRepeated)
	default:
		return findQuery(r.URL.RawQuery, a.policy.Name)
	}
}

func exactlyOne(values []string) (string, error) {
	switch len(values) {
	case 0:
		return "", auth.ErrMissing
	case 1:
		return values[0], nil
	}
	return "", errRepeated
}

// findQuery walks the query; names are compared decoded, so that no spelling hides a second key.
func findQuery(query, name string) (string, error) {
	found, ok := "", false
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		key, value, _ := strings.Cut(pair, "=")
		key, err := unescape(key)
		if err != nil {
			return "", errQuery
		}
		if key != name {
			continue
		}
		if ok {
			return "", errRepeated
		}
		if found, err = unescape(value); err != nil {
			return "", errQuery
		}
		ok = true
	}
	if !ok {
		return "", auth.ErrMissing
	}
	return found, nil
}

func unescape(s string) (string, error) {
	if !strings.ContainsAny(s, "%+") {
		return s, nil
	}
	return url.QueryUnescape(s)
}

// isToken reports whether s is a token (RFC 9110, section 5.6.2), as field and cookie names are.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0) {
			return false
		}
	}
	return s != ""
}

// isVisible reports whether s is printable ASCII without space.
func isVisible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
