package schema

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Bounds on what a hostile document can cost, beside its budget. The largest public documents
// need a tenth of each.
const (
	maxAtoms    = 2_000 // atoms of one schema
	maxBranches = 64    // of a oneOf or anyOf that several were multiplied into
	maxNesting  = 500   // schemas that consist of schemas that consist of ...
)

// Reader turns schema nodes into normal form. Equal sets of keywords give the same
// Schema. A Reader is not safe for concurrent use.
type Reader struct {
	// Exact reads schemas to the letter of JSON Schema: no type is implied, integers have
	// any size, and a dialect without validation keywords is one. Set it before reading.
	Exact bool
	// LiteralEnums takes numbers and booleans in the enum of a string for what they are: values
	// that it does not have. Otherwise they are texts that lack their quotes. Set it before reading.
	LiteralEnums bool
	// FreeForm lets objects that are Bare have any members. Set it before reading.
	FreeForm bool
	// Alone reads a schema that others extend as no more than its own keywords, wherever it is
	// referred to: JSON Schema knows of no families. Set it before reading.
	Alone bool
	// NullableAllOf lets null pass the allOf beside `nullable: true`, whatever its schemas say. Set it
	// before reading.
	NullableAllOf bool
	// NullableEnum lets null pass an enum without null beside `nullable: true`. Set it before reading.
	NullableEnum bool

	doc      *load.Document
	atoms    int
	atomAt   map[*load.Node]*atom
	closures map[reading][]elem
	closing  map[reading]bool
	changed  map[*Schema]elem // atoms of changed copies
	byKey    map[string]*Schema
	nonNull  map[*Schema]*Schema
	queue    []*Schema
	nesting  int
	diags    diag.List
	said     map[diag.Diagnostic]bool
	formats  map[string]bool // warned of
	tooBig   *Schema
	matchers map[string]matcher
	besides  []beside // that are not looked into yet
	nullKept map[diag.Pos]bool
	enumKept map[diag.Pos]bool
}

// elem is an atom of a schema.
type elem struct {
	a    *atom
	null bool   // null passes, too
	cut  uint64 // groups of the atom that are left out, by bit
}

func (e elem) key() [2]uint64 {
	id := uint64(e.a.id) << 1
	if e.null {
		id |= 1
	}
	return [2]uint64{id, e.cut}
}

// fillState says how far a schema is read.
type fillState uint8

const (
	fresh fillState = iota
	filling
	filled
)

// NewReader returns a Reader for the schemas of doc.
func NewReader(doc *load.Document) *Reader {
	return &Reader{
		doc:      doc,
		atomAt:   map[*load.Node]*atom{},
		closures: map[reading][]elem{},
		closing:  map[reading]bool{},
		changed:  map[*Schema]elem{},
		byKey:    map[string]*Schema{},
		nonNull:  map[*Schema]*Schema{},
		said:     map[diag.Diagnostic]bool{},
		matchers: map[string]matcher{},
		nullKept: map[diag.Pos]bool{},
		enumKept: map[diag.Pos]bool{},
	}
}

// newSchema is what making a schema costs beside its atoms: it has about 700 bytes.
const newSchema = 8

// spend takes steps from the document's budget, for what stands at pos.
func (r *Reader) spend(steps int, pos diag.Pos) { r.doc.Cost.Spend(cost.Schema, steps, pos) }

// Diagnostics returns the warnings found so far. Errors belong to schemas: see
// Schema.Unsupported.
func (r *Reader) Diagnostics() diag.List { return slices.Clone(r.diags) }

func (r *Reader) warn(pos diag.Pos, rule rules.Rule, format string, args ...any) {
	r.warnOf(diag.Diagnostic{Pos: pos, Rule: rule, Message: fmt.Sprintf(format, args...)})
}

// warnOf makes a warning of d.
func (r *Reader) warnOf(d diag.Diagnostic) {
	d.Severity = diag.Warning
	if !r.said[d] {
		r.said[d] = true
		r.diags.Add(d)
	}
}

// Read returns the normal form of the schema at n, following its `$ref`. It never
// returns nil: what cannot be read is a schema with Unsupported set.
func (r *Reader) Read(n *load.Node) *Schema {
	s := r.conjunction(r.closure(n))
	r.drain()
	return s
}

// Merge returns the conjunction of two schemas, as allOf has it: the same Schema for
// the same two, and a itself when b adds nothing. Either may be a changed copy of a
// schema that the Reader returned; it must not be changed any more. pos is the place
// of a result that has none of its own.
func (r *Reader) Merge(pos diag.Pos, a, b *Schema) *Schema {
	s := r.conjunction(slices.Concat(r.elements(a), r.elements(b)))
	if s.state == fresh {
		s.Pos = pos
	}
	r.drain()
	return s
}

