package types

import (
	"cmp"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// MarkUse notes which types are read and which are written, so that only functions
// that somebody calls are printed.
func (b *Builder) MarkUse() {
	for _, op := range b.API.Operations {
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
	for _, r := range b.API.Replies {
		if r.Body != nil && (r.JSON || r.Body.IsSequence()) {
			markEncoded(r.Body)
		}
	}
	for _, j := range b.API.Judges {
		markDecoded(j.Type)
	}
	for _, t := range b.encodedItems {
		if t.Decoded || !t.IsPlain() {
			markEncoded(t)
		}
	}
}

func markDecoded(t *model.Type) { mark(t, func(t *model.Type) *bool { return &t.Decoded }) }
func markEncoded(t *model.Type) { mark(t, func(t *model.Type) *bool { return &t.Encoded }) }

func mark(t *model.Type, flag func(*model.Type) *bool) {
	if t == nil || *flag(t) {
		return
	}
	*flag(t) = true
	if t.Kind != model.Scalar {
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

// BreakCycles puts a pointer where a struct would hold itself by value.
func (b *Builder) BreakCycles() {
	const open, done = 1, 2
	state := map[*model.Type]int{}
	var visit func(t *model.Type)
	visit = func(t *model.Type) {
		state[t] = open
		for _, f := range t.Fields {
			held := f.Type
			nullable := held.Kind == model.Null
			if nullable {
				held = held.Elem
			}
			if held.Kind != model.Struct {
				continue
			}
			switch state[held] {
			case open:
				f.Type = &model.Type{Kind: model.Pointer, Elem: held, MaxItems: -1}
				if nullable {
					f.Type = &model.Type{Kind: model.Null, Elem: f.Type, MaxItems: -1}
				} else {
					f.Opt = false
				}
			case 0:
				visit(held)
			}
		}
		state[t] = done
	}
	for _, t := range b.API.Types {
		if t.Kind == model.Struct && state[t] == 0 {
			visit(t)
		}
	}
}

// NameRecursive declares arrays and maps that hold themselves with no object around them: Go's
// type needs a name then. It is the document's for each that has one, and else that of the place of
// one of them. An array, a map and a null have one type inside, so that there is one way to go.
func (b *Builder) NameRecursive() {
	var list []*model.Type
	for t := range b.lists {
		list = append(list, t)
	}
	slices.SortFunc(list, func(x, y *model.Type) int {
		p, q := b.lists[x], b.lists[y]
		return cmp.Or(p.schema.Pos.Compare(q.schema.Pos), cmp.Compare(p.at.Dir, q.at.Dir), cmp.Compare(p.at.Name.String(), q.at.Name.String()))
	})
	done := map[*model.Type]bool{}
	for _, t := range list {
		cycle := cycleOf(t)
		named := slices.DeleteFunc(slices.Clone(cycle), func(t *model.Type) bool { return !b.ownName(t) })
		if len(cycle) > 0 && len(named) == 0 {
			named = cycle[:1]
			if slices.ContainsFunc(cycle, func(t *model.Type) bool { return done[t] }) {
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
func cycleOf(t *model.Type) []*model.Type {
	cycle := []*model.Type{t}
	seen := map[*model.Type]bool{t: true}
	for next := t.Elem; next != t; next = next.Elem {
		switch {
		case next == nil || seen[next]:
			return nil // of others
		case next.Kind == model.Slice || next.Kind == model.Map:
			cycle = append(cycle, next)
		case next.Kind != model.Null:
			return nil
		}
		seen[next] = true
	}
	return cycle
}

// ownName reports whether the document names an array or map.
func (b *Builder) ownName(t *model.Type) bool {
	l := b.lists[t]
	_, ok := b.components[TypeKey{Schema: l.schema, Dir: l.at.Dir}]
	return ok || b.GoNameOf(l.schema.Nodes...) != ""
}

// NameFunctions names the functions of types without a declaration, when all that is declared has
// its name.
func (b *Builder) NameFunctions() {
	for _, t := range b.API.Funcs {
		if !t.Declared {
			t.Name = b.Names.Take(t.Wanted)
		}
	}
}

// declareList gives an array or map a name of its own.
func (b *Builder) declareList(t *model.Type) {
	l := b.lists[t]
	t.Name, t.Own = b.declaredName(l.schema, l.at)
	t.Declared = true
	t.Go = gosrc.Raw("%", t.Name)
	Describe(t, l.schema)
	b.API.Types = append(b.API.Types, t)
}

// WriteTypes writes the Go expression of each type and field, when all are known.
func (b *Builder) WriteTypes() {
	for _, t := range b.API.Types {
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
			if t.Under = gosrc.Raw("[]%", elem); t.Kind == model.Map {
				t.Under = gosrc.Raw("map[string]%", elem)
			}
		}
	}
	for _, t := range b.API.Funcs {
		b.write(t)
	}
	for _, op := range b.API.Operations {
		for _, f := range op.Fields {
			b.writeField(f)
		}
		for _, o := range op.Outcomes {
			if o.Body != nil {
				b.write(o.Body)
			}
		}
	}
	for _, r := range b.API.Replies {
		for _, h := range r.Headers {
			b.writeField(h.Field)
		}
		if r.Body != nil {
			b.write(r.Body)
		}
	}
}

func (b *Builder) writeField(f *model.Field) {
	f.Go = b.write(f.Type)
	if f.Opt {
		f.Go = gosrc.Raw("runtime.Opt[%]", f.Go)
	}
}

// write returns the Go expression of t.
func (b *Builder) write(t *model.Type) gosrc.Expr {
	if t.Declared || t.Kind == model.Scalar {
		return t.Go
	}
	elem := b.write(t.Elem)
	switch t.Kind {
	case model.Slice:
		t.Go = gosrc.Raw("[]%", elem)
	case model.Map:
		t.Go = gosrc.Raw("map[string]%", elem)
	case model.Null:
		t.Go = gosrc.Raw("runtime.Null[%]", elem)
	case model.Pointer:
		t.Go = gosrc.Raw("*%", elem)
	case model.Sequence:
		t.Go = t.SequenceGo(elem)
	case model.Masked:
		t.Go = gosrc.Raw("mask.Value[%]", elem)
		if t.MasksText {
			t.Go = gosrc.Raw("mask.String")
		}
	}
	return t.Go
}

// Describe writes the doc comment of a type that has its name: what the document says of the schema.
func Describe(t *model.Type, s *schema.Schema) {
	t.About, t.Deprecated = cmp.Or(s.Description, s.Title), s.Deprecated
	t.Doc = gosrc.Doc(t.Name, t.About).Deprecate(t.Deprecated)
}
