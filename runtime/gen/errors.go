package gen

import (
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/problem"
)

// Refusals is the shape of the server's own refusals, where an operation declares none of its own.
// The zero value sends problem documents (RFC 9457).
type Refusals struct {
	// Body is sent for statuses that an operation does not declare, and for requests to no operation;
	// nil is a problem document.
	Body *ErrorBody
	// Status maps the statuses of refusals. 401, 404, 405, 429 and 503 stay.
	Status []StatusMap
}

// StatusMap sends the status To in place of From.
type StatusMap struct{ From, To int }

// ErrorReply is the shape of refusals with a status from Low to High. A nil Body is a problem document.
type ErrorReply struct {
	Low, High int
	Body      *ErrorBody
}

// ErrorBody is a body that the document declares for errors: pieces of text, and parts between them. It is generated,
// and never changed.
type ErrorBody struct {
	Media string // the media type; "" sends no body
	// Plain sends the detail alone, as text/plain.
	Plain  bool
	Pieces []ErrorPiece
	// Codes and Docs are the values of the parts of these names. The first entry that fits counts: a rule
	// before a status, that before a class, that before the default.
	Codes, Docs []ErrorCode
}

// ErrorPiece is a piece of a body: a member's name, constant JSON, and a part or a list.
type ErrorPiece struct {
	Key  string // `"code":`, with the comma before it where there is one; "" for none
	Text string
	Part Part
	// AsText writes a number as a string.
	AsText bool
	// Optional leaves the member out where the part says nothing.
	Optional bool
	// UUID writes the request's id as a UUID.
	UUID bool
	// Max is how many characters the part may have; 0 is no bound.
	Max int
	// Each is written for each violation, or once for a refusal without violations, and at most Most times;
	// 0 is no bound.
	Each []ErrorPiece
	Most int
}

// ErrorCode is a value for a rule, a status ("404"), a class ("4XX") or "default".
type ErrorCode struct {
	For, Value string
	Number     bool // the value is a JSON number
}

// Part is a name in braces of a template.
type Part uint8

// The parts. Those from PartPlace on are a violation's; PartDetail is its own within a list.
const (
	PartNone Part = iota
	PartStatus
	PartTitle
	PartDetail
	PartCode
	PartRequestID
	PartDocs
	PartRetryAfter
	PartPlace     // the pointer, or the name of the parameter
	PartPointer   // a JSON pointer into the body (RFC 6901)
	PartIn        // path, query, header, cookie or body
	PartParameter // its name
	PartKeyword   // of JSON Schema
)

// maxErrorItems is how many violations a body lists.
const maxErrorItems = 1000

// bodyOf is the declared body of a refusal; nil is a problem document.
func (c *Call) bodyOf(status int) *ErrorBody {
	if c.op != nil {
		for i := range c.op.op.Errors {
			if r := &c.op.op.Errors[i]; status >= r.Low && status <= r.High {
				return r.Body
			}
		}
	}
	return c.server.refusals.Body
}

// sentStatus is the status that a refusal of the server's own is sent with.
func (s *Server) sentStatus(status int) int {
	for _, m := range s.refusals.Status {
		if m.From == status {
			return m.To
		}
	}
	return status
}

// errorWriter writes one body.
type errorWriter struct {
	body  *ErrorBody
	p     *problem.Problem
	rule  string
	retry string // Retry-After
	id    string
	uuid  [16]byte
	at    *problem.Violation // nil outside of a list, and for a refusal without violations
	list  bool
}

// appendError writes the refusal in the shape of body.
func (c *Call) appendError(b []byte, body *ErrorBody, p *problem.Problem, rule string) []byte {
	w := errorWriter{body: body, p: p, rule: rule, id: p.Instance, uuid: c.from.id.block}
	if after := c.W.Header()["Retry-After"]; len(after) == 1 {
		w.retry = after[0]
	}
	if body.Plain {
		return append(b, w.text(PartDetail)...)
	}
	return w.pieces(b, body.Pieces)
}

func (w *errorWriter) pieces(b []byte, pieces []ErrorPiece) []byte {
	for i := range pieces {
		piece := &pieces[i]
		if piece.Optional && w.empty(piece.Part) {
			continue
		}
		if piece.Key != "" {
			if n := len(b); n > 0 && b[n-1] != '{' {
				b = append(b, ',')
			}
			b = append(b, piece.Key...)
		}
		b = append(b, piece.Text...)
		switch {
		case piece.Each != nil:
			b = w.each(b, piece)
		case piece.Part != PartNone:
			b = w.part(b, piece)
		}
	}
	return b
}

// each writes a list.
func (w *errorWriter) each(b []byte, piece *ErrorPiece) []byte {
	b = append(b, '[')
	most := maxErrorItems
	if piece.Most > 0 {
		most = min(most, piece.Most)
	}
	w.list = true
	if len(w.p.Errors) == 0 {
		b = w.pieces(b, piece.Each)
	}
	for i := range w.p.Errors[:min(len(w.p.Errors), most)] {
		if i > 0 {
			b = append(b, ',')
		}
		w.at = &w.p.Errors[i]
		b = w.pieces(b, piece.Each)
	}
	w.at, w.list = nil, false
	return append(b, ']')
}

