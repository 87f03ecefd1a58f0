package wire

import (
	"encoding/binary"
	"math/bits"
	"regexp/syntax"
	"slices"
	"sort"
	"sync"
	"unicode"
	"unicode/utf8"
)

// tableLimits bound an automaton's table, which is made when the pattern is used first.
type tableLimits struct {
	entries int   // of the table
	words   int   // of the sets behind its states
	steps   int64 // the instructions looked at to make it
	states  int
}

var defaultTable = tableLimits{entries: 1 << 15, words: 1 << 14, steps: 1 << 22, states: 1 << 14}

// The first values of automaton.next. Any other is a state, counted from firstState.
const (
	unknownState = iota // not in the table: the match goes on without it
	deadState           // there is no match, whatever follows
	matchState          // there is a match, whatever follows
	firstState
)

// automaton is a pattern without look-around as a deterministic automaton. Its table holds the
// states next to the first one, as many as the bounds allow, which for most patterns is all of
// them: a character costs one look into the table then. Where a text leaves the table, the match
// goes on with the set of the program's instructions that could come next, and counts them.
// An automaton is immutable, and what a text costs depends on nothing but the text.
type automaton struct {
	prog     *syntax.Prog
	begins   bool     // a match can begin nowhere but at the beginning of the text
	contexts bool     // the program asks for more than whether the text begins or ends at a place
	asks     []uint32 // the instructions that ask what stands around a place

	// Characters that no instruction tells apart are of one class. Column width-1 is for the
	// end of the text.
	width   int
	ascii   [utf8.RuneSelf]uint16
	cuts    []rune   // where classes change, ascending from 0
	cutTo   []uint16 // the class from there on
	samples []rune   // a character of each class
	takes   [][]bool // by instruction: the classes it takes; nil for those that take nothing

	next   []uint16 // by state and class
	states []place
	known  map[string]uint16
	start  bitSet // the instructions that a match begins with
	pool   sync.Pool
}

// place is what is known between two characters: the instructions that could come next, and
// what stands before.
type place struct {
	set    bitSet
	before context
}

// context is what stands before a place, as far as the program asks for it.
type context uint8

const (
	atBegin context = iota
	afterWord
	afterLine
	afterOther
)

// sample is a character of a context.
func (c context) sample() rune { return [...]rune{-1, 'a', '\n', ' '}[c] }

// newAutomaton makes the automaton of a pattern.
func newAutomaton(tree *syntax.Regexp, l tableLimits) (*automaton, error) {
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, err
	}
	a := &automaton{prog: prog, begins: prog.StartCond()&syntax.EmptyBeginText != 0, known: map[string]uint16{}}
	for i := range prog.Inst {
		if in := &prog.Inst[i]; in.Op == syntax.InstEmptyWidth {
			a.asks = append(a.asks, uint32(i))
			a.contexts = a.contexts || syntax.EmptyOp(in.Arg)&^(syntax.EmptyBeginText|syntax.EmptyEndText) != 0
		}
	}
	a.classify()
	a.pool.New = func() any { return a.newWalk() }
	w := a.newWalk()
	a.start = newBitSet(len(prog.Inst))
	w.reach(a.start, uint32(prog.Start))
	a.fill(w, l)
	return a, nil
}

// classify finds the classes of characters.
func (a *automaton) classify() {
	cuts := []rune{0, utf8.RuneSelf}
	if a.contexts {
		cuts = append(cuts, '\n', '\n'+1, '0', '9'+1, 'A', 'Z'+1, '_', '_'+1, 'a', 'z'+1)
	}
	lists := map[string][]int{} // instructions that take the same characters
	var keys []string
	for i := range a.prog.Inst {
		in := &a.prog.Inst[i]
		key := takenBy(in)
		if key == "" {
			continue
		}
		if lists[key] == nil {
			keys = append(keys, key)
			cuts = appendCuts(cuts, in)
		}
		lists[key] = append(lists[key], i)
	}
	slices.Sort(cuts)
	a.cuts = slices.Compact(cuts)
	known := map[string]uint16{}
	a.cutTo = make([]uint16, len(a.cuts))
	taken := make([][]bool, len(keys))
	signature := make([]byte, len(keys)+1)
	for i, r := range a.cuts {
		for k, key := range keys {
			signature[k] = 0
			if a.prog.Inst[lists[key][0]].MatchRune(r) {
				signature[k] = 1
			}
		}
		signature[len(keys)] = byte(a.contextOf(r))
		class, ok := known[string(signature)]
		if !ok {
			class = uint16(len(known))
			known[string(signature)] = class
			a.samples = append(a.samples, r)
			for k := range keys {
				taken[k] = append(taken[k], signature[k] == 1)
			}
		}
		a.cutTo[i] = class
	}
	a.width = len(a.samples) + 1
	a.takes = make([][]bool, len(a.prog.Inst))
	for k, key := range keys {
		for _, i := range lists[key] {
			a.takes[i] = taken[k]
		}
	}
	for c := range a.ascii {
		a.ascii[c] = a.classOf(rune(c))
	}
}

