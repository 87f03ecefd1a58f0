package wire

import (
	"hash/maphash"
	"strings"
)

// push opens an object or array; pop closes it. Both leave the cursor alone.
func (d *Decoder) push(u Unknown) bool {
	if d.depth+1 >= len(d.frames) && !d.growFrames() {
		return false
	}
	d.depth++
	d.frames[d.depth] = frame{start: d.last, names: len(d.names), mode: u}
	return true
}

func (d *Decoder) growFrames() bool {
	if d.depth >= d.limit {
		d.fail(d.i, reasonDepth)
		return false
	}
	d.frames = append(d.frames, make([]frame, min(len(d.frames), d.limit+1-len(d.frames)))...)
	return true
}

func (d *Decoder) pop() {
	f := &d.frames[d.depth]
	d.last = f.start
	d.depth--
	if len(d.names) > f.names {
		d.forget(f)
	}
}

func (d *Decoder) forget(f *frame) {
	d.names = d.names[:f.names]
	if f.wide {
		d.forgetWide(len(d.wide) - 1)
	}
}

// Sets of names are used again, unless they have become so large that to clear them costs more
// than a new one.
const (
	maxSets    = 8
	maxSetSize = 32 * narrow
)

// forgetWide keeps the first n sets of names.
func (d *Decoder) forgetWide(n int) {
	for i := len(d.wide) - 1; i >= n; i-- {
		if set := d.wide[i]; len(d.sets) < maxSets && len(set.slots) <= maxSetSize {
			clear(set.slots)
			set.n = 0
			d.sets = append(d.sets, set)
		}
		d.wide[i] = nil
	}
	d.wide = d.wide[:n]
}

// newSet returns an empty set of names.
func (d *Decoder) newSet() *index {
	if n := len(d.sets); n > 0 {
		set := d.sets[n-1]
		d.sets = d.sets[:n-1]
		return set
	}
	d.charge(indexSize)
	return &index{d: d}
}

// novel adds the name of the member at the cursor to a set. It returns false if that has it.
func (d *Decoder) novel(set *index, name string) bool {
	return set.add(maphash.String(indexSeed, name), d.last, func(slot int) bool {
		raw, ok := nameBefore(d.s, slot)
		if ok && strings.IndexByte(raw, '\\') >= 0 {
			raw = string(unescape(nil, raw))
		}
		return ok && raw == name
	})
}

// narrow is how many names are compared one by one before a map is made.
const narrow = 16

// fresh records the name of a member of the open object, and fails if it has
// come before. The slot of the member's value is the current one.
func (d *Decoder) fresh(name string) bool {
	if d.known {
		return true
	}
	f := &d.frames[d.depth]
	seen := d.names[f.names:]
	if len(seen) >= narrow || f.wide {
		if !f.wide {
			d.wide, f.wide = append(d.wide, d.newSet()), true
			set := d.wide[len(d.wide)-1]
			for i, s := range seen {
				set.add(maphash.String(indexSeed, s.text), s.slot, func(int) bool { return false })
				seen[i].text = ""
			}
		}
		if !d.novel(d.wide[len(d.wide)-1], name) {
			return d.duplicate()
		}
		return !d.stopped
	}
	for i := range seen {
		if seen[i].text == name {
			return d.duplicate()
		}
	}
	d.names = append(d.names, seenName{name, d.last})
	return true
}

// seenName is a member's name, and the slot of its value.
type seenName struct {
	text string
	slot int
}

func (d *Decoder) duplicate() bool {
	d.fail(d.last, reasonDuplicate)
	return false
}
