package wire

import (
	"errors"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// A pattern with look-around describes a regular language, as every pattern without
// back-references does, and is matched in linear time: each look-around is an automaton of
// its own, which one pass over the text tells for all places at once whether it holds
// there; the automata of those around it ask. Nothing is tried twice, nothing is
// backtracked.

// maxLooks bounds the look-arounds of one pattern.
const maxLooks = 32

// lookPattern is a pattern with look-around: its parts, each after those that it asks.
// The last one is the pattern itself.
type lookPattern []*lookPart

// lookPart is an automaton.
type lookPart struct {
	prog *syntax.Prog
	// asks are the look-arounds that an empty capture group of the program stands for, by
	// the number of the group.
	asks map[uint32]look
	// from are the instructions that lead to each one without taking a character, takes
	// those that take one.
	from  [][]uint32
	takes []uint32
	// ascii are those of takes that take each character of ASCII; nil for large programs.
	ascii *[utf8.RuneSelf][]uint32
	// matches end a match. bare is set where nothing asks what stands around a place,
	// textOnly where nothing asks more than whether the text begins or ends there.
	matches        []uint32
	bare, textOnly bool
	behind         bool
}

// look is one look-around where it stands.
type look struct {
	part int
	not  bool
}

var errLook = errors.New("not a pattern with look-around")

// newLookPattern reads a pattern in the syntax of package regexp, with (?=x), (?!x),
// (?<=x) and (?<!x) besides.
func newLookPattern(s string) (lookPattern, error) {
	r := &lookReader{text: s}
	if err := r.read(); err != nil {
		return nil, err
	}
	return r.parts, nil
}

// lookReader takes a pattern apart.
type lookReader struct {
	text  string
	parts lookPattern
	open  []*openGroup
}

// openGroup is a group that is being read; the first one is the whole pattern. Ordinary
// groups are written into the look-around that they stand in.
type openGroup struct {
	out    strings.Builder
	asks   []look
	look   bool
	behind bool
	not    bool
	// flagged is set where flags are set in it: they would not reach a look-around, so
	// that none is read.
	flagged bool
}

// read takes the text apart: escapes and classes as they are, groups without captures.
func (r *lookReader) read() error {
	r.open = []*openGroup{{look: true}}
	for i := 0; i < len(r.text); {
		top := r.innermost()
		n := 1
		switch c := r.text[i]; {
		case c == '\\':
			n = min(2, len(r.text)-i)
		case c == '[':
			if n = classLength(r.text[i:]); n < 0 {
				return errLook
			}
		case c == '(':
			if n = r.group(r.text[i:]); n < 0 {
				return errLook
			}
			i += n
			continue
		case c == ')':
			if err := r.close(); err != nil {
				return err
			}
			i++
			continue
		}
		top.out.WriteString(r.text[i : i+n])
		i += n
	}
	if len(r.open) != 1 {
		return errLook
	}
	return r.finish(r.open[0])
}

// innermost is the look-around that is being read, or the whole.
func (r *lookReader) innermost() *openGroup {
	for i := len(r.open) - 1; ; i-- {
		if r.open[i].look {
			return r.open[i]
		}
	}
}

// group opens a group, and returns the length of what opens it, -1 for one that cannot be.
func (r *lookReader) group(s string) int {
	for _, kind := range []struct {
		open        string
		behind, not bool
	}{{"(?=", false, false}, {"(?!", false, true}, {"(?<=", true, false}, {"(?<!", true, true}} {
		if strings.HasPrefix(s, kind.open) {
			for _, g := range r.open {
				if g.flagged {
					return -1
				}
			}
			r.open = append(r.open, &openGroup{look: true, behind: kind.behind, not: kind.not})
			return len(kind.open)
		}
	}
	top := r.innermost()
	r.open = append(r.open, &openGroup{})
	if strings.HasPrefix(s, "(?") {
		top.flagged = top.flagged || !strings.HasPrefix(s, "(?:")
		top.out.WriteString("(?")
		return 2
	}
	top.out.WriteString("(?:")
	return 1
}

// close ends a group. A look-around leaves an empty capture group where it stood.
func (r *lookReader) close() error {
	last := len(r.open) - 1
	if last == 0 {
		return errLook
	}
	g := r.open[last]
	r.open = r.open[:last]
	top := r.innermost()
	if !g.look {
		top.out.WriteByte(')')
		return nil
	}
	if err := r.finish(g); err != nil {
		return err
	}
	top.asks = append(top.asks, look{len(r.parts) - 1, g.not})
	top.out.WriteString("()")
	return nil
}

// finish compiles what was read of a look-around or of the whole.
func (r *lookReader) finish(g *openGroup) error {
	if len(r.parts) > maxLooks {
		return errLook
	}
	tree, err := syntax.Parse(g.out.String(), syntax.Perl)
	if err != nil {
		return err
	}
	if tree.MaxCap() != len(g.asks) { // (?P<name>x) captures, and is not read here
		return errLook
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return err
	}
	part := &lookPart{prog: prog, behind: g.behind, asks: map[uint32]look{}, from: make([][]uint32, len(prog.Inst)), bare: true, textOnly: true}
	for i, l := range g.asks {
		part.asks[uint32(i)+1] = l
	}
	for i := range prog.Inst {
		at := uint32(i)
		switch in := &prog.Inst[i]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			part.from[in.Out] = append(part.from[in.Out], at)
			part.from[in.Arg] = append(part.from[in.Arg], at)
		case syntax.InstCapture, syntax.InstEmptyWidth, syntax.InstNop:
			part.from[in.Out] = append(part.from[in.Out], at)
			if in.Op == syntax.InstEmptyWidth {
				part.bare = false
				part.textOnly = part.textOnly && syntax.EmptyOp(in.Arg)&^(syntax.EmptyBeginText|syntax.EmptyEndText) == 0
			}
		case syntax.InstMatch:
			part.matches = append(part.matches, at)
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			part.takes = append(part.takes, at)
		}
	}
	part.index()
	r.parts = append(r.parts, part)
	return nil
}

// maxIndexed is how many instructions may be listed by character.
const maxIndexed = 100

// index fills ascii.
func (p *lookPart) index() {
	if len(p.takes) > maxIndexed {
		return
	}
	p.ascii = new([utf8.RuneSelf][]uint32)
	for c := range p.ascii {
		for _, at := range p.takes {
			if p.prog.Inst[at].MatchRune(rune(c)) {
				p.ascii[c] = append(p.ascii[c], at)
			}
		}
	}
}

// taking are the instructions that may take a character, and whether they do.
func (p *lookPart) taking(c rune) (list []uint32, sure bool) {
	if p.ascii != nil && c < utf8.RuneSelf {
		return p.ascii[c], true
	}
	return p.takes, false
}

// flags are the conditions that hold between two characters.
func (p *lookPart) flags(before, after rune) syntax.EmptyOp {
	if p.bare {
		return 0
	}
	return syntax.EmptyOpContext(before, after)
}

// classLength is the length of the class that s begins with, -1 if it has no end.
func classLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ']':
			return i + 1
		}
	}
	return -1
}
