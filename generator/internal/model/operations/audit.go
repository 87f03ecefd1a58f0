package operations

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// audit refuses what an operation says and nothing enforces. before is how much was said ahead of
// the operation: where it has errors of its own, its types are not complete.
func (b *Builder) audit(op *model.Operation, before int) {
	broken := slices.ContainsFunc(b.Diags[before:], func(d diag.Diagnostic) bool { return d.Severity == diag.Error })
	for _, u := range b.uses(op) {
		b.auditWords(u)
		if !broken {
			b.auditKeywords(u)
		}
	}
	for _, u := range op.Source.Unread {
		b.auditUnread(u)
	}
	b.auditEncodings(op.Source.Body)
}

// auditEncodings refuses policies in the headers of encodings whose field the form does not have: no part has them.
func (b *Builder) auditEncodings(body *openapi.Body) {
	if body == nil {
		return
	}
	for _, m := range body.Content {
		for _, e := range m.Encoding {
			if m.Schema != nil && m.Schema.Property(e.Property) != nil {
				continue
			}
			for _, h := range e.Headers {
				if n := h.Node.Get("schema"); n != nil {
					b.auditUnread(openapi.Unread{Place: "the header " + h.Name + " of a part that the form does not have", Nodes: []*load.Node{n}})
				}
			}
		}
	}
}

// auditUnread refuses policies that are written in a place that nothing reads: a warning names the
// place, which is enough for keywords. What a reference leads to is written for other places too.
func (b *Builder) auditUnread(u openapi.Unread) {
	dir := types.Request
	if u.Response {
		dir = types.Response
	}
	for _, root := range u.Nodes {
		policy.Applied(b.In.Doc, root, func(n *load.Node, property bool) bool {
			for _, a := range b.wordsAt(n, property, dir) {
				if slices.ContainsFunc(n.Members, func(m load.Member) bool { return m.Pos == a.pos }) {
					b.unclaimed(a.pos, a.name, u.Place)
				}
			}
			return n.Get("$ref") == nil
		})
	}
}

// unclaimed refuses a key, unless there is an error at its line already.
func (b *Builder) unclaimed(pos diag.Pos, key, place string) {
	if b.refusedHere(pos) {
		return
	}
	b.Diags.Add(diag.Diagnostic{
		Pos: pos, Rule: rules.NotEnforced, Message: key + " cannot be enforced in " + place,
		Advice: "leave it out, or write a schema for this place that says it in another way; docs/openapi.md has what is checked where",
	})
}

// refusedHere reports whether there is an error at a position.
func (b *Builder) refusedHere(pos diag.Pos) bool {
	for _, d := range b.Diags[b.indexed:] {
		if d.Severity == diag.Error {
			b.errorsAt[d.Pos] = true
		}
	}
	b.indexed = len(b.Diags)
	return b.errorsAt[pos]
}

// auditWords refuses policies of a use that nothing enforces. What earlier uses were found to enforce
// below a component, by the type that this use has for it too, is not looked at again; only a use
// that does not pass in this way is looked at as a whole.
func (b *Builder) auditWords(u use) {
	if len(b.In.Policies.Schemas) == 0 || len(u.nodes) == 0 {
		return
	}
	if b.passes(u, true, func(ask) {}) {
		return
	}
	b.passes(u, false, func(a ask) { b.unclaimed(a.pos, a.name, u.place) })
}

