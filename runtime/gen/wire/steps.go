package wire

import "slices"

// What reading a text may cost beyond its first reading, in steps: StepFactor for each byte of the
// text, and StepBase for small texts. A step is the work of a byte or two, some two nanoseconds:
// a byte that is read again because an alternative is tried, or one that a pattern looks at. A text
// that takes more is refused; see [SyntaxError].Steps.
//
// With both, a text costs at the most about ten times what encoding/json.Valid takes for it.
const (
	StepFactor = 20
	StepBase   = 1 << 19
)

// trySteps is what a tried alternative costs beside the bytes it reads: what it allocates and
// sets up, and gives back.
const trySteps = 48

// Steps returns how many steps reading the text has taken so far, beyond its first reading.
func (d *Decoder) Steps() int64 { return d.steps - d.budget }

// Spend draws n steps on the text's budget: work that generated code does for the text. Where they
// are not left the text is refused, and Spend returns false.
func (d *Decoder) Spend(n int64) bool {
	d.budget -= n
	if d.budget < 0 {
		d.fail(d.i, reasonSteps)
	}
	return d.budget >= 0
}

// Left returns how many steps are left.
func (d *Decoder) Left() int64 { return max(d.budget, 0) }

// Overdraw returns how many of [Limits].Steps the text has taken, beyond what its length paid for,
// since Overdraw was called last: what is to be taken off the Limits of the next text of the same
// request.
func (d *Decoder) Overdraw() int64 {
	n := d.Steps() - StepFactor*int64(len(d.s)) - d.settled
	if n <= 0 {
		return 0
	}
	d.settled += n
	return n
}

// Matches reports whether s, a part of the text, has a match of p. What that costs is drawn on the
// text's budget; where it is not left the text is refused.
func (d *Decoder) Matches(p *Pattern, s string) bool {
	if !d.charge(p.memory(len(s))) {
		return false
	}
	matches, within := p.MatchWithin(s, &d.budget)
	if !within {
		d.fail(d.i, reasonSteps)
	}
	return matches
}

// Matches reports whether s, a part of the value, has a match of p. The work is drawn on the
// value's budget, to which s adds StepFactor for each of its bytes; where it is not left the value
// is refused.
func (e *Encoder) Matches(p *Pattern, s string) bool { return e.steps.matches(p, s) || e.spent() }

// spent refuses the value where its budget is used up. It returns false.
func (e *Encoder) spent() bool {
	if e.steps.Spent() && !slices.ContainsFunc(e.violations, func(v Violation) bool { return v.Keyword == KeywordSteps }) {
		e.violations = append(e.violations, Violation{Keyword: KeywordSteps, Detail: Detail(KeywordSteps)})
	}
	return false
}

// KeywordSteps is the keyword of a violation that stands for a value whose checks cost too much.
const KeywordSteps = "steps"

// Steps is a budget for values that come one by one, such as the fields of a form: StepBase for
// all of them, and what [Steps.Add] adds for each. The zero value is ready.
type Steps struct{ used int64 }

// Add adds to the budget for a value of n bytes.
func (s *Steps) Add(n int) {
	if !s.Spent() {
		s.used -= StepFactor * int64(n)
	}
}

// Spend draws n steps on the budget, and reports whether they were left.
func (s *Steps) Spend(n int64) bool {
	if !s.Spent() {
		s.used += n
	}
	return !s.Spent()
}

// Spent reports whether the budget is used up. It stays so.
func (s *Steps) Spent() bool { return s.used > StepBase }

// Matches reports whether text has a match of p, and false where the budget is used up meanwhile.
func (s *Steps) Matches(p *Pattern, text string) bool {
	left := StepBase - s.used
	if left < 0 {
		return false
	}
	matches, _ := p.MatchWithin(text, &left)
	s.used = StepBase - left
	return matches
}

// matches is Matches for a text that adds to the budget first.
func (s *Steps) matches(p *Pattern, text string) bool {
	s.Add(len(text))
	return s.Matches(p, text)
}
