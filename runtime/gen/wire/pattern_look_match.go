package wire

import (
	"encoding/binary"
	"regexp/syntax"
	"unicode/utf8"
)

// match reports whether s has a match. Its time is proportional to the length of s times
// the size of the pattern, its memory a bit for each byte and look-around. It draws lookSteps from
// left for each place and part, and instrSteps for each instruction that it looks at. When nothing
// is left it gives up.
func (p lookPattern) match(s string, left *int64) bool {
	holds := make([]bitSet, len(p))
	for i, part := range p {
		m := lookMatch{part: part, text: s, asked: holds, now: newBitSet(len(part.prog.Inst)), next: newBitSet(len(part.prog.Inst)), cache: newLookCache(part, s), left: *left}
		last, matches := i == len(p)-1, false
		switch {
		case last:
			matches = m.ahead(nil)
		case part.behind:
			holds[i] = newBitSet(len(s) + 1)
			m.behind(holds[i])
		default:
			holds[i] = newBitSet(len(s) + 1)
			m.ahead(holds[i])
		}
		if *left = m.left; last || *left < 0 {
			return matches
		}
	}
	return false
}

// memory is about how many bytes a match allocates in a text of n bytes: sets of instructions, a bit for
// each place and look-around, and what a lookCache holds.
func (p lookPattern) memory(n int) int {
	size := 0
	for _, part := range p {
		size += 128 + 3*(len(part.prog.Inst)/8+16) + 4*len(part.prog.Inst) + n/8
		if n >= cacheFrom && len(part.asks) <= cachedAsks {
			size += 2*cachedStates*utf8.RuneSelf<<len(part.asks) + cachedStates*(10*len(part.prog.Inst)/8+128)
		}
	}
	return size
}

// memory is what a match allocates in a text of n bytes: nothing but for patterns with look-around.
func (p *Pattern) memory(n int) int {
	p.once.Do(p.compile)
	return p.look.memory(n)
}

// lookSteps is what a place of the text costs in one part of a pattern with look-around.
const lookSteps = 4

// spend draws on the budget, and reports whether anything is left.
func (m *lookMatch) spend() bool {
	m.left -= lookSteps + instrSteps*int64(m.looked)
	m.looked = 0
	return m.left >= 0
}

// lookMatch runs one automaton over a text.
type lookMatch struct {
	part  *lookPart
	text  string
	asked []bitSet // by part: the places where it holds
	// now and next are the instructions that are reached at one place of the text and at
	// the next one.
	now, next bitSet
	todo      []uint32
	cache     *lookCache // nil for short texts
	left      int64      // steps
	looked    int        // instructions looked at since spend
}

// ahead goes from the end of the text to its beginning, with the set of instructions from
// which a match can be completed. It notes in holds the places from which the whole
// automaton can; without holds, it returns whether there is one.
func (m *lookMatch) ahead(holds bitSet) bool {
	start := uint32(m.part.prog.Start)
	after := rune(-1)
	for i := len(m.text); ; {
		before, size := rune(-1), 0
		if i > 0 {
			before, size = utf8.DecodeLastRuneInString(m.text[:i])
		}
		from := m.cache.step(m, i, before, after)
		if from == nil {
			from = m.back(i, before, after)
			m.cache.learn(m, i, before, after, from)
		}
		if from.has(start) {
			if holds == nil {
				return true
			}
			holds.add(uint32(i))
		}
		if i == 0 || !m.spend() {
			return false
		}
		i, after = i-size, before
	}
}

// back is one step of ahead: the instructions at place i, from next, those at the place
// after it. They are next afterwards.
func (m *lookMatch) back(i int, before, after rune) bitSet {
	prog := m.part.prog
	m.now.clear()
	m.looked += len(m.now)
	if after >= 0 {
		list, sure := m.part.taking(after)
		m.looked += len(list)
		for _, at := range list {
			if in := &prog.Inst[at]; m.next.has(in.Out) && (sure || in.MatchRune(after)) {
				m.add(at)
			}
		}
	}
	for _, at := range m.part.matches {
		m.add(at)
	}
	flags := m.part.flags(before, after)
	for len(m.todo) > 0 {
		at := m.pop()
		m.looked += len(m.part.from[at])
		for _, from := range m.part.from[at] {
			if m.passes(from, i, flags) {
				m.add(from)
			}
		}
	}
	m.now, m.next = m.next, m.now
	return m.next
}