// takenBy is the same for two instructions that take the same characters, and "" for one that
// takes none.
func takenBy(in *syntax.Inst) string {
	switch in.Op {
	case syntax.InstRune, syntax.InstRune1:
		fold := '.'
		if syntax.Flags(in.Arg)&syntax.FoldCase != 0 {
			fold = 'i'
		}
		return string(fold) + string(in.Rune)
	case syntax.InstRuneAny:
		return "any"
	case syntax.InstRuneAnyNotNL:
		return "not"
	}
	return ""
}

// appendCuts appends where the characters begin and end that in takes.
func appendCuts(cuts []rune, in *syntax.Inst) []rune {
	switch {
	case in.Op == syntax.InstRuneAny:
	case in.Op == syntax.InstRuneAnyNotNL:
		cuts = append(cuts, '\n', '\n'+1)
	case len(in.Rune) == 1:
		r := in.Rune[0]
		cuts = append(cuts, r, r+1)
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			cuts = append(cuts, f, f+1)
		}
	default:
		for i := 0; i+1 < len(in.Rune); i += 2 {
			cuts = append(cuts, in.Rune[i], in.Rune[i+1]+1)
		}
	}
	return cuts
}

// contextOf is the context behind a character.
func (a *automaton) contextOf(r rune) context {
	switch {
	case !a.contexts:
	case r == '\n':
		return afterLine
	case syntax.IsWordChar(r):
		return afterWord
	}
	return afterOther
}

func (a *automaton) classOf(r rune) uint16 {
	return a.cutTo[sort.Search(len(a.cuts), func(i int) bool { return a.cuts[i] > r })-1]
}

// fill makes the table, the states nearest to the first one first.
func (a *automaton) fill(w *walk, l tableLimits) {
	first := place{set: slices.Clone(a.start), before: afterOther}
	if len(a.asks) > 0 {
		first.before = atBegin
	}
	a.enter(w, first, l)
	for at := 0; at < len(a.states) && w.steps < l.steps; at++ {
		for class := range a.width {
			p, result := w.step(a.states[at], class)
			if result == unknownState {
				result = a.enter(w, p, l)
			}
			a.next[at*a.width+class] = result
		}
	}
	if !slices.Contains(a.next, unknownState) {
		// No text leaves the table, so nobody asks for what made it.
		a.prog, a.takes, a.states, a.known, a.start, a.pool = nil, nil, nil, nil, nil, sync.Pool{}
	}
}

// enter returns the state of a place, which is unknownState when there is no room for it.
func (a *automaton) enter(w *walk, p place, l tableLimits) uint16 {
	state, ok := a.known[string(w.key(p))]
	switch {
	case ok:
		return state
	case len(a.states) > 0 && (len(a.next)+a.width > l.entries || len(a.states) == l.states || (len(a.states)+1)*len(p.set) > l.words):
		return unknownState
	}
	state = uint16(firstState + len(a.states))
	a.states = append(a.states, place{slices.Clone(p.set), p.before})
	a.next = append(a.next, make([]uint16, a.width)...)
	a.known[string(w.key(p))] = state
	return state
}

// match reports whether s has a match. It draws a step for each byte from left, and instrSteps
// for each instruction that it looks at beside the table. When nothing is left it gives up.
func (a *automaton) match(s string, left *int64) bool {
	if *left -= int64(len(s)); *left < 0 {
		return false
	}
	state, width := 0, a.width
	for i := 0; i < len(s); {
		var class int
		from := i
		if c := s[i]; c < utf8.RuneSelf {
			class = int(a.ascii[c])
			i++
		} else {
			r, size := utf8.DecodeRuneInString(s[i:])
			class = int(a.classOf(r))
			i += size
		}
		switch n := a.next[state*width+class]; n {
		case deadState:
			return false
		case matchState:
			return true
		case unknownState:
			if state, i = a.leave(state, s, from, left); i < 0 {
				return state == matchState
			}
		default:
			state = int(n) - firstState
		}
	}
	if n := a.next[state*width+width-1]; n != unknownState {
		return n == matchState
	}
	state, _ = a.leave(state, s, len(s), left)
	return state == matchState
}

