package gen

import (
	"net/http"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/runtime/event"
)

// maxRanges is how many media ranges of a request's Accept are looked at.
const maxRanges = 64

// mediaRange is one range of Accept: type/subtype with "*" for any, in lower case, and its parameters
// before the weight, as they are written.
type mediaRange struct {
	main, sub, params string
	weight            int // thousandths
}

// accept chooses what the operation answers with, by the request's Accept (RFC 9110,
// 12.5.1): the media type of the greatest weight, and of several such the first of the
// document; without Accept the first of all. It refuses with 406 where none will do.
func (c *Call) accept() bool {
	h := c.W.Header()
	h["Vary"] = append(h["Vary"], "Accept")
	var room [8]mediaRange
	ranges, any := parseAccept(room[:0], c.R.Header["Accept"])
	if !any {
		c.out.chosen, c.out.accepted = 0, c.op.produces[0].whole
		return true
	}
	best := 0
	for i := range c.op.produces {
		if weight, as := weigh(&c.op.produces[i], ranges); weight > best {
			best, c.out.chosen, c.out.accepted = weight, i, as
		}
	}
	if best > 0 {
		return true
	}
	return c.refuse(refusal{status: http.StatusNotAcceptable, event: event.InputFail, rule: "accept", code: "accept", detail: c.op.offers})
}

// weigh returns the weight of a media type: that of the most specific range that it is in. What
// the operation gives as a range itself is narrowed to the range that was asked for. A range with parameters is more specific
// by each that the media type has.
func weigh(m *media, ranges []mediaRange) (weight int, as string) {
	main, sub, _ := strings.Cut(m.kind, "/")
	specific := -1
	for _, r := range ranges {
		if r.main != "*" && main != "*" && r.main != main || r.sub != "*" && sub != "*" && r.sub != sub {
			continue
		}
		level, ok := m.within(r.params)
		if !ok {
			continue
		}
		if r.main != "*" {
			level++
		}
		if r.sub != "*" {
			level++
		}
		if level > specific || m.ranged && level == specific && r.weight > weight {
			specific, weight, as = level, r.weight, m.whole
			if m.ranged && r.sub != "*" {
				as = r.main + "/" + r.sub
			}
		}
	}
	return weight, as
}

// within reports whether m has the parameters of a range, and how many of them: those that tell the operation's media
// types apart have to be equal, others say nothing.
func (m *media) within(params string) (has int, ok bool) {
	for params != "" {
		var name, value string
		if name, value, params, ok = cutParam(params); !ok {
			return 0, false
		}
		if name == "" {
			continue
		}
		i := slices.IndexFunc(m.params, func(p mediaParam) bool { return strings.EqualFold(p.name, name) })
		charset := strings.EqualFold(name, "charset")
		switch {
		case i >= 0 && (m.params[i].value == value || charset && strings.EqualFold(m.params[i].value, value)):
			has++
		case charset && strings.EqualFold(value, "utf-8"): // what text is anyway
		case i >= 0, charset, slices.ContainsFunc(m.others, func(o string) bool { return strings.EqualFold(o, name) }):
			return 0, false
		}
	}
	return has, true
}

// cutParam cuts the first of some parameters off: ;name=value, where the value may be quoted (RFC 9110,
// 5.6.6). It may be empty, with no name.
func cutParam(s string) (name, value, rest string, ok bool) {
	s = strings.TrimLeft(s, " \t")
	end := strings.IndexAny(s, ";=")
	if end < 0 || s[end] == ';' {
		if end < 0 {
			end = len(s) - 1
		}
		return "", "", s[end+1:], strings.Trim(s[:end+1], " \t;") == ""
	}
	name, s = s[:end], s[end+1:]
	if strings.HasPrefix(s, `"`) {
		value, rest, ok = cutQuoted(s[1:])
		rest = strings.TrimLeft(rest, " \t")
		ok = ok && (rest == "" || rest[0] == ';')
		rest = strings.TrimPrefix(rest, ";")
	} else {
		value, rest, _ = strings.Cut(s, ";")
		value = strings.TrimRight(value, " \t")
		ok = isToken(value)
	}
	return name, value, rest, ok && isToken(name)
}

// cutQuoted cuts a text off that ends at a quote, and takes its escapes out.
func cutQuoted(s string) (text, rest string, ok bool) {
	end := strings.IndexAny(s, `"\`)
	if end >= 0 && s[end] == '"' {
		return s[:end], s[end+1:], true
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return "", "", false
}

// parseAccept appends the ranges of the fields to list. It passes over what is no range. It
// reports whether anything was asked for.
func parseAccept(list []mediaRange, fields []string) ([]mediaRange, bool) {
	any := false
	for _, f := range fields {
		for f != "" && len(list) < maxRanges {
			var element string
			element, f = cutElement(f)
			if element = strings.Trim(element, " \t"); element == "" {
				continue
			}
			any = true
			if r, ok := parseRange(element); ok {
				list = append(list, r)
			}
		}
	}
	return list, any
}

// cutElement divides at the first comma that is not in a quoted string.
func cutElement(s string) (element, rest string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == ',' && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func parseRange(s string) (mediaRange, bool) {
	kind, params, _ := strings.Cut(s, ";")
	if kind = strings.Trim(kind, " \t"); kind == "*" {
		kind = "*/*" // of Java's HttpURLConnection
	}
	main, sub, ok := strings.Cut(strings.ToLower(kind), "/")
	r := mediaRange{main: main, sub: sub, weight: 1000, params: params}
	if !ok || !isToken(main) || !isToken(sub) || main == "*" && sub != "*" {
		return r, false
	}
	for params != "" {
		before := len(r.params) - len(params)
		var name, value string
		if name, value, params, ok = cutParam(params); !ok {
			return r, false
		}
		if name == "q" || name == "Q" { // what follows extends Accept, and is no parameter (RFC 7231, 5.3.2)
			r.params = r.params[:before]
			r.weight, ok = parseWeight(value)
			return r, ok
		}
	}
	return r, true
}

// parseWeight reads a qvalue (RFC 9110, 12.4.2) in thousandths. Java's HttpURLConnection leaves out the zero
// before the point.
func parseWeight(s string) (int, bool) {
	if strings.HasPrefix(s, ".") && len(s) > 1 && len(s) <= 4 {
		s = "0" + s
	}
	if s == "" || len(s) > 5 || s[0] != '0' && s[0] != '1' || len(s) > 1 && s[1] != '.' {
		return 0, false
	}
	w, unit := int(s[0]-'0')*1000, 100
	for i := 2; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		w += int(s[i]-'0') * unit
		unit /= 10
	}
	return w, w <= 1000
}

func isToken(s string) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool {
		return c <= ' ' || c >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, c)
	}) < 0
}

// Accepted is the media type that was chosen for the answer; a range, such as image/*, where
// both the document and the request leave open which.
func (c *Call) Accepted() string { return c.out.accepted }

// Chose reports whether media type i of Operation.Produces was chosen. An answer of another
// one is a mistake of the handler, which is answered here: 500.
func (c *Call) Chose(i int) bool {
	return c.out.chosen == i || c.refuse(refusal{status: http.StatusInternalServerError, event: event.OutputFail, rule: "accept"})
}