// passes reports whether all policies of a use are enforced, and calls missing for those that are not.
func (b *Builder) passes(u use, brief bool, missing func(ask)) bool {
	claimed, gone, reached := b.claims(u, brief)
	opaque := len(u.types) == 0 || slices.ContainsFunc(u.types, func(t *model.Type) bool { return t.Opaque })
	var met []Asking
	good, words, all := true, 0, true // all: nothing with words was passed over
	for _, root := range u.nodes {
		policy.Applied(b.In.Doc, root, func(n *load.Node, property bool) bool {
			key := Asking{n, u.dir, property}
			if b.wordless[key] {
				return false
			}
			if property && gone[n] || brief && !property && reached[b.wordsBelow[key]] {
				all = false
				return false
			}
			met = append(met, key)
			all = all && n.Get("$dynamicRef") == nil && n.Get("$recursiveRef") == nil
			for _, a := range b.asksAt(n, property, u.dir, opaque) {
				words++
				if !claimed[a.Word] {
					good = false
					missing(a)
				}
			}
			return true
		})
	}
	if !good {
		return false
	}
	for _, key := range met {
		if all && words == 0 {
			b.wordless[key] = true
			continue
		}
		if _, _, ok := b.In.Doc.ComponentName(key.node); !ok || key.property || b.guards(key.node, nil) {
			continue
		}
		if _, t := b.typed(b.In.Schemas.Read(key.node), u.dir); t != nil && t.Enforced.Table && reached[t] {
			b.wordsBelow[key], b.wordsDone[t] = t, true
		}
	}
	return true
}

// guards reports whether a schema object has an x-bailey-writable-by of its own, or by what its $ref
// and its allOf lead to. The field of a property enforces it, in no type's name: of another use of
// the object that says nothing.
func (b *Builder) guards(n *load.Node, within []*load.Node) bool {
	if n == nil || slices.Contains(within, n) {
		return false
	}
	if pol := b.In.Policies.Schemas[n]; pol != nil && pol.Writers != nil {
		return true
	}
	within = append(within, n)
	if _, ok := n.Get("$ref").Str(); ok {
		if target, err := b.In.Doc.Target(n); err == nil && b.guards(target, within) {
			return true
		}
	}
	all := n.Get("allOf")
	return all != nil && slices.ContainsFunc(all.Items, func(item *load.Node) bool { return b.guards(item, within) })
}

// claims are the policies that the types of a use enforce, the properties that no value of them has,
// and the types; in brief without what is below types whose components have passed.
func (b *Builder) claims(u use, brief bool) (claimed map[model.Word]bool, gone map[*load.Node]bool, reached map[*model.Type]bool) {
	claimed, gone, reached = map[model.Word]bool{}, map[*load.Node]bool{}, map[*model.Type]bool{}
	for _, w := range u.words {
		claimed[w] = true
	}
	model.EachType(u.types, func(t *model.Type) bool { return brief && b.wordsDone[t] }, func(t *model.Type) {
		reached[t] = true
		for _, w := range t.Enforced.Words {
			claimed[w] = true
		}
		for _, n := range t.Enforced.Gone {
			gone[n] = true
		}
		for _, f := range t.Fields {
			for _, w := range f.Words {
				claimed[w] = true
			}
		}
	})
	return claimed, gone, reached
}

// asksAt are the policies at a schema object of a use. What a dynamic reference means is only known to
// the checks of JSON text, which an opaque body does not have.
func (b *Builder) asksAt(n *load.Node, property bool, dir types.Direction, opaque bool) []ask {
	out := b.wordsAt(n, property, dir)
	for _, key := range []string{"$dynamicRef", "$recursiveRef"} {
		if v := n.Get(key); v != nil && opaque {
			out = append(out, ask{model.Word{Node: n, Key: key}, key, v.KeyPos()})
		}
	}
	return out
}

// ask is a policy that has to be enforced.
type ask struct {
	model.Word
	name string // as it is written
	pos  diag.Pos
}

// wordsAt are the policies on a schema object that have to be enforced in a direction. A mask is
// the property's: what its $ref or its allOf lead to counts as the property's own.
func (b *Builder) wordsAt(n *load.Node, property bool, dir types.Direction) []ask {
	var out []ask
	if property && dir == types.Response {
		for _, m := range b.MasksAt(n, nil) {
			if m.How != policy.MaskClear {
				name := types.WordMask
				if m.Class != "" {
					name = "x-bailey-data"
				}
				out = append(out, ask{model.Word{Node: n, Key: types.WordMask}, name, m.Pos})
			}
		}
	}
	if v := n.Get(types.WordExact); v.IsTrue() {
		out = append(out, ask{model.Word{Node: n, Key: types.WordExact}, types.WordExact, v.KeyPos()})
	}
	if pol := b.In.Policies.Schemas[n]; pol != nil && dir == types.Request {
		if pol.Writers != nil {
			out = append(out, ask{model.Word{Node: n, Key: types.WordWriters}, types.WordWriters, pol.Writers.Pos})
		}
		if pol.Unknown != nil {
			out = append(out, ask{model.Word{Node: n, Key: types.WordUnknown}, types.WordUnknown, n.KeyPosOf(types.WordUnknown)})
		}
	}
	return out
}

