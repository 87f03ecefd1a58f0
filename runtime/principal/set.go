package principal

import "slices"

// A Table gives every scope and role that a document names a bit, so that what an
// operation needs and what a caller holds are compared as words. A scope and a
// role of the same name have different bits.
//
// A Table is immutable and safe for concurrent use.
type Table struct {
	scopes map[string]int
	roles  map[string]int
}

// NewTable makes a table of the scopes and roles that policies name. Repeated
// names count once. Names that are not here are unknown to every policy, and
// no bit stands for them.
func NewTable(scopes, roles []string) *Table {
	t := &Table{scopes: make(map[string]int, len(scopes)), roles: make(map[string]int, len(roles))}
	next := 0
	for _, list := range []struct {
		names []string
		into  map[string]int
	}{{scopes, t.scopes}, {roles, t.roles}} {
		for _, name := range list.names {
			if _, ok := list.into[name]; !ok {
				list.into[name] = next
				next++
			}
		}
	}
	return t
}

// Len returns the number of bits in use.
func (t *Table) Len() int { return len(t.scopes) + len(t.roles) }

// Scopes returns the set of the named scopes. It reports false, and the empty
// set, if a name is not in the table; a requirement built from it must then
// refuse, for [Set.Has] of an empty set is true.
func (t *Table) Scopes(names ...string) (Set, bool) { return setOf(t.scopes, names) }

// Roles is [Table.Scopes] for roles.
func (t *Table) Roles(names ...string) (Set, bool) { return setOf(t.roles, names) }

func setOf(bits map[string]int, names []string) (Set, bool) {
	var s Set
	for _, name := range names {
		i, ok := bits[name]
		if !ok {
			return Set{}, false
		}
		s.add(i)
	}
	return s, true
}

// held is what a caller with these scopes and roles holds of t; names that are not
// in t are of no interest to any policy and are left out.
func (t *Table) held(scopes, roles []string) Set {
	var s Set
	for _, name := range scopes {
		if i, ok := t.scopes[name]; ok {
			s.add(i)
		}
	}
	for _, name := range roles {
		if i, ok := t.roles[name]; ok {
			s.add(i)
		}
	}
	return s
}

// A Set is a set of a [Table]'s bits, of any size. The first 64 cost no
// allocation. Sets of different tables must not be mixed. The zero value is
// empty. A Set is immutable outside this package.
type Set struct {
	low  uint64
	more []uint64
}

// Has reports whether s holds every member of all. It is true for an empty all:
// what asks for nothing, is given.
func (s Set) Has(all Set) bool {
	if all.low&^s.low != 0 {
		return false
	}
	for i, word := range all.more {
		if i >= len(s.more) {
			if word != 0 {
				return false
			}
			continue
		}
		if word&^s.more[i] != 0 {
			return false
		}
	}
	return true
}

// Overlaps reports whether s and any have a member in common.
func (s Set) Overlaps(any Set) bool {
	if s.low&any.low != 0 {
		return true
	}
	for i := range min(len(s.more), len(any.more)) {
		if s.more[i]&any.more[i] != 0 {
			return true
		}
	}
	return false
}

// Union returns the members of both.
func (s Set) Union(t Set) Set {
	if len(s.more) < len(t.more) {
		s, t = t, s
	}
	s.low |= t.low
	if len(t.more) > 0 {
		s.more = slices.Clone(s.more)
		for i, word := range t.more {
			s.more[i] |= word
		}
	}
	return s
}

// Empty reports whether s has no member.
func (s Set) Empty() bool {
	if s.low != 0 {
		return false
	}
	for _, word := range s.more {
		if word != 0 {
			return false
		}
	}
	return true
}

func (s *Set) add(i int) {
	if i < 64 {
		s.low |= 1 << i
		return
	}
	i -= 64
	for len(s.more) <= i/64 {
		s.more = append(s.more, 0)
	}
	s.more[i/64] |= 1 << (i % 64)
}
