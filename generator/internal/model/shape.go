package model

import (
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
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
			b.write(v.Type, nil)
		}
	}
	for _, t := range b.api.Funcs {
		b.write(t, nil)
	}
	for _, op := range b.api.Operations {
		for _, f := range op.Fields {
			b.writeField(f)
		}
		for _, o := range op.Outcomes {
			if o.Body != nil {
				b.write(o.Body, nil)
			}
		}
	}
	for _, r := range b.api.Replies {
		for _, h := range r.Headers {
			b.writeField(h.Field)
		}
		if r.Body != nil {
			b.write(r.Body, nil)
		}
	}
}

func (b *builder) writeField(f *Field) {
	f.Go = b.write(f.Type, nil)
	if f.Opt {
		f.Go = gosrc.Raw("runtime.Opt[%]", f.Go)
	}
}

// write returns the Go expression of t; within are the unnamed types around it.
func (b *builder) write(t *Type, within []*Type) gosrc.Expr {
	if t.Declared || t.Kind == Scalar {
		return t.Go
	}
	for _, w := range within {
		if w == t {
			var at diag.Pos
			for _, w := range within {
				if p, ok := b.places[w]; ok {
					at = p
				}
			}
			b.errorf(at, "recursive-array", "an array or map that holds itself needs an object around it")
			return gosrc.Raw("any")
		}
	}
	within = append(within, t)
	elem := b.write(t.Elem, within)
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
