package schema

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"unicode/utf8"
)

// translation is a pattern in RE2's syntax. min and max are bounds on the length of
// the text, in code points, which RE2 cannot express as repetitions: -1 for none.
type translation struct {
	re2      string
	min, max int64
	warning  string
	looks    bool // there is look-around in re2
}

const (
	maxPattern = 10_000 // bytes
	// maxTranslation bounds the translation, in bytes: a property can become 10 KiB of ranges.
	maxTranslation = 64 << 10
	maxRepetition  = 1000 // RE2's own bound on {n,m}
	maxGroups      = 200  // nested
	maxLooks       = 32   // look-arounds, as the runtime has it
	maxLookSize    = 1000 // instructions of a pattern with look-around: each costs time at every character
)

var errTooLarge = errors.New("it is too large")

// translate turns an ECMA 262 regular expression, as JSON Schema has it (matched
// anywhere, by code points: the u flag), into one of package regexp that matches the
// same valid UTF-8 texts, or says why it cannot: back-references cannot be matched in
// linear time. Look-around stays as it is: the runtime's patterns have it. It is a little wider than ECMA 262 with the u
// flag: escapes of characters that need none, and lone brackets, are taken as they
// are without the flag, where only one meaning is possible.
func translate(source string) (translation, error) {
	if len(source) > maxPattern {
		return translation{}, fmt.Errorf("it has more than %d bytes", maxPattern)
	}
	if !utf8.ValidString(source) {
		return translation{}, errors.New("it is not valid UTF-8")
	}
	t := translation{min: -1, max: -1}
	e := &ecma{src: source}
	if err := e.translate(); err != nil {
		return translation{}, err
	}
	if e.many > 0 {
		var err error
		if t, e, err = translateLong(source); err != nil {
			return translation{}, err
		}
	}
	t.re2 = e.out.String()
	// The parts of look-around are compiled by themselves; what they are worth together
	// is the same as that of groups.
	tree, err := syntax.Parse(e.plain(), syntax.Perl)
	if err != nil {
		var se *syntax.Error
		if errors.As(err, &se) {
			return translation{}, errors.New(string(se.Code))
		}
		return translation{}, errors.New("it is not a regular expression")
	}
	if len(e.looks) > 0 {
		if len(e.looks) > maxLooks {
			return translation{}, fmt.Errorf("it looks around more than %d times", maxLooks)
		}
		if prog, err := syntax.Compile(tree.Simplify()); err != nil || len(prog.Inst) > maxLookSize {
			return translation{}, errors.New("it is too large for one that looks around")
		}
		t.looks = true
	}
	if len(source) > 2 && source[0] == '/' && strings.Contains(source[1:], "/") && strings.Contains("^", source[1:2]) {
		t.warning = "the slashes around this pattern are part of it: it can never match"
	}
	return t, nil
}

// repetition reads n, or n, or n,m, of any number of digits; max is -1 for none. ok is false
// where a brace stands for itself.
func repetition(s string) (min, max int64, ok bool) {
	low, high, comma := strings.Cut(s, ",")
	min, ok = decimal(low)
	switch {
	case !ok:
		return 0, 0, false
	case !comma:
		return min, min, true
	case high == "":
		return min, -1, true
	}
	max, ok = decimal(high)
	return min, max, ok
}

// manyTimes stands for each number of more than 15 digits: no text is as long.
const manyTimes = 1_000_000_000_000_000

