package gen

import (
	"net/http"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/problem"
)

// custom asks Config.Problem about a refusal, and reports whether it has been answered.
func (c *Call) custom(p *problem.Problem) bool {
	status := p.Status
	broken, err := c.askProblem(p)
	p.Status, p.Instance = status, c.requestID()
	if err == nil && broken == nil {
		return false
	}
	if broken == nil {
		if broken = c.sendCustom(err, status); broken == nil {
			return true
		}
	}
	c.Body, c.out.headers = c.Body[:0], c.out.headers[:0]
	c.head(status, "")
	c.W.WriteHeader(status)
	c.record(*broken, status)
	return true
}

// askProblem calls Config.Problem, of which a panic goes no further.
func (c *Call) askProblem(p *problem.Problem) (broken *refusal, err error) {
	defer func() {
		if v := recover(); v != nil {
			broken = &refusal{event: event.Crash, rule: "problem", panicked: v, pcs: panicStack()}
		}
	}()
	return nil, c.server.config.Problem(c.R, p)
}

// sendCustom sends a declared response with this status, or says why not.
func (c *Call) sendCustom(err error, status int) (broken *refusal) {
	defer func() {
		c.report.asking = false
		if v := recover(); v != nil {
			if c.out.replied {
				panic(http.ErrAbortHandler) // half an answer must not look like a whole one
			}
			broken = &refusal{event: event.Crash, rule: "problem", panicked: v, pcs: panicStack()}
		}
	}()
	c.Body, c.out.headers = c.Body[:0], c.out.headers[:0]
	c.report.asking, c.report.only, c.report.broken = true, status, ""
	known := c.op != nil && c.op.fail != nil && c.op.fail(c, err)
	switch {
	case c.out.replied:
		return nil
	case !known:
		return &refusal{event: event.OutputFail, rule: "problem", err: err}
	}
	return &refusal{event: event.OutputFail, rule: "problem " + c.report.broken}
}
