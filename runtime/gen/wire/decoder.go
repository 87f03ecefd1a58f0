package wire

// Limits bounds what a [Decoder] accepts. A field that is zero or negative
// takes its default.
type Limits struct {
	Depth      int // nesting of objects and arrays; default 64, at most 10000
	Violations int // violations reported; default 16
	// Items is how many items an array may have whose schema has no maxItems, and how many
	// members a map whose schema has no maxProperties; default DefaultItems. It does not look into
	// values that are kept as text.
	Items int
	// Memory is how many bytes decoding may allocate: for items, maps and their growth, pointers
	// and branches of unions, tried ones included, and for strings with escapes. Beyond it the text is
	// refused; see [SyntaxError].Memory. The default is DefaultMemory and MemoryFactor for each byte
	// of the text.
	Memory int64
	// Steps is what reading the text may cost beyond its first reading and beyond StepFactor for
	// each of its bytes; default StepBase.
	Steps int64
	// Silent is what becomes of unknown members where the schema says nothing about
	// them: Refuse, which is the zero value, or Drop.
	Silent Unknown
	// ReadOnly is what becomes of members that are the server's to set: Refuse, which is
	// the zero value, or Drop.
	ReadOnly Unknown
	// Known is set for a text that was read before, and whose member names are known to differ.
	Known bool
}

// Defaults and ceilings of [Limits].
const (
	DefaultDepth      = 64
	DefaultViolations = 16
	// DefaultItems is how many items fit in a text of 1 MiB: the memory that they take has a bound
	// of its own.
	DefaultItems = 1 << 19

	maxDepth      = 10_000
	maxViolations = 1_000
)

// Decoder reads one JSON text. The zero value is ready after [Decoder.Reset]
// and can be used again for any number of texts, one at a time.
//
// A Decoder that goes back to a pool should be Reset with an empty text first: it
// keeps the last text alive otherwise.
//
// After the text has turned out not to be well-formed, or after more violations
// than the limit, every method returns its zero value at once.
type Decoder struct {
	s string // the text
	i int    // the cursor

	// last is where the slot of the current value starts: just behind the colon,
	// the comma or the bracket before it. Scalars need not keep it: the one who
	// opened the slot did, and a closed object or array puts it back.
	last int

	depth        int
	frames       []frame // frames[0] is the text itself; frames[depth] is open
	limit        int     // greatest depth
	silent       Unknown // Limits.Silent
	most         int     // Limits.Items
	dropReadOnly bool    // Limits.ReadOnly
	known        bool    // Limits.Known

	key     string // the member name behind Key
	extraAt int    // cursor behind the last kept member's colon

	// stopped: nothing more is read, and the cursor stands at the end, where
	// every fast path fails by itself. reason is set if the text is to blame.
	stopped bool
	more    bool // a violation was not recorded
	reason  string
	failAt  int
	stopAt  int // the cursor when decoding stopped

	granted  uint64 // see Grant
	withheld []int  // slots of guarded members

	held       held
	unheld     int // behind the last number that Go's types cannot hold
	violations []violation
	slots      []int // around the violations, see violation.slots
	max        int
	memory     int64 // bytes that may still be allocated
	budget     int64 // steps that are left
	steps      int64 // steps that there were
	settled    int64 // see Overdraw
	long       int   // bytes of long strings so far, see Rewind
	trying     bool  // the first violation ends what is being read

	names []seenName // unknown names of the open objects, for duplicates
	wide  []*index   // the same, for objects with many of them
	sets  []*index   // empty, to be wide again

	buf     []byte    // unescaping
	scratch []stocked // *scratch[T]: growing arrays

	attached any
}

// Attached is for a package that reads values with d, to keep what it needs again for the next
// value. Reset leaves it alone.
func (d *Decoder) Attached() *any { return &d.attached }

// frame is an open object or array.
type frame struct {
	start   int // slot of the object
	names   int // its first entry in Decoder.names
	mode    Unknown
	wide    bool
	room    mapRoom // of the map that it is read into
	lenient uint32  // objects opened directly from here drop unknown members
}

// violation is an entry for Err: where, what, and for "required" whom.
type violation struct {
	at      int
	keyword string
	name    string
	zeroed  bool // the value was replaced by its zero value
	inner   bool // at lies in a value that was not decoded member by member
	slots   int  // end of its part of Decoder.slots, which begins where that of the one before ends
}

