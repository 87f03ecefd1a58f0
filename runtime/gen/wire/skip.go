package wire

// Skip reads any value and forgets it. The value must be well-formed: names
// that occur twice are found here too.
func (d *Decoder) Skip() { d.skip() }

func (d *Decoder) skip() {
	switch c := d.space(); c {
	case '"':
		if end, _ := d.scanString(d.i + 1); end >= 0 {
			d.i = end + 1
		}
	case '{':
		d.skipObject()
	case '[':
		d.skipArray()
	case 't':
		d.word("true")
	case 'f':
		d.word("false")
	case 'n':
		d.word("null")
	default:
		if c == '-' || c >= '0' && c <= '9' {
			d.number()
			return
		}
		d.unexpected(reasonValue)
	}
}

func (d *Decoder) word(w string) {
	if !d.take(w) {
		d.fail(d.i, reasonValue)
	}
}

func (d *Decoder) skipObject() {
	last := d.last
	for ok := d.enter('{'); ok; ok = d.following('}') {
		d.skipMember()
	}
	d.last = last
}

// skipMember skips a member of the open object, of a name that is new to it.
func (d *Decoder) skipMember() {
	if d.space() != '"' {
		d.unexpected(reasonName)
		return
	}
	if name, ok := d.name(); ok && d.fresh(name) {
		d.skip()
	}
}

func (d *Decoder) skipArray() {
	last := d.last
	for ok := d.enter('['); ok; ok = d.following(']') {
		d.last = d.i
		d.skip()
	}
	d.last = last
}

// enter opens the object or array at the cursor, which starts with open. It
// returns false if it is empty, and closed, or after a failure.
func (d *Decoder) enter(open byte) bool {
	if !d.push(Refuse) {
		return false
	}
	d.i++
	if d.space() == open+2 { // '{'+2 == '}', '['+2 == ']'
		d.i++
		d.pop()
		return false
	}
	return !d.stopped
}

// following moves behind the comma and returns true, or closes the object or array.
func (d *Decoder) following(shut byte) bool {
	switch d.space() {
	case ',':
		d.i++
		return true
	case shut:
		d.i++
		d.pop()
		return false
	}
	d.unexpected(reasonComma)
	return false
}
