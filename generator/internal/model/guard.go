package model

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/callers"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// guard notes who may set a member, where not everybody may.
func (b *builder) guard(f *Field, p *schema.Property) {
	b.maskConflict(p)
	for _, nodes := range [][]*load.Node{p.Nodes, p.Schema.Nodes} {
		for _, n := range nodes {
			f.words = append(f.words, word{n, wordWriters})
		}
	}
	f.Guards = b.callers.Guards(p)
	for _, w := range b.callers.WritersOf(p) {
		if b.callers.Writer(w) == callers.Most {
			b.errorf(w.Pos, rules.WritableBy, "more than %d different sets of callers may set properties", callers.Most)
		}
		about := "Only callers with " + oneOf("the scope", w.Scopes)
		if len(w.Scopes) > 0 && len(w.Roles) > 0 {
			about += " or "
		}
		about += oneOf("the role", w.Roles) + " may set it."
		f.Doc = gosrc.NewComment(strings.TrimSpace(p.Schema.Description + "\n\n" + about))
	}
}

// oneOf lists names: "the scope a, b or c".
func oneOf(what string, names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return what + " " + names[0]
	default:
		return what + " " + strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
}

// Guarded reports whether the body has members that only some callers may set.
func (m *BodyMedia) Guarded() bool {
	found := false
	eachType([]*Type{m.Field.Type}, func(*Type) bool { return found }, func(t *Type) {
		found = found || slices.ContainsFunc(t.Fields, func(f *Field) bool { return len(f.Guards) > 0 })
	})
	return found
}

// unguarded refuses guards that nothing would hold callers to: in the items of a sequence,
// which the handler reads.
func (b *builder) unguarded(op *Operation) {
	for _, m := range op.Bodies {
		if m.Sequence() && m.Guarded() {
			b.errorf(op.source.Pos, rules.WritableBy, "the body is a sequence with x-bailey-writable-by in its items, which is not supported there")
		}
	}
}

// unguardedBody refuses guards in the schema of a body that generated code does not look into.
func (b *builder) unguardedBody(media *openapi.Media) {
	if media.Schema == nil {
		return
	}
	media.Schema.Walk(func(s *schema.Schema) bool {
		for i := range s.Properties {
			for _, w := range b.callers.WritersOf(&s.Properties[i]) {
				b.errorf(w.Pos, rules.WritableBy, "x-bailey-writable-by cannot be enforced in %s, which the handler reads as it is", media.Name)
			}
		}
		return true
	})
}