// leave goes on from a state at place i of s, where the table says nothing, until it knows the
// state again: it returns that and the place. Where it has come to an end, or nothing is left,
// it returns a result and -1.
func (a *automaton) leave(state int, s string, i int, left *int64) (int, int) {
	w := a.pool.Get().(*walk)
	defer a.pool.Put(w)
	p := a.states[state]
	for *left >= 0 {
		class, size := a.width-1, 0
		if i < len(s) {
			var r rune
			r, size = utf8.DecodeRuneInString(s[i:])
			class = int(a.classOf(r))
		}
		w.steps = 0
		next, result := w.step(p, class)
		*left -= instrSteps * (w.steps + int64(len(next.set)))
		if result != unknownState {
			return int(result), -1
		}
		i += size
		if known, ok := a.known[string(w.key(next))]; ok {
			return int(known) - firstState, i
		}
		p = next
		w.now, w.next = w.next, w.now
	}
	return deadState, -1
}

// instrSteps is what looking at one instruction costs, in steps.
const instrSteps = 4

// walk is what one match needs that goes on without the table.
type walk struct {
	a         *automaton
	now, next bitSet
	here      bitSet
	seen      bitSet // by reach
	flags     syntax.EmptyOp
	passing   bool
	todo      []uint32
	text      []byte
	steps     int64 // instructions looked at
}

func (a *automaton) newWalk() *walk {
	n := len(a.prog.Inst)
	return &walk{a: a, now: newBitSet(n), next: newBitSet(n), here: newBitSet(n), seen: newBitSet(n)}
}

// key is text that equal places share.
func (w *walk) key(p place) []byte {
	w.text = append(w.text[:0], byte(p.before))
	for _, word := range p.set {
		w.text = binary.LittleEndian.AppendUint64(w.text, word)
	}
	return w.text
}

// step returns the place behind a character of a class, in w.next, or a result. The last class
// is the end of the text.
func (w *walk) step(p place, class int) (place, uint16) {
	a := w.a
	end := class == a.width-1
	here := p.set
	if len(a.asks) > 0 {
		after := rune(-1)
		if !end {
			after = a.samples[class]
		}
		copy(w.here, p.set)
		here = w.here
		w.pass(here, syntax.EmptyOpContext(p.before.sample(), after))
	}
	w.next.clear()
	w.seen.clear()
	for k, word := range here {
		for ; word != 0; word &= word - 1 {
			at := uint32(k*64 + bits.TrailingZeros64(word))
			w.steps++
			switch takes := a.takes[at]; {
			case takes == nil:
				if a.prog.Inst[at].Op == syntax.InstMatch {
					return place{}, matchState
				}
			case !end && takes[class]:
				if w.reach(w.next, a.prog.Inst[at].Out) {
					return place{}, matchState
				}
			}
		}
	}
	if end {
		return place{}, deadState
	}
	any := !a.begins
	for k := range w.next {
		if !a.begins {
			w.next[k] |= a.start[k]
		}
		any = any || w.next[k] != 0
	}
	if !any {
		return place{}, deadState
	}
	before := afterOther
	if a.contexts {
		before = a.contextOf(a.samples[class])
	}
	return place{w.next, before}, unknownState
}

// pass adds to set what its instructions lead to that ask for the flags.
func (w *walk) pass(set bitSet, flags syntax.EmptyOp) {
	w.seen.clear()
	w.flags, w.passing = flags, true
	for _, at := range w.a.asks {
		if in := &w.a.prog.Inst[at]; set.has(at) && syntax.EmptyOp(in.Arg)&^flags == 0 {
			w.reach(set, in.Out)
		}
	}
	w.passing = false
}

// reach adds to set the instructions that at leads to without taking a character, and reports
// whether a match is one. It passes those that ask what stands around only while passing is set.
func (w *walk) reach(set bitSet, at uint32) bool {
	matches := false
	w.todo = append(w.todo[:0], at)
	for len(w.todo) > 0 {
		at := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		if w.seen.has(at) {
			continue
		}
		w.seen.add(at)
		w.steps++
		switch in := &w.a.prog.Inst[at]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			w.todo = append(w.todo, in.Arg, in.Out)
		case syntax.InstCapture, syntax.InstNop:
			w.todo = append(w.todo, in.Out)
		case syntax.InstEmptyWidth:
			set.add(at)
			if w.passing && syntax.EmptyOp(in.Arg)&^w.flags == 0 {
				w.todo = append(w.todo, in.Out)
			}
		case syntax.InstMatch:
			set.add(at)
			matches = true
		case syntax.InstFail:
		default:
			set.add(at)
		}
	}
	return matches
}
