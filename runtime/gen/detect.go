package gen

import "time"

// Detect has rules of an operation recorded as events ([event.Detected]) and not enforced, for a roll-out. Nothing but
// rate limits can be: a limiter that fails still refuses, as do requests that match no operation.
type Detect struct {
	Limits bool   // rate limits
	Until  string // the last day of it, in UTC, as 2006-01-02; then the rules are enforced
	Reason string
}

// detects compiles the operation's Detect.
func (b *Builder) detects(m *mounted, at string) {
	d := m.op.Detect
	if d == (Detect{}) {
		return
	}
	day, err := time.Parse(time.DateOnly, d.Until)
	switch {
	case err != nil:
		b.fail("%s: rules are recorded until %q, which is no day", at, d.Until)
	case d.Reason == "":
		b.fail("%s: rules are recorded and not enforced without a reason", at)
	case d.Limits:
		m.detect = day.AddDate(0, 0, 1)
	}
}

// detected reports whether a rate limit of the request's operation is recorded alone now.
func (c *Call) detected() bool { return c.op != nil && c.from.start.Before(c.op.detect) }
