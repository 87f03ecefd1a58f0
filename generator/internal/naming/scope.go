// Package naming decides the identifiers of a generated package. A name is a function of the part of
// the document that has it: of its spelling and kind, or of its place. A name that two parts want is
// settled between the two, whatever else the document has and in whichever order it is written, so
// that a change elsewhere renames neither.
package naming

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// Scope is a set of identifiers, each of which is given once.
type Scope struct {
	taken map[string]bool
	next  map[string]int    // the number to try for a name that is taken
	owner map[string]*Claim // of names that Settle gave

	bids  map[string][]bid
	known *Contested
}

// Contested are the names that several places bid for, as the scopes before found: each with the id
// of the one that has it, or "" where none has.
type Contested struct{ winner map[string]string }

// bid is one place that wants a name.
type bid struct {
	id   string
	rank int
}

// NewScope returns a scope in which some names are taken.
func NewScope(reserved ...string) *Scope {
	s := &Scope{taken: map[string]bool{}, next: map[string]int{}, owner: map[string]*Claim{}, bids: map[string][]bid{}, known: &Contested{}}
	for _, name := range reserved {
		s.taken[name] = true
	}
	return s
}

// Knowing makes the scope respect the names that others before found to be contested.
func (s *Scope) Knowing(c *Contested) *Scope {
	s.known = c
	return s
}

// Reserve makes a name one that is given to nothing.
func (s *Scope) Reserve(name string) { s.taken[name] = true }

// Release takes a name back from a claim of which no type is made: others may have it.
func (s *Scope) Release(c *Claim) {
	delete(s.taken, c.Name.String())
	delete(s.owner, c.Name.String())
}

// Take gives the first choice that is free; when none is, it numbers the last. It is for names
// that the order of the document may decide: those that no caller of the package writes.
func (s *Scope) Take(choices ...gosrc.Ident) gosrc.Ident {
	for _, c := range choices {
		if s.free(c) {
			return s.give(c)
		}
	}
	last := choices[len(choices)-1]
	for i := max(2, s.next[last.String()]); ; i++ {
		if c := last.Plus(strconv.Itoa(i)); s.free(c) {
			s.next[last.String()] = i + 1
			return s.give(c)
		}
	}
}

func (s *Scope) free(c gosrc.Ident) bool { return !s.taken[c.String()] }

func (s *Scope) give(c gosrc.Ident) gosrc.Ident {
	s.taken[c.String()] = true
	return c
}

// Claim is one part of the document that wants a name, known before any name is given.
type Claim struct {
	// ID identifies the part: it is the same whatever else the document has.
	ID string
	// Rank is the kind: the lower one has the name.
	Rank int
	// Exact is set where the document writes the first choice letter by letter: of several of one
	// kind, that one has the name.
	Exact bool
	// Choices are its names, the plain one first, then those that say of which kind it is.
	Choices []gosrc.Ident
	// Own is set where no other claim can have the second choice.
	Own bool
	// Pos and What are the place and the subject of a warning; without What there is none.
	Pos  diag.Pos
	What string

	// Name is the name that Settle gives.
	Name gosrc.Ident
	// Rival is set where it is not the first choice: the claim that has that one, or nil for a name of every
	// package.
	Rival   *Claim
	Renamed bool
}

// Settle gives each claim its name. Of one rank, a name that several want is that of the one that the
// document spells so; else none has it. Those that lose to a better rank have their next choice,
// those that lose among each other a name with a checksum of their own spelling: a third one changes
// neither.
func (s *Scope) Settle(claims []*Claim) {
	ranks := map[int][]*Claim{}
	for _, c := range claims {
		ranks[c.Rank] = append(ranks[c.Rank], c)
	}
	for _, rank := range slices.Sorted(maps.Keys(ranks)) {
		s.settleRank(ranks[rank])
	}
}

// pending is a claim that has no name yet.
type pending struct {
	*Claim
	want, base gosrc.Ident
	level      int // of Choices
	digits     int // of the checksum, then
}

