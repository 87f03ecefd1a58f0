package wire

import (
	"slices"
	"strconv"
)

// Mark is a place in the text to come back to.
type Mark struct {
	i, last, depth       int
	names, wide, refused int
	stopped, more        bool
	stopAt               int
	long                 int
	end, endLong         int // what i and long are behind the value, where Try knows it; else 0
}

// Mark remembers the cursor and what was refused so far.
func (d *Decoder) Mark() Mark {
	return Mark{
		i: d.i, last: d.last, depth: d.depth,
		names: len(d.names), wide: len(d.wide), refused: len(d.violations),
		long: d.long, stopped: d.stopped, more: d.more, stopAt: d.stopAt,
	}
}

// Rewind goes back to m, which must have been taken at the same or an outer
// value, and forgets the violations since then. A text that has turned out not
// to be well-formed stays so. The bytes that will be read again are drawn from
// the text's steps, those of long strings at an eighth; when they are used up, the text is refused.
func (d *Decoder) Rewind(m Mark) {
	if d.reason != "" || m.stopped {
		return
	}
	at := d.i
	if d.stopped {
		at = d.stopAt
	}
	d.stopped, d.more, d.stopAt = false, m.more, m.stopAt
	d.i, d.last, d.depth = m.i, m.last, m.depth
	clear(d.violations[m.refused:])
	d.violations = d.violations[:m.refused]
	d.names = d.names[:m.names]
	d.forgetWide(m.wide)
	long := d.long - m.long
	d.long = m.long
	d.Spend(int64(max(at-m.i-long, 0)+long/longShare) + 1)
}

// Matched reports whether nothing was refused since m, and decoding goes on.
func (d *Decoder) Matched(m Mark) bool {
	return !d.stopped && len(d.violations) == m.refused
}

// Try reads the value at m into v with decode, goes back to m, and reports
// whether nothing was refused. It ends at the first violation, wherever in the value
// that is: a later one would not change what it reports. Where nothing was refused it notes in m
// where the value ends, for [Decoder.SkipTried].
func Try[T any](d *Decoder, m *Mark, v *T, decode func(*Decoder, *T)) bool {
	if !d.Spend(trySteps) {
		return false
	}
	withheld, trying := len(d.withheld), d.trying
	d.trying = true
	decode(d, v)
	d.trying = trying
	ok, end, long := d.Matched(*m), d.i, d.long
	d.Rewind(*m)
	if ok = ok && !d.stopped; !ok {
		d.withheld = d.withheld[:withheld]
	} else {
		m.end, m.endLong = end, long
	}
	return ok
}

// TryOpen is [Try] with unknown members dropped; see [Decoder.Lenient].
func TryOpen[T any](d *Decoder, m *Mark, v *T, decode func(*Decoder, *T)) bool {
	d.Lenient(true)
	ok := Try(d, m, v, decode)
	d.Lenient(false)
	return ok
}

// TryNew is [Try] for a new value, which it returns if nothing was refused. It returns nil otherwise;
// another branch then gets the value's memory.
func TryNew[T any](d *Decoder, m *Mark, decode func(*Decoder, *T)) *T {
	v := New[T](d)
	if Try(d, m, v, decode) {
		return v
	}
	giveBack(d, v)
	return nil
}

// TryNewOpen is [TryNew] with unknown members dropped; see [Decoder.Lenient].
func TryNewOpen[T any](d *Decoder, m *Mark, decode func(*Decoder, *T)) *T {
	d.Lenient(true)
	v := TryNew(d, m, decode)
	d.Lenient(false)
	return v
}

// SkipTried is [Decoder.Skip] for the value at m, which is not read once more where [Try] has
// found all of it to hold.
func (d *Decoder) SkipTried(m *Mark) {
	if m.end == 0 || d.stopped {
		d.skip()
		return
	}
	d.i, d.long = m.end, m.endLong
}

// Unheld reports whether a number was read since m that a 64-bit integer or a float64
// cannot hold: a branch that refused it for that may be one that its schema matches, so
// that nobody can say whether exactly one of several does.
func (d *Decoder) Unheld(m Mark) bool { return d.unheld > m.i }

// Lenient makes objects that are opened directly from the current value drop
// unknown members where they would refuse them, until it is switched off. The
// objects inside keep their own rule. Calls nest: each on needs its off.
//
// It is for trying the branches of an anyOf: a member that one branch does not
// name may belong to another. [Decoder.Members] then finds those that no branch
// names.
func (d *Decoder) Lenient(on bool) {
	f := &d.frames[d.depth]
	if on {
		f.lenient++
	} else if f.lenient > 0 {
		f.lenient--
	}
}

