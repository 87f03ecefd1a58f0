package wire

// Here returns the offset of the value at the cursor.
func (d *Decoder) Here() int {
	d.space()
	return d.i
}

// Each reads the members of an object or the items of an array, with the cursor
// at each value in turn: item must read it, and is given the member's name. It
// returns false, with nothing read, if the value at the cursor is neither.
func (d *Decoder) Each(item func(name string)) bool {
	last := d.last
	switch d.space() {
	case '{':
		for ok := d.enter('{'); ok; ok = d.following('}') {
			if d.space() != '"' {
				d.unexpected(reasonName)
				return true
			}
			name, ok := d.name()
			if !ok || !d.fresh(name) {
				return true
			}
			item(name)
		}
	case '[':
		for ok := d.enter('['); ok; ok = d.following(']') {
			d.last = d.i
			item("")
		}
	default:
		return false
	}
	d.last = last
	return true
}

// RefuseAt records that the value at an offset of the text, which has been read
// already, breaks keyword.
func (d *Decoder) RefuseAt(at int, keyword string) {
	d.violate(violation{at: at, keyword: keyword, inner: true})
}

// RefuseComplex gives the text up: what the schema asks of it would take more work
// than a text of its size may cost.
func (d *Decoder) RefuseComplex() { d.fail(d.i, reasonSteps) }

// RefuseAt is [Encoder.Refuse] for a value at an offset of text, which is about to
// be appended to b.
func (e *Encoder) RefuseAt(b []byte, text Raw, at int, keyword string) {
	if len(e.violations) >= DefaultViolations {
		e.more = true
		return
	}
	p := locate(string(b)+string(text), []int{len(b) + at})[0]
	e.violations = append(e.violations, Violation{Pointer: p, Keyword: keyword, Detail: Detail(keyword)})
}
