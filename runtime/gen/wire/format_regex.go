package wire

import (
	"strings"
	"unicode/utf8"
)

// IsRegex reports whether s is a regular expression of ECMA-262, section
// 22.2.1, with the grammar that its u flag selects (JSON Schema 2020-12, section
// 6.4). Unicode properties must exist in ECMA 262, and scripts in the version of package
// unicode ([unicode.Version]). Groups may be nested up to 250 deep.
func IsRegex(s string) bool {
	p := regexParser{s: s}
	if !utf8.ValidString(s) || !p.disjunction(0) || p.i != len(s) {
		return false
	}
	return p.highest <= p.groups && p.unknown == 0
}

type regexParser struct {
	s       string
	i       int
	groups  int // capturing groups so far
	highest int // greatest back reference
	names   regexNames
	unknown int // names that are referred to, and which no group has so far
}

// define records a group's name, and reports whether it is the first group of that name.
func (p *regexParser) define(name string) bool {
	use := p.names.get(name)
	if use&nameDefined != 0 {
		return false
	}
	if use&nameReferred != 0 {
		p.unknown--
	}
	p.names.set(name, use|nameDefined)
	return true
}

// refer records a reference to a group, which may come before the group.
func (p *regexParser) refer(name string) {
	if p.names.get(name) == 0 {
		p.unknown++
		p.names.set(name, nameReferred)
	}
}

// nameUse is what has been read of a group's name.
type nameUse uint8

const (
	nameDefined nameUse = 1 << iota
	nameReferred
)

// regexNames are the names of an expression's groups. A few are compared one by one, without an allocation; beyond
// them there is a map: a list would make a text of 1 MiB with a hundred thousand names take a minute.
type regexNames struct {
	few [8]struct {
		name string
		use  nameUse
	}
	n    int
	more map[string]nameUse
}

func (l *regexNames) get(name string) nameUse {
	for i := range l.few[:l.n] {
		if l.few[i].name == name {
			return l.few[i].use
		}
	}
	return l.more[name]
}

func (l *regexNames) set(name string, use nameUse) {
	for i := range l.few[:l.n] {
		if l.few[i].name == name {
			l.few[i].use = use
			return
		}
	}
	if l.n < len(l.few) {
		l.few[l.n].name, l.few[l.n].use = name, use
		l.n++
		return
	}
	if l.more == nil {
		l.more = make(map[string]nameUse, 2*len(l.few))
	}
	l.more[name] = use
}

const maxRegexDepth = 250

// take consumes lit if it comes next.
func (p *regexParser) take(lit string) bool {
	if strings.HasPrefix(p.s[p.i:], lit) {
		p.i += len(lit)
		return true
	}
	return false
}

func (p *regexParser) peek() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

func (p *regexParser) disjunction(depth int) bool {
	if depth > maxRegexDepth {
		return false
	}
	for p.i < len(p.s) && p.s[p.i] != ')' {
		if p.take("|") {
			continue
		}
		if !p.term(depth) {
			return false
		}
	}
	return true
}

// term reads an assertion, or an atom with its quantifier.
func (p *regexParser) term(depth int) bool {
	switch c := p.s[p.i]; c {
	case '^', '$':
		p.i++
		return true
	case '(':
		quantifiable, ok := p.group(depth)
		return ok && (!quantifiable || p.quantifier())
	case '[':
		return p.class() && p.quantifier()
	case '\\':
		p.i++
		if c := p.peek(); c == 'b' || c == 'B' {
			p.i++
			return true
		}
		_, ok := p.escape(false)
		return ok && p.quantifier()
	case '*', '+', '?', '{', '}', ']':
		return false
	}
	_, n := utf8.DecodeRuneInString(p.s[p.i:])
	p.i += n
	return p.quantifier()
}

func (p *regexParser) group(depth int) (quantifiable, ok bool) {
	p.i++
	quantifiable = true
	switch {
	case p.take("?="), p.take("?!"), p.take("?<="), p.take("?<!"):
		quantifiable = false
	case p.take("?<"):
		name, ok := p.name()
		if !ok || !p.define(name) {
			return false, false
		}
		p.groups++
	case p.take("?"):
		if !p.modifiers() {
			return false, false
		}
	default:
		p.groups++
	}
	return quantifiable, p.disjunction(depth+1) && p.take(")")
}

// modifiers reads what follows (? up to its colon: flags switched on and off,
// each of them once.
func (p *regexParser) modifiers() bool {
	start := p.i
	for {
		switch c := p.peek(); c {
		case ':':
			flags := p.s[start:p.i]
			p.i++
			return flags != "-"
		case 'i', 'm', 's', '-':
			if strings.IndexByte(p.s[start:p.i], c) >= 0 {
				return false
			}
			p.i++
		default:
			return false
		}
	}
}

// name reads a group's name and the angle bracket behind it. Escapes in names
// are not taken.
func (p *regexParser) name() (string, bool) {
	end := strings.IndexByte(p.s[p.i:], '>')
	if end < 1 {
		return "", false
	}
	name := p.s[p.i : p.i+end]
	for i, r := range name {
		if !isIdentifier(r, i == 0) {
			return "", false
		}
	}
	p.i += end + 1
	return name, true
}

func isIdentifier(r rune, first bool) bool {
	switch {
	case r == '$' || r == '_' || r|0x20 >= 'a' && r|0x20 <= 'z' && r < 0x80:
		return true
	case r >= '0' && r <= '9' || r == 0x200C || r == 0x200D:
		return !first
	}
	return r >= 0x80 && identifierRune(r, first)
}

// quantifier reads a quantifier if there is one.
func (p *regexParser) quantifier() bool {
	switch p.peek() {
	case '*', '+', '?':
		p.i++
	case '{':
		p.i++
		lo, ok := p.count()
		if !ok {
			return false
		}
		if p.take(",") && p.peek() != '}' {
			hi, ok := p.count()
			if !ok || CompareNumber(lo, hi) > 0 {
				return false
			}
		}
		if !p.take("}") {
			return false
		}
	default:
		return true
	}
	p.take("?")
	return true
}

// count reads digits and returns them without leading zeros.
func (p *regexParser) count() (string, bool) {
	end := digits(p.s, p.i)
	n := p.s[p.i:end]
	p.i = end
	for len(n) > 1 && n[0] == '0' {
		n = n[1:]
	}
	return n, n != "" && len(n) <= MaxNumber
}

// class reads a character class.
func (p *regexParser) class() bool {
	p.i++
	p.take("^")
	for p.i < len(p.s) {
		if p.take("]") {
			return true
		}
		lo, ok := p.classAtom()
		if !ok {
			return false
		}
		if p.peek() != '-' || p.i+1 < len(p.s) && p.s[p.i+1] == ']' {
			continue
		}
		p.i++
		hi, ok := p.classAtom()
		if !ok || lo < 0 || hi < 0 || lo > hi {
			return false
		}
	}
	return false
}

// classAtom returns a character, or -1 for a set of them such as \d.
func (p *regexParser) classAtom() (rune, bool) {
	if p.i >= len(p.s) {
		return 0, false
	}
	if p.take(`\`) {
		return p.escape(true)
	}
	r, n := utf8.DecodeRuneInString(p.s[p.i:])
	p.i += n
	return r, true
}