// elements returns the atoms of s; a changed copy is one atom.
func (r *Reader) elements(s *Schema) []elem {
	if s.self == s {
		return s.set
	}
	e, ok := r.changed[s]
	if !ok {
		e = elem{a: r.copied(s)}
		r.changed[s] = e
	}
	return []elem{e}
}

// copied makes an atom of a schema that a consumer changed.
func (r *Reader) copied(s *Schema) *atom {
	a := r.newAtom()
	a.own = *s
	a.own.self, a.own.set = nil, nil
	if s.Kept == KeptFree { // whether a schema is bare shows when it is merged
		a.own.Extra = ExtraSilent
	}
	a.typed, a.closed, a.asserts = s.Types != TypeAny, s.Closed, true
	a.index = make(map[string]int, len(s.Properties))
	for i, p := range s.Properties {
		a.index[p.Name] = i
		a.members = append(a.members, member{p.Name, p.Pos, ref{schema: p.Schema}})
	}
	a.items, a.extra = ref{schema: s.Items}, ref{schema: s.ExtraSchema}
	for _, list := range []struct {
		exactly  bool
		branches []*Schema
	}{{true, s.OneOf}, {false, s.AnyOf}} {
		if len(list.branches) == 0 {
			continue
		}
		g := group{pos: s.Pos, exactly: list.exactly, null: s.NullBeside(), ready: s.Discriminator}
		for _, b := range list.branches {
			g.branches = append(g.branches, ref{schema: b})
		}
		g.whole = s.Inherited && list.exactly
		a.groups = append(a.groups, g)
	}
	return a
}

// of returns the atoms of a schema that is referred to.
func (r *Reader) of(at ref) []elem {
	switch {
	case at.schema != nil:
		return r.elements(at.schema)
	case at.line:
		return r.lineage(at.node)
	}
	return r.closure(at.node)
}

// reading is a schema object and how it is meant: see family.go.
type reading struct {
	node *load.Node
	line bool
}

// closure returns the atoms of the schema at n: its own, and those of all that it
// consists of, in the order in which they are written.
func (r *Reader) closure(n *load.Node) []elem {
	if n == nil {
		return []elem{{a: r.newAtom()}}
	}
	return r.consist(reading{n, false})
}

// consist does closure's and lineage's work.
func (r *Reader) consist(at reading) []elem {
	if c, ok := r.closures[at]; ok {
		return c
	}
	n := at.node
	if r.closing[at] || len(r.closing) > maxNesting {
		a := r.newAtom()
		a.node, a.own.Node, a.own.Pos = n, n, n.Pos
		if r.closing[at] {
			a.refuse(n.Pos, rules.SchemaCycle, "this schema consists of itself")
		} else {
			a.refuse(n.Pos, rules.TooComplex, "schemas that consist of others, %d deep", maxNesting)
		}
		return []elem{{a: a}}
	}
	r.closing[at] = true
	var c []elem
	if f := r.family(n); f != nil && !at.line {
		c = r.relatives(f)
	} else {
		c = r.gather(at)
		if !at.line {
			c = append(c, r.torn(n)...)
		}
	}
	delete(r.closing, at)
	r.closures[at] = c
	return c
}

// atomOf is the atom of the schema object n.
func (r *Reader) atomOf(n *load.Node) *atom {
	a := r.atomAt[n]
	if a == nil {
		a = r.atom(n)
		r.atomAt[n] = a
	}
	return a
}

// gather does consist's work for one node.
func (r *Reader) gather(at reading) []elem {
	n := at.node
	a := r.atomOf(n)
	parts := make([][]elem, len(a.parts))
	for i, p := range a.parts {
		if parts[i] = r.part(a, p, at.line); p.null {
			parts[i] = orNull(parts[i])
		}
	}
	own := []elem{{a: a, null: a.nullable}}
	if a.nullable {
		r.besideNull(a, parts)
	}
	if !a.vacuous() {
		parts = slices.Insert(parts, a.ownAt, own)
	}
	said := 1 + len(a.members) + len(a.own.Required)
	for _, part := range parts {
		said += len(part)
	}
	r.spend(said, n.Pos)
	set := unique(slices.Concat(parts...))
	if len(set) == 0 {
		set = own
	}
	if len(set) > maxAtoms {
		a.refuse(n.Pos, rules.TooComplex, "more than %d schemas are merged here", maxAtoms)
		set = []elem{{a: a}}
	}
	return set
}

// part returns the atoms of what holds beside a; line is set where another schema extends a.
func (r *Reader) part(a *atom, p part, line bool) []elem {
	n := p.node
	if n == a.node { // its $ref
		target, err := r.doc.Target(n)
		if err != nil {
			a.asserts = true
			a.own.Unsupported.Add(*err)
			return nil
		}
		n = target
	} else if p.all {
		line = line || r.doc.Line(n)
	} else {
		line = false
	}
	if line {
		return r.lineage(n)
	}
	return r.closure(n)
}

