package auth

import (
	"net/http"
	"strings"
)

// MaxToken is the longest bearer token that [Bearer] returns, in bytes.
const MaxToken = 8 << 10

// Refusals of [Bearer].
var (
	errRepeated  = &Refused{Rule: "authorization-repeated"}
	errTooLong   = &Refused{Rule: "token-too-long"}
	errMalformed = &Refused{Rule: "authorization-malformed"}
)

// Bearer returns the token of the request's one Authorization field with the Bearer
// scheme (RFC 6750, section 2.1; the scheme's case does not matter, RFC 9110,
// section 11.1). No Authorization field, or another scheme, is [ErrMissing]. More
// than one field is refused whatever they hold: two readers would disagree
// about who is calling. So is a token of more than [MaxToken] bytes, and anything that
// is not one b64token. The body and the query are never looked at.
//
// It does not allocate.
func Bearer(r *http.Request) (string, error) {
	token, err := BearerText(r)
	if err == nil && !isB64Token(token) {
		return "", errMalformed
	}
	return token, err
}

// BearerText is [Bearer] for callers that check the token's alphabet themselves, or look it up
// as it is: it returns whatever stands behind the scheme, at least one and at most [MaxToken] bytes.
func BearerText(r *http.Request) (string, error) {
	return SchemeText(r.Header["Authorization"], "Bearer", MaxToken)
}

// DPoPText is [BearerText] for the scheme DPoP (RFC 9449, section 7.1).
func DPoPText(r *http.Request) (string, error) {
	return SchemeText(r.Header["Authorization"], "DPoP", MaxToken)
}

// SchemeText returns what stands behind the scheme want in the one value of a field that is written as Authorization is: at
// least one byte, and at most most of them. Its errors are those of [Bearer].
func SchemeText(values []string, want string, most int) (string, error) {
	switch len(values) {
	case 0:
		return "", ErrMissing
	case 1:
	default:
		return "", errRepeated
	}
	scheme, rest, _ := strings.Cut(values[0], " ")
	if scheme != want && !strings.EqualFold(scheme, want) {
		return "", ErrMissing
	}
	token := strings.TrimLeft(rest, " ")
	switch {
	case token == "":
		return "", errMalformed
	case len(token) > most:
		return "", errTooLong
	}
	return token, nil
}

// IsToken reports whether s is one b64token of RFC 6750, section 2.1.
func IsToken(s string) bool { return isB64Token(s) }

// isB64Token reports whether s is 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=".
func isB64Token(s string) bool {
	body := strings.TrimRight(s, "=")
	if body == "" {
		return false
	}
	for i := range len(body) {
		if !isToken68(body[i]) {
			return false
		}
	}
	return true
}

func isToken68(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	switch c {
	case '-', '.', '_', '~', '+', '/':
		return true
	}
	return false
}

// BearerChallenge writes a Bearer challenge (RFC 6750, section 3). The realm is
// dropped if it is empty or holds anything but printable ASCII; so is a scope that is not
// a scope-token (RFC 6749, section 3.3).
func BearerChallenge(realm string, missing []string) string {
	return Challenge("Bearer", realm, "", missing)
}

// BearerChallenges is [Negotiator] for bearer tokens: a token that was refused is an invalid_token (RFC 6750, section 3.1), whatever
// is wrong with it, and where there was none, there is no error either.
func BearerChallenges(realm string, missing []string, refused *Refused) []string {
	code := ""
	if refused != nil {
		code = "invalid_token"
	}
	return []string{Challenge("Bearer", realm, code, missing)}
}

// Challenge writes a challenge of a scheme with the parameters of RFC 6750, section 3, and more of them, ready as they are. Missing scopes
// are an error of their own. The realm and scopes are as in [BearerChallenge].
func Challenge(scheme, realm, code string, missing []string, more ...string) string {
	var b strings.Builder
	b.WriteString(scheme)
	sep := " "
	if realm != "" && isQuotable(realm) {
		b.WriteString(sep + `realm="` + realm + `"`)
		sep = ", "
	}
	if len(missing) > 0 {
		code = "insufficient_scope"
	}
	if code != "" {
		b.WriteString(sep + `error="` + code + `"`)
		sep = ", "
	}
	open := false
	for _, scope := range missing {
		if !IsScopeToken(scope) {
			continue
		}
		if open {
			b.WriteByte(' ')
		} else {
			b.WriteString(`, scope="`)
			open = true
		}
		b.WriteString(scope)
	}
	if open {
		b.WriteByte('"')
	}
	for _, p := range more {
		b.WriteString(sep + p)
		sep = ", "
	}
	return b.String()
}

// IsScopeToken reports whether s is a scope-token of RFC 6749, section 3.3:
// printable ASCII without space, quote and backslash.
func IsScopeToken(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == '"' || c == '\\' || c > '~' {
			return false
		}
	}
	return s != ""
}

// isQuotable reports whether s can stand between quotes as it is.
func isQuotable(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c > '~' {
			return false
		}
	}
	return true
}
