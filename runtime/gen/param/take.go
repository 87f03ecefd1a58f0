package param

import (
	"cmp"
	"slices"
	"strings"
	"unsafe"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// taken is a pair that belongs to a parameter of several.
type taken struct {
	of   int    // which one of a set
	key  string // the pair's name, up to the first bracket where it has some
	path string // the brackets: [a][b]
	raw  string
	mode decoding
}

// Take keeps the current pair when it belongs to one of a set, and reports whether it
// does. An exact name comes before brackets, and those before a set's open member.
func (p *Reader) Take(set []Member) bool {
	i, key, path := find(set, p.Name)
	if i < 0 {
		return false
	}
	t := taken{i, key, path, p.raw, p.mode}
	if set[i].Escaped && t.mode == octets {
		if t.mode = cookie; strings.IndexByte(t.raw, '&') >= 0 {
			t.raw = "\x00" // has no decoding
		}
	}
	p.taken = append(p.taken, t)
	return true
}

// TakePart is Take for a part of a multipart body, whose text is asked for only if it
// belongs to one of the set.
func (p *Reader) TakePart(set []Member, name string, text func() string) bool {
	i, key, path := find(set, name)
	if i < 0 {
		return false
	}
	p.taken = append(p.taken, taken{i, key, path, text(), plain})
	return true
}

// find returns which of a set a pair belongs to, or -1. A name without brackets belongs to a
// member in style Deep only where no other member has that name.
func find(set []Member, name string) (i int, key, path string) {
	deep := -1
	for i := range set {
		m := &set[i]
		switch {
		case m.Style == Deep && name == m.Name:
			deep = i
		case name == m.Name && m.Style != Spread || m.Style == Spread && slices.Contains(m.Names, name):
			return i, name, ""
		}
	}
	if deep >= 0 {
		return deep, name, ""
	}
	if key, path, ok := bracketed(name); ok {
		for i := range set {
			m := &set[i]
			if m.Style == Deep && key == m.Name || m.Style == Spread && m.Shape.deep(key) {
				return i, key, path
			}
		}
	}
	for i := range set {
		if set[i].Open {
			return i, name, ""
		}
	}
	return -1, "", ""
}

// bracketed takes a[b][c] apart before the first bracket.
func bracketed(name string) (key, path string, ok bool) {
	at := strings.IndexByte(name, '[')
	if at <= 0 {
		return "", "", false
	}
	return name[:at], name[at:], true
}

// deep reports whether a spread object has a member of that name in style Deep.
func (s *Shape) deep(name string) bool {
	for _, c := range s.Choices {
		if c.deep(name) {
			return true
		}
	}
	f := s.member(name)
	return f != nil && f.Style == Deep
}

// Gathered makes the JSON text of one of a set current, from the pairs that were
// taken, and reports whether there was one. A text that cannot be written is refused.
// One that is there is not necessarily what its schema asks for: that is for who
// decodes it, within the same limits.
func (p *Reader) Gathered(set []Member, i int, in string, l wire.Limits) bool {
	m := &set[i]
	var own []taken
	for _, t := range p.taken {
		if t.of == i && !(m.Empty && t.raw == "" && t.path == "") {
			own = append(own, t)
		}
	}
	p.At(in, m.Name)
	p.lend(&l)
	if len(own) == 0 {
		return false
	}
	slices.SortStableFunc(own, func(a, b taken) int {
		return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.path, b.path))
	})
	p.spread = m.Style == Spread
	w := writer{limits: l, budget: budget(own)}
	ok := w.charge(takenCost*len(own)) && w.pairs(m, own)
	p.written(&w, ok)
	return true
}

// Empty reports whether the current value has no text.
func (p *Reader) Empty() bool { return p.raw == "" }

// Given reports whether a pair of one of a set was taken, even an empty one.
func (p *Reader) Given(i int) bool {
	return slices.ContainsFunc(p.taken, func(t taken) bool { return t.of == i })
}

// None makes the JSON text of an object without members current: what a spread object
// is when none of its members is there.
func (p *Reader) None(in, name string) {
	p.At(in, name)
	p.spread, p.text = true, "{}"
}

// Transcribe makes the JSON text of the current value current. The value is one text,
// in the style of m.
func (p *Reader) Transcribe(m *Member, l wire.Limits) {
	if p.lend(&l); p.zeroed {
		return
	}
	w := writer{limits: l, budget: budgetFactor*len(p.raw) + budgetBase}
	p.written(&w, w.whole(m, p.raw, p.mode))
}

// written makes what w wrote current.
func (p *Reader) written(w *writer, ok bool) {
	if ok {
		ok = w.charge(writtenCost * len(w.b))
	}
	if p.memory = w.limits.Memory; !ok {
		if p.spread && w.member != "" {
			p.name = w.member
		}
		p.zero(cmp.Or(w.keyword, "type"))
		return
	}
	p.text = string(w.b)
}

// Memory is how many bytes of l.Memory the last call of [Reader.Gathered] or [Reader.Transcribe] with
// the limits l has left; 0 if the value was refused for the memory that it takes.
func (p *Reader) Memory() int64 { return p.memory }

// lend prepares for a value that is to be written within l.
func (p *Reader) lend(l *wire.Limits) {
	if l.Memory <= 0 {
		l.Memory = wire.DefaultMemory
	}
	p.memory = l.Memory
}

const (
	// takenCost is what a pair takes in the list of all, and in that of its parameter, growth included.
	takenCost = 6 * int(unsafe.Sizeof(taken{}))
	// writtenCost is how many bytes are allocated for each byte of a text that is written: the buffer
	// grows, and is copied.
	writtenCost = 6
)

func budget(list []taken) int {
	n := 0
	for _, t := range list {
		n += len(t.raw) + len(t.path)
	}
	return budgetFactor*n + budgetBase
}

// RefuseAt records that the current value, which was decoded as JSON, breaks its schema
// at a place inside of it. The place is named as a query would name it: a[b].
func (p *Reader) RefuseAt(v wire.Violation) {
	if p.zeroed {
		return
	}
	var b strings.Builder
	b.WriteString(p.name)
	if v.Pointer != "" {
		for i, step := range strings.Split(v.Pointer[1:], "/") {
			step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
			if i == 0 && p.spread {
				b.Reset()
				b.WriteString(step)
				continue
			}
			b.WriteString("[" + step + "]")
		}
	}
	p.record(Violation{In: p.in, Name: clean(b.String()), Keyword: v.Keyword, Detail: v.Detail})
}
