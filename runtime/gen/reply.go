package gen

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// Header is the response's header.
func (c *Call) Header() http.Header { return c.W.Header() }

// Status checks the status that a handler chose against the document's range. One
// outside of it is a mistake of the handler: 500.
func (c *Call) Status(status, low, high int) int {
	if status < low || status > high {
		return 0
	}
	return status
}

// NoReply answers for a handler that returned nothing: 500.
func (c *Call) NoReply() {
	c.refuse(refusal{status: http.StatusInternalServerError, event: event.OutputFail, rule: "no-response"})
}

// Reply sends Body, unless the response breaks its schema: then it answers 500, and
// nothing of the body leaves.
func (c *Call) Reply(status int, contentType string) {
	if !c.mayReply(status, contentType) {
		return
	}
	if err := c.out.encoder.Err(); err != nil {
		rule := "response"
		if inv, ok := err.(*wire.Invalid); ok && len(inv.Violations) > 0 {
			rule = inv.Violations[0].Keyword + " at " + inv.Violations[0].Pointer
		}
		c.refuse(refusal{status: http.StatusInternalServerError, event: event.OutputFail, rule: rule})
		return
	}
	c.holdAnswer()
	c.head(status, contentType)
	c.W.WriteHeader(status)
	if c.R.Method != http.MethodHead {
		c.write(c.Body)
	}
}

// A long answer is written in pieces, each in a time of its own: a client who takes nothing must not
// keep it in memory for the server's whole WriteTimeout.
const (
	writePiece = 64 << 10
	writeTime  = 15 * time.Second
)

// write sends a body that is there. When the client is gone, nobody is left to tell.
func (c *Call) write(b []byte) {
	if len(b) <= writePiece {
		n, err := c.W.Write(b)
		c.sends(int64(n), err)
		c.flush()
		return
	}
	control := http.NewResponseController(c.W)
	var last time.Time
	if s, ok := c.R.Context().Value(http.ServerContextKey).(*http.Server); ok && s.WriteTimeout > 0 {
		last = time.Now().Add(s.WriteTimeout - c.server.since(c.from.start))
	}
	for len(b) > 0 {
		until := time.Now().Add(writeTime)
		if !last.IsZero() && last.Before(until) {
			until = last
		}
		_ = control.SetWriteDeadline(until) // not every ResponseWriter can
		n, err := c.W.Write(b[:min(len(b), writePiece)])
		c.sends(int64(n), err)
		if err != nil {
			return
		}
		b = b[n:]
	}
	c.flush()
}

// flush waits over HTTP/2 until the client's window has let the answer through. net/http would wait
// when the handler has returned: the request would not count any more, and its goroutine be there.
func (c *Call) flush() {
	if c.R.ProtoMajor == 2 {
		_ = http.NewResponseController(c.W).Flush() // not every ResponseWriter can
	}
}

// ReplyEmpty sends a response without a body.
func (c *Call) ReplyEmpty(status int) {
	if !c.mayReply(status, "x") {
		return
	}
	c.head(status, "")
	c.W.WriteHeader(status)
}

// ReplyStream copies r to the client, at most until the request's time is up, and
// closes it when it is an io.Closer.
func (c *Call) ReplyStream(status int, contentType string, r io.Reader) {
	if closer, ok := r.(io.Closer); ok {
		defer closer.Close()
	}
	if r == nil || !c.mayReply(status, contentType) {
		if !c.out.replied {
			c.NoReply()
		}
		return
	}
	c.head(status, contentType)
	until, _ := c.ctx.Deadline()
	_ = http.NewResponseController(c.W).SetWriteDeadline(until.Add(time.Second)) // not every ResponseWriter can
	c.W.WriteHeader(status)
	if c.R.Method != http.MethodHead {
		to := io.Writer(c.W)
		if isFlushed(contentType) {
			to = &flushing{c.W, http.NewResponseController(c.W)}
		}
		n, err := io.Copy(to, &untilDone{c.ctx, r})
		if c.sends(n, err); err != nil {
			panic(http.ErrAbortHandler) // half a body must not look like a whole one
		}
		c.flush()
	}
}

