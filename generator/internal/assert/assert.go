// Package assert makes Go functions of schemas that no Go type can say: one for each
// schema object that is reached, which holds a JSON value against its keywords, one by
// one (JSON Schema 2020-12, and the subset of OpenAPI 3.0). The functions call package
// check of the runtime.
//
// Where package schema merges the parts of a schema into one normal form, this
// package takes each keyword as it is written. Two things are read as there: formats
// are assertions, and `nullable: true` (3.0) allows null for all that its object says but
// its allOf.
// Otherwise JSON Schema holds to the letter: a schema without type lets values of all
// types pass, and members that it does not name.
package assert

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Bounds on the cost of a hostile document.
const (
	maxFuncs   = 20_000 // schema objects of one document
	maxNesting = 200    // schemas that apply to one value because another one does
	maxWork    = 5_000_000
	maxWord    = 120 // bytes of the name that a function gets
	newFunc    = 16  // the cost of a function beside its keywords
)

// Namer gives out the package's names: Take returns a name that nothing else has, and
// Pattern the variable of a pattern in RE2's syntax.
type Namer interface {
	Take(want gosrc.Ident) gosrc.Ident
	Pattern(re2 string, at gosrc.Ident) gosrc.Ident
}

// Func is a function that holds a value against one schema object.
type Func struct {
	Name gosrc.Ident
	Doc  gosrc.Comment
	// Seen is the name of its parameter for evaluated locations, or a blank.
	Seen gosrc.Expr
	Body []gosrc.Expr

	node     *load.Node
	resource *load.Node // the schema resource that the node belongs to
	word     string     // the source of its name
	inPlace  []*Func    // of schemas that apply to the same value
	below    []*Func    // of those of items and members
	dynamic  *dynamic
	tracked  bool // a caller asks for its evaluations
	closes   bool // it has unevaluatedItems or unevaluatedProperties
}

// Set is all the functions of one document.
type Set struct {
	// Exact honours dialects without validation keywords. Set it before Add.
	Exact bool
	// NullableAllOf lets null pass the allOf beside `nullable: true`, whatever its schemas say. Set it before
	// Finish.
	NullableAllOf bool
	// NullableEnum lets null pass an enum without null beside `nullable: true`. Set it before the first Add.
	NullableEnum bool

	doc    *load.Document
	namer  Namer
	funcs  map[*load.Node]*Func
	order  []*Func
	todo   []*Func
	scopes map[*load.Node]int
	said   map[string]bool // unknown formats that were warned of
	found  map[*Func]diag.List
	work   int
	diags  diag.List
	oneWay map[*Func]oneWayNames // filled by Finish

	resources resources
	dynamics  []*Func // with a `$dynamicRef` to a `$dynamicAnchor`
}

// New returns an empty Set.
func New(doc *load.Document, namer Namer) *Set {
	return &Set{doc: doc, namer: namer, funcs: map[*load.Node]*Func{}, scopes: map[*load.Node]int{}, said: map[string]bool{}, found: map[*Func]diag.List{},
		resources: resources{known: map[*load.Node]bool{}, anchors: map[string]*anchored{}}}
}

// Add reads the schema at n, and all that it leads to. Its function is named
// after word where the schema has no name of its own. The list has the parts that cannot
// be checked, and warnings: with errors, no function is to be called.
func (s *Set) Add(n *load.Node, word gosrc.Ident) (*Func, diag.List) {
	s.diags = nil
	f := s.reach(n, word.String())
	s.discover()
	list := s.reachable(f)
	for _, g := range list {
		s.diags = append(s.diags, s.problemsOf(g)...)
	}
	s.cycles(list)
	if s.work > maxWork {
		s.diags.Errorf(n.Pos, rules.TooComplex, "the schemas that are checked as they are written multiply beyond measure here")
	}
	s.diags.Sort()
	return f, slices.Compact(s.diags)
}

// problemsOf is the result of problems, once for each function.
func (s *Set) problemsOf(f *Func) diag.List {
	found, ok := s.found[f]
	if !ok {
		before := s.diags
		s.diags = nil
		s.problems(f)
		found, s.diags = s.diags, before
		s.found[f] = found
	}
	return found
}

// Finish writes all the functions, when everything has been added.
func (s *Set) Finish() []*Func {
	s.number()
	s.track()
	s.nameOneWay()
	for _, f := range s.order {
		f.Name = s.namer.Take(gosrc.Unexported("check " + gosrc.Exported(f.word).String()))
	}
	var out []*Func
	for _, f := range s.order {
		if s.direct(f) != f {
			continue
		}
		s.write(f)
		out = append(out, f)
	}
	return out
}

// Part is a schema object that a check leads to.
type Part struct {
	Node *load.Node
	// Below is set when it says something of items or members, not of the whole value.
	Below bool
}

// Parts are the schema objects that f leads to, itself among them. One that applies to
// the value and to a part of it is there twice.
func (s *Set) Parts(f *Func) []Part {
	seen := map[Part]bool{}
	var out []Part
	var queue []*Func
	add := func(f *Func, below bool) {
		if p := (Part{f.node, below}); !seen[p] {
			seen[p] = true
			out, queue = append(out, p), append(queue, f)
		}
	}
	add(f, false)
	for i := 0; i < len(queue); i++ {
		for _, g := range queue[i].inPlace {
			add(g, out[i].Below)
		}
		for _, g := range queue[i].below {
			add(g, true)
		}
	}
	return out
}

