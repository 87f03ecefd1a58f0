package schema

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// negation reads `not` in the forms that the normal form can say: of types, and of
// lists of required members, which documents use to say that two members exclude
// each other. It reports false for all others.
func (r *Reader) negation(a *atom, v *load.Node) bool {
	switch {
	case acceptsAll(v):
		a.own.Never, a.own.Types = true, 0
	case v.Kind == load.Bool: // false
		return true
	case v.Kind != load.Object:
		return false
	case onlyKeyword(v, "type"):
		var types Types
		for _, name := range typeList(v.Get("type")) {
			bits, ok := typeNames[name.Text]
			if !ok {
				return false
			}
			types |= bits
		}
		a.own.Types &^= types
	default:
		sets, ok := forbidden(v)
		if !ok {
			return false
		}
		// What is no object has no missing members: `required` passes it, not refuses it.
		a.own.Types &= TypeObject
		for _, set := range sets {
			// Exactly one of these two: all of set, or nothing in particular.
			a.own.RequiredOne = append(a.own.RequiredOne, [][]string{set, {}})
		}
	}
	a.asserts, a.typed = true, true
	return true
}

func typeList(v *load.Node) []*load.Node {
	if v != nil && v.Kind == load.Array {
		return v.Items
	}
	return []*load.Node{v}
}

// onlyKeyword reports whether a keyword and annotations are all that n says.
func onlyKeyword(n *load.Node, keyword string) bool {
	return n.Get(keyword) != nil && !slices.ContainsFunc(n.Members, func(m load.Member) bool {
		use := keywords[m.Key]
		return m.Key != keyword && use != annotation && use != noted
	})
}

// forbidden returns the sets of members that n, which stands below `not`, forbids to
// be there together: of `required`, or of an anyOf of such.
func forbidden(n *load.Node) ([][]string, bool) {
	branches := []*load.Node{n}
	if any := n.Get("anyOf"); any != nil && any.Kind == load.Array && onlyKeyword(n, "anyOf") {
		branches = any.Items
	}
	var sets [][]string
	for _, b := range branches {
		names := b.Get("required")
		if names == nil || names.Kind != load.Array || len(names.Items) == 0 || !onlyKeyword(b, "required") {
			return nil, false
		}
		set, ok := texts(names)
		if !ok {
			return nil, false
		}
		sets = append(sets, set)
	}
	return sets, len(sets) > 0
}
