package gen

import (
	"errors"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// Events says what the events of a stream must be, beside the schema of their data.
type Events struct {
	// Text is set when the data is text; else it is JSON.
	Text bool
	// Names are the names that events may have; nil for any. Where there is one, and NeedName is set, an
	// event that the handler gives no name has that one.
	Names                       []string
	NeedName, NeedID, NeedRetry bool
}

// sendTime is how long a client may take to accept one item of a stream.
const sendTime = 30 * time.Second

// The reasons for which a stream is cut off.
var (
	errItemSize  = errors.New("runtime: an item of a stream is too large")
	errEventForm = errors.New("runtime: an event has a name, id or retry that it must not have, or lacks one")
)

// ReplyItems sends a sequence of JSON texts, each as soon as it is there: one a line, or
// behind a record separator where the content type is a JSON text sequence (RFC 7464). Each
// item is held against its schema, masked for the caller, and at most Limits.Item long. A
// stream ends well only when items ends without an error and the request's time is not up:
// otherwise the connection is cut, so that what was sent never looks whole.
func ReplyItems[T any](c *Call, status int, contentType string, items iter.Seq2[T, error], item func(*wire.Encoder, []byte, *T) []byte) {
	if items == nil {
		c.NoReply()
		return
	}
	if !c.beginStream(status, contentType) {
		return
	}
	s := stream{c: c, e: c.Encoder(), control: http.NewResponseController(c.W)}
	separated := strings.HasSuffix(contentType, "json-seq")
	var slot T
	for v, err := range items {
		if !s.wants(err) {
			break
		}
		slot = v
		b := item(s.e, c.Body[:0], &slot)
		if !s.holds(b) {
			break
		}
		oneLine(b)
		if c.Body = append(b, '\n'); separated {
			c.Body = slices.Insert(c.Body, 0, 0x1e)
		}
		if !s.send(c.Body) {
			break
		}
	}
	s.end()
}

// ReplyEvents sends the events of a text/event-stream, as ReplyItems sends items.
func ReplyEvents[T any](c *Call, status int, items iter.Seq2[runtime.Event[T], error], data func(*wire.Encoder, []byte, *T) []byte, rules Events) {
	if items == nil {
		c.NoReply()
		return
	}
	c.W.Header()["X-Accel-Buffering"] = noBuffer
	if !c.beginStream(status, "text/event-stream") {
		return
	}
	s := stream{c: c, e: c.Encoder(), control: http.NewResponseController(c.W)}
	var slot T
	var frame []byte
	for v, err := range items {
		if !s.wants(err) {
			break
		}
		if v.Name == "" && rules.NeedName && len(rules.Names) == 1 {
			v.Name = rules.Names[0]
		}
		slot = v.Data
		b := data(s.e, c.Body[:0], &slot)
		c.Body = b
		if !s.holds(b) || !s.allows(&rules, v.Name, v.ID, v.Retry) {
			break
		}
		frame = appendFields(frame[:0], v.Name, v.ID, v.Retry)
		if rules.Text {
			var ok bool
			if frame, ok = s.appendText(frame, b); !ok {
				break
			}
		} else {
			oneLine(b)
			frame = append(append(append(frame, "data: "...), b...), '\n')
		}
		if !s.send(append(frame, '\n')) {
			break
		}
	}
	s.end()
}

// noBuffer asks a proxy in front not to collect events.
var noBuffer = []string{"no"}

// beginStream sends the header of a stream. It returns false where nothing is to follow.
// HTTP/1.0 has no way to show that a body was cut off, and is refused.
func (c *Call) beginStream(status int, contentType string) bool {
	if c.R.ProtoMajor == 1 && c.R.ProtoMinor == 0 {
		c.refuse(refusal{status: http.StatusHTTPVersionNotSupported, event: event.InputFail, rule: "stream-version"})
		return false
	}
	if c.unreadable() || !c.mayReply(status, contentType) {
		return false
	}
	c.Body = c.Body[:0]
	c.head(status, contentType)
	c.W.WriteHeader(status)
	if c.R.Method == http.MethodHead {
		return false
	}
	_ = http.NewResponseController(c.W).Flush() // not every ResponseWriter can: then the first item does
	return true
}

// stream is a response in the middle of being sent.
type stream struct {
	c       *Call
	e       *wire.Encoder
	control *http.ResponseController
	failed  bool
	why     refusal // for the event, "" for none: the client has gone
}

func (s *stream) fail(why refusal) bool {
	if !s.failed {
		s.failed, s.why = true, why
	}
	return false
}

// wants reports whether another item may be sent. The error is the handler's.
func (s *stream) wants(err error) bool {
	switch {
	case s.c.ctx.Err() != nil:
		return s.late()
	case err != nil:
		return s.fail(refusal{event: event.Crash, rule: "stream", err: err})
	}
	return true
}

// late ends a stream whose time is up, or whose client has gone.
func (s *stream) late() bool {
	if s.c.R.Context().Err() != nil {
		return s.fail(refusal{})
	}
	return s.fail(refusal{event: event.Unavailable, rule: "deadline"})
}

// holds reports whether the item may leave.
func (s *stream) holds(b []byte) bool {
	if err := s.e.Err(); err != nil {
		rule := "response"
		if inv, ok := err.(*wire.Invalid); ok {
			rule = inv.Violations[0].Keyword + " at " + inv.Violations[0].Pointer
		}
		return s.fail(refusal{event: event.OutputFail, rule: rule})
	}
	if int64(len(b)) > s.c.op.limits.Item {
		return s.fail(refusal{event: event.OutputFail, rule: "item-size", err: errItemSize})
	}
	return true
}

// allows reports whether the fields of an event are such as its description allows, and
// such that they cannot become other fields.
func (s *stream) allows(rules *Events, name, id string, retry time.Duration) bool {
	switch {
	case strings.ContainsAny(name, "\r\n\x00"), strings.ContainsAny(id, "\r\n\x00"), retry < 0:
	case rules.NeedName && name == "", rules.NeedID && id == "", rules.NeedRetry && retry == 0:
	case name != "" && rules.Names != nil && !slices.Contains(rules.Names, name):
	default:
		return true
	}
	return s.fail(refusal{event: event.OutputFail, rule: "event", err: errEventForm})
}

// appendText appends the lines of the text that b is as JSON.
func (s *stream) appendText(frame, b []byte) ([]byte, bool) {
	var d wire.Decoder
	d.Reset(string(b), wire.Limits{})
	text := d.String()
	d.End()
	if d.Err() != nil {
		return frame, s.fail(refusal{event: event.OutputFail, rule: "event", err: d.Err()})
	}
	for line := range strings.SplitSeq(lineEnds.Replace(text), "\n") {
		frame = append(append(append(frame, "data: "...), line...), '\n')
	}
	return frame, true
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func appendFields(b []byte, name, id string, retry time.Duration) []byte {
	if name != "" {
		b = append(append(append(b, "event: "...), name...), '\n')
	}
	if id != "" {
		b = append(append(append(b, "id: "...), id...), '\n')
	}
	if retry > 0 {
		b = append(strconv.AppendInt(append(b, "retry: "...), retry.Milliseconds(), 10), '\n')
	}
	return b
}

// oneLine writes spaces for the line ends in a JSON text: they can only stand between its
// tokens.
func oneLine(b []byte) {
	for i, c := range b {
		if c == '\n' || c == '\r' {
			b[i] = ' '
		}
	}
}

// send writes one item, in a time of its own.
func (s *stream) send(b []byte) bool {
	until := time.Now().Add(sendTime)
	if d, _ := s.c.ctx.Deadline(); d.Before(until) {
		until = d.Add(time.Second) // the answer to a late item is to be seen as cut off, not to hang
	}
	s.c.holdAnswer()
	_ = s.control.SetWriteDeadline(until) // not every ResponseWriter can
	n, err := s.c.W.Write(b)
	if s.c.sends(int64(n), err); err != nil {
		return s.fail(refusal{})
	}
	if err := s.control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return s.fail(refusal{})
	}
	return true
}

// end cuts off a stream that did not end well. An iterator that stops because its context
// has ended is not at its end.
func (s *stream) end() {
	if !s.failed && s.c.ctx.Err() != nil {
		s.late()
	}
	if !s.failed {
		return
	}
	if s.why.event != "" {
		s.c.record(s.why, s.c.out.status)
	}
	panic(http.ErrAbortHandler)
}
