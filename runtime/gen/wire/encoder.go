package wire

// Encoder is what appending a value needs to know beside the value, and where
// violations of the response's schema are collected. The zero value clears
// nothing.
type Encoder struct {
	// Clear has bit i set if lift i applies to the caller: properties masked
	// unless lift i applies are written in clear.
	Clear uint64

	// Hash makes a pseudonym of a masked value; see Pseudonym.
	Hash func(string) string

	violations []Violation
	more       bool
	steps      Steps
}

// Reset makes e ready for another value. It leaves Hash alone.
func (e *Encoder) Reset(clear uint64) {
	e.Clear, e.violations, e.more, e.steps = clear, nil, false, Steps{}
}

// Refuse records that the value about to be appended to b breaks keyword. b must
// hold the JSON text so far and nothing else: the pointer is derived from it. Objects
// that [Close] will end may begin with a comma.
func (e *Encoder) Refuse(b []byte, keyword string) {
	if len(e.violations) >= DefaultViolations {
		e.more = true
		return
	}
	p := locate(string(b), []int{len(b)})[0]
	e.violations = append(e.violations, Violation{Pointer: p, Keyword: keyword, Detail: Detail(keyword)})
}

// RefuseIf is Refuse where the value breaks keyword.
func (e *Encoder) RefuseIf(b []byte, breaks bool, keyword string) {
	if breaks {
		e.Refuse(b, keyword)
	}
}

// Pseudonym returns what stands for the masked value s: the same text for the
// same value, from which the value cannot be had. Without a Hash it is the same
// for all values.
func (e *Encoder) Pseudonym(s string) string {
	if e.Hash == nil {
		return "****"
	}
	return e.Hash(s)
}

// Failed reports whether anything was refused.
func (e *Encoder) Failed() bool { return len(e.violations) > 0 }

// Err returns nil or an [*Invalid]. What was appended must not be sent then.
func (e *Encoder) Err() error {
	if len(e.violations) == 0 {
		return nil
	}
	return &Invalid{Violations: e.violations, More: e.more}
}

// Key appends a member name, given as `"name":`, with a comma before it unless b
// ends with an opening brace.
func Key(b []byte, literal string) []byte {
	if len(b) > 0 && b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return append(b, literal...)
}

// Close ends an object that began at b[start] with a comma in place of its opening
// brace, or, when nothing was appended since, is empty. So an object whose first member
// is not known writes each member in the same way, without asking what stands before it.
func Close(b []byte, start int) []byte {
	if len(b) == start {
		return append(b, "{}"...)
	}
	b[start] = '{'
	return append(b, '}')
}

// Foreign reports whether no name of v is one of k: a map of additional members
// must not hold a second value for a member that has a field.
func Foreign[T any](k *Keys, v map[string]T) bool {
	for name := range v {
		if k.index(name) >= 0 {
			return false
		}
	}
	return true
}

// AppendArray appends an array. A nil slice is an empty array.
func AppendArray[T any](e *Encoder, b []byte, v []T, item func(*Encoder, []byte, *T) []byte) []byte {
	b = append(b, '[')
	for i := range v {
		if i > 0 {
			b = append(b, ',')
		}
		b = item(e, b, &v[i])
	}
	return append(b, ']')
}

// AppendMap appends an object, its members sorted by name. A nil map is an empty
// object.
func AppendMap[T any](e *Encoder, b []byte, v map[string]T, item func(*Encoder, []byte, *T) []byte) []byte {
	b = append(b, '{')
	return append(AppendMembers(e, b, v, item), '}')
}

// AppendMembers appends the members of an object, sorted by name, for an object
// that has others as well. It puts a comma before the first unless b ends with
// an opening brace.
func AppendMembers[T any](e *Encoder, b []byte, v map[string]T, item func(*Encoder, []byte, *T) []byte) []byte {
	if len(v) == 0 {
		return b
	}
	var slot T
	for _, name := range sortedKeys(v) {
		if len(b) > 0 && b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = append(AppendString(b, name), ':')
		slot = v[name]
		b = item(e, b, &slot)
	}
	return b
}
