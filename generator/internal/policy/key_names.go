package policy

import (
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// namesKey says what the names in requirements of a scheme are, where the scheme's type has no scopes.
func namesKey() key {
	return key{
		name: "names", on: onScheme,
		says:   "what the names in requirements of the scheme are: scopes unless written, or roles",
		schema: `{"enum": ["scopes", "roles"]}`,
		read: func(r *reader, n *load.Node) any {
			if word, ok := r.choice(n, "x-bailey-names", "scopes", "roles"); ok {
				return word
			}
			return nil
		},
	}
}

// checkNames refuses the key where OpenAPI itself says what the names are.
func (r *reader) checkNames(s *Scheme, n *load.Node) {
	if v := n.Get(prefix + "names"); v != nil && s.knowsScopes() {
		r.fail(v.KeyPos(), rules.PolicyPlace, "x-bailey-names means nothing on "+s.kind()+", whose names are scopes", "it can stand on http, apiKey and mutualTLS")
	}
}
