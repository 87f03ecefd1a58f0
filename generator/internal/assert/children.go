package assert

import (
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// The keywords that hold schemas, and how the functions below are named. Those of
// inPlace apply to the same value as the schema they stand in.
var (
	inPlaceLists = []string{"allOf", "anyOf", "oneOf"}
	inPlaceOnes  = []string{"not", "if", "then", "else"}
	inPlaceMaps  = []string{"dependentSchemas", "dependencies"}
	belowLists   = []string{"prefixItems"}
	belowOnes    = []string{"items", "contains", "additionalProperties", "propertyNames", "unevaluatedProperties", "unevaluatedItems"}
	belowMaps    = []string{"properties", "patternProperties"}
)

// short are the words for keywords in the names of functions, where the keyword itself
// would not do.
var short = map[string]string{"items": "item", "prefixItems": "item", "properties": "", "patternProperties": "pattern", "additionalProperties": "value", "unevaluatedProperties": "unevaluated", "unevaluatedItems": "unevaluated", "dependentSchemas": "with", "dependencies": "with"}

// dialects are the values of $schema that change nothing here: 2020-12, as OpenAPI 3.1
// has it, and older drafts, which documents name and do not mean.
var dialects = map[string]bool{
	"https://json-schema.org/draft/2020-12/schema": true, "https://json-schema.org/draft/2019-09/schema": true,
	"http://json-schema.org/draft-07/schema": true, "http://json-schema.org/draft-06/schema": true,
	"http://json-schema.org/draft-04/schema": true,
}

// openAPIDialects begin with this: 2020-12 with annotations (OpenAPI 3.1, 4.8.24).
const openAPIDialects = "https://spec.openapis.org/oas/3."

// children meets the schemas that f holds or refers to.
func (s *Set) children(f *Func) {
	n := f.node
	if n.Kind != load.Object {
		return
	}
	if n.Get("$ref") != nil {
		s.reference(f)
		if s.doc.Version == "3.0" {
			return // keywords beside it say nothing
		}
	}
	s.dynamicReference(f)
	for _, key := range inPlaceLists {
		s.list(f, key, true)
	}
	for _, key := range inPlaceOnes {
		if v := n.Get(key); v != nil && (key != "then" && key != "else" || n.Get("if") != nil) {
			s.child(f, v, key, "", true)
		}
	}
	for _, key := range inPlaceMaps {
		s.named(f, key, true)
	}
	for _, key := range belowLists {
		s.list(f, key, false)
	}
	for _, key := range belowOnes {
		if v := n.Get(key); v != nil && (v.Kind != load.Array || key != "items") { // a list is refused by its shape
			s.child(f, v, key, "", false)
		}
	}
	for _, key := range belowMaps {
		s.named(f, key, false)
	}
	f.closes = n.Get("unevaluatedProperties") != nil || n.Get("unevaluatedItems") != nil
}

func (s *Set) list(f *Func, key string, inPlace bool) {
	if v := f.node.Get(key); v != nil && v.Kind == load.Array {
		for i, item := range v.Items {
			s.child(f, item, key, ordinal(i), inPlace)
		}
	}
}

func (s *Set) named(f *Func, key string, inPlace bool) {
	if v := f.node.Get(key); v != nil && v.Kind == load.Object {
		for _, m := range v.Members {
			if m.Value.Kind != load.Array || key != "dependencies" { // there it is a list of names
				s.child(f, m.Value, key, m.Key, inPlace)
			}
		}
	}
}

func (s *Set) child(f *Func, n *load.Node, key, name string, inPlace bool) {
	word, ok := short[key]
	if !ok {
		word = key
	}
	f.link(s.reach(n, f.word+" "+word+" "+name), inPlace)
}

func (f *Func) link(g *Func, inPlace bool) {
	if inPlace {
		f.inPlace = append(f.inPlace, g)
	} else {
		f.below = append(f.below, g)
	}
}

// reference meets the target of a `$ref`.
func (s *Set) reference(f *Func) {
	if _, ok := f.node.Get("$ref").Str(); !ok {
		return // said by problems
	}
	target, err := s.doc.Target(f.node)
	if err != nil {
		return
	}
	f.link(s.reach(target, f.word+" ref"), true)
}

// problems lists the parts of the schema at f that cannot be checked, or are no schema.
func (s *Set) problems(f *Func) {
	n := f.node
	if n.Kind == load.Bool && s.doc.Version != "3.0" {
		return
	}
	if n.Kind == load.Bool && (n.Key == "additionalProperties") {
		return
	}
	if n.Kind != load.Object {
		s.diags.Errorf(n.Pos, rules.Schema, "a schema is an object or, in 3.1, a boolean; this is of type %s", n.Kind)
		return
	}
	if ref := n.Get("$ref"); ref != nil {
		if _, ok := ref.Str(); !ok {
			s.diags.Errorf(ref.Pos, rules.Schema, "$ref must be a reference, a string")
		} else if _, err := s.doc.Target(n); err != nil {
			s.diags.Add(*err)
		}
		if s.doc.Version == "3.0" {
			return
		}
	}
	s.dialect(n)
	if v := n.Get("$recursiveRef"); v != nil {
		s.unsupported(v.Pos, "the keyword $recursiveRef is of another version of JSON Schema", "write $dynamicRef")
	}
	s.dynamicProblems(f)
	for _, m := range n.Members {
		if check := shapes[m.Key]; check != nil {
			if why := check(s, n, m.Value); why != "" {
				s.diags.Errorf(m.Value.Pos, rules.Schema, "%s %s", m.Key, why)
			}
		}
	}
	s.patterns(n)
	if name, ok := n.Get("format").Str(); ok && formats[name] == (gosrc.Expr{}) && !uncheckedFormats[name] && !s.said[name] {
		s.said[name] = true
		s.diags.Warnf(n.PosOf("format"), rules.UnknownFormat, "format %q is not checked, here and wherever it stands: it is documentation", name)
	}
}

// dialect refuses schemas of an unknown dialect. With Exact, a dialect is known if its
// meta-schema is a file of the document and lists known vocabularies.
func (s *Set) dialect(n *load.Node) {
	v := n.Get("$schema")
	if v == nil || dialects[strings.TrimSuffix(v.Text, "#")] || strings.HasPrefix(v.Text, openAPIDialects) {
		return
	}
	d := s.doc.Dialect(n)
	switch {
	case d.Unknown != "":
		s.unsupported(v.Pos, "$schema names a dialect that needs the vocabulary "+strconv.Quote(d.Unknown)+", which is not known", "leave it out where 2020-12 is meant")
	case !d.Known || !d.Validation && !s.Exact:
		s.unsupported(v.Pos, "$schema names a dialect whose keywords may mean something else", "leave it out where 2020-12 is meant")
	}
}

// validates reports whether the keywords of JSON Schema validation hold at n.
func (s *Set) validates(n *load.Node) bool { return !s.Exact || s.doc.Dialect(n).Validation }

func (s *Set) unsupported(pos diag.Pos, message, advice string) {
	s.diags.Add(diag.Diagnostic{Pos: pos, Rule: rules.UnsupportedKeyword, Message: message, Advice: advice})
}
