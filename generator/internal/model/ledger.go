package model

import (
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Hold claims keywords of s for the code of t.
func (t *Type) Hold(s *schema.Schema, keys ...string) {
	t.Enforced.Claims = append(t.Enforced.Claims, schema.Claim{Schema: s, Keys: keys})
}

// HoldAll claims all keywords of s and of what it holds: the values are checked keyword by keyword,
// none is taken, or a warning says that they are not checked.
func (t *Type) HoldAll(s *schema.Schema) {
	s.Walk(func(s *schema.Schema) bool {
		t.Enforced.Nodes = append(t.Enforced.Nodes, s.Nodes...)
		return true
	})
}

// Without claims a property that no value of t has.
func (t *Type) Without(p *schema.Property) {
	t.HoldAll(p.Schema)
	t.Enforced.Gone = append(t.Enforced.Gone, p.Nodes...)
}