// empty reports whether a part says nothing of this refusal.
func (w *errorWriter) empty(part Part) bool {
	switch part {
	case PartStatus, PartTitle, PartDetail, PartRequestID:
		return false
	case PartCode:
		return w.entry(w.body.Codes) == nil
	case PartDocs:
		return w.entry(w.body.Docs) == nil
	case PartRetryAfter:
		return w.retry == ""
	}
	return w.text(part) == ""
}

// part writes a part as JSON.
func (w *errorWriter) part(b []byte, piece *ErrorPiece) []byte {
	switch piece.Part {
	case PartStatus:
		var digits [3]byte
		return number(b, string(strconv.AppendInt(digits[:0], int64(w.p.Status), 10)), piece.AsText)
	case PartRetryAfter:
		after := w.retry
		if after == "" {
			after = "0"
		}
		return number(b, after, piece.AsText)
	case PartCode, PartDocs:
		list := w.body.Codes
		if piece.Part == PartDocs {
			list = w.body.Docs
		}
		entry := w.entry(list)
		switch {
		case entry == nil:
			return append(b, `""`...)
		case entry.Number:
			return number(b, entry.Value, piece.AsText)
		}
		return wire.AppendHTMLSafe(b, entry.Value)
	case PartRequestID:
		if piece.UUID {
			return w.appendUUID(b)
		}
	}
	return wire.AppendHTMLSafe(b, cutRunes(w.text(piece.Part), piece.Max))
}

func number(b []byte, text string, asText bool) []byte {
	if !asText {
		return append(b, text...)
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}

// entry is that of the refusal's rule, status or class, or the default.
func (w *errorWriter) entry(list []ErrorCode) *ErrorCode {
	var status, class, fallback *ErrorCode
	for i := range list {
		switch e := &list[i]; {
		case e.For == w.rule && w.rule != "":
			return e
		case e.For == "default":
			fallback = e
		case len(e.For) == 3 && int(e.For[0]-'0') == w.p.Status/100 && e.For[1:] == "XX":
			class = e
		case len(e.For) == 3 && isStatus(e.For, w.p.Status):
			status = e
		}
	}
	switch {
	case status != nil:
		return status
	case class != nil:
		return class
	}
	return fallback
}

func isStatus(s string, status int) bool {
	return int(s[0]-'0') == status/100 && int(s[1]-'0') == status/10%10 && int(s[2]-'0') == status%10
}

// text is the text of a part that is free text.
func (w *errorWriter) text(part Part) string {
	v := w.at
	switch part {
	case PartTitle:
		return w.title()
	case PartDetail:
		if v != nil {
			return v.Detail
		}
		if utf8.RuneCountInString(w.p.Detail) >= minErrorText {
			return w.p.Detail
		}
		return w.title()
	case PartRequestID:
		return w.id
	}
	if v == nil {
		return ""
	}
	switch part {
	case PartPlace:
		if v.In == "" {
			return v.Pointer
		}
		return v.Parameter
	case PartPointer:
		return v.Pointer
	case PartIn:
		if v.In == "" {
			return "body"
		}
		return v.In
	case PartParameter:
		return v.Parameter
	case PartKeyword:
		return v.Keyword
	}
	return ""
}

// title is the problem's, or the status's where that is too short.
func (w *errorWriter) title() string {
	if title := w.p.Heading(); utf8.RuneCountInString(title) >= minErrorText {
		return title
	}
	return (&problem.Problem{Status: w.p.Status}).Heading()
}

// minErrorText is how many characters a detail has at least: as many as the shortest title, "Gone".
const minErrorText = 4

// cutRunes returns the first max characters of s; 0 is no bound.
func cutRunes(s string, max int) string {
	if max <= 0 || len(s) <= max {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > max {
			return s[:i]
		}
	}
	return s
}

// appendUUID writes the id's 16 bytes as a UUID of version 8 (RFC 9562, 5.8).
func (w *errorWriter) appendUUID(b []byte) []byte {
	return append(appendUUID(append(b, '"'), w.uuid), '"')
}

// sendError writes the answer of a refusal, in the shape that is declared for it.
func (c *Call) sendError(p *problem.Problem, rule string) {
	body := c.bodyOf(p.Status)
	contentType := problem.ContentType
	switch {
	case body == nil:
		c.Body = p.Append(c.Body[:0])
	case body.Media == "":
		c.Body, contentType = c.Body[:0], ""
	default:
		c.Body, contentType = c.appendError(c.Body[:0], body, p, rule), body.Media
	}
	c.head(p.Status, contentType)
	c.W.WriteHeader(p.Status)
	if c.R.Method != http.MethodHead && len(c.Body) > 0 {
		c.write(c.Body)
	}
}
