package model

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/assert"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Where no Go type says what a schema does, its values stay JSON text, wire.Raw, which
// is checked by functions that package assert makes of the schema as it is written.

// Take and Pattern make a builder an assert.Namer.
func (b *builder) Take(want gosrc.Ident) gosrc.Ident { return b.names.Take(want) }

// Pattern returns the variable of a pattern in RE2's syntax.
func (b *builder) Pattern(re2 string, at gosrc.Ident) gosrc.Ident {
	return b.pattern(schema.Pattern{RE2: re2}, placeIn(at, request))
}

// checkedRaw reports whether values of s are checked raw values: what the normal form
// lacks, or has no Go type for, is in s itself or in one of its branches.
func (b *builder) checkedRaw(s *schema.Schema) bool {
	raw, ok := b.raws[s]
	if !ok {
		raw = b.decideRaw(s)
		b.raws[s] = raw
	}
	return raw
}

// decideRaw is checkedRaw for a schema that is met for the first time.
func (b *builder) decideRaw(s *schema.Schema) bool {
	if len(s.Unsupported) > 0 {
		return s.BeyondForm()
	}
	if s.Never || s.Types == 0 {
		return s.Refusing()
	}
	if b.dynamic(s) || s.Exact() && exactNumber(s) || requiresNever(s) {
		return true
	}
	within := func(br *schema.Schema) bool { return b.checkedRaw(br) }
	if s.Inherited {
		return false // its discriminator tells the members apart, whatever they are
	}
	if slices.ContainsFunc(s.OneOf, within) || slices.ContainsFunc(s.AnyOf, within) {
		return true
	}
	if len(s.OneOf)+len(s.AnyOf) > 0 {
		return len(s.Enum) > 0 && mixedEnum(s)
	}
	if len(s.Enum) > 0 {
		return mixedEnum(s)
	}
	return s.Types == schema.TypeAny && !unconstrained(s) || // keywords for several types
		s.Types&(schema.TypeInteger|schema.TypeNumber) == schema.TypeNumber // numbers that are not whole
}

// requiresNever reports whether s requires a property that can never be there.
func requiresNever(s *schema.Schema) bool {
	never := func(name string) bool {
		p := s.Property(name)
		return p != nil && p.Schema.Never
	}
	if slices.ContainsFunc(s.Required, never) {
		return true
	}
	for _, sets := range slices.Concat(s.RequiredAny, s.RequiredOne) {
		if !slices.ContainsFunc(sets, func(set []string) bool { return !slices.ContainsFunc(set, never) }) {
			return true
		}
	}
	return false
}

// exactNumber reports whether s has numbers that no Go type holds.
func exactNumber(s *schema.Schema) bool {
	if s.Types == schema.TypeAny || s.Types&(schema.TypeInteger|schema.TypeNumber) == 0 || len(s.Enum) > 0 || len(s.OneOf)+len(s.AnyOf) > 0 {
		return false
	}
	switch s.Format {
	case "int32", "int64", "uint32", "uint64", "float", "double":
		return false
	}
	return s.Types&schema.TypeNumber != 0 || !withinInt64(s.Minimum) || !withinInt64(s.Maximum)
}

// withinInt64 reports whether a bound is there, and an int64 holds it.
func withinInt64(text string) bool {
	r, ok := exactly(text)
	return ok && r.Num().IsInt64()
}

// mixedEnum reports whether the values of an enum, null apart, have no one Go type.
func mixedEnum(s *schema.Schema) bool {
	kinds := map[load.Kind]bool{}
	for _, v := range s.Enum {
		if v.Kind != load.Null {
			kinds[v.Kind] = true
		}
	}
	return len(kinds) != 1 || kinds[load.Array] || kinds[load.Object]
}

// unsaid refuses a schema that can neither be a Go type nor be checked as it is written.
func (b *builder) unsaid(t *Type, s *schema.Schema) {
	b.raw(t)
	if b.refuseUnsupported(s); len(s.Unsupported) == 0 {
		b.errorf(s.Pos, rules.UnsupportedKeyword, "no Go type says what this schema does, and it is merged with a oneOf or anyOf around it, so that it cannot be checked as it is written")
	}
}

// checked makes t a checked raw value, where the schema is made of schema objects alone.
func (b *builder) checked(t *Type, s *schema.Schema, at place) {
	n, ok := b.written(s)
	t.holdAll(s)
	if !ok && !b.met(s, at.dir) {
		b.never(t)
		return
	}
	if !ok {
		b.unsaid(t, s)
		return
	}
	if b.asserts == nil {
		b.asserts = assert.New(b.in.Doc, b)
		b.asserts.Exact = s.Exact()
		b.asserts.NullableAllOf = b.in.Schemas.NullableAllOf
	}
	b.raw(t)
	b.declare(t, s, at)
	t.Func = true
	b.api.Funcs = append(b.api.Funcs, t)
	f, found := b.asserts.Add(n, t.Name)
	for _, d := range found {
		b.diags.Add(d)
	}
	set := b.asserts
	t.check = func() gosrc.Expr { return set.Ref(f) }
	text := t.Name.String() + " is JSON text that meets the schema at " + s.Pos.String() + ". No Go type says what that schema does: the text is checked, and handed on as it is spelled."
	if about := cmp.Or(s.Description, s.Title); about != "" {
		text += "\n\n" + about
	}
	t.Doc = gosrc.NewComment(text)
	b.listsAt[t] = s.Pos
	b.unenforced(t, f, s)
	if set.OneWay(f, s.Nodes) {
		t.way = map[direction]gosrc.Expr{request: gosrc.Raw("check.Request"), response: gosrc.Raw("check.Response")}[at.dir]
		if !b.differs(s) {
			b.errorf(s.Pos, rules.InsideRaw, "readOnly or writeOnly cannot be enforced here, where one type serves both ways")
		}
	}
	b.contradictionsBelow(s)
	switch {
	case s.Never, s.Types == 0, requiresNever(s): // unmet has said so
	case len(s.Unsupported) == 0 && s.Exact() && exactNumber(s): // a number of any size, as the configuration says
	case slices.ContainsFunc(s.Nodes, func(n *load.Node) bool { return n.Get("x-bailey-exact").IsTrue() }):
	default:
		b.diags.Warnf(s.Pos, rules.RawValue, "no Go type says what this schema does: its values are checked keyword by keyword and handed on as JSON text; members that it does not name pass")
	}
}

