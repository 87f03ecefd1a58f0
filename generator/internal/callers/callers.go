// Package callers numbers the sets of callers that a document names. Generated code asks for one
// bit of a set, and compares no scopes and roles where a value is read or written.
package callers

import (
	"maps"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Most is how many sets of one kind generated code can tell apart: it has 64 bits.
const Most = 64

// Set are the callers with one of the scopes or one of the roles, and the owner where Owner is true.
type Set struct{ Scopes, Roles, Owner gosrc.Literal }

// Table has the sets of a document in the order in which they were met, each once.
type Table struct {
	policies       *policy.Set
	lifts, writers sets
	scopes, roles  map[string]bool
}

// New returns a Table without sets.
func New(policies *policy.Set) *Table {
	return &Table{policies: policies, scopes: map[string]bool{}, roles: map[string]bool{}}
}

type sets struct {
	list []Set
	bits map[Set]int
}

// bit is the number of a set, and whether it was met before.
func (s *sets) bit(set Set) (bit int, known bool) {
	if bit, known := s.bits[set]; known {
		return bit, true
	}
	if s.bits == nil {
		s.bits = map[Set]int{}
	}
	bit = len(s.list)
	s.bits[set], s.list = bit, append(s.list, set)
	return bit, false
}

// Lifts are the callers that see masked values in clear, Writers those that may set guarded members.
func (t *Table) Lifts() []Set   { return t.lifts.list }
func (t *Table) Writers() []Set { return t.writers.list }

// Lift is the bit of the callers that see a mask's clear value, or -1 where no caller does.
func (t *Table) Lift(m *policy.Mask) int {
	if len(m.Scopes) == 0 && len(m.Roles) == 0 && !m.Owner {
		return -1
	}
	bit, known := t.lifts.bit(Set{gosrc.Strings(m.Scopes), gosrc.Strings(m.Roles), gosrc.Bool(m.Owner)})
	if !known {
		t.Name(m.Scopes, m.Roles)
	}
	return bit
}

// Writer is the bit of the callers that may set a member.
func (t *Table) Writer(w *policy.Writers) int {
	bit, known := t.writers.bit(Set{Scopes: gosrc.Strings(w.Scopes), Roles: gosrc.Strings(w.Roles)})
	if !known {
		t.Name(w.Scopes, w.Roles)
	}
	return bit
}

// WritersOf are the rules of x-bailey-writable-by for a property: each must let a caller
// who sets it.
func (t *Table) WritersOf(p *schema.Property) []*policy.Writers {
	var out []*policy.Writers
	for _, nodes := range [][]*load.Node{p.Nodes, p.Schema.Nodes} {
		for _, n := range nodes {
			if pol := t.policies.Schemas[n]; pol != nil && pol.Writers != nil && !slices.Contains(out, pol.Writers) {
				out = append(out, pol.Writers)
			}
		}
	}
	return out
}

// Guards are the bits of all rules for a property, each once.
func (t *Table) Guards(p *schema.Property) []int {
	var out []int
	for _, w := range t.WritersOf(p) {
		if bit := t.Writer(w); !slices.Contains(out, bit) {
			out = append(out, bit)
		}
	}
	return out
}

// Name notes scopes and roles that the document names, for their constants.
func (t *Table) Name(scopes, roles []string) {
	for _, s := range scopes {
		t.scopes[s] = true
	}
	for _, r := range roles {
		t.roles[r] = true
	}
}

// NameOwners is Name for callers that owner rules exempt.
func (t *Table) NameOwners(list []policy.Owner) {
	for _, o := range list {
		t.Name(o.Lift, o.LiftRoles)
		t.NameOwners(o.Any)
		t.NameOwners(o.All)
	}
}

// Scopes and Roles are all that were noted, in the order of their letters.
func (t *Table) Scopes() []string { return slices.Sorted(maps.Keys(t.scopes)) }
func (t *Table) Roles() []string  { return slices.Sorted(maps.Keys(t.roles)) }
