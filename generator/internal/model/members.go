package model

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// mayMiss reports whether a value may be without the member.
func (f *Field) mayMiss() bool { return !f.Required && !f.HasDefault }

// Member is a field as the encoder writes it.
type Member struct {
	*Field
	// AppendKey begins the member: its name, with what stands before that.
	AppendKey gosrc.Expr
}

// Shown are the fields that the encoder may write. Where the first of them is always there,
// the opening brace is part of its name, and the comma part of the others'.
func (t *Type) Shown() []Member {
	var out []Member
	opens, late := t.OpensWithMember(), t.OpensLate()
	for _, f := range t.visible() {
		m := Member{Field: f}
		switch {
		case opens && len(out) == 0:
			m.AppendKey = gosrc.Raw("append(b, %...)", f.First)
		case opens || late:
			m.AppendKey = gosrc.Raw("append(b, %...)", f.Later)
		default:
			m.AppendKey = gosrc.Raw("wire.Key(b, %)", f.Bare)
		}
		out = append(out, m)
	}
	return out
}

// OpensWithMember reports whether the first member of every value is the same.
func (t *Type) OpensWithMember() bool {
	v := t.visible()
	return len(v) > 0 && !v[0].Conditional()
}

// OpensLate reports whether the opening brace is written at the end, over the comma of
// whichever member came first. Members without a name look at what stands before them.
func (t *Type) OpensLate() bool {
	v := t.visible()
	return len(v) > 0 && v[0].Conditional() && t.Extra == nil
}

func (t *Type) visible() []*Field {
	var out []*Field
	for _, f := range t.Fields {
		if !f.Hidden() {
			out = append(out, f)
		}
	}
	return out
}

// masked is the field's masked type, below its Null, or nil.
func (f *Field) masked() *Type {
	t := f.Type
	if t.Kind == Null {
		t = t.Elem
	}
	if t.Kind == Masked {
		return t
	}
	return nil
}

// Hidden reports whether nobody ever gets to see the member.
func (f *Field) Hidden() bool { return f.Drop && f.masked().Mask.Lift < 0 }

// IsShown is the condition under which an optional member is written: it is there,
// and a mask that drops it is lifted.
func (f *Field) IsShown() gosrc.Expr {
	if f.Drop {
		return gosrc.Raw("% && e.Clear&(1<<%) != 0", f.IsSet(), gosrc.Int(int64(f.masked().Mask.Lift)))
	}
	return f.IsSet()
}

// Conditional reports whether the member may be absent.
func (f *Field) Conditional() bool { return f.mayMiss() || f.Drop }

// IsSet is the condition under which an optional field is written.
func (f *Field) IsSet() gosrc.Expr {
	switch {
	case f.Opt:
		return gosrc.Raw("v.%.Set", f.Name)
	default: // nil-able: slices, maps, pointers, bytes
		return gosrc.Raw("v.% != nil", f.Name)
	}
}
