package operations

import (
	"regexp"
	"regexp/syntax"
	"unicode"

	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// maxPairs bounds the pairs of instructions that two patterns are compared by.
const maxPairs = 200_000

// disjoint looks for facts of two parameters that no text meets both of.
func (b *Builder) disjoint(p, q *openapi.Parameter) (f, g fact, ok bool) {
	for _, f := range b.factsOf(p) {
		for _, g := range b.factsOf(q) {
			if b.exclude(f, g, p) {
				return f, g, true
			}
		}
	}
	return fact{}, fact{}, false
}

// exclude reports whether no text meets both of two facts. It is sure where it says so.
func (b *Builder) exclude(f, g fact, at *openapi.Parameter) bool {
	switch {
	case f.texts != nil && g.texts != nil:
		b.Spend(len(f.texts)+len(g.texts), at.Pos)
		have := map[string]bool{}
		for _, t := range f.texts {
			have[t] = true
		}
		for _, t := range g.texts {
			if have[t] {
				return false
			}
		}
		return true
	case f.texts != nil:
		return b.noneMatches(f.texts, g.re2, at)
	case g.texts != nil:
		return b.noneMatches(g.texts, f.re2, at)
	}
	return b.apartPatterns(f.re2, g.re2, at)
}

func (b *Builder) noneMatches(texts []string, re2 string, at *openapi.Parameter) bool {
	re, err := regexp.Compile(re2)
	if err != nil {
		return false
	}
	for _, t := range texts {
		b.Spend(1+len(t)/8, at.Pos)
		if re.MatchString(t) {
			return false
		}
	}
	return true
}

// program is a pattern as instructions.
func program(re2 string) (*syntax.Prog, bool) {
	tree, err := syntax.Parse(re2, syntax.Perl)
	if err != nil {
		return nil, false
	}
	prog, err := syntax.Compile(tree.Simplify())
	return prog, err == nil
}

// side is one of two patterns in a search for a text that both match: where it stands, which is
// before, in or behind its match. The match may be anywhere in the text.
type side struct {
	pc     uint32
	phase  uint8 // 0 before the match, 1 in it, 2 behind it
	begins bool  // nothing of the text has been read
}

// apartPatterns reports whether no text matches both of two patterns: it walks through all pairs of
// places that a text could lead to. Boundaries of words are taken to hold, which can only hide that
// there is no such text.
func (b *Builder) apartPatterns(x, y string, at *openapi.Parameter) bool {
	p, ok1 := program(x)
	q, ok2 := program(y)
	if !ok1 || !ok2 || len(p.Inst)*len(q.Inst) > maxPairs {
		return false
	}
	b.Spend((len(p.Inst)+len(q.Inst))/4, at.Pos)
	type pair struct{ x, y side }
	seen := map[pair]bool{}
	next := []pair{{side{begins: true}, side{begins: true}}}
	for len(next) > 0 {
		here := next[len(next)-1]
		next = next[:len(next)-1]
		if seen[here] {
			continue
		}
		seen[here] = true
		if len(seen) > maxPairs/4 {
			return false
		}
		b.Spend(1, at.Pos)
		xs, _ := reach(p, here.x, false)
		ys, _ := reach(q, here.y, false)
		_, endX := reach(p, here.x, true)
		_, endY := reach(q, here.y, true)
		if endX && endY {
			return false
		}
		for _, s := range xs {
			for _, t := range ys {
				if meet(p, s, q, t) {
					next = append(next, pair{after(p, s), after(q, t)})
				}
			}
		}
	}
	return true
}

// reach lists where a side can read its next character, or, with atEnd, reports whether a match can be
// complete where the text ends.
func reach(prog *syntax.Prog, from side, atEnd bool) (readers []side, complete bool) {
	seen := map[side]bool{}
	for stack := []side{from}; len(stack) > 0; {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[s] {
			continue
		}
		seen[s] = true
		in := &prog.Inst[s.pc]
		switch {
		case s.phase == 0:
			readers = append(readers, s)
			stack = append(stack, side{uint32(prog.Start), 1, s.begins})
		case s.phase == 2:
			readers, complete = append(readers, s), true
		case in.Op == syntax.InstAlt, in.Op == syntax.InstAltMatch:
			stack = append(stack, side{in.Out, 1, s.begins}, side{in.Arg, 1, s.begins})
		case in.Op == syntax.InstCapture, in.Op == syntax.InstNop:
			stack = append(stack, side{in.Out, 1, s.begins})
		case in.Op == syntax.InstEmptyWidth:
			op := syntax.EmptyOp(in.Arg)
			if (op&syntax.EmptyBeginText == 0 || s.begins) && (op&syntax.EmptyEndText == 0 || atEnd) {
				stack = append(stack, side{in.Out, 1, s.begins})
			}
		case in.Op == syntax.InstMatch:
			stack = append(stack, side{0, 2, s.begins})
		case in.Op != syntax.InstFail:
			readers = append(readers, s)
		}
	}
	return readers, complete
}

// after is where a side stands when it has read a character.
func after(prog *syntax.Prog, s side) side {
	if s.phase == 1 {
		return side{prog.Inst[s.pc].Out, 1, false}
	}
	return side{s.pc, s.phase, false}
}

// meet reports whether two sides can read the same character.
func meet(p *syntax.Prog, s side, q *syntax.Prog, t side) bool {
	if s.phase != 1 || t.phase != 1 {
		return true
	}
	x, y := &p.Inst[s.pc], &q.Inst[t.pc]
	for _, list := range [][]rune{x.Rune, y.Rune, {0, '\n', 'a'}} {
		for _, r := range list {
			for _, r := range [...]rune{r, unicode.SimpleFold(r)} {
				if x.MatchRune(r) && y.MatchRune(r) {
					return true
				}
			}
		}
	}
	// A class that has all but some characters, and its like: what is folded is compared above.
	return x.Op != syntax.InstRune && x.Op != syntax.InstRune1 && y.Op != syntax.InstRune && y.Op != syntax.InstRune1
}