// Reset makes d read text within l. What d held before is forgotten.
func (d *Decoder) Reset(text string, l Limits) {
	if l.Depth <= 0 {
		l.Depth = DefaultDepth
	}
	if l.Violations <= 0 {
		l.Violations = DefaultViolations
	}
	clear(d.names[:cap(d.names)])
	clear(d.wide[:cap(d.wide)])
	clear(d.violations[:cap(d.violations)])
	d.s, d.i, d.last, d.depth = text, 0, 0, 0
	d.key, d.extraAt, d.unheld = "", -1, 0
	d.held = held{}
	d.trying, d.settled, d.long = false, 0, 0
	d.granted, d.withheld = 0, d.withheld[:0]
	d.stopped, d.more, d.reason, d.failAt, d.stopAt = false, false, "", 0, 0
	d.violations, d.names, d.wide = d.violations[:0], d.names[:0], d.wide[:0]
	if d.most = l.Items; d.most <= 0 {
		d.most = DefaultItems
	}
	if d.memory = l.Memory; d.memory <= 0 {
		d.memory = DefaultMemory + MemoryFactor*int64(len(text))
	}
	d.silent = Refuse
	if l.Silent == Drop {
		d.silent = Drop
	}
	d.dropReadOnly, d.known = l.ReadOnly == Drop, l.Known
	d.limit, d.max = min(l.Depth, maxDepth), min(l.Violations, maxViolations)
	if d.steps = l.Steps; d.steps <= 0 {
		d.steps = StepBase
	}
	d.steps += StepFactor * int64(len(text))
	d.budget = d.steps
	if len(d.frames) == 0 || len(d.frames) > d.limit+1 {
		d.frames = make([]frame, min(d.limit+1, 8))
	}
	d.frames[0] = frame{}
	if cap(d.buf) > 64<<10 {
		d.buf = nil
	}
	for _, a := range d.scratch {
		a.forget()
	}
}

// Failed reports whether decoding has stopped: the text is not well-formed, or
// it has more violations than are reported.
func (d *Decoder) Failed() bool { return d.stopped }

// Violated reports whether a violation was recorded.
func (d *Decoder) Violated() bool { return len(d.violations) > 0 }

// Refuse records that the value just read, or about to be read, breaks keyword. A space and the violation's detail
// may follow the keyword: see [Keyword].
// It does nothing if that value was already refused for its type or format, so
// that one mistake is not reported twice.
//
// It is seldom called, and stands in many places: the compiler is kept from copying it into them.
//
//go:noinline
func (d *Decoder) Refuse(keyword string) {
	if n := len(d.violations); n > 0 && d.violations[n-1].zeroed && d.violations[n-1].at == d.last {
		return
	}
	d.violate(violation{at: d.last, keyword: keyword})
}

// RefuseIf is Refuse where the value breaks keyword.
func (d *Decoder) RefuseIf(breaks bool, keyword string) {
	if breaks {
		d.Refuse(keyword)
	}
}

// refuseZero is Refuse for a value that its zero value replaces.
func (d *Decoder) refuseZero(keyword string) {
	d.violate(violation{at: d.last, keyword: keyword, zeroed: true})
}

//go:noinline
func (d *Decoder) violate(v violation) {
	if d.stopped {
		return
	}
	if d.trying || len(d.violations) >= d.max {
		d.more = true
		d.stop()
		return
	}
	d.violations = append(d.violations, d.around(v))
}

// fail ends decoding: the text is not well-formed at offset at.
//
//go:noinline
func (d *Decoder) fail(at int, reason string) {
	if d.stopped {
		return
	}
	d.reason, d.failAt = reason, at
	d.stop()
}

func (d *Decoder) stop() {
	d.stopped, d.stopAt = true, d.i
	d.i = len(d.s)
}

// space skips white space (RFC 8259, section 2) and returns the byte at the
// cursor, or 0 at the end. A NUL in the text reads the same as the end, and is
// as welcome: no token starts with it.
func (d *Decoder) space() byte {
	for d.i < len(d.s) {
		switch c := d.s[d.i]; c {
		case ' ', '\n', '\r', '\t':
			d.i++
		default:
			return c
		}
	}
	return 0
}

// End requires that only white space follows.
func (d *Decoder) End() {
	if d.i == len(d.s) {
		return
	}
	if d.space(); d.i < len(d.s) {
		d.fail(d.i, reasonTrailing)
	}
}

// mismatch records that the value at the cursor has the wrong type, and skips
// it. The text must still be well-formed.
//
//go:noinline
func (d *Decoder) mismatch() {
	d.refuseZero("type")
	d.skip()
}

// Kind is the type of a JSON value.
type Kind uint8

// The kinds. KindInvalid is what cannot start a value, and the end of the text.
const (
	KindInvalid Kind = iota
	KindNull
	KindBool
	KindNumber
	KindString
	KindArray
	KindObject
)

// Kind returns the kind of the value at the cursor, judged by its first byte
// alone, and does not consume it.
func (d *Decoder) Kind() Kind {
	switch c := d.space(); c {
	case '"':
		return KindString
	case '{':
		return KindObject
	case '[':
		return KindArray
	case 't', 'f':
		return KindBool
	case 'n':
		return KindNull
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return KindNumber
	}
	return KindInvalid
}

// Null consumes a null and returns true, or leaves any other value alone.
func (d *Decoder) Null() bool { return d.space() == 'n' && d.take("null") }

// Bool reads true or false.
func (d *Decoder) Bool() bool {
	switch d.space() {
	case 't':
		if d.take("true") {
			return true
		}
	case 'f':
		if d.take("false") {
			return false
		}
	}
	d.mismatch()
	return false
}

// take consumes word if it stands at the cursor. What follows need not be
// looked at: only a separator is welcome there anyway.
func (d *Decoder) take(word string) bool {
	if len(d.s)-d.i < len(word) || d.s[d.i:d.i+len(word)] != word {
		return false
	}
	d.i += len(word)
	return true
}