// Ref is the expression of f's function.
func (s *Set) Ref(f *Func) gosrc.Expr {
	switch f = s.direct(f); {
	case anything(f.node):
		return gosrc.Raw("check.Anything")
	case nothing(f.node):
		return gosrc.Raw("check.Nothing")
	}
	return gosrc.Raw("%", f.Name)
}

// reach returns the function of the schema at n, which is read later.
func (s *Set) reach(n *load.Node, word string) *Func {
	if f, ok := s.funcs[n]; ok {
		return f
	}
	if section, name, ok := s.doc.ComponentName(n); ok && section == "schemas" {
		word = name
	}
	if len(word) > maxWord {
		word = strings.ToValidUTF8(word[:maxWord], "")
	}
	f := &Func{node: n, word: word, resource: resource(n)}
	s.funcs[n] = f
	s.todo = append(s.todo, f)
	if !anything(n) && !nothing(n) {
		s.order = append(s.order, f)
	}
	return f
}

// discover reads schemas until no new one is met: also those that a `$dynamicRef` can
// mean, which depends on all the others.
func (s *Set) discover() {
	for len(s.todo) > 0 {
		for len(s.todo) > 0 {
			f := s.todo[0]
			s.todo = s.todo[1:]
			if len(s.funcs) > maxFuncs || s.work > maxWork {
				s.diags.Errorf(f.node.Pos, rules.TooComplex, "more than %d schemas are checked as they are written", maxFuncs)
				return
			}
			s.doc.Cost.Spend(cost.Assert, newFunc+len(f.node.Members), f.node.Pos)
			s.children(f)
		}
		s.resolveDynamic()
	}
}

// reachable are f and all that it leads to, in the order in which they are met.
func (s *Set) reachable(f *Func) []*Func {
	seen := map[*Func]bool{f: true}
	list := []*Func{f}
	for i := 0; i < len(list) && s.work <= maxWork; i++ {
		s.work++
		s.doc.Cost.Spend(cost.Assert, 1+len(list[i].inPlace)+len(list[i].below), list[i].node.Pos)
		for _, g := range slices.Concat(list[i].inPlace, list[i].below) {
			if !seen[g] {
				seen[g] = true
				list = append(list, g)
			}
		}
	}
	return list
}

// cycles refuses schemas that apply to a value because they apply to it.
func (s *Set) cycles(list []*Func) {
	const open, done = 1, 2
	state := map[*Func]uint8{}
	var visit func(f *Func, depth int)
	visit = func(f *Func, depth int) {
		state[f] = open
		for _, g := range f.inPlace {
			switch {
			case state[g] == open:
				s.diags.Errorf(g.node.Pos, rules.SchemaCycle, "this schema consists of itself")
			case depth > maxNesting:
				s.diags.Errorf(g.node.Pos, rules.TooComplex, "schemas that consist of others, %d deep", maxNesting)
			case state[g] != done:
				visit(g, depth+1)
			}
		}
		state[f] = done
	}
	for _, g := range list {
		if state[g] == 0 {
			visit(g, 0)
		}
	}
}

// track finds the schemas with evaluations that others ask for: of all that applies to the same
// value as a schema with unevaluatedItems or unevaluatedProperties.
func (s *Set) track() {
	var queue []*Func
	for _, f := range s.order {
		if f.closes {
			queue = append(queue, f)
		}
	}
	for len(queue) > 0 {
		f := queue[0]
		queue = queue[1:]
		for _, g := range f.inPlace {
			if !g.tracked {
				g.tracked = true
				queue = append(queue, g)
			}
		}
	}
}

// direct is the function that f only calls, where f is a `$ref` and nothing else. With
// dynamic scopes, the resource that the `$ref` stands in may count: then it is kept.
func (s *Set) direct(f *Func) *Func {
	for len(s.scopes) == 0 && f.node.Kind == load.Object && s.onlyRef(f.node) && len(f.inPlace) == 1 {
		f = f.inPlace[0]
	}
	return f
}

func (s *Set) onlyRef(n *load.Node) bool {
	if _, ok := n.Get("$ref").Str(); !ok {
		return false
	}
	if oneWay(n, "readOnly") || oneWay(n, "writeOnly") {
		return false
	}
	return s.doc.Version == "3.0" || !slices.ContainsFunc(n.Members, func(m load.Member) bool { return m.Key != "$ref" && asserting[m.Key] })
}

// anything reports whether n is a schema that accepts everything; nothing, whether it
// is the schema false.
func anything(n *load.Node) bool {
	return n.IsTrue() || n.Kind == load.Object && !oneWay(n, "readOnly") && !oneWay(n, "writeOnly") &&
		!slices.ContainsFunc(n.Members, func(m load.Member) bool { return asserting[m.Key] })
}

func nothing(n *load.Node) bool { return n.Kind == load.Bool && !n.IsTrue() }

// asserting are the keywords that this package makes code of.
var asserting = keywordSet(`$ref $dynamicRef $recursiveRef allOf anyOf oneOf not if then else dependentSchemas dependentRequired
	dependencies properties patternProperties additionalProperties propertyNames unevaluatedProperties prefixItems items contains
	unevaluatedItems type nullable enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength
	pattern maxItems minItems uniqueItems maxProperties minProperties required format contentEncoding`)

func keywordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
