package schema

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// group reads a oneOf or anyOf as far as that can be done without reading its
// branches: lists of `required` alone, null, and branches that are alone.
func (r *Reader) group(a *atom, m load.Member) {
	list := m.Value
	if list.Kind != load.Array || len(list.Items) == 0 {
		a.refuse(list.Pos, rules.Schema, "%s must be a list of one schema or more", m.Key)
		return
	}
	g := group{pos: list.Pos, exactly: m.Key == "oneOf", discriminator: a.node.Get("discriminator")}
	if sets, objects := requiredLists(list); sets != nil {
		a.asserts = true
		if objects {
			a.typed = true
			a.own.Types &= TypeObject
		}
		if g.exactly {
			a.own.RequiredOne = append(a.own.RequiredOne, sets)
		} else {
			a.own.RequiredAny = append(a.own.RequiredAny, sets)
		}
		return
	}
	for _, item := range list.Items {
		target, err := r.doc.Resolve(item)
		switch {
		case err == nil && nullAlone(target):
			if g.null && g.exactly {
				r.warn(item.Pos, rules.ShadowedBranch, "null is a branch of this oneOf already")
			}
			g.null = true
		case err == nil && !g.exactly && acceptsAll(target):
			r.warn(item.Pos, rules.OpenChoice, "this branch accepts everything, and so does the whole anyOf")
			return
		case err == nil && target.Kind == load.Bool && target.Text == "false":
			r.warn(item.Pos, rules.ShadowedBranch, "no value can match this branch")
		default:
			g.branches = append(g.branches, ref{node: item, line: r.doc.Line(item)})
		}
	}
	switch {
	case len(g.branches) > 1:
		a.groups = append(a.groups, g)
	case len(g.branches) == 1:
		a.parts = append(a.parts, part{node: g.branches[0].node, null: g.null})
	case g.null:
		a.typed, a.asserts = true, true
		a.own.Types &= TypeNull
	default:
		a.typed, a.asserts = true, true
		a.own.Types = 0
	}
}

// nullAlone reports whether a schema is written as accepting null and nothing else.
func nullAlone(n *load.Node) bool {
	if n == nil || n.Kind != load.Object {
		return false
	}
	if c := n.Get("const"); c != nil && c.Kind == load.Null {
		return true
	}
	if enum := n.Get("enum"); enum != nil && len(enum.Items) == 1 && enum.Items[0].Kind == load.Null {
		return true
	}
	t := n.Get("type")
	if t != nil && t.Kind == load.Array && len(t.Items) == 1 {
		t = t.Items[0]
	}
	return t != nil && (t.Kind == load.Null || t.Kind == load.String && t.Text == "null")
}

// requiredLists recognises two branches or more that say nothing but `required`, and
// whether all of them say that the value is an object, too.
func requiredLists(list *load.Node) (sets [][]string, objects bool) {
	typed := 0
	for _, item := range list.Items {
		names := item.Get("required")
		if names == nil || names.Kind != load.Array || len(names.Items) == 0 {
			return nil, false
		}
		for _, m := range item.Members {
			switch kind := keywords[m.Key]; {
			case m.Key == "required", kind == annotation, kind == noted:
			case kind == unknown && !strings.HasPrefix(m.Key, "x-bailey-"):
			case m.Key == "type" && m.Value.Kind == load.String && m.Value.Text == "object":
				typed++
			default:
				return nil, false
			}
		}
		set, ok := texts(names)
		if !ok {
			return nil, false
		}
		sets = append(sets, set)
	}
	if len(sets) < 2 || typed != 0 && typed != len(sets) {
		return nil, false
	}
	return sets, typed > 0
}
