// Package problem makes problem documents (RFC 9457): what a refused caller is told.
// They hold fixed texts, names and JSON pointers, never a value of the request and
// never the text of an internal error.
package problem

import (
	"net/http"
	"strconv"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// ContentType is the media type of a problem document.
const ContentType = "application/problem+json"

// maxErrors is how many violations a document lists: as many as a decoder reports.
const maxErrors = 1000

// Problem is a problem document. As an error returned by a handler it is sent as it
// is.
type Problem struct {
	// Type is a URI that names the kind of problem; "" means about:blank.
	Type string
	// Title is a short text for the kind; "" means the status's own, or, when that has
	// no name, its class's.
	Title string
	// Status is the HTTP status; a value that is no error status is sent as 500.
	Status int
	// Detail explains this occurrence. It must not repeat input.
	Detail string
	// Instance names this occurrence; the runtime sets the request's id.
	Instance string
	// Errors are the violations of the request's schema, in its order. 1000 are sent.
	Errors []Violation
	// More says that there are more violations than Errors lists.
	More bool
	// Rule names the rule that refused the request, for runtime.Config.Problem: parameters, syntax, body-missing, body-unexpected,
	// body, body-size, memory, steps, body-slow, media-type, content-encoding or accept. It is "" for every other refusal,
	// such as those of authentication and owner rules. It is not sent.
	Rule string
}

// Violation is one way in which a request breaks its description. Either Pointer
// (RFC 6901, into the body) or In and Parameter say where.
type Violation struct {
	Pointer   string
	In        string // path, query, header, cookie, body
	Parameter string
	Keyword   string // of JSON Schema, or: unknown, repeated, encoding
	Detail    string // text of the document at the most, never the value
}

// Error returns the status and the title.
func (p *Problem) Error() string { return strconv.Itoa(p.status()) + " " + p.title() }

// status is the status that is sent.
func (p *Problem) status() int {
	if p.Status < 400 || p.Status > 599 {
		return http.StatusInternalServerError
	}
	return p.Status
}

// Heading is the title that is sent: Title, or the status's own.
func (p *Problem) Heading() string { return p.title() }

func (p *Problem) title() string {
	if p.Title != "" {
		return p.Title
	}
	status := p.status()
	if text := http.StatusText(status); text != "" {
		return text
	}
	return http.StatusText(status / 100 * 100) // as a client understands it (RFC 9110, 15)
}

// Append appends the document to b.
func (p *Problem) Append(b []byte) []byte {
	if p.Type == "" && p.Title == "" {
		b = append(b, heads[p.status()-400]...)
	} else {
		b = p.appendHead(b)
	}
	if p.Detail != "" {
		b = append(b, `,"detail":`...)
		b = wire.AppendHTMLSafe(b, p.Detail)
	}
	if p.Instance != "" {
		b = append(b, `,"instance":`...)
		b = wire.AppendHTMLSafe(b, p.Instance)
	}
	listed := p.Errors[:min(len(p.Errors), maxErrors)]
	if len(listed) > 0 {
		b = append(b, `,"errors":[`...)
		for i := range listed {
			if i > 0 {
				b = append(b, ',')
			}
			b = listed[i].append(b)
		}
		b = append(b, ']')
	}
	if p.More || len(listed) < len(p.Errors) {
		b = append(b, `,"more":true`...)
	}
	return append(b, '}')
}

// appendHead appends the document up to the status.
func (p *Problem) appendHead(b []byte) []byte {
	b = append(b, `{"type":`...)
	kind := p.Type
	if kind == "" {
		kind = "about:blank" // RFC 9457, 4.2.1
	}
	b = wire.AppendHTMLSafe(b, kind)
	b = append(b, `,"title":`...)
	b = wire.AppendHTMLSafe(b, p.title())
	b = append(b, `,"status":`...)
	return strconv.AppendInt(b, int64(p.status()), 10)
}

// heads are the heads of problems that have nothing but a status, by the status, from 400 on.
var heads = func() (all [200]string) {
	for i := range all {
		all[i] = string((&Problem{Status: 400 + i}).appendHead(nil))
	}
	return all
}()

func (v *Violation) append(b []byte) []byte {
	if v.In == "" {
		b = append(b, `{"pointer":`...)
		b = wire.AppendHTMLSafe(b, v.Pointer)
	} else {
		b = append(b, `{"in":`...)
		b = wire.AppendHTMLSafe(b, v.In)
		b = append(b, `,"parameter":`...)
		b = wire.AppendHTMLSafe(b, v.Parameter)
	}
	b = append(b, `,"keyword":`...)
	b = wire.AppendHTMLSafe(b, v.Keyword)
	b = append(b, `,"detail":`...)
	b = wire.AppendHTMLSafe(b, v.Detail)
	return append(b, '}')
}
