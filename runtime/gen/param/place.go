package param

import (
	"net/textproto"
	"strings"
)

// Path makes the i-th parameter of the path current. The segments . and .. are no
// values, escaped or not: who normalises the path on the way removes them (RFC 3986,
// 5.2.4 and 6.2.2.2).
func (p *Reader) Path(i int, name string) {
	raw := ""
	if i < len(p.path) {
		raw = p.path[i]
	}
	p.current("path", name, raw, percent)
	switch {
	case raw == "":
		p.zero("required")
	case p.text == "." || p.text == "..":
		p.zero("encoding")
	}
}

// Header makes a header field current and reports whether it is there. Two lines of
// one field are refused: who reads which is anybody's guess.
func (p *Reader) Header(name string) bool {
	lines := p.lines(name)
	if len(lines) == 0 {
		return false
	}
	p.current("header", name, strings.Trim(lines[0], " \t"), field)
	if len(lines) > 1 {
		p.zero("repeated")
	}
	return true
}

// lines returns the lines of a field. It does what http.Header.Values does, without an
// allocation for names that are not in canonical form.
func (p *Reader) lines(name string) []string {
	var buf [64]byte
	if len(name) > len(buf) {
		return p.r.Header[textproto.CanonicalMIMEHeaderKey(name)]
	}
	upper := true
	for i := range len(name) {
		c := name[i]
		switch {
		case upper && c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		case !upper && c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		upper = c == '-'
		buf[i] = c
	}
	key := buf[:len(name)]
	if lines := p.r.Header[string(key)]; lines != nil {
		return lines
	}
	if string(key) == "Host" && p.r.Host != "" { // net/http takes it out of the header
		return []string{p.r.Host}
	}
	return nil
}

// Cookie makes a cookie current and reports whether it is there. Its value is
// percent-decoded, as style form has it. What net/http or a browser would take for the
// cookie, but RFC 6265, 4.2.1 has no form for, is refused: a name without =, or with
// white space behind it.
func (p *Reader) Cookie(name string) bool { return p.cookie(name, cookie) }

// CookieAsIs is Cookie without percent-decoding: style cookie (OpenAPI 3.2).
func (p *Reader) CookieAsIs(name string) bool { return p.cookie(name, octets) }

func (p *Reader) cookie(name string, mode decoding) bool {
	found, count, malformed := "", 0, false
	for _, line := range p.r.Header["Cookie"] {
		for line != "" {
			var pair string
			pair, line, _ = strings.Cut(line, ";")
			pair = strings.Trim(pair, " \t")
			rest, ok := strings.CutPrefix(pair, name)
			if !ok {
				continue
			}
			value, ok := strings.CutPrefix(rest, "=")
			if !ok {
				if rest = strings.TrimLeft(rest, " \t"); rest != "" && rest[0] != '=' {
					continue // another name, of which this one is the beginning
				}
				malformed = true
			}
			found = value
			count++
		}
	}
	if count == 0 {
		return false
	}
	if n := len(found); n >= 2 && found[0] == '"' && found[n-1] == '"' {
		found = found[1 : n-1]
	}
	p.current("cookie", name, found, mode)
	switch {
	case malformed:
		p.zero("encoding")
	case count > 1:
		p.zero("repeated")
	}
	return true
}

// Cookies begins to read the cookies one after the other.
func (p *Reader) Cookies() {
	p.rest, p.pairs, p.taken = "", 0, p.taken[:0]
	if lines := p.r.Header["Cookie"]; len(lines) > 0 {
		p.rest = strings.Join(lines, ";")
	}
}

// NextCookie makes the next cookie current, for Take: its value is not decoded yet, as it
// may be somebody else's. One that RFC 6265, 4.2.1 has no form for is refused when it
// is read.
func (p *Reader) NextCookie() bool {
	for p.rest != "" {
		var pair string
		pair, p.rest, _ = strings.Cut(p.rest, ";")
		if pair = strings.Trim(pair, " \t"); pair == "" {
			continue
		}
		if p.pairs++; p.pairs > maxPairs {
			p.violate("cookie", "", "maxItems")
			return false
		}
		name, value, ok := strings.Cut(pair, "=")
		p.Name = strings.TrimRight(name, " \t")
		if n := len(value); n >= 2 && value[0] == '"' && value[n-1] == '"' {
			value = value[1 : n-1]
		}
		if !ok || p.Name != name {
			value = "\x00" // has no decoding
		}
		p.At("cookie", p.Name)
		p.raw, p.mode = value, octets
		return true
	}
	return false
}

// QueryText makes the whole query current: parameters in querystring (OpenAPI 3.2).
func (p *Reader) QueryText(name string) bool {
	if p.r.URL.RawQuery == "" {
		return false
	}
	p.current("querystring", name, p.r.URL.RawQuery, percent)
	return true
}

// Value makes a text current that needs no decoding.
func (p *Reader) Value(in, name, value string) {
	p.steps.Add(len(value))
	p.current(in, name, value, plain)
}

// At makes a place current, for Refuse.
func (p *Reader) At(in, name string) {
	p.in, p.name, p.raw, p.text, p.mode, p.zeroed = in, name, "", "", plain, false
	p.spread = false
}
