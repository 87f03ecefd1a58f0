package wire

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
	maxSets   = 8
	maxSetLen = 16 * narrow
)

// forgetWide keeps the first n sets of names.
func (d *Decoder) forgetWide(n int) {
	for i := len(d.wide) - 1; i >= n; i-- {
		if set := d.wide[i]; len(d.sets) < maxSets && len(set) <= maxSetLen {
			clear(set)
			d.sets = append(d.sets, set)
		}
		d.wide[i] = nil
	}
	d.wide = d.wide[:n]
}

// newSet returns an empty set of names.
func (d *Decoder) newSet() map[string]struct{} {
	if n := len(d.sets); n > 0 {
		set := d.sets[n-1]
		d.sets = d.sets[:n-1]
		return set
	}
	d.charge(mapHeader + mapGroup*narrow*(mapSlot+setPad))
	return make(map[string]struct{}, 4*narrow)
}

// narrow is how many names are compared one by one before a map is made.
const narrow = 16

// fresh records the name of a member of the open object, and fails if it has
// come before.
func (d *Decoder) fresh(name string) bool {
	if d.known {
		return true
	}
	f := &d.frames[d.depth]
	seen := d.names[f.names:]
	switch {
	case f.wide:
		set := d.wide[len(d.wide)-1]
		if _, ok := set[name]; ok {
			return d.duplicate()
		}
		if len(set) > 4*narrow && !d.charge(mapGrowth(len(set)+1, mapSlot+setPad)) {
			return false
		}
		set[name] = struct{}{}
		return true
	case len(seen) >= narrow:
		set := d.newSet()
		for _, s := range seen {
			set[s] = struct{}{}
		}
		d.wide, f.wide = append(d.wide, set), true
		return d.fresh(name)
	}
	for _, s := range seen {
		if s == name {
			return d.duplicate()
		}
	}
	d.names = append(d.names, name)
	return true
}

func (d *Decoder) duplicate() bool {
	d.fail(d.last, reasonDuplicate)
	return false
}
