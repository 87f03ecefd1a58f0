package policy

import (
	"regexp"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// secretJWK finds the private members of a JWK (RFC 7518, 6.2.2, 6.3.2 and 6.4), and
// keys that are nothing but a secret.
var secretJWK = regexp.MustCompile(`"(d|k|p|q|dp|dq|qi)"\s*:|"oct"`)

// keyPrefix is what keys may begin with: what needs no quoting in a header, a cookie, a query or a shell.
var keyPrefix = regexp.MustCompile(`^[A-Za-z0-9._~-]{1,64}$`)

func apiKeyKey() key {
	return key{
		name: "api-key", on: onScheme, read: readAPIKey,
		says: "how API keys look, of which only a keyed hash is stored",
		schema: `{
	"type": "object",
	"additionalProperties": false,
	"properties": {
		"prefix": {"type": "string", "pattern": "^[A-Za-z0-9._~-]{1,64}$", "description": "what every key begins with"}
	}
}`,
	}
}

func readAPIKey(r *reader, n *load.Node) any {
	const what = "x-bailey-api-key"
	before := len(r.diags)
	if !r.members(n, what, "prefix") {
		return nil
	}
	k := &APIKey{Pos: n.KeyPos()}
	if v := n.Get("prefix"); v != nil {
		k.Prefix, _ = v.Str()
		if !keyPrefix.MatchString(k.Prefix) {
			r.wrong(v, what+".prefix", "1 to 64 letters, digits and characters of . _ ~ -")
		}
	}
	if len(r.diags) > before {
		return nil
	}
	return k
}
