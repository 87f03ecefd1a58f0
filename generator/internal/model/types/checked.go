package types

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/assert"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Where no Go type says what a schema does, its values stay JSON text, wire.Raw, which
// is checked by functions that package assert makes of the schema as it is written.

// Take and Pattern make a builder an assert.Namer.
func (b *Builder) Take(want gosrc.Ident) gosrc.Ident { return b.Names.Take(want) }

// Pattern returns the variable of a pattern in RE2's syntax.
func (b *Builder) Pattern(re2 string, at gosrc.Ident) gosrc.Ident {
	return b.pattern(schema.Pattern{RE2: re2}, PlaceIn(at, Request))
}

// unsaid refuses a schema that can neither be a Go type nor be checked as it is written.
func (b *Builder) unsaid(t *model.Type, s *schema.Schema) {
	b.raw(t)
	if b.RefuseUnsupported(s); len(s.Unsupported) == 0 {
		b.Errorf(s.Pos, rules.UnsupportedKeyword, "no Go type says what this schema does, and it is merged with a oneOf or anyOf around it, so that it cannot be checked as it is written")
	}
}

// checked makes t a checked raw value, where the schema is made of schema objects alone.
func (b *Builder) checked(t *model.Type, s *schema.Schema, at Place) {
	n, ok := b.written(s)
	t.HoldAll(s)
	if !ok && !b.Met(s, at.Dir) {
		b.never(t)
		return
	}
	if !ok {
		b.unsaid(t, s)
		return
	}
	if b.Asserts == nil {
		b.Asserts = assert.New(b.In.Doc, b)
		b.Asserts.Exact = s.Exact()
		b.Asserts.NullableAllOf, b.Asserts.NullableEnum = b.In.Schemas.NullableAllOf, b.In.Schemas.NullableEnum
	}
	b.raw(t)
	b.declare(t, s, at)
	t.Func = true
	b.API.Funcs = append(b.API.Funcs, t)
	f, found := b.Asserts.Add(n, t.Name)
	for _, d := range found {
		b.Diags.Add(d)
	}
	set := b.Asserts
	t.Check = func() gosrc.Expr { return set.Ref(f) }
	text := t.Name.String() + " is JSON text that meets the schema at " + s.Pos.String() + ". No Go type says what that schema does: the text is checked, and handed on as it is spelled."
	if about := cmp.Or(s.Description, s.Title); about != "" {
		text += "\n\n" + about
	}
	t.Doc = gosrc.NewComment(text)
	b.ListsAt[t] = s.Pos
	b.unenforced(t, f, s)
	if set.OneWay(f, s.Nodes) {
		t.Way = map[Direction]gosrc.Expr{Request: gosrc.Raw("check.Request"), Response: gosrc.Raw("check.Response")}[at.Dir]
		if !b.differs(s) {
			b.Errorf(s.Pos, rules.InsideRaw, "readOnly or writeOnly cannot be enforced here, where one type serves both ways")
		}
	}
	b.constant(t, s)
	b.contradictionsBelow(s)
	switch {
	case s.Never, s.Types == 0, requiresNever(s): // unmet has said so
	case len(s.Unsupported) == 0 && s.Exact() && ExactNumber(s): // a number of any size, as the configuration says
	case slices.ContainsFunc(s.Nodes, func(n *load.Node) bool { return n.Get("x-bailey-exact").IsTrue() }):
	default:
		b.Diags.Warnf(s.Pos, rules.RawValue, "no Go type says what this schema does: its values are checked keyword by keyword and handed on as JSON text; members that it does not name pass")
	}
}

// never makes t JSON text that is always refused.
func (b *Builder) never(t *model.Type) {
	b.raw(t)
	t.Checks = []model.Check{{Keyword: gosrc.Quote("not"), Op: model.IsAbsent}}
}

// unenforced refuses what the document says of parts of a checked raw value that only a Go
// type could have enforced: masks and policies.
func (b *Builder) unenforced(t *model.Type, f *assert.Func, s *schema.Schema) {
	for _, n := range b.Asserts.Parts(f) {
		t.Enforced.Nodes = append(t.Enforced.Nodes, n.Node)
		t.Enforced.Words = append(t.Enforced.Words, model.Word{Node: n.Node, Key: WordExact})
		whole := slices.Contains(s.Nodes, n.Node) && !n.Below
		for _, m := range n.Node.Members {
			switch {
			case !strings.HasPrefix(m.Key, "x-bailey-"):
			case m.Key == WordUnknown && b.KeepsAt(n.Node): // members that the schema does not name pass there anyway
				t.Enforced.Words = append(t.Enforced.Words, model.Word{Node: n.Node, Key: WordUnknown})
			case m.Key == "x-bailey-mask" && (whole || b.clear(n.Node)), m.Key == "x-bailey-writable-by" && whole, m.Key == "x-bailey-go-name", m.Key == "x-bailey-exact":
			default:
				b.Errorf(m.Pos, rules.InsideRaw, "%s cannot be enforced here: no Go type says what the schema at %s does, so its values stay JSON text", m.Key, s.Pos)
			}
		}
	}
}

// clear reports whether a schema is masked by nothing, as the document says.
func (b *Builder) clear(n *load.Node) bool {
	pol := b.In.Policies.Schemas[n]
	return pol != nil && pol.Mask != nil && pol.Mask.How == policy.MaskClear
}
