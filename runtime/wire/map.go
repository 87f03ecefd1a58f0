package wire

// Map reads an object as a map: item reads one value, and can see its name with
// [Decoder.Key] before it reads anything. Beyond max members (max < 0: any
// number) it records "maxProperties" and skips the rest. After success *v is not
// nil.
func Map[T any](d *Decoder, v *map[string]T, max int, item func(*Decoder, *T)) {
	if d.space() != '{' {
		d.mismatch()
		return
	}
	m := make(map[string]T)
	if !d.enter('{') {
		if !d.stopped {
			*v = m
		}
		return
	}
	s := borrow[T](d)
	if cap(s.items) == 0 {
		s.items = make([]T, 0, 8)
	}
	slot := s.items[:1]
	for {
		if len(m) == max {
			for name := range m {
				d.fresh(name)
			}
			d.excess("maxProperties", '}')
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
		if _, ok := m[name]; ok {
			d.duplicate()
			break
		}
		d.key = name
		clear(slot)
		item(d, &slot[0])
		m[name] = slot[0]
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
// *v, which it makes if it is nil. The item can see the name with [Decoder.Key]
// before it reads anything. Next has seen to it that the name is new.
func Member[T any](d *Decoder, v *map[string]T, item func(*Decoder, *T)) {
	name := d.key
	s := borrow[T](d)
	if cap(s.items) == 0 {
		s.items = make([]T, 0, 8)
	}
	slot := s.items[:1]
	item(d, &slot[0])
	if !d.stopped {
		if *v == nil {
			*v = make(map[string]T)
		}
		(*v)[name] = slot[0]
	}
	s.release(slot)
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
