package wire

import "slices"

// Mark is a place in the text to come back to.
type Mark struct {
	i, last, depth       int
	names, wide, refused int
	stopped, more        bool
	stopAt               int
}

// Mark remembers the cursor and what was refused so far.
func (d *Decoder) Mark() Mark {
	return Mark{
		i: d.i, last: d.last, depth: d.depth,
		names: len(d.names), wide: len(d.wide), refused: len(d.violations),
		stopped: d.stopped, more: d.more, stopAt: d.stopAt,
	}
}

// Rewind goes back to m, which must have been taken at the same or an outer
// value, and forgets the violations since then. A text that has turned out not
// to be well-formed stays so. The bytes that will be read again are drawn from
// a budget of 64 times the text and 1 MiB more; when it is used up, the text is
// refused as too complex.
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
	d.spend(at - m.i)
}

func (d *Decoder) spend(n int) {
	if d.budget -= int64(n) + 1; d.budget < 0 {
		d.fail(d.i, reasonBudget)
	}
}

// Matched reports whether nothing was refused since m, and decoding goes on.
func (d *Decoder) Matched(m Mark) bool {
	return !d.stopped && len(d.violations) == m.refused
}

// Try reads the value at m into v with decode, goes back to m, and reports
// whether nothing was refused.
func Try[T any](d *Decoder, m Mark, v *T, decode func(*Decoder, *T)) bool {
	withheld := len(d.withheld)
	decode(d, v)
	ok := d.Matched(m)
	d.Rewind(m)
	if ok = ok && !d.stopped; !ok {
		d.withheld = d.withheld[:withheld]
	}
	return ok
}

// TryOpen is [Try] with unknown members dropped; see [Decoder.Lenient].
func TryOpen[T any](d *Decoder, m Mark, v *T, decode func(*Decoder, *T)) bool {
	d.Lenient(true)
	ok := Try(d, m, v, decode)
	d.Lenient(false)
	return ok
}

// TryNew is [Try] for a new value, which it returns if nothing was refused. It returns nil otherwise;
// another branch then gets the value's memory.
func TryNew[T any](d *Decoder, m Mark, decode func(*Decoder, *T)) *T {
	v := New[T](d)
	if Try(d, m, v, decode) {
		return v
	}
	giveBack(d, v)
	return nil
}

// TryNewOpen is [TryNew] with unknown members dropped; see [Decoder.Lenient].
func TryNewOpen[T any](d *Decoder, m Mark, decode func(*Decoder, *T)) *T {
	d.Lenient(true)
	v := TryNew(d, m, decode)
	d.Lenient(false)
	return v
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
func (d *Decoder) Members(m Mark, sets ...*Keys) {
	d.peek(m, func(name string) bool {
		for _, k := range sets {
			if k.index(name) >= 0 || d.dropReadOnly && slices.Contains(k.readOnly, name) {
				return true
			}
		}
		d.violate(violation{at: d.last, keyword: "additionalProperties"})
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
	d.i, d.last, d.depth = back.i, back.last, back.depth
	d.names = d.names[:back.names]
	d.forgetWide(back.wide)
	d.spend(read)
}