// flushing sends what is written at once: somebody waits for each item of the stream.
type flushing struct {
	w       io.Writer
	control *http.ResponseController
}

func (f *flushing) Write(b []byte) (int, error) {
	n, err := f.w.Write(b)
	if err == nil {
		_ = f.control.Flush() // not every ResponseWriter can
	}
	return n, err
}

// untilDone stops a stream at the request's deadline.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u *untilDone) Read(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(b)
}

// mayReply refuses what no response can be: a second one, no status, a content type
// that would break out of its header field.
func (c *Call) mayReply(status int, contentType string) bool {
	if c.out.replied {
		return false
	}
	if c.report.asking && (status != c.report.only || c.report.broken != "") {
		c.refuse(refusal{rule: "status"})
		return false
	}
	if status < 200 || status > 599 || contentType != "application/json" && contentType != "x" && !isMediaType(contentType) {
		c.refuse(refusal{status: http.StatusInternalServerError, event: event.OutputFail, rule: "status-or-content-type"})
		return false
	}
	return true
}

// The fields of every answer. Their values are shared and never changed.
var (
	nosniff  = []string{"nosniff"}
	noStore  = []string{"no-store"}
	csp      = []string{"default-src 'none'; frame-ancestors 'none'"}
	referrer = []string{"no-referrer"}
	corp     = []string{"same-origin"}
	closing  = []string{"close"}
	hsts     = []string{"max-age=63072000"}

	jsonType    = []string{"application/json"}
	problemType = []string{"application/problem+json"}
)

// head writes the header of an answer.
func (c *Call) head(status int, contentType string) {
	c.out.replied, c.out.status = true, status
	h := c.W.Header()
	switch contentType {
	case "":
	case "application/json":
		h["Content-Type"] = jsonType
	case "application/problem+json":
		h["Content-Type"] = problemType
	default:
		h["Content-Type"] = []string{contentType}
	}
	c.ownValues(h)
	h["X-Content-Type-Options"] = nosniff
	h["Cache-Control"] = noStore
	h["Content-Security-Policy"] = csp
	h["Referrer-Policy"] = referrer
	h["Cross-Origin-Resource-Policy"] = corp
	if c.R.TLS != nil {
		h["Strict-Transport-Security"] = hsts
	}
	if len(c.out.headers) > 0 {
		c.writeHeaders(h)
	}
	if c.op != nil && c.op.ends != nil {
		c.op.ends.write(h)
	}
	if c.in.hasBody && c.R.ContentLength != 0 && !c.consumed() {
		c.leaveBody()
	}
}

// ownValues writes the fields whose values are this answer's own.
func (c *Call) ownValues(h http.Header) {
	if c.ctx == nil { // no operation
		h["X-Request-Id"] = []string{c.requestID()}
		if c.out.state != "" {
			h["Ratelimit"], h["Ratelimit-Policy"] = []string{c.out.state}, c.server.policy
		}
		return
	}
	values := &c.ctx.values
	values.id[0] = c.requestID()
	h["X-Request-Id"] = values.id[:]
	for i := range c.op.op.Echo {
		e := &c.op.op.Echo[i]
		h[e.Name] = values.id[:]
		if given := c.givenID(e.Name, e.UUID); given != "" && e.Name != "X-Request-Id" && given != values.id[0] {
			h[e.Name] = []string{given}
		}
	}
	if c.out.state != "" {
		values.limit[0] = c.out.state
		h["Ratelimit"] = values.limit[:]
		h["Ratelimit-Policy"] = c.op.policy
	}
	if n := len(c.Body); n > 2048 || n > 0 && c.R.ProtoMajor == 2 { // shorter ones get their length from net/http, unless they are flushed
		h["Content-Length"] = []string{strconv.Itoa(n)}
	}
}

func (c *Call) retryAfter(seconds int64) {
	c.W.Header()["Retry-After"] = []string{strconv.FormatInt(max(seconds, 1), 10)}
}
