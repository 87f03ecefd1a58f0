// Package limit serves the orders API the way a patient programmer would by hand who
// cares for nothing but speed and strict input: it is what the others are measured by.
// Decoding and checking are one pass, encoding is appending, routing is a switch.
//
// It has none of what bailey does around that: no authentication, no scopes, no rate
// limit, no masks, no request id, no deadline, no panic barrier, no events, and it
// checks none of its responses.
package limit

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// New returns the server; it shows the order that is stored as JSON.
func New(stored []byte) (http.Handler, error) {
	s := &server{}
	d := new(decoder)
	d.reset(string(stored))
	if !d.order(&s.stored) || !d.end() {
		return nil, errors.New("limit: " + d.rule + " at " + d.pointer())
	}
	return s, nil
}

type server struct{ stored order }

const (
	bodyMost = 64 << 10
	bulkMost = 2 << 20
	keepMost = 64 << 10 // of a buffer for the next request
)

var (
	buffers  = sync.Pool{New: func() any { return &buffer{make([]byte, 0, 16<<10)} }}
	decoders = sync.Pool{New: func() any { return new(decoder) }}

	jsonType    = []string{"application/json"}
	problemType = []string{"application/problem+json"}
)

type buffer struct{ b []byte }

func (b *buffer) free() {
	if cap(b.b) <= keepMost {
		buffers.Put(b)
	}
}

// ServeHTTP routes. A path with escapes matches nothing: no parameter needs one.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	switch {
	case r.URL.RawPath != "":
		refuse(w, http.StatusNotFound, "", "")
	case path == "/orders":
		post(w, r, bodyMost, create)
	case path == "/orders/bulk" && r.Method == http.MethodPost:
		post(w, r, bulkMost, createAll)
	default:
		id, ok := strings.CutPrefix(path, "/orders/")
		if !ok || id == "" || strings.IndexByte(id, '/') >= 0 {
			refuse(w, http.StatusNotFound, "", "")
			return
		}
		if r.Method != http.MethodGet {
			refuse(w, http.StatusMethodNotAllowed, "", "")
			return
		}
		s.get(w, r, id)
	}
}

func (s *server) get(w http.ResponseWriter, r *http.Request, text string) {
	id, ok := parseUUID(text)
	if !ok {
		refuse(w, http.StatusBadRequest, "format", "id")
		return
	}
	v, rule, name := parseView(r.URL.RawQuery)
	if rule != "" {
		refuse(w, http.StatusBadRequest, rule, name)
		return
	}
	o := s.stored
	o.id, o.customer.masked = id, masked(w)
	if v.currency != "" {
		o.currency = v.currency
	}
	if v.items > 0 && v.items < len(o.items) {
		o.items = o.items[:v.items]
	}
	if v.hideNote {
		o.note = optional{}
	}
	out := buffers.Get().(*buffer)
	out.b = appendOrder(out.b[:0], &o)
	reply(w, http.StatusOK, jsonType, out)
}

func create(w http.ResponseWriter, d *decoder) bool {
	var o order
	if !d.order(&o) || !d.end() {
		return false
	}
	o.customer.masked = masked(w)
	out := buffers.Get().(*buffer)
	out.b = appendOrder(out.b[:0], &o)
	reply(w, http.StatusCreated, jsonType, out)
	return true
}

func createAll(w http.ResponseWriter, d *decoder) bool {
	all, ok := d.orders()
	if !ok {
		return false
	}
	p := placed{count: int64(len(all))}
	for i := range all {
		p.total += all[i].total
	}
	out := buffers.Get().(*buffer)
	out.b = appendPlaced(out.b[:0], p)
	reply(w, http.StatusOK, jsonType, out)
	return true
}

// post reads the body and hands it to an operation, which returns false for a fault.
func post(w http.ResponseWriter, r *http.Request, most int64, operation func(http.ResponseWriter, *decoder) bool) {
	if r.Method != http.MethodPost {
		refuse(w, http.StatusMethodNotAllowed, "", "")
		return
	}
	if t := r.Header["Content-Type"]; len(t) != 1 || t[0] != "application/json" && t[0] != "application/json; charset=utf-8" {
		refuse(w, http.StatusUnsupportedMediaType, "", "")
		return
	}
	if r.URL.RawQuery != "" {
		refuse(w, http.StatusBadRequest, "unknown", "")
		return
	}
	text, status := read(r, most)
	if status != 0 {
		refuse(w, status, "", "")
		return
	}
	d := decoders.Get().(*decoder)
	d.reset(text)
	if !operation(w, d) {
		status := http.StatusUnprocessableEntity
		if d.rule == "syntax" || d.rule == "duplicate" {
			status = http.StatusBadRequest
		}
		refuse(w, status, d.rule, d.pointer())
	}
	d.reset("")
	decoders.Put(d)
}

// read returns the whole body, or the status that refuses it.
func read(r *http.Request, most int64) (string, int) {
	if r.ContentLength > most {
		return "", http.StatusRequestEntityTooLarge
	}
	in := buffers.Get().(*buffer)
	defer in.free()
	chunk := in.b[:cap(in.b)]
	var text strings.Builder
	text.Grow(int(max(r.ContentLength, 0)))
	for {
		n, err := r.Body.Read(chunk)
		text.Write(chunk[:n])
		switch {
		case int64(text.Len()) > most:
			return "", http.StatusRequestEntityTooLarge
		case err == io.EOF, r.ContentLength > 0 && int64(text.Len()) == r.ContentLength:
			return text.String(), 0
		case err != nil:
			return "", http.StatusBadRequest
		}
	}
}

func reply(w http.ResponseWriter, status int, kind []string, out *buffer) {
	w.Header()["Content-Type"] = kind
	w.WriteHeader(status)
	_, _ = w.Write(out.b) // the client is gone: nobody is left to tell
	out.free()
}

// refuse answers with a problem document (RFC 9457).
func refuse(w http.ResponseWriter, status int, rule, where string) {
	out := buffers.Get().(*buffer)
	b := append(out.b[:0], `{"title":`...)
	b = appendString(b, http.StatusText(status))
	b = append(b, `,"status":`...)
	b = strconv.AppendInt(b, int64(status), 10)
	if rule != "" {
		b = append(b, `,"errors":[{"at":`...)
		b = appendString(b, where)
		b = append(b, `,"keyword":`...)
		b = appendString(b, rule)
		b = append(b, `}]`...)
	}
	out.b = append(b, '}')
	reply(w, status, problemType, out)
}
