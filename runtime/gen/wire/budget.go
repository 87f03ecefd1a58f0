package wire

// Budget is what the work for values is drawn on that a decoder has not read: the parameters of a request, or an answer.
// Afford adds what n bytes of JSON pay for, where they have not been counted before, draws steps, and reports whether they
// were left; where they were not, the value has been refused. A Decoder, an Encoder, and the reader of parameters have one.
type Budget interface {
	Afford(n int, steps int64) bool
}

// Afford draws steps: the text has paid for its bytes.
func (d *Decoder) Afford(_ int, steps int64) bool { return d.Spend(steps) }

// Afford adds what n bytes pay for to the value's budget, and draws steps. Where they are not left the value is refused.
func (e *Encoder) Afford(n int, steps int64) bool {
	e.steps.Add(n)
	return e.steps.Spend(steps) || e.spent()
}

// UniqueOn is [Unique], whose work is drawn on a budget. It returns true where that does not suffice.
func UniqueOn[T comparable](b Budget, v []T) bool {
	const least = 2 // bytes of an item and its comma
	return !b.Afford(least*len(v), uniqueSteps*int64(len(v))) || UniqueIn(nil, v)
}

// UniqueByOn is [UniqueBy], whose work is drawn on a budget. It returns true where that does not suffice.
func UniqueByOn[T any](b Budget, v []T, item func(*Encoder, []byte, *T) []byte) bool {
	var e Encoder
	var text []byte
	return uniqueJSON(nil, b, len(v), func(i int) Raw {
		e.Reset(^uint64(0)) // masks would make values equal
		text = item(&e, text[:0], &v[i])
		return Raw(text)
	})
}
