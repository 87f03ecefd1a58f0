package jwt

import "github.com/bailey-go/bailey/runtime/auth"

var _ auth.Describer = (*Authenticator)(nil)

// Describe implements [auth.Describer]: the policy, and the source of keys with its bounds.
func (a *Authenticator) Describe() any { return []any{a.policy, a.source} }

// sourceOf is what a description has of a source.
func sourceOf(keys KeySource, algorithms []*algorithm) any {
	if text, ok := keys.(inline); ok {
		if (&opening{algorithms: algorithms}).mac() {
			return "secrets"
		}
		return string(text)
	}
	return keys
}