// unique drops what a set says twice. An atom that null does not pass says more
// than the same with null.
func unique(set []elem) []elem {
	at := make(map[[2]uint64]int, len(set))
	out := set[:0:0]
	for _, e := range set {
		key := [2]uint64{uint64(e.a.id), e.cut}
		if i, ok := at[key]; ok {
			out[i].null = out[i].null && e.null
			continue
		}
		at[key] = len(out)
		out = append(out, e)
	}
	return out
}

// keyOf identifies a set, whatever its order.
func keyOf(set []elem) string {
	keys := make([][2]uint64, len(set))
	for i, e := range set {
		keys[i] = e.key()
	}
	slices.SortFunc(keys, func(a, b [2]uint64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	var b []byte
	for _, k := range keys {
		b = binary.AppendUvarint(b, k[0])
		b = binary.AppendUvarint(b, k[1])
	}
	return string(b)
}

// conjunction returns the schema of a set, to be filled later.
func (r *Reader) conjunction(set []elem) *Schema {
	r.spend(len(set), posOf(set))
	set = unique(set)
	key := keyOf(set)
	if s, ok := r.byKey[key]; ok {
		return s
	}
	if len(set) > maxAtoms {
		return r.tooComplex(set)
	}
	r.spend(newSchema, posOf(set))
	s := blank()
	s.self, s.reader, s.set = s, r, set
	r.byKey[key] = s
	r.queue = append(r.queue, s)
	return s
}

// posOf is a place that a set comes of.
func posOf(set []elem) diag.Pos {
	if len(set) == 0 {
		return diag.Pos{}
	}
	return set[0].a.own.Pos
}

// tooComplex is what stands for all schemas beyond the bounds.
func (r *Reader) tooComplex(set []elem) *Schema {
	if r.tooBig == nil {
		s := blank()
		s.self, s.reader, s.state = s, r, filled
		s.set = []elem{{a: r.newAtom()}}
		s.set[0].a.refuse(posOf(set), rules.TooComplex, "more than %d schemas are merged here", maxAtoms)
		s.Unsupported = s.set[0].a.own.Unsupported
		s.Pos = posOf(set)
		r.tooBig = s
	}
	return r.tooBig
}

// drain fills the schemas that were met, until no new one is met.
func (r *Reader) drain() {
	for len(r.queue) > 0 {
		s := r.queue[0]
		r.queue = r.queue[1:]
		r.fill(s)
		if len(r.queue) == 0 {
			r.checkNullable()
		}
	}
}

// NullBeside reports whether s accepts null beside values that a schema of their own can have: other types,
// or branches of which none accepts it.
func (s *Schema) NullBeside() bool {
	return s.Types&TypeNull != 0 && s.Types != TypeNull && (s.Types != TypeAny || s.NullApart)
}

// WithoutNull returns the schema for the values of s that are not null. Where s is
// another schema made nullable, that is the other one, with its name; s itself when
// it does not accept null, accepts nothing else, or has TypeAny.
func (s *Schema) WithoutNull() *Schema {
	if s.reader == nil || s.self != s {
		if !s.NullBeside() {
			return s
		}
		return s.stripped()
	}
	t := s.reader.withoutNull(s)
	s.reader.drain()
	return t
}

func (r *Reader) withoutNull(s *Schema) *Schema {
	if !s.NullBeside() {
		return s
	}
	if t, ok := r.nonNull[s]; ok {
		return t
	}
	set := slices.Clone(s.set)
	for i := range set {
		set[i].null = false
	}
	t := r.conjunction(core(set))
	r.fill(t)
	switch {
	case t == s || t.Types&TypeNull != 0 || t.Types == 0:
		t = s.stripped()
	case t.Name == "" && s.Name != "":
		t.Name = s.Name
	}
	r.nonNull[s] = t
	return t
}

// stripped is a copy of s without null.
func (s *Schema) stripped() *Schema {
	c := *s
	c.self, c.Same = nil, nil
	c.Types &^= TypeNull
	c.NullApart = false
	if c.Enum != nil {
		c.Enum, c.EnumNames = nil, nil
		for i, v := range s.Enum {
			if isNull(v) {
				continue
			}
			c.Enum = append(c.Enum, v)
			if i < len(s.EnumNames) {
				c.EnumNames = append(c.EnumNames, s.EnumNames[i])
			}
		}
	}
	return &c
}

// annotation reports whether e asserts nothing and is no type of its own.
func (e elem) annotation() bool {
	return !e.a.asserts && !e.a.distinct && !e.a.named && len(e.a.groups) == bits.OnesCount64(e.cut)
}

// core drops the atoms that only annotate, unless nothing is left.
func core(set []elem) []elem {
	kept := slices.DeleteFunc(slices.Clone(set), elem.annotation)
	if len(kept) == 0 {
		return set
	}
	return kept
}
