package principal

import (
	"maps"
	"slices"
)

// Clone returns a copy that shares nothing with p which can be changed: whoever is handed one may do
// with it what they like, and no other request sees it. What [Principal.Bind] computed is kept.
func (p *Principal) Clone() *Principal {
	if p == nil {
		return nil
	}
	c := *p
	c.Scopes, c.Roles = slices.Clone(p.Scopes), slices.Clone(p.Roles)
	c.Claims = cloneClaims(p.Claims)
	return &c
}

// cloneClaims copies what a credential's decoder makes: objects, lists and what cannot be changed.
func cloneClaims(object map[string]any) map[string]any {
	c := maps.Clone(object)
	for name, v := range c {
		switch v := v.(type) {
		case map[string]any:
			c[name] = cloneClaims(v)
		case []any:
			c[name] = cloneList(v)
		case []string:
			c[name] = slices.Clone(v)
		}
	}
	return c
}

func cloneList(list []any) []any {
	c := slices.Clone(list)
	for i, v := range c {
		switch v := v.(type) {
		case map[string]any:
			c[i] = cloneClaims(v)
		case []any:
			c[i] = cloneList(v)
		case []string:
			c[i] = slices.Clone(v)
		}
	}
	return c
}
