package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// writersOf are the rules of x-bailey-writable-by for a property: each must let a caller
// who sets it.
func (b *builder) writersOf(p *schema.Property) []*policy.Writers {
	var out []*policy.Writers
	for _, nodes := range [][]*load.Node{p.Nodes, p.Schema.Nodes} {
		for _, n := range nodes {
			if pol := b.in.Policies.Schemas[n]; pol != nil && pol.Writers != nil && !slices.Contains(out, pol.Writers) {
				out = append(out, pol.Writers)
			}
		}
	}
	return out
}

// guard notes who may set a member, where not everybody may.
func (b *builder) guard(f *Field, p *schema.Property) {
	b.maskConflict(p)
	for _, nodes := range [][]*load.Node{p.Nodes, p.Schema.Nodes} {
		for _, n := range nodes {
			f.words = append(f.words, word{n, wordWriters})
		}
	}
	for _, w := range b.writersOf(p) {
		key := fmt.Sprintf("%q %q", w.Scopes, w.Roles)
		bit, ok := b.writers[key]
		if !ok {
			bit = len(b.writers)
			b.writers[key] = bit
			b.noteNames(w.Scopes, w.Roles)
			b.api.Writers = append(b.api.Writers, gosrc.Raw("{Scopes: %, Roles: %}", gosrc.Strings(w.Scopes), gosrc.Strings(w.Roles)))
		}
		if bit == 64 {
			b.errorf(w.Pos, "writable-by", "more than 64 different sets of callers may set properties")
		}
		if !slices.Contains(f.Guards, bit) {
			f.Guards = append(f.Guards, bit)
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
			b.errorf(op.source.Pos, "writable-by", "the body is a sequence with x-bailey-writable-by in its items, which is not supported there")
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
			for _, w := range b.writersOf(&s.Properties[i]) {
				b.errorf(w.Pos, "writable-by", "x-bailey-writable-by cannot be enforced in %s, which the handler reads as it is", media.Name)
			}
		}
		return true
	})
}