// never makes t JSON text that is always refused.
func (b *builder) never(t *Type) {
	b.raw(t)
	t.Checks = []Check{{Keyword: gosrc.Quote("not"), Op: IsAbsent}}
}

// written is the schema object that s is, as it is written: or one that says that all
// those hold of which it consists.
func (b *builder) written(s *schema.Schema) (*load.Node, bool) {
	list, ok := s.Written()
	if !ok || len(list) == 0 {
		return nil, false
	}
	if len(list) == 1 && !list[0].OrNull {
		return list[0].Node, true
	}
	if n, ok := b.conjunctions[s]; ok {
		return n, true
	}
	all := &load.Node{Kind: load.Array, Pos: s.Pos}
	for _, src := range list {
		n := src.Node
		if src.OrNull {
			null := keywordNode(s.Pos, "type", &load.Node{Kind: load.String, Text: "null", Pos: s.Pos})
			n = keywordNode(s.Pos, "anyOf", &load.Node{Kind: load.Array, Items: []*load.Node{null, n}, Pos: s.Pos})
		}
		all.Items = append(all.Items, n)
	}
	n := keywordNode(s.Pos, "allOf", all)
	n.Parent = list[0].Node.Parent // the resource that it stands in
	b.conjunctions[s] = n
	return n, true
}

// keywordNode is a schema object of one keyword.
func keywordNode(pos diag.Pos, keyword string, v *load.Node) *load.Node {
	return &load.Node{Kind: load.Object, Pos: pos, Members: []load.Member{{Key: keyword, Pos: pos, Value: v}}}
}

// unenforced refuses what the document says of parts of a checked raw value that only a Go
// type could have enforced: masks and policies.
func (b *builder) unenforced(t *Type, f *assert.Func, s *schema.Schema) {
	for _, n := range b.asserts.Parts(f) {
		t.enforced.nodes = append(t.enforced.nodes, n.Node)
		t.enforced.words = append(t.enforced.words, word{n.Node, wordExact})
		whole := slices.Contains(s.Nodes, n.Node) && !n.Below
		for _, m := range n.Node.Members {
			switch {
			case !strings.HasPrefix(m.Key, "x-bailey-"):
			case m.Key == wordUnknown && b.keepsAt(n.Node): // members that the schema does not name pass there anyway
				t.enforced.words = append(t.enforced.words, word{n.Node, wordUnknown})
			case m.Key == "x-bailey-mask" && (whole || b.clear(n.Node)), m.Key == "x-bailey-writable-by" && whole, m.Key == "x-bailey-go-name", m.Key == "x-bailey-exact":
			default:
				b.errorf(m.Pos, rules.InsideRaw, "%s cannot be enforced here: no Go type says what the schema at %s does, so its values stay JSON text", m.Key, s.Pos)
			}
		}
	}
}

// oneWay reports whether parts of the values of s must not travel one way, by schemas that
// the normal form need not have: then there are two types.
func (b *builder) oneWay(s *schema.Schema) bool {
	return b.checkedRaw(s) && slices.ContainsFunc(s.Nodes, b.oneWays.From)
}

// dynamic reports whether what s accepts may depend on the schemas around it: it leads to
// a `$dynamicRef`, and there is more than one schema that it can mean. That looks at the
// schemas of all values around its own (JSON Schema core, 8.2.3.2), which must be checked
// raw values then, too. Nearly no document has any.
func (b *builder) dynamic(s *schema.Schema) bool {
	return slices.ContainsFunc(s.Nodes, b.scopes.From)
}

// clear reports whether a schema is masked by nothing, as the document says.
func (b *builder) clear(n *load.Node) bool {
	pol := b.in.Policies.Schemas[n]
	return pol != nil && pol.Mask != nil && pol.Mask.How == policy.MaskClear
}

// Checked reports whether the type is JSON text that a function checks.
func (t *Type) Checked() bool { return t.check != nil }

// ReadChecked is the call that reads a value of the type.
func (t *Type) ReadChecked() gosrc.Expr {
	if t.way == (gosrc.Expr{}) {
		return gosrc.Raw("check.Decode(d, v, %)", t.check())
	}
	return gosrc.Raw("check.DecodeWay(d, v, %, %)", t.way, t.check())
}

// AppendChecked is the call that appends a value of the type.
func (t *Type) AppendChecked() gosrc.Expr {
	if t.way == (gosrc.Expr{}) {
		return gosrc.Raw("check.Append(e, b, *v, %)", t.check())
	}
	return gosrc.Raw("check.AppendWay(e, b, *v, %, %)", t.way, t.check())
}
