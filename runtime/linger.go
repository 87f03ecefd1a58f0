package runtime

import (
	"io"
	"net/http"
	"time"
)

const (
	shortBody   = 16 << 10    // bytes of a body that is not wanted, and that it costs less to read than to open another connection
	discardTime = time.Second // for reading it
)

// leaveBody is for an answer to a request whose body nobody has read to its end. A short one, which mostly has come with the header,
// net/http reads and throws away; after another the connection ends.
func (c *Call) leaveBody() {
	length := c.R.ContentLength
	if c.R.ProtoMajor == 1 && c.reader == nil && length > 0 && length <= shortBody && c.R.Header["Expect"] == nil {
		_ = http.NewResponseController(c.W).SetReadDeadline(time.Now().Add(discardTime)) // not every ResponseWriter can
		return
	}
	c.closeAfter()
}

// closeAfter ends the connection after the answer, and keeps net/http from waiting for the rest of a body that nobody reads. The
// client may still be sending it: the connection is ended in steps, so that the answer is not lost (RFC 9112, 9.6).
func (c *Call) closeAfter() {
	if c.R.ProtoMajor != 1 {
		return
	}
	c.W.Header()["Connection"] = closing
	rc := http.NewResponseController(c.W)
	_ = rc.EnableFullDuplex()       // not every ResponseWriter can:
	_ = rc.SetReadDeadline(c.start) // those have no connection to wait on
	linger(c.W)
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
