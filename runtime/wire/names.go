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
		d.wide[len(d.wide)-1] = nil
		d.wide = d.wide[:len(d.wide)-1]
	}
}

// narrow is how many names are compared one by one before a map is made.
const narrow = 16

// fresh records the name of a member of the open object, and fails if it has
// come before.
func (d *Decoder) fresh(name string) bool {
	f := &d.frames[d.depth]
	seen := d.names[f.names:]
	switch {
	case f.wide:
		set := d.wide[len(d.wide)-1]
		if _, ok := set[name]; ok {
			return d.duplicate()
		}
		set[name] = struct{}{}
		return true
	case len(seen) >= narrow:
		set := make(map[string]struct{}, 4*narrow)
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