// behind goes from the beginning of the text to its end, with the set of instructions that
// are reached by some part of it that ends here, and notes in holds where that completes
// a match.
func (m *lookMatch) behind(holds bitSet) {
	prog := m.part.prog
	before := rune(-1)
	for i := 0; ; {
		after, size := rune(-1), 0
		if i < len(m.text) {
			after, size = utf8.DecodeRuneInString(m.text[i:])
		}
		m.add(uint32(prog.Start)) // a match may begin anywhere
		flags := m.part.flags(before, after)
		for len(m.todo) > 0 {
			at := m.pop()
			m.looked++
			in := &prog.Inst[at]
			switch in.Op {
			case syntax.InstAlt, syntax.InstAltMatch:
				m.add(in.Out)
				m.add(in.Arg)
			case syntax.InstCapture, syntax.InstEmptyWidth, syntax.InstNop:
				if m.passes(at, i, flags) {
					m.add(in.Out)
				}
			case syntax.InstMatch:
				holds.add(uint32(i))
			}
		}
		if i == len(m.text) || !m.spend() {
			return
		}
		m.now, m.next = m.next, m.now
		m.now.clear()
		list, sure := m.part.taking(after)
		m.looked += len(list) + len(m.now)
		for _, at := range list {
			if in := &prog.Inst[at]; m.next.has(at) && (sure || in.MatchRune(after)) {
				m.add(in.Out)
			}
		}
		i, before = i+size, after
	}
}

// passes reports whether an instruction that takes no character lets pass at place i.
func (m *lookMatch) passes(at uint32, i int, flags syntax.EmptyOp) bool {
	in := &m.part.prog.Inst[at]
	switch in.Op {
	case syntax.InstEmptyWidth:
		return syntax.EmptyOp(in.Arg)&^flags == 0
	case syntax.InstCapture:
		l, ok := m.part.asks[in.Arg/2]
		return !ok || m.asked[l.part].has(uint32(i)) != l.not
	}
	return true
}

// add reaches an instruction, whose consequences are to be found.
func (m *lookMatch) add(at uint32) {
	if !m.now.has(at) {
		m.now.add(at)
		m.todo = append(m.todo, at)
	}
}

func (m *lookMatch) pop() uint32 {
	at := m.todo[len(m.todo)-1]
	m.todo = m.todo[:len(m.todo)-1]
	return at
}

// bitSet is a set of small numbers.
type bitSet []uint64

func newBitSet(n int) bitSet { return make(bitSet, (n+63)/64) }

func (b bitSet) has(i uint32) bool { return b[i/64]&(1<<(i%64)) != 0 }
func (b bitSet) add(i uint32)      { b[i/64] |= 1 << (i % 64) }
func (b bitSet) clear()            { clear(b) }

// What a lookCache may hold, and from which length of the text on there is one.
const (
	cachedStates = 32
	cachedAsks   = 3
	cacheFrom    = 256
)

// lookCache remembers the steps of ahead, of which there are few different ones in most
// texts: it makes a deterministic automaton of the part as it goes, for one text.
type lookCache struct {
	asks  []look
	state int      // what next is, -1 where that is not known
	next  []uint16 // by state and step: the state that follows, from 1 on; 0 where that is not known
	sets  []bitSet
	known map[string]int
}

// newLookCache returns nil where a cache is not worth its while, or where a step may
// depend on more than the character after it and on other look-arounds.
func newLookCache(part *lookPart, text string) *lookCache {
	if len(text) < cacheFrom || len(part.asks) > cachedAsks || !part.textOnly {
		return nil
	}
	c := &lookCache{state: -1, known: map[string]int{}}
	for _, l := range part.asks {
		c.asks = append(c.asks, l)
	}
	c.next = make([]uint16, cachedStates*utf8.RuneSelf<<len(c.asks))
	return c
}

// slot is where the step to place i is kept; nil at both ends of the text, and after other
// characters than those of ASCII.
func (c *lookCache) slot(m *lookMatch, i int, before, after rune) *uint16 {
	if c == nil || c.state < 0 || before < 0 || after < 0 || after >= utf8.RuneSelf {
		return nil
	}
	at := c.state
	for _, l := range c.asks {
		at <<= 1
		if m.asked[l.part].has(uint32(i)) {
			at |= 1
		}
	}
	return &c.next[at*utf8.RuneSelf+int(after)]
}

// step takes a step that is known: it returns nil for others.
func (c *lookCache) step(m *lookMatch, i int, before, after rune) bitSet {
	slot := c.slot(m, i, before, after)
	if slot == nil || *slot == 0 {
		return nil
	}
	c.state = int(*slot) - 1
	copy(m.next, c.sets[c.state])
	return m.next
}

// learn keeps the step that led to a set.
func (c *lookCache) learn(m *lookMatch, i int, before, after rune, set bitSet) {
	if c == nil {
		return
	}
	slot := c.slot(m, i, before, after)
	key := set.key()
	state, ok := c.known[key]
	if !ok && len(c.sets) == cachedStates { // too many of them: they do not pay
		m.cache = nil
		return
	}
	if !ok {
		state = len(c.sets)
		c.known[key] = state
		c.sets = append(c.sets, append(bitSet(nil), set...))
	}
	if slot != nil {
		*slot = uint16(state) + 1
	}
	c.state = state
}

// key is text that equal sets share.
func (b bitSet) key() string {
	text := make([]byte, 0, 8*len(b))
	for _, w := range b {
		text = binary.LittleEndian.AppendUint64(text, w)
	}
	return string(text)
}
