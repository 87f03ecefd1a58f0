// Package schema reads JSON Schema, as OpenAPI 3.0 and 3.1 write it, into one
// normal form: `$ref` followed, `allOf` merged, `nullable` and type arrays alike,
// every keyword kept or refused at its line.
//
// # How a schema is read
//
// What one schema object says by itself is an atom. A schema is the conjunction of
// a set of atoms: its own, those of its `$ref`, of its allOf branches, and of a
// oneOf or anyOf of a single branch. Equal sets are the same Schema, whichever way
// they came about, so that merging is idempotent and ends on recursive schemas.
//
// # Where this departs from JSON Schema
//
// All departures refuse more, except the last three, which are what documents mean:
//
//   - A schema without type whose keywords all belong to one type is read as having
//     that type (Schema.Implied): JSON Schema lets values of other types pass.
//   - A discriminator is an annotation; oneOf and anyOf hold with it or without.
//   - `nullable: true` (3.0) allows null for all that its object says but its allOf: also
//     beside oneOf and anyOf, and where an enum beside it lacks null.
//   - A oneOf branch that holds its parent by allOf (inheritance that is written in
//     both directions) satisfies the parent's oneOf.
//   - Numbers and booleans in the enum, const or default of a `type: string` are the texts
//     that are written, unless the schema is read to the letter.
package schema

