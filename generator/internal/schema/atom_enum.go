package schema

import (
	"strconv"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

func (r *Reader) enum(a *atom, v *load.Node) {
	if v.Kind != load.Array {
		a.refuse(v.Pos, rules.Schema, "enum must be a list of values")
		return
	}
	if len(v.Items) == 0 {
		a.refuse(v.Pos, rules.Unsatisfiable, "no value is in an empty enum")
		a.own.Never, a.own.Types, a.typed = true, 0, true
		return
	}
	list := make([]*load.Node, 0, len(v.Items))
	seen := make(map[string]bool, len(v.Items))
	for _, item := range r.texts(a, v.Items) {
		text := canonical(item)
		if seen[text] {
			r.warn(item.Pos, rules.DuplicateEnum, "this value is in the enum already")
			continue
		}
		seen[text] = true
		list = append(list, item)
	}
	r.constrain(a, list)
}

// constrain narrows the values to list.
func (r *Reader) constrain(a *atom, list []*load.Node) {
	if a.own.Enum == nil {
		a.own.Enum = list
		return
	}
	a.own.Enum = intersect(a.own.Enum, list)
	if len(a.own.Enum) == 0 {
		a.refuse(a.own.Node.PosOf("const"), rules.Unsatisfiable, "enum and const have no value in common")
	}
}

// intersect returns the values of a that are in b. It is never nil.
func intersect(a, b []*load.Node) []*load.Node {
	in := setOf(b)
	out := make([]*load.Node, 0, len(a))
	for _, v := range a {
		if _, ok := in[canonical(v)]; ok {
			out = append(out, v)
		}
	}
	return out
}

// enumNames reads x-enum-varnames or x-enumNames when there is one for each value.
func (r *Reader) enumNames(a *atom) {
	for _, key := range []string{"x-enum-varnames", "x-enumNames"} {
		names := a.node.Get(key)
		if names == nil || len(a.own.Enum) == 0 {
			continue
		}
		values := a.node.Get("enum")
		if names.Kind != load.Array || values == nil || len(names.Items) != len(values.Items) {
			r.warn(names.Pos, rules.EnumNames, "%s must have one name for each value of the enum; it is passed over", key)
			continue
		}
		for _, v := range a.own.Enum {
			name := ""
			if i, err := strconv.Atoi(v.Key); err == nil && i < len(names.Items) { // else it is a const
				name, _ = names.Items[i].Str()
			}
			a.own.EnumNames = append(a.own.EnumNames, name)
		}
		return
	}
}
