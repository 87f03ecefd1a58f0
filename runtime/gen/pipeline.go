package gen

import (
	"errors"
	"net/http"
	"strings"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/gen/param"
	"github.com/bailey-go/bailey/runtime/problem"
)

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := s.begin(w, r)
	defer c.end()
	for _, pass := range untyped {
		if !pass(c) {
			return
		}
	}
	c.op.run(c)
}

// match finds the operation that the request asks for. It refuses nothing, so that the limits
// of the document count whatever comes: a request that cannot be read in one way only, an unknown
// path, a method that the path does not have.
func (c *Call) match() bool {
	if c.found.broken = c.frame(); c.found.broken != "" {
		c.closeAfter()
		return true
	}
	path := c.R.URL.Path
	if c.R.URL.RawPath != "" || strings.IndexByte(path, '%') >= 0 || strings.IndexByte(path, ' ') >= 0 {
		path = c.R.URL.EscapedPath()
	}
	op, values, allow := c.server.router.findFor(c.R, c.R.Method, path, c.found.path[:0])
	c.found.path, c.found.allow = values, allow
	if op != nil {
		c.meet(op)
	}
	return true
}

// frame names what is wrong with a message that two readers may read differently, or "": a
// transfer coding in a request of HTTP/1.0, or beside a length (RFC 9112, 6.1), and more than one
// Authorization field. net/http drops a length that stands beside a coding, and nobody can tell any
// more: so the connection ends after every request with a coding, and what a proxy took for its
// body is never read as a request.
func (c *Call) frame() (broken string) {
	if len(c.R.TransferEncoding) > 0 && c.R.ProtoMajor == 1 {
		c.W.Header()["Connection"] = closing
	}
	switch {
	case len(c.R.Header["Authorization"]) > 1:
		return "authorization-repeated"
	case len(c.R.TransferEncoding) > 0 && (c.R.ProtoMajor == 1 && c.R.ProtoMinor == 0 || c.R.Header["Content-Length"] != nil):
		return "transfer-encoding"
	}
	return ""
}

// route refuses what match found no operation for.
func (c *Call) route() bool {
	switch {
	case c.op != nil:
		return true
	case c.found.broken != "":
		return c.refuse(refusal{status: http.StatusBadRequest, event: event.Extraneous, rule: c.found.broken})
	case c.found.allow == "":
		return c.refuse(refusal{status: http.StatusNotFound, event: event.InputFail, rule: "route"})
	}
	c.W.Header()["Allow"] = []string{c.found.allow}
	return c.refuse(refusal{status: http.StatusMethodNotAllowed, event: event.InputFail, rule: "method"})
}

// negotiate decides about the answer's media type where there are several, and about the body
// before a byte of it is read.
func (c *Call) negotiate() bool {
	r := c.R
	if len(c.op.produces) > 0 && !c.accept() {
		return false
	}
	if c.in.hasBody && r.ContentLength < 0 && !c.unsized() {
		return false
	}
	if !c.in.hasBody && !c.emptyBody() {
		if c.op.op.BodyRequired {
			return c.refuse(refusal{status: http.StatusBadRequest, event: event.InputFail, rule: "body-missing", code: "body-missing", detail: "a body is required"})
		}
		return true
	}
	if len(c.op.consumes) == 0 {
		if c.op.op.Unknown == param.Drop {
			return c.dropBody()
		}
		return c.refuse(refusal{status: http.StatusBadRequest, event: event.InputFail, rule: "body", code: "body-unexpected", detail: "this operation takes no body"})
	}
	if !c.encoding() {
		return false
	}
	if c.in.media = c.matchMedia(); c.in.media < 0 {
		return c.refuse(refusal{status: http.StatusUnsupportedMediaType, event: event.InputFail, rule: "media-type", code: "media-type", detail: c.op.takes})
	}
	if r.ContentLength > c.op.limits.Body {
		return c.refuse(refusal{status: http.StatusRequestEntityTooLarge, event: event.InputFail, rule: "body-size", code: "body-size", detail: c.op.tooLong})
	}
	return true
}

// failed answers an error of the handler: a problem as it is, everything else opaque.
func (c *Call) failed(err error) {
	var p *problem.Problem
	var big *http.MaxBytesError
	var item *runtime.ItemError
	switch {
	case errors.As(err, &item):
		c.refuseItem(item)
	case c.in.reader != nil && c.in.reader.err != nil && errors.Is(err, c.in.reader.err):
		c.refuseBody(c.in.reader.err)
	case errors.As(err, &p) && p != nil:
		sent := *p
		f := refusal{status: p.Status, problem: &sent, rule: "handler", own: true}
		if wraps(err, f.status) {
			f.event, f.err = event.Crash, err
		}
		c.refuse(f)
	case errors.As(err, &big), errors.Is(err, errTooLarge):
		c.refuse(refusal{status: http.StatusRequestEntityTooLarge, event: event.InputFail, rule: "body-size", code: "body-size"})
	case isUnavailable(err):
		c.unavailable(err)
	case c.ctx.Err() != nil:
		c.retryAfter(1)
		c.refuse(refusal{status: http.StatusServiceUnavailable, event: event.Unavailable, rule: "deadline", err: err})
	default:
		c.refuse(refusal{status: http.StatusInternalServerError, event: event.Crash, rule: "handler", err: err})
	}
}

// wraps reports whether an error that is answered with a status of the class 5xx has a cause that the answer does not
// show: it is logged, as that of an error without an answer of its own.
func wraps(err error, status int) bool {
	_, joined := err.(interface{ Unwrap() []error })
	return (status < 400 || status >= 500) && (joined || errors.Unwrap(err) != nil)
}
