package param

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

const (
	maxViolations = 16
	maxName       = 64 // runes of a client's name in a violation
)

// Violation is one way in which a parameter breaks its description.
type Violation struct {
	In, Name string // where: path, query, header, cookie or body
	Keyword  string // of JSON Schema, or: unknown, repeated, encoding
	Detail   string // text of the document at the most, never the value
}

// Invalid lists the violations of a request's parameters, each once and 16 at the most.
type Invalid struct {
	Violations []Violation
	More       bool // there were more
}

// Error names places and keywords.
func (e *Invalid) Error() string {
	var b strings.Builder
	b.WriteString("param: the parameters break their description")
	for _, v := range e.Violations {
		b.WriteString("; " + v.In + " " + strconv.Quote(v.Name) + " " + v.Keyword)
	}
	if e.More {
		b.WriteString("; and more")
	}
	return b.String()
}

// Err is what was refused: nil, or an *Invalid.
func (p *Reader) Err() error {
	if len(p.violations) == 0 {
		return nil
	}
	return &Invalid{Violations: p.violations, More: p.excess}
}

// Violated reports whether anything was refused.
func (p *Reader) Violated() bool { return len(p.violations) > 0 }

// Refuse records that the current value breaks keyword. It is silent when the value
// was refused for its type or encoding already. A space and the violation's detail may follow the keyword: see
// [wire.Keyword].
func (p *Reader) Refuse(keyword string) {
	if !p.zeroed {
		p.violate(p.in, p.name, keyword)
	}
}

// RefuseIf is Refuse where the current value breaks keyword.
func (p *Reader) RefuseIf(breaks bool, keyword string) {
	if breaks {
		p.Refuse(keyword)
	}
}

// Matches reports whether text, a part of the current value, has a match of pattern. What that
// costs is drawn on a budget for all values of the request: [wire.StepBase], and
// [wire.StepFactor] for each byte of a form or part. Where it is not left the value is refused.
func (p *Reader) Matches(pattern *wire.Pattern, text string) bool {
	return p.steps.Matches(pattern, text) || p.spent()
}

// Afford draws steps on the budget of [Reader.Matches]: the values have paid for their bytes.
func (p *Reader) Afford(_ int, steps int64) bool {
	if p.steps.Spend(steps) {
		return true
	}
	return p.spent()
}

// spent refuses the current value where the budget is used up. It returns false.
func (p *Reader) spent() bool {
	if p.steps.Spent() {
		p.zero(wire.KeywordSteps)
	}
	return false
}

// zero refuses the current value for what it is. Nothing of it is to be read any more.
func (p *Reader) zero(keyword string) {
	p.Refuse(keyword)
	p.zeroed, p.text = true, ""
}

func (p *Reader) violate(in, name, keyword string) {
	keyword, says := detail(keyword)
	p.record(Violation{In: in, Name: clean(name), Keyword: keyword, Detail: says})
}

func (p *Reader) record(v Violation) {
	switch {
	case slices.Contains(p.violations, v):
	case len(p.violations) >= maxViolations:
		if p.excess = true; v.Keyword == wire.KeywordWritable {
			p.violations[maxViolations-1] = v // decides about the status, and about what else is told
		}
	default:
		p.violations = append(p.violations, v)
	}
}

// detail is the keyword, and the sentence for it.
func detail(keyword string) (string, string) {
	switch keyword {
	case "unknown":
		return keyword, "is not a parameter of this operation"
	case "repeated":
		return keyword, "is given more than once"
	case "encoding":
		return keyword, "is not encoded as it must be"
	case "required":
		return keyword, "is missing"
	}
	return wire.Keyword(keyword)
}

// clean makes a client's name fit to be shown: it ends before the first character that
// has no shape of its own, such as controls and those that change the direction of text.
func clean(name string) string {
	n := 0
	for i, r := range name {
		if r == utf8.RuneError || n == maxName || !unicode.IsPrint(r) {
			return name[:i] + "…"
		}
		n++
	}
	return name
}
