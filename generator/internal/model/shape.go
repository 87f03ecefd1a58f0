package model

import (
	"cmp"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// markUse notes which types are read and which are written, so that only functions
// that somebody calls are printed.
func (b *builder) markUse() {
	for _, op := range b.api.Operations {
		for _, m := range op.Bodies {
			if m.JSON() || m.Sequence() {
				markDecoded(m.Field.Type)
			}
			for _, f := range m.Fields {
				if f.AsJSON {
					markDecoded(f.Field.Type)
				}
			}
			if m.Whole != nil && m.Whole.Field.Type != nil {
				markDecoded(m.Whole.Field.Type)
			}
		}
		for _, p := range op.Params {
			if p.AsJSON {
				markDecoded(p.Field.Type)
			}
		}
		for _, o := range op.Outcomes {
			if o.Body != nil && (o.JSON || o.Body.IsSequence()) {
				markEncoded(o.Body)
			}
		}
	}
	for _, r := range b.api.Replies {
		if r.Body != nil && (r.JSON || r.Body.IsSequence()) {
			markEncoded(r.Body)
		}
	}
	for _, j := range b.api.Judges {
		markDecoded(j.Type)
	}
	for _, t := range b.encodedItems {
		if t.Decoded || !t.plain() {
			markEncoded(t)
		}
	}
}

func markDecoded(t *Type) { mark(t, func(t *Type) *bool { return &t.Decoded }) }
func markEncoded(t *Type) { mark(t, func(t *Type) *bool { return &t.Encoded }) }

func mark(t *Type, flag func(*Type) *bool) {
	if t == nil || *flag(t) {
		return
	}
	*flag(t) = true
	if t.Kind != Scalar {
		mark(t.Elem, flag)
	}
	for _, f := range t.Fields {
		mark(f.Type, flag)
	}
	if t.Extra != nil {
		mark(t.Extra.Type, flag)
	}
	for _, v := range t.Variants {
		mark(v.Type, flag)
	}
}

// breakCycles puts a pointer where a struct would hold itself by value.
func (b *builder) breakCycles() {
	const open, done = 1, 2
	state := map[*Type]int{}
	var visit func(t *Type)
	visit = func(t *Type) {
		state[t] = open
		for _, f := range t.Fields {
			held := f.Type
			nullable := held.Kind == Null
			if nullable {
				held = held.Elem
			}
			if held.Kind != Struct {
				continue
			}
			switch state[held] {
			case open:
				f.Type = &Type{Kind: Pointer, Elem: held, MaxItems: -1}
				if nullable {
					f.Type = &Type{Kind: Null, Elem: f.Type, MaxItems: -1}
				} else {
					f.Opt = false
				}
			case 0:
				visit(held)
			}
		}
		state[t] = done
	}
	for _, t := range b.api.Types {
		if t.Kind == Struct && state[t] == 0 {
			visit(t)
		}
	}
}

// listPlace is where an array or map is met first.
type listPlace struct {
	schema *schema.Schema
	at     place
}

// nameRecursive declares arrays and maps that hold themselves with no object around them: Go's
// type needs a name then. It is the document's for each that has one, and else that of the place of
// one of them. An array, a map and a null have one type inside, so that there is one way to go.
func (b *builder) nameRecursive() {
	var list []*Type
	for t := range b.lists {
		list = append(list, t)
	}
	slices.SortFunc(list, func(x, y *Type) int {
		p, q := b.lists[x], b.lists[y]
		return cmp.Or(p.schema.Pos.Compare(q.schema.Pos), cmp.Compare(p.at.dir, q.at.dir), cmp.Compare(p.at.name.String(), q.at.name.String()))
	})
	done := map[*Type]bool{}
	for _, t := range list {
		cycle := cycleOf(t)
		named := slices.DeleteFunc(slices.Clone(cycle), func(t *Type) bool { return !b.ownName(t) })
		if len(cycle) > 0 && len(named) == 0 {
			named = cycle[:1]
			if slices.ContainsFunc(cycle, func(t *Type) bool { return done[t] }) {
				continue
			}
		}
		for _, t := range named {
			if !done[t] {
				done[t] = true
				b.declareList(t)
			}
		}
	}
}

// cycleOf is the arrays and maps that lead from t back to it, t first, or none.
func cycleOf(t *Type) []*Type {
	cycle := []*Type{t}
	seen := map[*Type]bool{t: true}
	for next := t.Elem; next != t; next = next.Elem {
		switch {
		case next == nil || seen[next]:
			return nil // of others
		case next.Kind == Slice || next.Kind == Map:
			cycle = append(cycle, next)
		case next.Kind != Null:
			return nil
		}
		seen[next] = true
	}
	return cycle
}

// ownName reports whether the document names an array or map.
func (b *builder) ownName(t *Type) bool {
	l := b.lists[t]
	_, ok := b.components[typeKey{schema: l.schema, dir: l.at.dir}]
	return ok || b.goNameOf(l.schema.Nodes...) != ""
}

// nameFunctions names the functions of types without a declaration, when all that is declared has
// its name.
func (b *builder) nameFunctions() {
	for _, t := range b.api.Funcs {
		if !t.Declared {
			t.Name = b.names.Take(t.wanted)
		}
	}
}

// declareList gives an array or map a name of its own.
func (b *builder) declareList(t *Type) {
	l := b.lists[t]
	t.Name, t.own = b.declaredName(l.schema, l.at)
	t.Declared = true
	t.Go = gosrc.Raw("%", t.Name)
	t.about = cmp.Or(l.schema.Description, l.schema.Title)
	t.Doc = gosrc.Doc(t.Name, t.about)
	b.api.Types = append(b.api.Types, t)
}

// writeTypes writes the Go expression of each type and field, when all are known.
func (b *builder) writeTypes() {
	for _, t := range b.api.Types {
		for _, f := range t.Fields {
			b.writeField(f)
		}
		if t.Extra != nil {
			b.writeField(t.Extra)
		}
		for _, v := range t.Variants {
			b.write(v.Type)
		}
		if t.IsList() {
			elem := b.write(t.Elem)
			if t.Under = gosrc.Raw("[]%", elem); t.Kind == Map {
				t.Under = gosrc.Raw("map[string]%", elem)
			}
		}
	}
	for _, t := range b.api.Funcs {
		b.write(t)
	}
	for _, op := range b.api.Operations {
		for _, f := range op.Fields {
			b.writeField(f)
		}
		for _, o := range op.Outcomes {
			if o.Body != nil {
				b.write(o.Body)
			}
		}
	}
	for _, r := range b.api.Replies {
		for _, h := range r.Headers {
			b.writeField(h.Field)
		}
		if r.Body != nil {
			b.write(r.Body)
		}
	}
}

func (b *builder) writeField(f *Field) {
	f.Go = b.write(f.Type)
	if f.Opt {
		f.Go = gosrc.Raw("runtime.Opt[%]", f.Go)
	}
}

// write returns the Go expression of t.
func (b *builder) write(t *Type) gosrc.Expr {
	if t.Declared || t.Kind == Scalar {
		return t.Go
	}
	elem := b.write(t.Elem)
	switch t.Kind {
	case Slice:
		t.Go = gosrc.Raw("[]%", elem)
	case Map:
		t.Go = gosrc.Raw("map[string]%", elem)
	case Null:
		t.Go = gosrc.Raw("runtime.Null[%]", elem)
	case Pointer:
		t.Go = gosrc.Raw("*%", elem)
	case Sequence:
		t.Go = t.sequenceGo(elem)
	case Masked:
		t.Go = gosrc.Raw("mask.Value[%]", elem)
		if t.masksText {
			t.Go = gosrc.Raw("mask.String")
		}
	}
	return t.Go
}