import (
	"fmt"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Types is a set of JSON types.
type Types uint8

// The JSON types. Integer is a number without a fraction: a schema that allows
// Number has both bits.
const (
	TypeNull Types = 1 << iota
	TypeBool
	TypeInteger
	TypeNumber // numbers that are not integers; "number" sets TypeInteger|TypeNumber
	TypeString
	TypeArray
	TypeObject
	TypeAny = TypeNull | TypeBool | TypeInteger | TypeNumber | TypeString | TypeArray | TypeObject
)

// Schema is one schema in normal form: the conjunction of everything that applies
// at its place. A Schema's address is its identity; recursion is a cycle of pointers
// (Properties, Items, ExtraSchema, OneOf, AnyOf, Same), never an expansion.
//
// A Schema that a Reader returned must not be changed. A copy may be, and may then
// be given to Reader.Merge.
type Schema struct {
	// Node is the schema object that this was read from: for a `$ref` without
	// siblings, the target. Nodes are all nodes merged into it (allOf branches, a
	// `$ref` with siblings), Node first: policies on any of them apply.
	Node  *load.Node
	Nodes []*load.Node
	Pos   diag.Pos
	// Name is the component's name when Node stands at components/schemas/NAME of
	// any file (or $defs/NAME, definitions/NAME), else "".
	Name string

	// Same is set when this schema only adds annotations (title, description,
	// default, deprecated, readOnly, writeOnly, mask) to another one: that one
	// accepts the same values, so that one type can serve both. It is never set on a
	// schema with a Name.
	Same *Schema

	Title, Description string
	Deprecated         bool
	ReadOnly           bool
	WriteOnly          bool
	// Default is nil when absent; a Null node when null. A scalar default that the
	// schema refuses is dropped with a warning.
	Default *load.Node

	// Never is set for the boolean schema false and for schemas that contradict
	// themselves; Types is then 0.
	Never bool
	// Types are the JSON types that the value may have. TypeAny without any other
	// keyword is the schema that accepts everything.
	Types Types
	// Implied is set when no `type` says so: Types comes from the other keywords.
	Implied bool
	// Enum lists the allowed values (const is an enum of one), nil when there is
	// no restriction. Intersected when merged; members that Types excludes are dropped.
	Enum []*load.Node
	// EnumNames are x-enum-varnames or x-enumNames, parallel to Enum, or nil.
	EnumNames []string

	// Format is the format keyword when it says something of one of Types, also an
	// unknown one; "byte" for contentEncoding base64. Two formats that do not imply
	// each other are refused.
	Format string

	// Strings. -1 and nil mean no bound. Patterns are ECMA 262 source, all must match.
	MinLength, MaxLength int64
	Patterns             []Pattern

	// Numbers: exact decimal text ("" for none).
	Minimum, Maximum                   string
	ExclusiveMinimum, ExclusiveMaximum bool // whether Minimum/Maximum themselves are excluded
	MultipleOf                         []string

	// Arrays. Items nil means that anything goes.
	Items              *Schema
	MinItems, MaxItems int64 // MinItems 0 and MaxItems -1 for none
	UniqueItems        bool

	// Objects, in document order. Required may name properties that Properties lacks.
	// A property whose schema is Never must be absent.
	Properties                   []Property
	Required                     []string
	MinProperties, MaxProperties int64 // 0 and -1 for none
	// Extra says what members that Properties does not name must be.
	Extra ExtraKind
	// ExtraSchema is their schema when Extra is ExtraTyped.
	ExtraSchema *Schema
	// Kept says why Extra is ExtraAny where no additionalProperties says so.
	Kept Kept
	// Closed is unevaluatedProperties: false of a schema with OneOf or AnyOf: members
	// that neither this schema nor the matching branch names are refused. Merging with
	// a branch makes ExtraFalse of it.
	Closed bool

	// OneOf and AnyOf: the branches, each already merged with nothing of this
	// schema (the consumer combines base and branch with Merge). At most one of the
	// two is set, with two branches or more, none of which accepts null unless Types
	// is TypeAny, and each of which has a type in common with Types.
	OneOf, AnyOf []*Schema
	// NullApart is set where Types is TypeAny and null passes although no branch accepts it.
	NullApart     bool
	Discriminator *Discriminator
	// Inherited is set where OneOf are the members of a family (see load.Family): there may be a
	// single one. Line is set for the base of a family that is meant alone; its Name says so.
	Inherited, Line bool
	// RequiredAny are anyOf branches that say nothing but `required`: at least one
	// set must be present (one group per anyOf). RequiredOne likewise for oneOf: exactly
	// one. `not: {required: [a, b]}` is a RequiredOne of [a, b] and of the empty set,
	// which is always present.
	RequiredAny, RequiredOne [][][]string

	ContentEncoding, ContentMediaType string

	// Unsupported are the errors of this schema, its properties and branches apart:
	// what bailey cannot enforce, and contradictions. An operation that reaches the
	// schema cannot be generated.
	Unsupported diag.List

	// Impossible are the types of which no value can meet the keywords of s itself;
	// Unsupported says why. What s holds, properties and branches, is not looked into.
	Impossible Types
	// Beyond are keywords of s that this form lacks. What it says of s holds beside them, but
	// Items, which does not hold for items that prefixItems has, and Extra, which does not for
	// members of patternProperties, or that schemas of the same value evaluate.
	Beyond []Keyword

	// What follows is the reader's: self tells a schema from a copy of it.
	self   *Schema
	reader *Reader
	set    []elem
	state  fillState
	index  *propertyIndex
	listed *enumIndex
	// explicit is set when a type keyword said what Types is.
	explicit bool
}

// Keyword is a keyword that the normal form lacks, of the schema object Node.
type Keyword struct {
	Key   string
	Node  *load.Node
	Value *load.Node
}

// Pattern is one pattern keyword.
type Pattern struct {
	Source string // ECMA 262, as written
	RE2    string // the same in RE2's syntax, with look-around as it is written
	Looks  bool   // whether there is any
	Pos    diag.Pos
}

// ExtraKind is what additionalProperties says.
type ExtraKind uint8

const (
	// ExtraSilent: the schema says nothing; the unknown-member policy decides.
	ExtraSilent ExtraKind = iota
	// ExtraFalse refuses every other member, whatever the policy.
	ExtraFalse
	// ExtraAny is `additionalProperties: true` (or an empty schema), as written.
	ExtraAny
	// ExtraTyped checks every other member against ExtraSchema.
	ExtraTyped
)

// Property is one named member of an object.
type Property struct {
	Name   string
	Pos    diag.Pos
	Schema *Schema
	// Nodes are the property's schema nodes as written at this place (a `$ref`
	// object itself, not its target): policies written beside a `$ref` apply here.
	Nodes []*load.Node
}

// Discriminator selects a branch of OneOf or AnyOf by the value of a property.
type Discriminator struct {
	Property string
	Pos      diag.Pos
	// Mapping lists every value with each branch that it may select: the written mapping
	// first, then the names of the components that branches are, then what the properties of
	// branches list.
	Mapping []Mapped
	// Default are the branches for values that Mapping lacks, and for none: a defaultMapping.
	Default []int
}

// Mapped is one value of a discriminator, and one branch that it may select.
type Mapped struct {
	Selector
	Branch int
	Listed bool // neither the mapping nor the branch's name says so, but its property
}

// String is the value and the branch.
func (m Mapped) String() string { return fmt.Sprintf("{%s %d}", m.shown(), m.Branch) }

func (m Mapped) shown() string {
	if m.Kind == load.String {
		return m.Text
	}
	return "=" + m.Text
}

// Any returns a schema that accepts everything.
func Any() *Schema { return blank() }

func blank() *Schema {
	return &Schema{Types: TypeAny, MinLength: -1, MaxLength: -1, MaxItems: -1, MaxProperties: -1}
}

// Walk calls visit for s and every schema reachable from it, each once; below a
// schema for which visit returns false it does not go. It does not follow Same.
func (s *Schema) Walk(visit func(*Schema) bool) {
	seen := map[*Schema]bool{}
	stack := []*Schema{s}
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if s == nil || seen[s] {
			continue
		}
		seen[s] = true
		if s.reader != nil {
			s.reader.doc.Cost.Spend(cost.Reach, 1, s.Pos)
		}
		if visit(s) {
			from := len(stack)
			s.children(func(c *Schema) { stack = append(stack, c) })
			if s.reader != nil {
				s.reader.doc.Cost.Spend(cost.Reach, len(stack)-from, s.Pos)
			}
			for i, j := from, len(stack)-1; i < j; i, j = i+1, j-1 {
				stack[i], stack[j] = stack[j], stack[i] // in order of the document
			}
		}
	}
}

