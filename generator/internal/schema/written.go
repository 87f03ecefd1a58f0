package schema

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Source is a schema object as it is written.
type Source struct {
	Node *load.Node
	// OrNull is set when null passes, whatever the object says.
	OrNull bool
}

// Written returns the schema objects that s is the conjunction of, each with all that
// it refers to: a value is one of s if it is valid against all of them. It reports false
// where s is not made of schema objects alone, but of a changed copy as well.
func (s *Schema) Written() ([]Source, bool) {
	if s.self != s || s.reader == nil {
		return nil, false
	}
	if n := s.Node; n != nil && keyOf(s.reader.closure(n)) == keyOf(s.set) {
		return []Source{{Node: n}}, true
	}
	var list []Source
	for _, e := range s.set {
		if e.a.node == nil || e.cut != 0 {
			return nil, false
		}
		list = append(list, Source{e.a.node, e.null})
	}
	return list, true
}

// beyondForm are the rules of what the normal form cannot say, though it can be checked
// keyword by keyword: a contradiction refuses everything. All others are mistakes of the document.
var beyondForm = []rules.Rule{rules.UnsupportedKeyword, rules.TwoChoices, rules.Unsatisfiable}

// BeyondForm reports whether the normal form lacks something of s that could be checked
// as it is written, and no error besides.
func (s *Schema) BeyondForm() bool {
	return len(s.Unsupported) > 0 && !slices.ContainsFunc(s.Unsupported, func(d diag.Diagnostic) bool {
		return d.Severity == diag.Error && !slices.Contains(beyondForm, d.Rule)
	})
}

// Exact reports whether s is read to the letter of JSON Schema: see Reader.
func (s *Schema) Exact() bool { return s.reader != nil && s.reader.Exact }

// Usual is a copy of s that is not read to the letter: for values that are no JSON text.
func (s *Schema) Usual() *Schema {
	c := *s
	c.self, c.reader, c.Same = nil, nil, nil
	return &c
}

// Refusing reports whether no value meets s, and it can be checked as it is written.
func (s *Schema) Refusing() bool {
	return (s.Never || s.Types == 0) && s.reader != nil
}