// Members records a violation "additionalProperties" for each member of the
// object at m that no set names. It does nothing if the value at m is no
// object. The cursor stays where it is.
func (d *Decoder) Members(m Mark, sets ...*Keys) { d.Unnamed(m, true, sets...) }

// DropsUnknown reports whether members that the schema does not name are dropped where nothing
// nearer says so: [Limits].Silent.
func (d *Decoder) DropsUnknown() bool { return d.silent == Drop }

// Unnamed is [Decoder.Members] for branches of which all drop such members, unless strict is set.
// Members that are the server's ([Keys.ReadOnly]), and that no set names, are refused unless
// [Limits].ReadOnly drops them.
func (d *Decoder) Unnamed(m Mark, strict bool, sets ...*Keys) {
	if !strict && (d.dropReadOnly || !slices.ContainsFunc(sets, func(k *Keys) bool { return k.readOnlyRest || len(k.readOnly) > 0 })) {
		return
	}
	d.peek(m, func(name string) bool {
		mine := false
		for _, k := range sets {
			if k.index(name) >= 0 {
				return true
			}
			mine = mine || k.servers(name)
		}
		switch {
		case mine && !d.dropReadOnly:
			d.violate(violation{at: d.last, keyword: "readOnly"})
		case !mine && strict:
			d.violate(violation{at: d.last, keyword: "additionalProperties"})
		}
		return true
	})
}

// Discriminator looks for the member name of the object at the cursor, and
// returns its value if that is a string. Nothing is consumed.
func (d *Decoder) Discriminator(name string) (value string, ok bool) {
	d.peek(d.Mark(), func(n string) bool {
		if n != name {
			return true
		}
		if d.space() == '"' {
			value, ok = d.String(), !d.stopped
		}
		return false
	})
	return value, ok
}

// DiscriminatorJSON is [Decoder.Discriminator] for values that are not all strings: it returns a
// string with a quote before it, an integer within int64 in its shortest spelling, whichever it
// has in the text, true or false, and "" for everything else and where there is no such member.
func (d *Decoder) DiscriminatorJSON(name string) (value string) {
	d.peek(d.Mark(), func(n string) bool {
		if n != name {
			return true
		}
		switch d.Kind() {
		case KindString:
			value = `"` + d.String()
		case KindBool:
			value = strconv.FormatBool(d.Bool())
		case KindNumber:
			value = shortInteger(d.number()) // the variant's decoder says what is wrong with another
		}
		if d.stopped {
			value = ""
		}
		return false
	})
	return value
}

// Unselected refuses the value at the cursor, which no value of the discriminator name selects a branch
// for, and skips it: it is no object, it lacks the member, or the member has another value, which refusal,
// as that of [Decoder.Refuse], is for.
func (d *Decoder) Unselected(name, refusal string) {
	object, found := d.space() == '{', false
	d.peek(d.Mark(), func(n string) bool {
		found = n == name
		return !found
	})
	d.Skip()
	switch {
	case !object:
		d.Refuse("type")
	case !found:
		d.violate(violation{at: d.last, keyword: "required", name: name})
	default:
		d.Refuse(refusal)
	}
}

// shortInteger is an integer within int64 in its shortest spelling, or "".
func shortInteger(s string) string {
	if s == "" {
		return ""
	}
	dec := parseDecimal(s)
	if !dec.integral() {
		return ""
	}
	n, ok := dec.uint64()
	switch {
	case !ok:
		return ""
	case dec.neg && n <= 1<<63:
		return strconv.FormatInt(-int64(n), 10)
	case !dec.neg && n < 1<<63:
		return strconv.FormatInt(int64(n), 10)
	}
	return ""
}

// peek calls visit for the members of the object at m, with the cursor at the
// member's value, until visit returns false. Then it puts the cursor back, but
// keeps the violations.
func (d *Decoder) peek(m Mark, visit func(name string) bool) {
	if d.stopped {
		return
	}
	back := d.Mark()
	d.i, d.last = m.i, m.last
	if d.space() == '{' {
		for ok := d.enter('{'); ok; ok = d.following('}') {
			if d.space() != '"' {
				d.unexpected(reasonName)
				break
			}
			name, ok := d.name()
			if !ok || !d.fresh(name) {
				break
			}
			value := d.i
			if !visit(name) || d.stopped {
				break
			}
			d.i = value
			d.skip()
		}
	}
	if d.stopped {
		return
	}
	read := d.i - m.i
	d.i, d.last, d.depth, d.long = back.i, back.last, back.depth, back.long
	d.names = d.names[:back.names]
	d.forgetWide(back.wide)
	d.Spend(int64(read) + 1)
}
