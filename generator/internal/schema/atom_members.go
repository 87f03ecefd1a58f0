package schema

import (
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

func (r *Reader) item(a *atom, v *load.Node) {
	if v.Kind == load.Array {
		a.own.Unsupported.Errorf(v.Pos, rules.Schema, "items as a list is not supported; OpenAPI wants one schema")
		return
	}
	if v.Kind == load.Bool && v.Text == "false" && a.node.Get("prefixItems") == nil {
		a.own.MaxItems = 0 // any item is one too many
		return
	}
	a.items = ref{node: v}
}

func (r *Reader) properties(a *atom, v *load.Node) {
	if t, err := r.doc.Resolve(v); err == nil {
		v = t // some documents put the whole map elsewhere
	}
	if v.Kind != load.Object {
		a.refuse(v.Pos, rules.Schema, "properties must be an object")
		return
	}
	a.index = make(map[string]int, len(v.Members))
	for _, m := range v.Members {
		a.index[m.Key] = len(a.members)
		a.members = append(a.members, member{m.Key, m.Pos, ref{node: m.Value}})
	}
}

func (r *Reader) required(a *atom, v *load.Node) {
	if v.Kind == load.Bool {
		r.warn(v.Pos, rules.Required, "required is a list of names beside properties; as a boolean it says nothing")
		return
	}
	if v.Kind != load.Array {
		a.refuse(v.Pos, rules.Schema, "required must list names")
		return
	}
	seen := map[string]bool{}
	for _, item := range v.Items {
		name, ok := item.Str()
		if !ok {
			a.refuse(item.Pos, rules.Schema, "required must list names")
			return
		}
		if !seen[name] {
			seen[name] = true
			a.own.Required = append(a.own.Required, name)
		}
	}
}

func (r *Reader) additional(a *atom, v *load.Node) {
	switch {
	case v.Kind == load.Bool && v.Text == "false":
		a.own.Extra = ExtraFalse
	case acceptsAll(v):
		a.own.Extra = ExtraAny
	default:
		a.own.Extra, a.extra = ExtraTyped, ref{node: v}
	}
}
