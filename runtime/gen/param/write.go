package param

import (
	"strings"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// What trying alternatives may cost: so many bytes written for each that was read, and
// some for short texts.
const (
	budgetFactor = 64
	budgetBase   = 1 << 16
)

// writer writes JSON. Its methods report whether they could; keyword then says why not.
// Strings are quoted, numbers and booleans have been recognised: no text becomes
// structure.
type writer struct {
	b       []byte
	limits  wire.Limits
	d       *wire.Decoder
	budget  int
	keyword string
	member  string // of a spread object that could not be written
}

func (w *writer) fail(keyword string) bool {
	if w.keyword == "" {
		w.keyword = keyword
	}
	return false
}

// room draws on the budget.
func (w *writer) room(n int) bool {
	if w.budget -= n + 1; w.budget < 0 {
		w.keyword = "maxLength"
		return false
	}
	return true
}

// charge draws n bytes from what the request may allocate.
func (w *writer) charge(n int) bool {
	if w.limits.Memory -= int64(n); w.limits.Memory <= 0 {
		w.limits.Memory, w.budget, w.keyword = 0, -1, "maxLength"
		return false
	}
	return true
}

// string writes a JSON string.
func (w *writer) string(s string) { w.b = wire.AppendString(w.b, s) }

// choose writes the first alternative that s accepts: those that take the text apart
// come first where apart is set, and else last.
func (w *writer) choose(s *Shape, apart bool, write func(*Shape) bool) bool {
	from := len(w.b)
	for _, first := range []bool{true, false} {
		for _, c := range s.Choices {
			if (c.simple() != apart) != first {
				continue
			}
			if write(c) && w.accepted(s, from) {
				w.keyword = ""
				return true
			}
			w.b = w.b[:from]
			if w.budget < 0 {
				return false
			}
		}
	}
	return w.fail("type")
}

// accepted reports whether s accepts what was written since from.
func (w *writer) accepted(s *Shape, from int) bool {
	if s.Accepts == nil {
		return true
	}
	if !w.room(len(w.b) - from) {
		return false
	}
	if w.d == nil {
		w.d = new(wire.Decoder)
	}
	if !w.charge(len(w.b) - from) {
		return false
	}
	w.d.Reset(string(w.b[from:]), w.limits)
	s.Accepts(w.d)
	w.d.End()
	w.limits.Memory = w.d.Memory()
	w.limits.Steps = max(w.limits.Steps-w.d.Overdraw(), 1)
	switch err := w.d.Err().(type) {
	case nil:
		return true
	case *wire.Invalid:
		return w.fail(err.Violations[0].Keyword)
	}
	return w.fail("type")
}

// leaf writes a value that is one text, not to be taken apart.
func (w *writer) leaf(s *Shape, raw string, mode decoding) bool {
	if s.Choices != nil {
		return w.choose(s, mayBeJSON(raw, mode), func(c *Shape) bool { return w.leaf(c, raw, mode) })
	}
	if s.Separator != 0 {
		return w.text(s, raw, mode, s.Separator, false)
	}
	text, ok := decode(raw, mode)
	switch {
	case !ok:
		return w.fail("encoding")
	case !w.room(len(text)):
		return false
	case s.Value:
		return w.json(text)
	case s.Text == 0: // an array or object, which is not written like this
		return w.fail("type")
	}
	return w.scalar(s, text)
}

// scalar writes the first reading of a text that s accepts. A text without any is
// written as the string that it is, for the decoder to refuse.
func (w *writer) scalar(s *Shape, text string) bool {
	from := len(w.b)
	readings := s.Text & fitting(text)
	for bit := AsBool; bit <= AsString; bit <<= 1 {
		if readings&bit == 0 {
			continue
		}
		if bit == AsString {
			w.string(text)
		} else {
			w.b = append(w.b, text...)
		}
		if readings == bit || w.accepted(s, from) {
			return true
		}
		w.b = w.b[:from]
		if w.budget < 0 {
			return false
		}
		readings &^= bit
	}
	w.string(text)
	return true
}

// fitting are the readings that a text has.
func fitting(text string) Text {
	fit := AsString
	switch {
	case text == "true", text == "false":
		fit |= AsBool
	case isInteger(text):
		fit |= AsInteger | AsNumber
	case text != "" && len(text) <= maxNumber && (text[0] == '-' || text[0] >= '0' && text[0] <= '9') && isNumber(text):
		fit |= AsNumber
	}
	return fit
}

// maxNumber bounds how long a number is that is no integer.
const maxNumber = 1000

// json writes a JSON text as it is, if it is well-formed.
func (w *writer) json(text string) bool {
	if wire.Raw(text).Check() != nil {
		return w.fail("type")
	}
	w.b = append(w.b, text...)
	return true
}

// mayBeJSON reports whether a text begins as an object or array of JSON does.
func mayBeJSON(raw string, mode decoding) bool {
	return strings.HasPrefix(raw, "{") || strings.HasPrefix(raw, "[") ||
		mode&escape != 0 && len(raw) > 2 && raw[0] == '%' && (hex(raw[1])<<4|hex(raw[2]) == '{' || hex(raw[1])<<4|hex(raw[2]) == '[')
}

// pairs writes a value from the pairs that were taken for it, which are in order of
// their names.
func (w *writer) pairs(m *Member, list []taken) bool {
	switch m.Style {
	case Spread:
		return w.spread(m.Shape, list)
	case Deep:
		return w.deep(m.Shape, list, 0)
	case Exploded:
		return w.items(m.Shape, list)
	}
	if len(list) > 1 {
		return w.fail("repeated")
	}
	return w.whole(m, list[0].raw, list[0].mode)
}

// items writes what has one pair, or a pair for each item of an array.
func (w *writer) items(s *Shape, list []taken) bool {
	switch {
	case s.Choices != nil:
		apart := len(list) > 1 || mayBeJSON(list[0].raw, list[0].mode)
		return w.choose(s, apart, func(c *Shape) bool { return w.items(c, list) })
	case s.Items != nil:
		w.b = append(w.b, '[')
		for i, t := range list {
			if i > 0 {
				w.b = append(w.b, ',')
			}
			if !w.leaf(s.Items, t.raw, t.mode) {
				return false
			}
		}
		w.b = append(w.b, ']')
		return true
	case len(list) > 1:
		return w.fail("repeated")
	}
	return w.leaf(s, list[0].raw, list[0].mode)
}

// spread writes an object whose members are pairs of their own.
func (w *writer) spread(s *Shape, list []taken) bool {
	if s.Choices != nil {
		return w.choose(s, true, func(c *Shape) bool { return w.spread(c, list) })
	}
	if !s.Object {
		return w.fail("type")
	}
	w.b = append(w.b, '{')
	for first := true; len(list) > 0; first = false {
		key, n := list[0].key, 1
		for n < len(list) && list[n].key == key {
			n++
		}
		own := list[:n]
		list = list[n:]
		if !first {
			w.b = append(w.b, ',')
		}
		w.string(key)
		w.b = append(w.b, ':')
		ok := false
		switch m := s.member(key); {
		case m != nil:
			ok = w.pairs(m, own)
		case s.Rest != nil:
			ok = w.items(s.Rest, own)
		default: // to be refused, or dropped
			ok = w.leaf(&StringText, own[0].raw, own[0].mode)
		}
		if !ok {
			w.member = key
			return false
		}
	}
	w.b = append(w.b, '}')
	return true
}
