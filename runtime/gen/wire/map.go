package wire

// Map reads an object as a map: item reads one value, and can see its name with
// [Decoder.Key] before it reads anything. Beyond max members (max < 0:
// Limits.Items) it records "maxProperties" and skips the rest. After success *v is not
// nil.
func Map[T any](d *Decoder, v *map[string]T, max int, item func(*Decoder, *T)) {
	if d.space() != '{' {
		d.mismatch()
		return
	}
	if !d.charge(mapHeader) {
		return
	}
	m := make(map[string]T)
	if !d.enter('{') {
		if !d.stopped {
			*v = m
		}
		return
	}
	if max < 0 {
		max = d.most
	}
	s := borrow[T](d)
	slot := s.slot(d)
	for {
		if len(m) == max {
			// What remains must be well-formed, and its names new: the whole object is read once more.
			start := d.frames[d.depth].start
			d.violate(violation{at: start, keyword: "maxProperties"})
			if !d.stopped {
				d.pop()
				d.Spend(int64(d.i - start))
				d.i = start
				d.skip()
			}
			break
		}
		if d.space() != '"' {
			d.unexpected(reasonName)
			break
		}
		name, ok := d.name()
		if !ok {
			break
		}
		d.key = name
		at, n := d.last, len(m)
		clear(slot)
		item(d, &slot[0])
		if m = roomFor(d, m, max); d.stopped {
			break
		}
		if m[name] = slot[0]; len(m) == n {
			d.last = at
			d.duplicate()
			break
		}
		if !d.following('}') {
			break
		}
	}
	s.release(slot)
	if !d.stopped {
		*v = m
	}
}

// Member reads the value of the member that Next returned as extra into the map
// *v, which it makes if it is nil and which holds the members of this object alone: a name that is
// there has come before, which fails. The item can see the name with [Decoder.Key]
// before it reads anything. Beyond Limits.Items members it records "maxProperties".
func Member[T any](d *Decoder, v *map[string]T, item func(*Decoder, *T)) {
	name, at, n := d.key, d.last, len(*v)
	s := borrow[T](d)
	slot := s.slot(d)
	item(d, &slot[0])
	switch {
	case d.stopped:
	case n >= d.most:
		if _, ok := (*v)[name]; ok {
			d.last = at
			d.duplicate()
		}
		d.tooMany()
	case *v != nil || d.charge(mapHeader):
		if *v == nil {
			*v = make(map[string]T)
		}
		if *v = roomFor(d, *v, d.most); d.stopped {
			break
		}
		if (*v)[name] = slot[0]; len(*v) == n {
			d.last = at
			d.duplicate()
		}
	}
	s.release(slot)
}

// slot is room for one item.
func (s *scratch[T]) slot(d *Decoder) []T {
	if cap(s.items) == 0 {
		n := min(8, keeps[T]())
		d.charge(n * sizeOf[T]())
		s.items = make([]T, 0, n)
	}
	return s.items[:1]
}

// tooMany records that the open object has more members than Limits.Items, once.
func (d *Decoder) tooMany() {
	at := d.frames[d.depth].start
	if n := len(d.violations); n > 0 && d.violations[n-1].at == at && d.violations[n-1].keyword == "maxProperties" {
		return
	}
	d.violate(violation{at: at, keyword: "maxProperties"})
}

// Count returns how many members the object at m has, or 0 if the value there is
// none. The cursor stays where it is.
func (d *Decoder) Count(m Mark) int {
	n := 0
	d.peek(m, func(string) bool {
		n++
		return true
	})
	return n
}
