package types

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Merged are the branches of s, each merged with what stands beside it.
func (b *Builder) Merged(s *schema.Schema) []*schema.Schema {
	base := b.VariantOf(s, "base", func() *schema.Schema {
		c := *s
		c.OneOf, c.AnyOf, c.Discriminator, c.Name, c.Default = nil, nil, nil, "", nil
		return &c
	})
	reader := s.Reader()
	if reader == nil {
		reader = b.In.Schemas
	}
	merged := slices.Concat(s.OneOf, s.AnyOf)
	b.Spend(len(merged), s.Pos)
	for i, branch := range merged {
		if !Bare(base, branch) {
			merged[i] = reader.Merge(s.Pos, base, branch)
		}
	}
	return merged
}

// Bare reports whether base adds nothing to a branch: then the branch's own type serves.
func Bare(base, branch *schema.Schema) bool {
	return Unconstrained(base) && base.Extra == schema.ExtraSilent && !base.Closed && len(base.Enum) == 0 && branch.Types&^base.Types == 0
}
