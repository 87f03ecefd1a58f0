package gen

import (
	"io"
	"net/http"
	"time"
)

const (
	shortBody   = 16 << 10    // bytes of a body that is not wanted, and that it costs less to read than to open another connection
	discardTime = time.Second // for reading it
)

// leaveBody is for an answer to a request whose body nobody has read to its end: a short one, which mostly has come with the header,
// is read and thrown away, and after another the connection ends.
func (c *Call) leaveBody() {
	if !c.discard() {
		c.closeAfter()
	}
}

// discard reads a short body that nobody has begun to read, and reports whether it came.
func (c *Call) discard() bool {
	length := c.R.ContentLength
	if c.R.ProtoMajor != 1 || c.in.reader != nil || length <= 0 || length > shortBody || c.R.Header["Expect"] != nil {
		return false
	}
	rc := http.NewResponseController(c.W)
	if rc.SetReadDeadline(time.Now().Add(discardTime)) != nil { // not every ResponseWriter can, and then nobody knows how long it takes
		return false
	}
	n, err := io.Copy(io.Discard, io.LimitReader(c.R.Body, length+1)) // to its EOF
	c.in.got += n
	// net/http reads on behind the body, to see whether the client goes: that must not end with the deadline.
	return rc.SetReadDeadline(time.Time{}) == nil && err == nil && n == length
}

// closeAfter ends the connection after the answer. The client may still be sending its body: the connection is ended in
// steps, so that the answer is not lost (RFC 9112, 9.6). An answer may be made of the rest of the body.
func (c *Call) closeAfter() {
	if c.R.ProtoMajor != 1 {
		return
	}
	c.out.closes = true
	c.W.Header()["Connection"] = closing
	_ = http.NewResponseController(c.W).EnableFullDuplex() // not every ResponseWriter can
	linger(c.W)
}

// leave keeps net/http from waiting for the rest of a body that nobody reads, when the answer is written.
func (c *Call) leave() {
	if c.out.closes {
		_ = http.NewResponseController(c.W).SetReadDeadline(c.from.start) // those that cannot have no connection to wait on
	}
}

// linger has net/http end its own side of the connection after the answer, and the other half a second later. It does so of its own
// accord where a MaxBytesReader was read beyond its limit, and nothing else can ask for it: so one is, which reads nothing
// of the request.
func linger(w http.ResponseWriter) {
	for {
		inner, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			break
		}
		w = inner.Unwrap()
	}
	var b [1]byte
	_, _ = http.MaxBytesReader(w, io.NopCloser(endless{}), 0).Read(b[:]) // always fails
}

// endless is a reader that always has more.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