// children calls f for the schemas that s holds.
func (s *Schema) children(f func(*Schema)) {
	for i := range s.Properties {
		f(s.Properties[i].Schema)
	}
	f(s.Items)
	f(s.ExtraSchema)
	for _, b := range s.OneOf {
		f(b)
	}
	for _, b := range s.AnyOf {
		f(b)
	}
}

// Reader is the Reader that made s, or nil.
func (s *Schema) Reader() *Reader { return s.reader }

// Children calls f for each schema that s holds: of its properties, items,
// additional properties and branches.
func (s *Schema) Children(f func(*Schema)) {
	s.children(func(c *Schema) {
		if c != nil {
			f(c)
		}
	})
}

// indexFrom is the number of properties from which Property has an index.
const indexFrom = 16

// propertyIndex finds the properties of a list, which copies of a schema may share.
type propertyIndex struct {
	of *Property // the first one
	n  int
	at map[string]int
}

// Property returns the property of that name, or nil.
func (s *Schema) Property(name string) *Property {
	if n := len(s.Properties); n >= indexFrom {
		if x := s.index; x == nil || x.of != &s.Properties[0] || x.n != n {
			x = &propertyIndex{of: &s.Properties[0], n: n, at: make(map[string]int, n)}
			for i := n - 1; i >= 0; i-- {
				x.at[s.Properties[i].Name] = i
			}
			s.index = x
		}
		if i, ok := s.index.at[name]; ok {
			return &s.Properties[i]
		}
		return nil
	}
	for i := range s.Properties {
		if s.Properties[i].Name == name {
			return &s.Properties[i]
		}
	}
	return nil
}

// Contradictions are the lines for which no value, or none of some type, can meet s.
func (s *Schema) Contradictions() diag.List {
	var found diag.List
	for _, d := range s.Unsupported {
		if d.Rule == rules.Unsatisfiable {
			found.Add(d)
		}
	}
	return found
}

// Repair is the advice on what no value can meet.
const Repair = "repair it, or let it stand with allow-unsatisfiable: it refuses everything then"

// refuse notes an error of s.
func (s *Schema) refuse(pos diag.Pos, rule rules.Rule, format string, args ...any) {
	d := diag.Diagnostic{Pos: pos, Rule: rule, Message: fmt.Sprintf(format, args...)}
	if rule == rules.Unsatisfiable {
		d.Advice = Repair
	}
	s.Unsupported.Add(d)
}
