// Package rules names the rules of diagnostics, and gives the meaning of each and advice.
// docs/diagnostics.md is made from it. It is the ground floor: it imports nothing of the generator.
package rules

import (
	"maps"
	"slices"
)

// Rule is the stable name of a rule, in kebab-case: "duplicate-key".
type Rule string

// Text explains a rule.
type Text struct {
	Meaning string // how a document breaks the rule
	Advice  string // how to mend it
	Example string // a diagnostic of it, "" where only a huge document or none brings it about
}

// Group is a part of the rules.
type Group struct {
	Title string
	Rules []Rule // sorted by name
}

var groups = []struct {
	title string
	texts map[Rule]Text
}{
	{"Reading a document", reading},
	{"Schemas", schemas},
	{"Operations, parameters and bodies", operations},
	{"Security and policies", policies},
}

// Groups lists all rules.
func Groups() []Group {
	list := make([]Group, 0, len(groups))
	for _, g := range groups {
		list = append(list, Group{g.title, slices.Sorted(maps.Keys(g.texts))})
	}
	return list
}

// Explain returns the text of a rule; false for names of no rule.
func Explain(name string) (Text, bool) {
	for _, g := range groups {
		if t, ok := g.texts[Rule(name)]; ok {
			t.Example = examples[Rule(name)]
			return t, true
		}
	}
	return Text{}, false
}
