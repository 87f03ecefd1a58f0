package policy

import (
	"regexp"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// secretJWK finds the private members of a JWK (RFC 7518, 6.2.2, 6.3.2 and 6.4), and
// keys that are nothing but a secret.
var secretJWK = regexp.MustCompile(`"(d|k|p|q|dp|dq|qi)"\s*:|"oct"`)

const (
	// leastKey is how long a key must be behind its prefix: the runtime demands it.
	leastKey  = 16
	mostKey   = 512
	maxPrefix = 64
)

func apiKeyKey() key {
	return key{
		name: "api-key", on: onScheme, read: readAPIKey,
		says: "how API keys look, of which only the SHA-256 is stored",
		schema: `{
	"type": "object",
	"additionalProperties": false,
	"properties": {
		"prefix": {"type": "string", "pattern": "^[!-~]{1,64}$", "description": "what every key begins with"},
		"min-length": {"type": "integer", "minimum": 16, "maximum": 512, "description": "the least length with the prefix, in bytes"}
	}
}`,
	}
}

func readAPIKey(r *reader, n *load.Node) any {
	const what = "x-bailey-api-key"
	before := len(r.diags)
	if !r.members(n, what, "prefix", "min-length") {
		return nil
	}
	k := &APIKey{Pos: n.KeyPos()}
	if v := n.Get("prefix"); v != nil {
		k.Prefix, _ = r.text(v, what+".prefix", maxPrefix)
		if strings.IndexFunc(k.Prefix, func(c rune) bool { return c <= ' ' || c > '~' }) >= 0 {
			r.wrong(v, what+".prefix", "visible ASCII")
		}
	}
	if v := n.Get("min-length"); v != nil {
		least, _ := r.integer(v, what+".min-length", int64(len(k.Prefix)+leastKey), mostKey)
		k.MinLength = int(least)
	}
	if len(r.diags) > before {
		return nil
	}
	return k
}
