package types

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/schema"
)

// oneWay reports whether parts of the values of s must not travel one way, by schemas that
// the normal form need not have: then there are two types.
func (b *Builder) oneWay(s *schema.Schema) bool {
	return b.CheckedRaw(s) && slices.ContainsFunc(s.Nodes, b.oneWays.From)
}

// differs reports whether requests and responses see s differently.
func (b *Builder) differs(s *schema.Schema) bool {
	if d, ok := b.directional[s]; ok {
		return d
	}
	found := false
	var walked []*schema.Schema
	s.Walk(func(s *schema.Schema) bool {
		if d, ok := b.directional[s]; ok && !d {
			return false
		}
		walked = append(walked, s)
		if b.directional[s] || b.oneWay(s) || hasOneWay(s) {
			found = true
		}
		for i := range s.Properties {
			p := &s.Properties[i]
			if p.Schema.ReadOnly || p.Schema.WriteOnly || b.maskOf(p) != nil {
				found = true
			}
		}
		return !found
	})
	b.directional[s] = found
	if !found { // nor does anything that it leads to
		for _, other := range walked {
			b.directional[other] = false
		}
	}
	return found
}
