package model

import (
	"slices"
)

// EachType calls f for the types and all that they are made of, each once, but does not go below
// those for which skip says so.
func EachType(roots []*Type, skip func(*Type) bool, f func(*Type)) {
	seen := map[*Type]bool{}
	stack := slices.Clone(roots)
	for len(stack) > 0 {
		t := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if t == nil || seen[t] {
			continue
		}
		seen[t] = true
		f(t)
		if skip != nil && skip(t) {
			continue
		}
		stack = append(stack, t.Elem)
		for _, field := range t.Fields {
			stack = append(stack, field.Type)
		}
		if t.Extra != nil {
			stack = append(stack, t.Extra.Type)
		}
		for _, v := range t.Variants {
			stack = append(stack, v.Type)
		}
	}
}
