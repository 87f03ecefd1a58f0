package gen

import (
	"net/http"
	"time"
)

// stallTime is how long a body may stop that is kept in memory while it comes. What the handler
// reads itself has the request's time: a handler may be slow.
const stallTime = 10 * time.Second

// pace ends the reading of a body that stops, or that is not whole when the request's time is up.
type pace struct {
	control *http.ResponseController
	until   time.Time
	next    time.Time // when the deadline is moved again
}

// newPace is for a body that is read now.
func (c *Call) newPace() *pace {
	until, _ := c.ctx.Deadline()
	return &pace{control: http.NewResponseController(c.W), until: until}
}

// move is called before each reading. The deadline is moved once a second at most.
func (p *pace) move() {
	now := time.Now()
	if now.Before(p.next) {
		return
	}
	p.next = now.Add(time.Second)
	until := now.Add(stallTime)
	if p.until.Before(until) {
		until = p.until
	}
	_ = p.control.SetReadDeadline(until) // not every ResponseWriter can
}

// end is for a body that has been read. net/http reads on behind it, to see whether the client goes,
// and takes a deadline for its leaving.
func (p *pace) end() {
	if p != nil && !p.next.IsZero() {
		_ = p.control.SetReadDeadline(p.until)
	}
}
