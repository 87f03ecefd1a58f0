package param

import "strings"

// Split begins to take the current value apart at sep, before it is decoded: an
// escaped separator is data. For a space, %20 and + separate; for a pipe, %7C as well
// (OpenAPI 3.0.3, Style Examples). An empty value has no items.
func (p *Reader) Split(sep byte) {
	p.list, p.sep, p.items = p.raw, sep, 0
	p.more = p.list != "" && !p.zeroed
}

// NextItem makes the next item current.
func (p *Reader) NextItem() bool {
	if !p.more {
		return false
	}
	if p.items++; p.items > maxPairs {
		p.more = false
		p.zero("maxItems")
		return false
	}
	item := p.list
	at, width := p.separator(p.list)
	if p.more = at >= 0; p.more {
		item, p.list = p.list[:at], p.list[at+width:]
	}
	if p.in == "header" {
		item = strings.Trim(item, " \t")
	}
	p.current(p.in, p.name, item, p.mode)
	return true
}

// separator finds where the next separator stands, and how long it is.
func (p *Reader) separator(s string) (at, width int) { return separator(s, p.sep, p.mode) }

func separator(s string, sep byte, mode decoding) (at, width int) {
	if sep != ' ' && sep != '|' && sep != '\t' || mode&escape == 0 {
		return strings.IndexByte(s, sep), 1
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c == sep && sep != ' ', c == '+' && sep == ' ' && mode&plus != 0:
			return i, 1
		case c == '%' && len(s)-i >= 3 && hex(s[i+1])<<4|hex(s[i+2]) == sep:
			return i, 3
		}
	}
	return -1, 0
}
