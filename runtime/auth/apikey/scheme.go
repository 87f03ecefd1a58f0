package apikey

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/bailey-go/bailey/runtime/auth"
)

// checkScheme returns what is wrong with AuthScheme and Parameter, or nil.
func (p *Policy) checkScheme() error {
	switch {
	case p.AuthScheme == "" && p.Parameter == "":
		return nil
	case p.AuthScheme == "":
		return errors.New("apikey: a parameter without an authentication scheme")
	case !isToken(p.AuthScheme) || p.Parameter != "" && !isToken(p.Parameter):
		return errors.New("apikey: the authentication scheme or its parameter is not a token (RFC 9110, section 5.6.2)")
	case p.In != "header" || !strings.EqualFold(p.Name, "Authorization"):
		return fmt.Errorf("apikey: an authentication scheme stands in the header Authorization, not in the %s %q", p.In, p.Name)
	case p.Parameter != "" && (strings.EqualFold(p.AuthScheme, basicScheme) || strings.EqualFold(p.AuthScheme, bearerScheme)):
		return fmt.Errorf("apikey: %s has no parameters", p.AuthScheme)
	}
	return nil
}

const basicScheme, bearerScheme = "Basic", "Bearer"

// credentials returns the key in the value of Authorization. Another authentication scheme is [auth.ErrMissing].
func (p *Policy) credentials(value string) (string, error) {
	scheme, rest, _ := strings.Cut(value, " ")
	// Letters beyond ASCII fold to some in it, and take more bytes.
	if len(scheme) != len(p.AuthScheme) || !strings.EqualFold(scheme, p.AuthScheme) {
		return "", auth.ErrMissing
	}
	rest = strings.TrimLeft(rest, " ")
	switch {
	case p.Parameter != "":
		return parameter(rest, p.Parameter)
	case strings.EqualFold(scheme, basicScheme):
		return userName(rest)
	}
	return rest, nil
}

// parameter returns the value of the one auth-param in text: a token, or a quoted-string without quotes and backslashes inside. A value that
// has characters of base64 is taken without quotes, too, since clients send it so.
func parameter(text, name string) (string, error) {
	key, value, ok := strings.Cut(text, "=")
	if !ok || len(key) != len(name) || !strings.EqualFold(key, name) {
		return "", errForm
	}
	if inner, quoted := strings.CutPrefix(value, `"`); quoted {
		if value, quoted = strings.CutSuffix(inner, `"`); !quoted {
			return "", errForm
		}
	}
	if strings.ContainsAny(value, `"\,; `) {
		return "", errForm
	}
	return value, nil
}

// userName returns the user name of basic credentials (RFC 7617, section 2) whose password is empty.
func userName(text string) (string, error) {
	if len(text) > base64.StdEncoding.EncodedLen(maxOpaque+1) || strings.ContainsAny(text, "\r\n") {
		return "", errForm
	}
	pair, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return "", errForm
	}
	name, ok := strings.CutSuffix(string(pair), ":")
	if !ok || strings.Contains(name, ":") {
		return "", errForm
	}
	return name, nil
}

// Challenges implements [auth.Negotiator]: a challenge of the scheme in front of the key. Keys without one have no registered scheme, and ApiKey
// says that one is expected; the document says where.
func (a *Authenticator) Challenges(missing []string, refused *auth.Refused) []string {
	p := &a.policy
	switch {
	case p.AuthScheme == "":
		return []string{auth.Challenge("ApiKey", p.Realm, "", missing)}
	case strings.EqualFold(p.AuthScheme, bearerScheme):
		return auth.BearerChallenges(p.Realm, missing, refused)
	case !strings.EqualFold(p.AuthScheme, basicScheme):
		return []string{auth.Challenge(p.AuthScheme, p.Realm, "", missing)}
	case missing != nil:
		return nil // Basic has no word for missing scopes
	}
	realm := p.Realm
	if realm == "" {
		realm = "api" // one must be there (RFC 7617, section 2)
	}
	return []string{auth.Challenge(basicScheme, realm, "", nil, `charset="UTF-8"`)}
}