func (s *Scope) settleRank(claims []*Claim) {
	list := make([]*pending, len(claims))
	for i, c := range claims {
		list[i] = &pending{Claim: c, want: c.Choices[0]}
	}
	slices.SortStableFunc(list, func(x, y *pending) int { return cmp.Compare(x.ID, y.ID) })
	for round := 0; len(list) > 0; round++ {
		groups := map[string][]*pending{}
		for _, p := range list {
			groups[p.want.String()] = append(groups[p.want.String()], p)
		}
		var won, rest []*pending
		for _, p := range list {
			group := groups[p.want.String()]
			switch {
			case !s.free(p.want):
				p.loses(s.owner[p.want.String()])
				p.advance()
			case winner(group) == p:
				won = append(won, p)
				continue
			default:
				p.loses(rivalOf(group, p))
				if p.level++; p.Own && p.level < len(p.Choices) {
					p.want = p.Choices[p.level]
				} else {
					p.digest()
				}
			}
			rest = append(rest, p)
		}
		for _, p := range won {
			p.Name = s.give(p.want)
			s.owner[p.want.String()] = p.Claim
		}
		if list = rest; round == 8 {
			for _, p := range list { // two with one checksum
				p.Name = s.Take(p.want)
			}
			return
		}
	}
}

// winner is the one of those that want a name that has it, or nil.
func winner(group []*pending) *pending {
	if len(group) == 1 {
		return group[0]
	}
	var exact *pending
	for _, p := range group {
		if p.Exact && exact != nil {
			return nil
		}
		if p.Exact {
			exact = p
		}
	}
	return exact
}

func rivalOf(group []*pending, p *pending) *Claim {
	if w := winner(group); w != nil {
		return w.Claim
	}
	for _, q := range group {
		if q != p {
			return q.Claim
		}
	}
	return nil
}

// loses notes the claim that has the plain name.
func (c *Claim) loses(to *Claim) {
	if !c.Renamed {
		c.Renamed, c.Rival = true, to
	}
}

// advance goes to the next name of the kind.
func (p *pending) advance() {
	if p.level++; p.level < len(p.Choices) && p.digits == 0 {
		p.want = p.Choices[p.level]
		return
	}
	p.digest()
}

// digest goes to a name that says how the claim is spelled.
func (p *pending) digest() {
	p.digits, p.level = p.digits+4, len(p.Choices)
	if p.digits == 4 {
		p.base = p.want
	}
	p.want = Digested(p.base, p.ID, min(p.digits, 16))
}

// Digested is a name with a checksum of a text behind it, of so many digits.
func Digested(name gosrc.Ident, of string, digits int) gosrc.Ident {
	sum := sha256.Sum256([]byte(of))
	return name.Plus("X" + hex.EncodeToString(sum[:])[:digits])
}

// Bid gives a name to a place that is met while types are made, by its id and rank. Its names are
// the choices, then those with a checksum of the id. Where another place has the name, the order in
// which they are met decides for now, and Contest reports it: with its findings, the names are
// bid for again.
func (s *Scope) Bid(id string, rank int, choices ...gosrc.Ident) gosrc.Ident {
	last := choices[len(choices)-1]
	for _, want := range append(slices.Clone(choices), Digested(last, id, 4), Digested(last, id, 8)) {
		w := want.String()
		list := s.bids[w]
		if len(list) == 0 && s.taken[w] {
			continue // it was given before the first bid
		}
		if !slices.Contains(list, bid{id, rank}) {
			s.bids[w] = append(list, bid{id, rank})
		}
		if first, ok := s.known.winner[w]; ok && first != id {
			continue
		}
		if s.free(want) {
			return s.give(want)
		}
	}
	return s.Take(last)
}

// Contest adds the names that several places bid for to those known to be contested, and reports
// whether there are new ones. The place of the best rank has the name, if it is the only one.
func (s *Scope) Contest() bool {
	found := false
	for name, list := range s.bids {
		if _, ok := s.known.winner[name]; ok || len(list) < 2 {
			continue
		}
		best, alone := list[0], true
		for _, b := range list[1:] {
			if b.rank < best.rank {
				best, alone = b, true
			} else if b.rank == best.rank {
				alone = false
			}
		}
		if !alone {
			best.id = ""
		}
		if s.known.winner == nil {
			s.known.winner = map[string]string{}
		}
		s.known.winner[name], found = best.id, true
	}
	return found
}