// debit is a keyword of a schema object.
type debit struct {
	node *load.Node
	key  string
}

// auditKeywords refuses keywords of a use that nothing enforces. What an earlier use was found to
// enforce as a whole is not looked at again, so that all uses together cost no more than the document's
// types.
func (b *Builder) auditKeywords(u use) {
	claimed, whole := map[debit]bool{}, map[*load.Node]bool{}
	reached := map[*model.Type]bool{}
	claim := func(list []schema.Claim) {
		for _, c := range list {
			for _, n := range c.Schema.Nodes {
				for _, key := range c.Keys {
					claimed[debit{n, key}] = true
				}
			}
		}
	}
	claim(u.taken)
	known := func(t *model.Type) bool {
		return t.Enforced.Table && t.Kind != model.Scalar && t.Kind != model.Null && b.audited[t]
	}
	model.EachType(u.types, known, func(t *model.Type) {
		reached[t] = true
		if known(t) {
			return
		}
		claim(t.Enforced.Claims)
		for _, n := range t.Enforced.Nodes {
			whole[n] = true
		}
	})
	good := true
	b.eachAsking(u, func(t *model.Type) bool { return t != nil && reached[t] && known(t) }, func(s *schema.Schema) {
		for _, a := range b.In.Schemas.Asks(s) {
			if !whole[a.Node] && !claimed[debit{a.Node, a.Key}] {
				good = false
				b.unclaimed(a.Pos, a.Key, u.place)
			}
		}
		// What the Reader could not read is refused by who makes a type of it, or it is here.
		for _, d := range s.Unsupported {
			if d.Severity == diag.Error && d.Rule != rules.Unsatisfiable && !b.refusedHere(d.Pos) && !slices.ContainsFunc(s.Nodes, func(n *load.Node) bool { return whole[n] }) {
				good = false
				b.Diags.Add(d)
			}
		}
	})
	if good {
		for t := range reached {
			b.audited[t] = true
		}
	}
}

// eachAsking calls f for the schemas that the values of a use have to meet, as types are made of them:
// without null where the type is, and each branch of a choice with what stands beside it. It does
// not go below schemas whose type is one of those that skip says.
func (b *Builder) eachAsking(u use, skip func(*model.Type) bool, f func(*schema.Schema)) {
	seen := map[*schema.Schema]bool{}
	stack := slices.Clone(u.roots)
	slices.Reverse(stack)
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if s == nil || seen[s] {
			continue
		}
		seen[s] = true
		s, t := b.typed(s, u.dir)
		if skip(t) || s.Never || s.Types == 0 {
			continue
		}
		f(s)
		from := len(stack)
		if t != nil && t.Kind == model.Sum && len(s.OneOf)+len(s.AnyOf) > 0 {
			stack = append(stack, b.Merged(s)...)
		} else {
			s.Children(func(c *schema.Schema) { stack = append(stack, c) })
		}
		slices.Reverse(stack[from:])
	}
}

// typed is the schema whose type serves for s, and the type where there is one.
func (b *Builder) typed(s *schema.Schema, dir types.Direction) (*schema.Schema, *model.Type) {
	for range 3 {
		if t := b.Types[types.TypeKey{Schema: s, Dir: dir}]; t != nil && t.Kind != model.Null {
			return s, t
		}
		if t := b.Types[types.TypeKey{Schema: s, Both: true}]; t != nil && t.Kind != model.Null {
			return s, t
		}
		switch {
		case s.Same != nil:
			s = s.Same
		case types.Nullable(s):
			s = b.NotNull(s)
		default:
			return s, nil
		}
	}
	return s, nil
}
