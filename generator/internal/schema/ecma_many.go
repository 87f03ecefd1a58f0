package schema

import (
	"fmt"
	"regexp/syntax"
	"strings"
)

// longer is how repetitions beyond RE2's bound are written.
type longer uint8

const (
	asLength longer = iota // X{n,m} as X*, beside bounds on the length of the text
	inSteps                // X{n,m} as X{1000}X{1000}...
	nested                 // the same, and what is optional in such a way that few readings are open at a time
)

// maxLongSize bounds a pattern whose repetitions are written out, as sizeOf counts it.
const maxLongSize = 32_000

// translateLong translates a pattern with repetitions beyond RE2's bound.
func translateLong(source string) (translation, *ecma, error) {
	t := translation{min: -1, max: -1}
	e := &ecma{src: source, long: asLength}
	if err := e.translate(); err != nil {
		return t, nil, err
	}
	if e.many == 1 && len(e.looks) == 0 {
		if others, ok := e.othersWidth(); ok {
			t.min = e.min + others
			if e.max >= 0 {
				t.max = e.max + others
			}
			return t, e, nil
		}
	}
	for _, how := range []longer{inSteps, nested} {
		e = &ecma{src: source, long: how}
		if err := e.translate(); err != nil {
			return t, nil, err
		}
		tree, err := syntax.Parse(e.plain(), syntax.Perl)
		if err != nil {
			continue // translate says why
		}
		if sizeOf(tree) > maxLongSize {
			return t, nil, tooMany()
		}
		if how == nested || classes(tree) {
			break
		}
	}
	return t, e, nil
}

// tooMany is the error of repetitions that cannot be written out.
func tooMany() error {
	return fmt.Errorf("it repeats more than %d times, and is not one class, repeated, between ^, text of a fixed length and $; say it with maxLength", maxRepetition)
}

// othersWidth is the length of what stands beside the one long repetition, in code points, where
// the whole is bound to both ends of the text, the repetition is one of a character, and
// everything else has a fixed length: then the length of the text says how often it repeats.
func (e *ecma) othersWidth() (int64, bool) {
	tree, err := syntax.Parse(e.out.String(), syntax.Perl)
	if err != nil {
		return 0, false
	}
	parts := flat(nil, tree)
	if len(parts) < 3 || parts[0].Op != syntax.OpBeginText || parts[len(parts)-1].Op != syntax.OpEndText {
		return 0, false
	}
	var sum int64
	stars := 0
	for _, p := range parts {
		if p.Op == syntax.OpStar {
			if n, ok := width(p.Sub[0]); !ok || n != 1 {
				return 0, false
			}
			stars++
			continue
		}
		n, ok := width(p)
		if !ok {
			return 0, false
		}
		sum += n
	}
	return sum, stars == 1 && sum < manyTimes
}

// flat lists the parts of a sequence, those of groups too.
func flat(list []*syntax.Regexp, re *syntax.Regexp) []*syntax.Regexp {
	switch re.Op {
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			list = flat(list, sub)
		}
		return list
	}
	return append(list, re)
}

// width is the length of all texts that re matches, in code points, if it is one.
func width(re *syntax.Regexp) (int64, bool) {
	switch re.Op {
	case syntax.OpLiteral:
		return int64(len(re.Rune)), true
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1, true
	case syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return 0, true
	case syntax.OpCapture:
		return width(re.Sub[0])
	case syntax.OpConcat:
		var sum int64
		for _, sub := range re.Sub {
			n, ok := width(sub)
			if !ok {
				return 0, false
			}
			sum += n
		}
		return sum, true
	case syntax.OpRepeat:
		n, ok := width(re.Sub[0])
		return n * int64(re.Min), ok && re.Min == re.Max
	case syntax.OpAlternate:
		first, ok := width(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			n, same := width(sub)
			ok = ok && same && n == first
		}
		return first, ok
	}
	return 0, false
}

// classes reports whether a pattern is a sequence of classes with counts between ^ and $, which
// the runtime matches class by class.
func classes(tree *syntax.Regexp) bool {
	if tree.Op != syntax.OpConcat || tree.Sub[0].Op != syntax.OpBeginText || tree.Sub[len(tree.Sub)-1].Op != syntax.OpEndText {
		return false
	}
	for _, sub := range tree.Sub[1 : len(tree.Sub)-1] {
		switch sub.Op {
		case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
			sub = sub.Sub[0]
		}
		switch sub.Op {
		case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		default:
			return false
		}
	}
	return true
}

// repeatLong writes a repetition beyond RE2's bound of the atom that has just been written.
func (e *ecma) repeatLong(least, most int64) error {
	e.many++
	e.min, e.max = least, most
	if e.long == asLength {
		e.put("*", false)
		return nil
	}
	out := e.out.String()
	atom := out[e.atomAt:]
	if len(e.looks) > 0 && e.looks[len(e.looks)-1].at >= e.atomAt || int64(len(atom))*(1+max(least, most)/maxRepetition) > maxTranslation {
		return tooMany()
	}
	e.out.Reset()
	e.out.WriteString(out[:e.atomAt])
	var b strings.Builder
	b.WriteString("(?:")
	left := least
	for ; left > maxRepetition; left -= maxRepetition {
		fmt.Fprintf(&b, "%s{%d}", atom, maxRepetition)
	}
	switch {
	case most < 0:
		fmt.Fprintf(&b, "%s{%d,}", atom, left)
	case e.long == inSteps:
		if left > 0 {
			fmt.Fprintf(&b, "%s{%d}", atom, left)
		}
		for left = most - least; left > 0; left -= maxRepetition {
			fmt.Fprintf(&b, "%s{0,%d}", atom, min(left, maxRepetition))
		}
	default:
		if left > 0 {
			fmt.Fprintf(&b, "%s{%d}", atom, left)
		}
		closing := 0
		for left = most - least; left > maxRepetition; left -= maxRepetition {
			fmt.Fprintf(&b, "(?:%s{0,%d}|%s{%d}", atom, maxRepetition-1, atom, maxRepetition)
			closing++
		}
		if left > 0 {
			fmt.Fprintf(&b, "%s{0,%d}", atom, left)
		}
		b.WriteString(strings.Repeat(")", closing))
	}
	e.put(b.String()+")", false)
	return nil
}
