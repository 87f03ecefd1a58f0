// Package inhabit finds the schemas that no finite value can meet: those that contradict
// themselves, those that require one of such, and those that require themselves without end.
//
// A schema is inhabited if a value of it can be built from values of inhabited schemas. The package computes the
// least fixed point: it begins without any, and schemas that it never reaches are uninhabited. It is wrong in one
// direction only: where keywords are too much for it (not, if, patterns, the exactness of a
// oneOf), it takes a schema that nothing meets for one that something does.
//
// Each schema becomes rules. Their heads and bodies are facts: that one schema is inhabited. A rule
// fires when as many facts of its body are known as it needs; each fact is passed on once, so
// that all of it takes time proportional to the rules (W. Dowling, J. Gallier: Linear-time
// algorithms for testing the satisfiability of propositional Horn formulae, 1984).
package inhabit

import (
	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Way is the way in which values travel: readOnly members are not required in requests, nor
// writeOnly ones in responses.
type Way uint8

// The ways.
const (
	Request Way = iota
	Response
)

// Config is how the schemas of a document are checked.
type Config struct {
	Way Way
	// Branches are the branches of a oneOf or anyOf, each merged with the keywords beside it.
	Branches func(*schema.Schema) []*schema.Schema
	// Checked is the schema that the values of another one are held against, which may be read
	// to the letter: nil where that is not known.
	Checked func(*schema.Schema) *schema.Schema
	// Reader reads the schemas of keywords that the normal form lacks, as they are checked.
	Reader *schema.Reader
	// Cost is the document's budget.
	Cost *cost.Budget
}

// Set knows of schemas whether a value can meet them. It is not safe for concurrent use.
type Set struct {
	cfg     Config
	facts   map[*schema.Schema]fact
	schemas []*schema.Schema // by fact, nil for facts of no schema
	known   []bool
	watch   [][]int32 // the rules with the fact in their bodies
	rules   []rule
	unread  []fact
	fresh   []fact
	reasons map[*schema.Schema]diag.List
}

// fact is that a value can meet a schema, or a part of one.
type fact int32

// always is the fact of the schema that accepts everything.
const always fact = 0

// rule derives its head when need more facts of its body are known.
type rule struct {
	need int
	head fact
}

// New returns an empty Set.
func New(cfg Config) *Set {
	s := &Set{cfg: cfg, facts: map[*schema.Schema]fact{}, reasons: map[*schema.Schema]diag.List{}}
	s.known[s.add(nil)] = true
	return s
}

// Inhabited reports whether a value may meet x: false is sure.
func (s *Set) Inhabited(x *schema.Schema) bool {
	f := s.of(x)
	s.settle()
	return s.known[f]
}

func (s *Set) add(x *schema.Schema) fact {
	s.schemas = append(s.schemas, x)
	s.known = append(s.known, false)
	s.watch = append(s.watch, nil)
	return fact(len(s.schemas) - 1)
}

// of returns the fact of a schema, which is read later.
func (s *Set) of(x *schema.Schema) fact {
	if x == nil {
		return always
	}
	if f, ok := s.facts[x]; ok {
		return f
	}
	f := always
	if y := s.checked(x); y != nil {
		known, ok := s.facts[y]
		if !ok {
			known = s.add(y)
			s.facts[y] = known
			s.unread = append(s.unread, known)
		}
		f = known
	}
	s.facts[x] = f
	return f
}

// checked is the schema that values of x are held against, or nil.
func (s *Set) checked(x *schema.Schema) *schema.Schema {
	for x.Same != nil {
		x = x.Same
	}
	return s.cfg.Checked(x)
}

// settle reads the schemas that have not been read, and draws all conclusions.
func (s *Set) settle() {
	for len(s.unread) > 0 {
		f := s.unread[len(s.unread)-1]
		s.unread = s.unread[:len(s.unread)-1]
		s.read(f)
	}
	for len(s.fresh) > 0 {
		f := s.fresh[len(s.fresh)-1]
		s.fresh = s.fresh[:len(s.fresh)-1]
		for _, i := range s.watch[f] {
			if s.rules[i].need--; s.rules[i].need == 0 {
				s.derive(s.rules[i].head)
			}
		}
		s.watch[f] = nil
	}
}

func (s *Set) derive(f fact) {
	if !s.known[f] {
		s.known[f] = true
		s.fresh = append(s.fresh, f)
	}
}

// rule adds a rule. A fact that stands twice in the body counts twice.
func (s *Set) rule(head fact, need int, body []fact) {
	s.cfg.Cost.Spend(cost.Inhabit, 1+len(body), diag.Pos{})
	at := int32(len(s.rules))
	for _, f := range body {
		if s.known[f] { // whether it was passed on or not: this rule does not watch it
			need--
		}
	}
	if need <= 0 {
		s.derive(head)
		return
	}
	s.rules = append(s.rules, rule{need, head})
	for _, f := range body {
		if !s.known[f] {
			s.watch[f] = append(s.watch[f], at)
		}
	}
}

// read makes the rules of a schema.
func (s *Set) read(f fact) {
	x := s.schemas[f]
	s.cfg.Cost.Spend(cost.Inhabit, 1+len(x.Required)+len(x.OneOf)+len(x.AnyOf), x.Pos)
	p := s.plan(x)
	if p.met {
		s.derive(f)
		return
	}
	for _, w := range p.ways {
		if len(w.broken) > 0 {
			continue
		}
		body := s.body(w.all)
		for _, g := range w.groups {
			body = append(body, s.group(g))
		}
		s.rule(f, len(body), body)
	}
}

func (s *Set) body(steps []step) []fact {
	body := make([]fact, len(steps))
	for i, st := range steps {
		body[i] = s.of(st.to)
	}
	return body
}

// group is the fact that enough options of g can be met.
func (s *Set) group(g group) fact {
	head := s.add(nil)
	options := make([]fact, len(g.of))
	for i, steps := range g.of {
		if body := s.body(steps); len(body) == 1 {
			options[i] = body[0]
		} else {
			options[i] = s.add(nil)
			s.rule(options[i], len(body), body)
		}
	}
	s.rule(head, g.need, options)
	if g.other != nil {
		s.rule(head, 1, []fact{s.of(g.other.to)})
	}
	return head
}

// node is a string, as the names of members are.
func node(text string) *load.Node { return &load.Node{Kind: load.String, Text: text} }
