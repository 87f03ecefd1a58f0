package wire

import "slices"

// KeywordWritable is the keyword of violations by [Decoder.Guard].
const KeywordWritable = "writable-by"

// Grant says which guards let their members pass, for the text that d was Reset to: by
// default none does.
func (d *Decoder) Grant(guards uint64) { d.granted = guards }

// Guard notes that the member at the cursor may not be there, unless guard 0 to 63 was
// granted. The member is decoded nevertheless: whether it breaks its schema, and which alternative
// it belongs to, does not depend on who sends it. [Decoder.Withheld] tells, and [Decoder.Err] lists
// it among the violations.
func (d *Decoder) Guard(guard int) {
	if d.granted&(1<<guard) != 0 || d.stopped || len(d.withheld) >= d.max || slices.Contains(d.withheld, d.last) {
		return
	}
	d.withheld = append(d.withheld, d.last)
}

// Withheld returns the pointers (RFC 6901) of guarded members, in the order of the text and
// as many as violations are reported; nil if there are none. What was met in
// an alternative that did not match does not count.
func (d *Decoder) Withheld() []string {
	if len(d.withheld) == 0 {
		return nil
	}
	slices.Sort(d.withheld)
	return locate(d.s, d.withheld)
}
