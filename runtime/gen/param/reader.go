// Package param reads parameters: from the path, the query, headers, cookies and
// forms. It decodes each value once, takes canonical forms only, and collects what it
// refuses, without ever repeating a value. It is for generated code: its names may change.
//
// Where readers of one request differ, it refuses: parameters, fields and cookies that
// are repeated, semicolons in a query that are not escaped, path segments that a proxy
// takes away, cookies that net/http and browsers understand in different ways.
package param

import (
	"net/http"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// Unknown says what becomes of a parameter that the document does not name.
type Unknown uint8

// The ways to treat unknown parameters.
const (
	Refuse Unknown = iota
	Drop
)

const maxPairs = 1000 // of a query or form, and items of one list

// Reader reads one request's parameters, one after the other: a method makes a value
// current, others read it. The zero value is ready after Reset. It is not safe for
// concurrent use.
type Reader struct {
	// Name is the name of the current pair of a query or form.
	Name string

	r    *http.Request
	path []string

	in, name string
	raw      string // the current value as it was written
	mode     decoding
	text     string // decoded
	zeroed   bool   // the current value was refused for what it is

	rest  string // of the query or form
	begun bool
	pairs int

	list  string // of Split
	sep   byte
	more  bool
	items int

	memory int64   // that writing the last value has left
	taken  []taken // pairs of parameters that have several
	spread bool    // the current value has its members' names

	steps wire.Steps // that checking the values may take

	violations []Violation
	excess     bool
}

// Reset makes p read r; path holds the raw values of the path's parameters.
func (p *Reader) Reset(r *http.Request, path []string) {
	*p = Reader{r: r, path: path}
}

// Begin is Reset for a Reader that holds nothing: a new one, or one that was Reset to nil.
func (p *Reader) Begin(r *http.Request, path []string) { p.r, p.path = r, path }

// current makes a value current.
func (p *Reader) current(in, name, raw string, mode decoding) {
	p.in, p.name, p.raw, p.mode, p.zeroed = in, name, raw, mode, false
	p.spread = false
	text, ok := decode(raw, mode)
	p.text = text
	if !ok {
		p.zero("encoding")
	}
}

// NextQuery makes the next pair of the query current and reports whether there is
// one. Pairs stand between & (WHATWG URL, 5.1). A semicolon that is not escaped
// is refused: older readers divide at it, so it means two things (HTML 4.01, B.2.2).
func (p *Reader) NextQuery() bool {
	if !p.begun {
		p.begun, p.rest, p.pairs = true, p.r.URL.RawQuery, 0
	}
	return p.pair("query")
}

// Form begins to read an application/x-www-form-urlencoded body.
func (p *Reader) Form(body string) {
	p.rest, p.pairs = body, 0
	p.steps.Add(len(body))
}

// NextForm makes the next pair of the form current.
func (p *Reader) NextForm() bool { return p.pair("body") }

// pair makes the next pair current whose name can be decoded. Its value may turn out to
// be refused: it is current all the same, for a parameter that is there is not missing.
func (p *Reader) pair(in string) bool {
	for p.rest != "" {
		s := p.rest
		end, equals := len(s), -1
		var name, value decoding // the classes of their bytes
		for i := range len(s) {
			class := classes[s[i]]
			if class&divides != 0 {
				if s[i] == '&' {
					end = i
					break
				}
				if equals < 0 {
					equals, name, value = i, value, 0
				}
			}
			value |= class
		}
		p.rest = s[min(end+1, len(s)):]
		if end == 0 {
			continue
		}
		if p.pairs++; p.pairs > maxPairs {
			p.violate(in, "", "maxItems")
			p.rest = ""
			return false
		}
		if equals < 0 {
			equals, name, value = end, value, 0
		}
		text, ok := decodeFound(s[:equals], name&form)
		if !ok {
			p.violate(in, "", "encoding")
			continue
		}
		p.Name = text
		raw := s[min(equals+1, end):end]
		p.in, p.name, p.raw, p.mode, p.zeroed = in, text, raw, form, false
		if p.text, ok = decodeFound(raw, value&form); !ok {
			p.zero("encoding")
		}
		return true
	}
	return false
}

// First marks bit i of seen; the second time it refuses and returns false.
func (p *Reader) First(seen *uint64, i int) bool {
	if *seen&(1<<i) != 0 {
		p.zero("repeated")
		return false
	}
	*seen |= 1 << i
	return true
}

// Require refuses for each bit of want that is not in seen; names are the bits' names.
func (p *Reader) Require(seen, want uint64, in string, names ...string) {
	if want&^seen == 0 {
		return
	}
	for i, name := range names {
		if want&^seen&(1<<i) != 0 {
			p.violate(in, name, "required")
		}
	}
}

// Missing refuses because a parameter is not there.
func (p *Reader) Missing(in, name string) { p.violate(in, name, "required") }

// ReadOnly refuses the current field, which only the server sets, unless such are dropped.
func (p *Reader) ReadOnly(u Unknown) {
	if u != Drop {
		p.zero("readOnly")
	}
}

// Unknown refuses the current parameter, which the document does not name, unless
// such are dropped.
func (p *Reader) Unknown(u Unknown) {
	if u != Drop {
		p.zero("unknown")
	}
}
