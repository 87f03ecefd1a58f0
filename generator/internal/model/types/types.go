package types

import (
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// NewType is what making a type costs beside what it holds: it has about 1000 bytes.
const NewType = 8

// TypeOf returns the Go type of s, building it at its first use.
func (b *Builder) TypeOf(s *schema.Schema, at Place) *model.Type {
	if s.Same != nil { // what s adds is the member's: a description, a default
		// A checked value has to be made of schema objects, which s may be alone.
		if _, ok := s.Same.Written(); ok || !b.CheckedRaw(s) {
			s = s.Same
		}
	}
	b.Spend(1, s.Pos)
	key := TypeKey{Schema: s, Dir: at.Dir}
	if !b.differs(s) {
		key = TypeKey{Schema: s, Both: true}
	}
	if t, ok := b.Types[key]; ok {
		b.watch.Uses(t)
		return t
	}
	at = b.placeOf(s, at)
	b.Spend(NewType+len(at.Name.String())/16, s.Pos)
	t := &model.Type{MaxItems: -1}
	t.Enforced.Table = true
	b.Types[key] = t
	b.watch.Fills(t, func() { b.make(t, s, at) })
	return t
}
