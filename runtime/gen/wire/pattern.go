package wire

import (
	"math"
	"regexp/syntax"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Pattern is a regular expression in the syntax of package regexp, in which look-around
// may stand as well: (?=x), (?!x), (?<=x) and (?<!x). It is safe for concurrent use. A sequence
// of character classes with counts between ^ and $ is matched class by class, any other pattern
// without look-around by a table of its states: both look at a character once. All run in time
// linear in the text. What the few patterns cost that have too many states for a table is counted:
// see [Pattern.MatchWithin].
type Pattern struct {
	re2    string
	once   sync.Once
	simple []run
	table  *automaton  // nil if simple, with look-around, or if re2 is not valid
	look   lookPattern // nil without look-around
	ok     bool        // simple is set
}

// NewPattern returns the pattern re2. It is compiled when it is used first; one
// that is not valid matches nothing.
func NewPattern(re2 string) *Pattern { return &Pattern{re2: re2} }

// String returns the pattern as it was given.
func (p *Pattern) String() string { return p.re2 }

// Match reports whether s has a match of p. As in JSON Schema the match may be
// anywhere in s, unless the pattern anchors it.
func (p *Pattern) Match(s string) bool {
	left := int64(math.MaxInt64)
	matches, _ := p.MatchWithin(s, &left)
	return matches
}

// MatchWithin is [Pattern.Match] with a bound on its work: it takes from left what the match
// costs, in steps as [StepFactor] counts them. Where that is not enough it gives up, and left is
// negative afterwards: it returns false for within, and matches says nothing. The cost depends on
// nothing but p and s.
func (p *Pattern) MatchWithin(s string, left *int64) (matches, within bool) {
	p.once.Do(p.compile)
	switch {
	case p.ok:
		if *left -= int64(len(s)); *left >= 0 {
			matches = matchRuns(p.simple, s)
		}
	case p.table != nil:
		matches = p.table.match(s, left)
	case p.look != nil:
		matches = p.look.match(s, left)
	}
	return matches && *left >= 0, *left >= 0
}

func (p *Pattern) compile() {
	tree, err := syntax.Parse(p.re2, syntax.Perl)
	if err != nil {
		p.look, _ = newLookPattern(p.re2)
		return
	}
	if p.simple, p.ok = simplify(tree); p.ok {
		return
	}
	p.table, _ = newAutomaton(tree, defaultTable)
}

// run is a character class that repeats from min to max times; max is -1 for no
// bound.
type run struct {
	set      *[256]bool // by byte; the upper half is empty
	high     bool       // every code point from U+0080 on is in the class, or none
	min, max int
}

// matchRuns takes as much as it can for each run. That is right because simplify
// made sure that no run could leave anything to a later one.
func matchRuns(runs []run, s string) bool {
	i := 0
	for k := range runs {
		r := &runs[k]
		if r.high {
			i = r.take(s, i)
			if i < 0 {
				return false
			}
			continue
		}
		rest := s[i:]
		if r.max >= 0 && len(rest) > r.max {
			rest = rest[:r.max]
		}
		n, set := 0, r.set
		for n < len(rest) && set[rest[n]] {
			n++
		}
		if n < r.min {
			return false
		}
		i += n
	}
	return i == len(s)
}

// take returns where the run ends that starts at i, or -1 if it is too short. The
// class of r holds every code point from U+0080 on, and so do bytes that are no
// UTF-8: package regexp takes each of them for U+FFFD.
func (r *run) take(s string, i int) int {
	n := 0
	for i < len(s) && n != r.max {
		size := 1
		if c := s[i]; c >= utf8.RuneSelf {
			_, size = utf8.DecodeRuneInString(s[i:])
		} else if !r.set[c] {
			break
		}
		i += size
		n++
	}
	if n < r.min {
		return -1
	}
	return i
}

// maxRuns bounds the sequence that simplify takes on.
const maxRuns = 256

// simplify returns the runs of an expression of the form ^...$.
func simplify(tree *syntax.Regexp) ([]run, bool) {
	if tree.Op != syntax.OpConcat || len(tree.Sub) < 2 {
		return nil, false
	}
	last := len(tree.Sub) - 1
	if tree.Sub[0].Op != syntax.OpBeginText || tree.Sub[last].Op != syntax.OpEndText {
		return nil, false
	}
	var runs []run
	for _, sub := range tree.Sub[1:last] {
		var ok bool
		if runs, ok = appendRuns(runs, sub); !ok || len(runs) > maxRuns {
			return nil, false
		}
		runs = joinLast(runs)
	}
	return runs, deterministic(runs)
}

// joinLast makes one run of the last two where they are of one class: the generator writes
// repetitions beyond what package regexp takes in several steps.
func joinLast(runs []run) []run {
	n := len(runs)
	if n < 2 {
		return runs
	}
	a, b := &runs[n-2], &runs[n-1]
	if a.high != b.high || *a.set != *b.set || a.min == a.max && b.min == b.max {
		return runs // runs of a fixed length need no more than they are
	}
	if a.max < 0 || b.max < 0 {
		a.max = -1
	} else {
		a.max += b.max
	}
	a.min += b.min
	return runs[:n-1]
}

func appendRuns(runs []run, re *syntax.Regexp) ([]run, bool) {
	if re.Op == syntax.OpLiteral {
		if re.Flags&syntax.FoldCase != 0 {
			return nil, false
		}
		for _, c := range re.Rune {
			if c >= utf8.RuneSelf {
				return nil, false
			}
			r := run{set: new([256]bool), min: 1, max: 1}
			r.set[c] = true
			runs = append(runs, r)
		}
		return runs, true
	}
	lo, hi := 1, 1
	switch re.Op {
	case syntax.OpStar:
		lo, hi = 0, -1
	case syntax.OpPlus:
		lo, hi = 1, -1
	case syntax.OpQuest:
		lo, hi = 0, 1
	case syntax.OpRepeat:
		lo, hi = re.Min, re.Max
	default:
		r, ok := class(re)
		return append(runs, r), ok
	}
	r, ok := class(re.Sub[0])
	r.min, r.max = lo, hi
	return append(runs, r), ok
}

// class returns the run that matches one character of re.
func class(re *syntax.Regexp) (run, bool) {
	r := run{set: new([256]bool), min: 1, max: 1}
	ranges := re.Rune
	switch re.Op {
	case syntax.OpCharClass:
	case syntax.OpAnyChar:
		ranges = []rune{0, unicode.MaxRune}
	case syntax.OpAnyCharNotNL:
		ranges = []rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune}
	case syntax.OpLiteral:
		if len(re.Rune) != 1 || re.Flags&syntax.FoldCase != 0 {
			return r, false
		}
		ranges = []rune{re.Rune[0], re.Rune[0]}
	default:
		return r, false
	}
	for i := 0; i+1 < len(ranges); i += 2 {
		lo, hi := ranges[i], ranges[i+1]
		if hi >= utf8.RuneSelf {
			// All of the upper part in one range, or it is not simple.
			if lo > utf8.RuneSelf || hi != unicode.MaxRune {
				return r, false
			}
			r.high = true
			hi = utf8.RuneSelf - 1
		}
		for c := lo; c <= hi; c++ {
			r.set[c] = true
		}
	}
	return r, true
}

// deterministic reports whether taking as much as possible is always right: a
// run of variable length shares no character with those that can follow it.
func deterministic(runs []run) bool {
	for i := range runs {
		if runs[i].min == runs[i].max {
			continue
		}
		for j := i + 1; j < len(runs); j++ {
			if runs[i].overlaps(&runs[j]) {
				return false
			}
			if runs[j].min > 0 {
				break
			}
		}
	}
	return true
}

func (r *run) overlaps(q *run) bool {
	for c := range r.set {
		if r.set[c] && q.set[c] {
			return true
		}
	}
	return r.high && q.high
}
