package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// APIKey is x-bailey-api-key.
type APIKey struct {
	Pos    diag.Pos
	Prefix string
	Opaque bool // keys without a form of their own, which are found by their hashes
	// AuthScheme is the authentication scheme in front of the key in Authorization, or "". With Basic the key is the user name.
	AuthScheme string
	Parameter  string // the auth-param behind it that holds the key, or ""
}

// secretJWK finds the private members of a JWK (RFC 7518, 6.2.2, 6.3.2 and 6.4), and
// keys that are nothing but a secret.
var secretJWK = regexp.MustCompile(`"(d|k|p|q|dp|dq|qi)"\s*:|"oct"`)

// keyPrefix is what keys may begin with: what needs no quoting in a header, a cookie, a query or a shell.
var keyPrefix = regexp.MustCompile(`^[A-Za-z0-9._~-]{1,64}$`)

// authToken is a token (RFC 9110, section 5.6.2), as an authentication scheme and an auth-param are, of a sensible length.
var authToken = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+.^_|~` + "`" + `-]{1,64}$`)

const authTokenSchema = `{"type": "string", "pattern": "^[A-Za-z0-9!#$%&'*+.^_|~` + "`" + `-]{1,64}$"`

// registered are the authentication schemes that have a meaning of their own (IANA, HTTP Authentication Scheme Registry), and NTLM, in lower case.
var registered = []string{
	"basic", "bearer", "concealed", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "ntlm", "oauth", "privatetoken",
	"scram-sha-1", "scram-sha-256", "vapid",
}

func apiKeyKey() key {
	return key{
		name: "api-key", on: onScheme, read: readAPIKey,
		says: "how API keys look, of which only a keyed hash is stored",
		schema: `{
	"type": "object",
	"additionalProperties": false,
	"dependentRequired": {"parameter": ["scheme"]},
	"properties": {
		"prefix": {"type": "string", "pattern": "^[A-Za-z0-9._~-]{1,64}$", "description": "what every key begins with"},
		"opaque": {"type": "boolean", "description": "keys that another program made, in a form of its own: each is found by its hash"},
		"scheme": ` + authTokenSchema + `, "description": "the authentication scheme in front of the key in the header Authorization, such as Token"},
		"parameter": ` + authTokenSchema + `, "description": "the parameter behind the scheme that holds the key, such as token in Token token=KEY"}
	}
}`,
	}
}

func readAPIKey(r *reader, n *load.Node) any {
	const what = "x-bailey-api-key"
	before := len(r.diags)
	if !r.members(n, what, "prefix", "opaque", "scheme", "parameter") {
		return nil
	}
	k := &APIKey{Pos: n.KeyPos(), Opaque: r.flag(n, what, "opaque")}
	if v := n.Get("prefix"); v != nil {
		k.Prefix, _ = v.Str()
		if !keyPrefix.MatchString(k.Prefix) {
			r.wrong(v, what+".prefix", "1 to 64 letters, digits and characters of . _ ~ -")
		}
	}
	k.AuthScheme, k.Parameter = r.authToken(n, what, "scheme"), r.authToken(n, what, "parameter")
	if v := n.Get("scheme"); v != nil && slices.Contains(registered, strings.ToLower(k.AuthScheme)) {
		advice := "choose another word"
		if word := strings.ToLower(k.AuthScheme); word == "basic" || word == "bearer" {
			advice = "declare the security scheme as type: http, scheme: " + word
		}
		r.fail(v.Pos, rules.PolicyValue, fmt.Sprintf("%s.scheme is %s, which has a meaning of its own (RFC 9110, section 16.4.1)", what, short(k.AuthScheme)), advice)
	}
	if v := n.Get("parameter"); v != nil && n.Get("scheme") == nil {
		r.fail(v.KeyPos(), rules.PolicyValue, what+".parameter stands without scheme", "write the scheme in front of it")
	}
	if len(r.diags) > before {
		return nil
	}
	return k
}

func (r *reader) authToken(n *load.Node, what, member string) string {
	v := n.Get(member)
	if v == nil {
		return ""
	}
	s, _ := v.Str()
	if !authToken.MatchString(s) {
		r.wrong(v, what+"."+member, "a token of RFC 9110, section 5.6.2, of at most 64 characters")
	}
	return s
}

// checkAPIKey checks that API keys can stand where the scheme has its credentials, and says what stands in front of them.
func (r *reader) checkAPIKey(s *Scheme, n *load.Node) {
	v := n.Get(prefix + "api-key")
	if v == nil {
		return
	}
	for _, other := range []string{"jwt", "introspection", "basic"} {
		if n.Get(prefix+other) != nil {
			r.fail(v.KeyPos(), rules.PolicyValue, "x-bailey-api-key stands beside x-bailey-"+other, "a credential is judged in one way: leave one out")
			return
		}
	}
	word := n.StrOr("scheme")
	switch {
	case s.Type == "apiKey":
		if w := v.Get("scheme"); w != nil && (s.In != "header" || !strings.EqualFold(s.Param, "Authorization")) {
			r.fail(w.KeyPos(), rules.PolicyPlace, "x-bailey-api-key.scheme means nothing in the "+s.In+" "+short(s.Param), "an authentication scheme stands in the header Authorization")
		}
		return
	case s.Type != "http", s.HTTP != "bearer" && s.HTTP != "basic" && (slices.Contains(registered, s.HTTP) || !authToken.MatchString(word)):
		r.fail(v.KeyPos(), rules.PolicyPlace, "x-bailey-api-key means nothing on "+s.kind(), "it can stand on apiKey, http bearer, http basic, and http with a scheme of your own")
		return
	}
	if w := v.Get("scheme"); w != nil {
		r.fail(w.KeyPos(), rules.PolicyPlace, "x-bailey-api-key.scheme stands on "+s.kind(), "the security scheme names it already")
		return
	}
	switch s.HTTP {
	case "bearer":
		word = "Bearer"
	case "basic":
		word = "Basic"
	}
	if s.APIKey != nil {
		s.APIKey.AuthScheme = word
	}
}
