package model

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Mark is how the encoder of a sum makes sure that the member which selects the variant says
// so: it writes that member where the handler left it out, and refuses another variant's value.
type Mark struct {
	Variant *Variant
	// Fills is set where the encoder knows what to write. Empty is the condition that the handler
	// left it out, in the variant x; Fill are the statements that write it into the copy y.
	Fills       bool
	Empty, Fill gosrc.Expr
	// Checks is set where the member can say something else, which is the condition Wrong.
	Checks bool
	Wrong  gosrc.Expr
}

// Mark is nil where no Go field of the variant says what selects it.
func (v *Variant) Mark() *Mark {
	if v.Of == nil || v.Of.Choice != ByDiscriminator || v.Type.Kind != Struct {
		return nil
	}
	var f *Field
	for _, g := range v.Type.Fields {
		if g.JSON == v.Of.Discriminator {
			f = g
		}
	}
	if f == nil || f.Never || f.Hidden() {
		return nil
	}
	m := &Mark{Variant: v}
	scalar, at, empty := f.Type, gosrc.Raw("x.%", f.Name), gosrc.Expr{}
	fill := []gosrc.Part{}
	if f.Opt {
		empty = gosrc.Raw("!%.Set", at)
		fill = append(fill, gosrc.Raw("y.%.Set = true", f.Name))
		at = gosrc.Raw("%.Value", at)
	}
	path := gosrc.Raw("y.%", f.Name)
	if f.Opt {
		path = gosrc.Raw("%.Value", path)
	}
	if scalar.Kind == Null {
		scalar = scalar.Elem
		if !f.Opt {
			empty = gosrc.Raw("!%.Valid", at)
		} else {
			empty = gosrc.Raw("% || !%.Valid", empty, at)
		}
		fill = append(fill, gosrc.Raw("%.Valid = true", path))
		at, path = gosrc.Raw("%.Value", at), gosrc.Raw("%.Value", path)
	}
	optional := empty != gosrc.Expr{}
	if scalar.Kind != Scalar || scalar.Check != nil {
		return nil
	}
	if !optional && !v.IsDefault && scalar.Const != nil && slices.ContainsFunc(v.Selectors, func(sel schema.Selector) bool {
		l, ok := scalar.constant(sel)
		return ok && l == scalar.Const.Value
	}) {
		return nil // the encoder of the variant writes what selects it
	}
	if !optional {
		if empty = scalar.isZero(at); empty == (gosrc.Expr{}) {
			return nil
		}
	}
	if v.Fills && !v.IsDefault && (optional || !v.selectedByZero()) {
		if value, ok := scalar.constant(v.Fill); ok {
			m.Fills, m.Empty = true, empty
			m.Fill = gosrc.List("\n", append(fill, gosrc.Raw("% = %", path, value))...)
		}
	}
	m.wrong(scalar, at, empty, optional)
	if !m.Fills && !m.Checks {
		return nil
	}
	return m
}

// wrong is the condition that the member does not select the variant.
func (m *Mark) wrong(scalar *Type, at, empty gosrc.Expr, optional bool) {
	v := m.Variant
	if scalar.Method.String() == "Raw" {
		return
	}
	constants := func(list []schema.Selector) []gosrc.Literal {
		var out []gosrc.Literal
		for _, sel := range list {
			if l, ok := scalar.constant(sel); ok {
				out = append(out, l)
			}
		}
		return out
	}
	own := constants(v.Selectors)
	if v.IsDefault {
		var others []gosrc.Literal
		for _, w := range v.Of.Variants {
			for _, l := range constants(w.Selectors) {
				if w != v && !slices.Contains(own, l) {
					others = append(others, l)
				}
			}
		}
		if len(others) > 0 {
			m.Checks, m.Wrong = true, gosrc.Raw("!(%)", noText(at, others))
			if optional {
				m.Wrong = gosrc.Raw("!(%) && %", empty, m.Wrong)
			}
		}
		return
	}
	listed := len(scalar.Enum) > 0 && !slices.ContainsFunc(scalar.Enum, func(e EnumValue) bool { return !slices.Contains(own, e.Value) })
	switch {
	case listed && (m.Fills || !optional): // the check of the enum says so
	case len(own) == 0:
	default:
		m.Checks, m.Wrong = true, noText(at, own)
		if optional && !m.Fills {
			m.Wrong = gosrc.Raw("% || %", empty, m.Wrong)
		}
	}
}

// selectedByZero reports whether what a handler leaves in a Go field is one of the values.
func (v *Variant) selectedByZero() bool {
	return slices.ContainsFunc(v.Selectors, func(sel schema.Selector) bool {
		return sel == schema.Selector{Kind: load.String} || sel == schema.Selector{Kind: load.Number, Text: "0"} || sel == schema.Selector{Kind: load.Bool, Text: "false"}
	})
}

// isZero is the condition that a Go value is what a handler leaves there, or nothing for
// types that no discriminator has.
func (t *Type) isZero(at gosrc.Expr) gosrc.Expr {
	switch t.Method.String() {
	case "String", "Raw":
		return gosrc.Raw(`% == ""`, at)
	case "Int32", "Int64", "Uint32", "Uint64":
		return gosrc.Raw("% == 0", at)
	case "Bool":
		return gosrc.Raw("!%", at)
	}
	return gosrc.Expr{}
}

// constant is a selector as a Go constant of a scalar type.
func (t *Type) constant(sel schema.Selector) (gosrc.Literal, bool) {
	switch method := t.Method.String(); {
	case method == "String" && sel.Kind == load.String:
		return gosrc.Quote(sel.Text), true
	case method == "Raw":
		return gosrc.Quote(sel.JSON()), true
	case method == "Bool" && sel.Kind == load.Bool:
		return gosrc.Bool(sel.Text == "true"), true
	case sel.Kind == load.Number && IntRange[method] != [2]string{}:
		n, ok := Exactly(sel.Text)
		if !ok || !n.IsInt() || !Held(method, n.Num()) {
			return gosrc.Literal{}, false
		}
		l, err := gosrc.Number(sel.Text)
		return l, err == nil
	}
	return gosrc.Literal{}, false
}

// Held is the variant x, to be written.
func (m *Mark) Held() Value {
	return Value{At: gosrc.Raw("x"), Type: &Type{Kind: Pointer, Elem: m.Variant.Type, MaxItems: -1}}
}
