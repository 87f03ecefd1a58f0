package limit

import (
	"math/bits"
	"strings"
)

// members are the names of an object's members, in the document's order.
type members []member

// member is a name with the text that leads to its value where a client writes compactly
// and keeps the document's order: the text up to here is then compared at once.
type member struct {
	name       string
	word, mask uint64 // the lead's first eight bytes
	rest       string // what follows them
	size       int
}

func membersOf(names ...string) members {
	out := make(members, len(names))
	for i, name := range names {
		lead := `,"` + name + `":`
		if i == 0 {
			lead = `{"` + name + `":`
		}
		m := member{name: name, size: len(lead), rest: lead[min(8, len(lead)):]}
		for k := range min(8, len(lead)) {
			m.word |= uint64(lead[k]) << (8 * k)
			m.mask |= 0xff << (8 * k)
		}
		out[i] = m
	}
	return out
}

// leads reports whether the text goes on with m's lead, and takes it.
func (d *decoder) leads(m *member) bool {
	s := d.text[d.at:]
	if len(s) < 8 || load(s)&m.mask != m.word || m.rest != "" && !strings.HasPrefix(s[8:], m.rest) {
		return false
	}
	d.at += m.size
	return true
}

// has takes what the text goes on with, if it is s.
func (d *decoder) has(s string) bool {
	if !strings.HasPrefix(d.text[d.at:], s) {
		return false
	}
	d.at += len(s)
	return true
}

// next goes to the value of the member behind the last one, -1 at first, and returns
// its number: -1 at the end of the object or a fault.
func (d *decoder) next(all members, last int, seen *uint32) int {
	f := last + 1
	if f < len(all) && d.leads(&all[f]) {
		return d.mark(all, f, seen)
	}
	// An optional member is left out most often alone.
	if f++; last >= 0 && f < len(all) && d.leads(&all[f]) {
		return d.mark(all, f, seen)
	}
	return d.search(all, last, seen)
}

// mark refuses a member that came before.
func (d *decoder) mark(all members, f int, seen *uint32) int {
	if *seen&(1<<f) != 0 {
		d.in(all[f].name)
		d.fault("duplicate")
		return -1
	}
	*seen |= 1 << f
	return f
}

// search is next for everything that is written in another way than expected.
func (d *decoder) search(all members, last int, seen *uint32) int {
	c := d.peek()
	switch {
	case last < 0 && c == '{':
		if d.at++; d.peek() == '}' {
			d.at++
			return -1
		}
	case last < 0:
		d.fault("type")
		return -1
	case c == '}':
		d.at++
		return -1
	case c == ',':
		d.at++
	default:
		d.fault("syntax")
		return -1
	}
	if d.peek() != '"' {
		d.fault("syntax")
		return -1
	}
	name, ok := d.str()
	if !ok {
		return -1
	}
	if d.peek() != ':' {
		d.fault("syntax")
		return -1
	}
	d.at++
	for f := range all {
		if all[f].name == name {
			return d.mark(all, f, seen)
		}
	}
	d.in(name)
	d.fault("unknown")
	return -1
}

// complete ends an object: there was no fault, and every required member came.
func (d *decoder) complete(all members, seen, required uint32) bool {
	if d.rule != "" {
		return false
	}
	if missing := required &^ seen; missing != 0 {
		d.in(all[bits.TrailingZeros32(missing)].name)
		return d.fault("required")
	}
	return true
}

// element goes to element number n of an array, and reports whether there is one.
func (d *decoder) element(n int) bool {
	c := d.peek()
	switch {
	case n > 0 && c == ',':
		d.at++
		return true
	case n > 0 && c == ']':
		d.at++
		return false
	case n > 0:
		return d.fault("syntax")
	case c != '[':
		return d.fault("type")
	}
	if d.at++; d.peek() == ']' {
		d.at++
		return false
	}
	return true
}

// keep copies a finished array out of the scratch space: into a slice of its own, or,
// in a large text, into what is left of a stock that many arrays share.
func keep[T any](scratch []T, stock *[]T, big bool) []T {
	if !big {
		return append(make([]T, 0, len(scratch)), scratch...)
	}
	if cap(*stock)-len(*stock) < len(scratch) {
		*stock = make([]T, 0, max(len(scratch), 512))
	}
	from := len(*stock)
	*stock = append(*stock, scratch...)
	return (*stock)[from:len(*stock):len(*stock)]
}
