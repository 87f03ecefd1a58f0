package types

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/callers"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Guard notes who may set a member, where not everybody may.
func (b *Builder) Guard(f *model.Field, p *schema.Property) {
	b.maskConflict(p)
	for _, nodes := range [][]*load.Node{p.Nodes, p.Schema.Nodes} {
		for _, n := range nodes {
			f.Words = append(f.Words, model.Word{Node: n, Key: WordWriters})
		}
	}
	f.Guards = b.Callers.Guards(p)
	for _, w := range b.Callers.WritersOf(p) {
		if b.Callers.Writer(w) == callers.Most {
			b.Errorf(w.Pos, rules.WritableBy, "more than %d different sets of callers may set properties", callers.Most)
		}
		about := "Only callers with " + oneOf("the scope", w.Scopes)
		if len(w.Scopes) > 0 && len(w.Roles) > 0 {
			about += " or "
		}
		about += oneOf("the role", w.Roles) + " may set it."
		f.Doc = gosrc.NewComment(strings.TrimSpace(p.Schema.Description + "\n\n" + about)).Deprecate(p.Schema.Deprecated)
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

// Unguarded refuses guards that nothing would hold callers to: in the items of a sequence,
// which the handler reads.
func (b *Builder) Unguarded(op *model.Operation) {
	for _, m := range op.Bodies {
		if m.Sequence() && m.Guarded() {
			b.Errorf(op.Source.Pos, rules.WritableBy, "the body is a sequence with x-bailey-writable-by in its items, which is not supported there")
		}
	}
}

// UnguardedBody refuses guards in the schema of a body that generated code does not look into.
func (b *Builder) UnguardedBody(media *openapi.Media) {
	if media.Schema == nil {
		return
	}
	media.Schema.Walk(func(s *schema.Schema) bool {
		for i := range s.Properties {
			for _, w := range b.Callers.WritersOf(&s.Properties[i]) {
				b.Errorf(w.Pos, rules.WritableBy, "x-bailey-writable-by cannot be enforced in %s, which the handler reads as it is", media.Name)
			}
		}
		return true
	})
}