// decimal reads DecimalDigits (ECMA 262, 12.9.3), in which leading zeros mean nothing.
func decimal(s string) (int64, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	s = strings.TrimLeft(s, "0")
	switch {
	case s == "":
		return 0, true
	case len(s) > 15:
		return manyTimes, true
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// repeat writes a repetition for RE2, which takes one with leading zeros for literal text.
func repeat(min, max int64) string {
	switch max {
	case min:
		return fmt.Sprintf("{%d}", min)
	case -1:
		return fmt.Sprintf("{%d,}", min)
	}
	return fmt.Sprintf("{%d,%d}", min, max)
}

// groupKind says what a group is, as far as what follows it goes.
type groupKind uint8

const (
	ordinary groupKind = iota
	looking            // no quantifier may follow (ECMA 262, 22.2.1, with the u flag)
)

// openGroup is a group that is not closed yet, and where the output has what opens it.
type openGroup struct {
	kind groupKind
	at   int
}

// lookAt is where the output has what opens a look-around.
type lookAt struct{ at, length int }

// ecma translates one pattern in one pass.
type ecma struct {
	src    string
	at     int
	out    strings.Builder
	groups []openGroup
	looks  []lookAt
	// flags is set where letters may mean both cases.
	flags bool
	// atom is set where a quantifier may follow, and atomAt is where the output has what it repeats.
	atom   bool
	atomAt int
	// long is how repetitions beyond RE2's bound are written, many how many there are, and min and
	// max the bounds of the last one.
	long     longer
	many     int
	min, max int64
}

func (e *ecma) translate() error {
	if rest, ok := strings.CutPrefix(e.src, "(?i)"); ok {
		// No ECMA 262, but engines that take it agree on what it means.
		e.src = rest
		e.out.WriteString("(?i)")
		e.flags = true
	}
	for e.at < len(e.src) {
		if err := e.term(); err != nil {
			return err
		}
		if e.out.Len() > maxTranslation {
			return errTooLarge
		}
	}
	if len(e.groups) > 0 {
		return errors.New("a group is not closed")
	}
	if e.flags && len(e.looks) > 0 {
		return errors.New("it looks around, and has (?i)")
	}
	return nil
}

// plain is the output with groups in the place of look-around.
func (e *ecma) plain() string {
	text := e.out.String()
	var b strings.Builder
	from := 0
	for _, l := range e.looks {
		b.WriteString(text[from:l.at] + "(?:")
		from = l.at + l.length
	}
	return b.String() + text[from:]
}

// term translates one term, quantifiers included.
func (e *ecma) term() error {
	c := e.src[e.at]
	switch c {
	case '(':
		return e.group()
	case ')':
		last := len(e.groups) - 1
		if last < 0 {
			return errors.New("a group is closed that was not opened")
		}
		g := e.groups[last]
		e.groups = e.groups[:last]
		e.at++
		e.put(")", g.kind == ordinary)
		e.atomAt = g.at
	case '|', '^', '$':
		e.at++
		e.put(string(c), false)
	case '.':
		e.at++
		e.put(`[^\n\r\x{2028}\x{2029}]`, true)
	case '*', '+', '?', '{':
		return e.quantifier()
	case ']', '}':
		e.at++
		e.put(`\`+string(c), true)
	case '[':
		return e.class()
	case '\\':
		return e.escape()
	default:
		r, n := utf8.DecodeRuneInString(e.src[e.at:])
		e.at += n
		e.put(regexp.QuoteMeta(string(r)), true)
	}
	return nil
}

func (e *ecma) put(s string, atom bool) {
	if atom {
		e.atomAt = e.out.Len()
	}
	e.out.WriteString(s)
	e.atom = atom
}

// group translates what opens a group. All of them end with the same parenthesis.
func (e *ecma) group() error {
	if len(e.groups) == maxGroups {
		return fmt.Errorf("groups are nested more than %d deep", maxGroups)
	}
	rest := e.src[e.at:]
	for _, look := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
		if strings.HasPrefix(rest, look) {
			e.groups = append(e.groups, openGroup{looking, e.out.Len()})
			e.looks = append(e.looks, lookAt{e.out.Len(), len(look)})
			e.at += len(look)
			e.put(look, false)
			return nil
		}
	}
	e.groups = append(e.groups, openGroup{ordinary, e.out.Len()})
	open, n := "(", 1
	switch {
	case strings.HasPrefix(rest, "(?:"), strings.HasPrefix(rest, "(?i:"), strings.HasPrefix(rest, "(?-i:"):
		n = strings.IndexByte(rest, ':') + 1
		open = rest[:n]
		e.flags = e.flags || n > len("(?:")
	case strings.HasPrefix(rest, "(?<"):
		end := strings.IndexByte(rest, '>')
		if end < 4 || strings.ContainsAny(rest[3:end], "()[]{}\\|") {
			return errors.New("a group's name is not closed")
		}
		n = end + 1
	case strings.HasPrefix(rest, "(?"):
		return fmt.Errorf("ECMA 262 has no group that opens with %q", rest[:min(3, len(rest))])
	}
	e.at += n
	e.put(open, false)
	return nil
}

// quantifier translates * + ? and {n,m}. Whether it is lazy makes no difference to
// what matches.
func (e *ecma) quantifier() error {
	c := e.src[e.at]
	if c == '{' {
		end := strings.IndexByte(e.src[e.at:], '}')
		min, max, ok := int64(0), int64(0), false
		if end > 0 {
			min, max, ok = repetition(e.src[e.at+1 : e.at+end])
		}
		switch {
		case !ok && strings.HasPrefix(e.src[e.at:], "{,"):
			return errors.New("{,n} is no repetition in ECMA 262; write {0,n}")
		case !ok:
			e.at++
			e.put(`\{`, true)
			return nil
		case !e.atom:
			return errors.New("a repetition has nothing to repeat")
		case max >= 0 && min > max:
			return errors.New("a repetition's bounds are out of order")
		}
		e.at += end + 1
		if min > maxRepetition || max > maxRepetition {
			if e.at < len(e.src) && e.src[e.at] == '?' {
				e.at++
			}
			return e.repeatLong(min, max)
		}
		e.put(repeat(min, max), false)
	} else {
		if !e.atom {
			return errors.New("a repetition has nothing to repeat")
		}
		e.at++
		e.put(string(c), false)
	}
	if e.at < len(e.src) && e.src[e.at] == '?' {
		e.at++
		e.out.WriteByte('?')
	}
	return nil
}
