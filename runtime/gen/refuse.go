package gen

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/gen/param"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/internal/meter"
	"github.com/bailey-go/bailey/runtime/internal/multipart"
	"github.com/bailey-go/bailey/runtime/problem"
)

// refusal is an answer other than the handler's.
type refusal struct {
	status  int
	event   string // "" records nothing: the handler's own answer
	rule    string // for the event
	code    string // the rule that codes of x-bailey-errors can name, for validation, limits and media types alone
	issuer  string // for the event, where there is no caller
	detail  string // for the caller: fixed text
	err     error  // for the event: see fails
	problem *problem.Problem

	panicked any       // the value of a panic
	pcs      []uintptr // its stack
	own      bool      // the handler's problem, whose status is sent as it is
}

// refuse answers with a problem document and records the event. It returns false, so
// that a stage can end with it.
func (c *Call) refuse(f refusal) bool {
	if c.out.replied {
		return false
	}
	if c.report.asking { // of Config.Problem's response
		if c.report.broken == "" {
			c.report.broken = f.rule
		}
		return false
	}
	if f.status < 400 || f.status > 599 {
		f.status = http.StatusInternalServerError
	}
	if !f.own {
		f.status = c.server.sentStatus(f.status)
	}
	c.report.refused = true
	c.out.rule = f.rule
	c.out.headers = c.out.headers[:0]
	p := f.problem
	if p == nil {
		p = c.newProblem()
		p.Detail = f.detail
	}
	p.Status = f.status
	p.Instance = c.requestID()
	p.Rule = f.code
	if c.server.config.Problem == nil || !c.custom(p) {
		c.sendError(p, f.code)
	}
	if f.event != "" {
		c.record(f, p.Status)
	}
	return false
}

// newProblem returns an empty problem: the Call's own, where nobody can keep it.
func (c *Call) newProblem() *problem.Problem {
	if c.server.config.Problem != nil {
		return new(problem.Problem)
	}
	c.report.refused = true
	c.report.problem = problem.Problem{Errors: c.report.problem.Errors[:0]}
	return &c.report.problem
}

// record hands the event to the sink.
func (c *Call) record(f refusal, status int) {
	c.report.refused = true
	c.out.rule = f.rule
	e := &c.report.event
	*e = event.Event{
		Name: f.event, Rule: f.rule, Issuer: f.issuer, RequestID: c.requestID(), Address: c.address(), Method: methodOf(c.R.Method),
		Status: status, Duration: c.server.since(c.from.start),
	}
	if c.op != nil {
		e.Operation = c.op.op.ID
	}
	if p := c.caller(); p != nil {
		e.Scheme, e.Issuer, e.Subject = p.Scheme, p.Issuer, p.Subject
	}
	if f.err != nil || f.panicked != nil {
		var why *failure
		if e.Err, why = c.fails(&f, status); why != nil {
			e.Failure = why
			defer why.end()
		}
	}
	c.server.events.Record(c.R.Context(), e)
}

// methodOf keeps a client's own words out of the log.
func methodOf(m string) string {
	switch m {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT":
		return m
	}
	return "OTHER"
}

// typesOf names an error by the types of its chain: its text may hold anything.
func typesOf(err error) string {
	s := fmt.Sprintf("%T", err)
	for range 8 {
		if err = errors.Unwrap(err); err == nil {
			break
		}
		s += " < " + fmt.Sprintf("%T", err)
	}
	return s
}

// crashed answers a panic. It reports whether an answer had begun, which must be cut off.
func (c *Call) crashed(v any) bool {
	f := refusal{status: http.StatusInternalServerError, event: event.Crash, rule: "panic", panicked: v, pcs: panicStack()}
	if c.out.replied {
		c.record(f, c.out.status)
		return true
	}
	return c.refuse(f)
}

// challenge writes WWW-Authenticate from the operation's schemes. The scheme whose credential was refused may say so.
func (c *Call) challenge(missing []string, refused *auth.Refused, by int) {
	var out []string
	seen := map[int]bool{}
	for i, alt := range c.op.access {
		if missing != nil && i != c.who.alternative {
			continue
		}
		for _, n := range alt {
			if seen[n.scheme] {
				continue
			}
			seen[n.scheme] = true
			switch ch := c.server.schemes[n.scheme].auth.(type) {
			case auth.Negotiator:
				if n.scheme == by {
					out = append(out, ch.Challenges(missing, refused)...)
				} else {
					out = append(out, ch.Challenges(missing, nil)...)
				}
			case auth.Challenger:
				if text := ch.Challenge(missing); text != "" {
					out = append(out, text)
				}
			}
		}
	}
	if len(out) == 0 && missing == nil {
		out = []string{"Bearer"} // a 401 must hold a challenge (RFC 9110, 15.5.2)
	}
	if len(out) > 0 {
		c.W.Header()["Www-Authenticate"] = out
	}
	if refused != nil && refused.Nonce != "" {
		c.W.Header()["Dpop-Nonce"] = []string{refused.Nonce}
	}
}

// refuseOwner answers for somebody else's object: 403, or the 404 of an object that
// does not exist.
func (c *Call) refuseOwner() bool {
	status := http.StatusForbidden
	if c.who.hidden {
		status = http.StatusNotFound
	}
	return c.refuse(refusal{status: status, event: event.AuthzFail, rule: "owner"})
}

// paramsRead refuses parameters that take more memory than there is.
func (c *Call) paramsRead() bool {
	return !c.read.exhausted() || c.refuseBody(errMemory)
}

// paramsHold refuses what the parameters' reader refused.
func (c *Call) paramsHold() bool {
	err := c.read.params.Err()
	if err == nil {
		return true
	}
	return c.refuse(refusal{status: http.StatusBadRequest, event: event.InputFail, rule: "parameters", code: "parameters", problem: paramProblem(err)})
}

func paramProblem(err error) *problem.Problem {
	p := &problem.Problem{}
	if inv := (*param.Invalid)(nil); errors.As(err, &inv) {
		p.More = inv.More
		for _, v := range inv.Violations {
			p.Errors = append(p.Errors, problem.Violation{In: v.In, Parameter: v.Name, Keyword: v.Keyword, Detail: v.Detail})
		}
	}
	return p
}

// bodyRead refuses a body that could not be read (413, 408), or is not well-formed (400).
func (c *Call) bodyRead() bool {
	if c.in.parts != nil {
		c.in.parts.free()
	}
	if c.in.err != nil {
		return c.refuseBody(c.in.err)
	}
	if c.in.parts != nil {
		c.in.pace.end()
	}
	if c.read.json {
		meter.Took(len(c.in.content), c.read.decoder.Steps())
		if c.read.decoder.Broken() {
			c.read.json = false
			return c.refuseJSON(c.read.decoder.Err(), "")
		}
	}
	return !c.read.exhausted() || c.refuseBody(errMemory)
}

// bodyHolds refuses a body that breaks its schema (422).
func (c *Call) bodyHolds() bool {
	if c.read.json {
		c.read.json = false
		if err := c.read.decoder.Err(); err != nil {
			return c.refuseJSON(err, "")
		}
		c.holdDecoded()
	}
	if err := c.read.params.Err(); err != nil {
		return c.refuse(refusal{status: http.StatusUnprocessableEntity, event: event.InputFail, rule: "form", code: "body", problem: paramProblem(err)})
	}
	return true
}

// refuseJSON refuses what the decoder refused, at a place within the body.
func (c *Call) refuseJSON(err error, within string) bool {
	switch e := err.(type) {
	case *wire.Invalid:
		p := c.newProblem()
		p.More = e.More
		for _, v := range e.Violations {
			p.Errors = append(p.Errors, problem.Violation{Pointer: within + v.Pointer, Keyword: v.Keyword, Detail: v.Detail})
		}
		return c.refuse(refusal{status: http.StatusUnprocessableEntity, event: event.InputFail, rule: ruleAt(e.Violations[0]), code: "body", problem: p})
	case *wire.SyntaxError:
		if e.Memory {
			return c.refuseBody(errMemory)
		}
		if e.Steps {
			return c.refuseBody(errSteps)
		}
		p := c.newProblem()
		p.Errors = append(p.Errors, problem.Violation{Pointer: within + e.Pointer, Keyword: "syntax", Detail: e.Reason})
		return c.refuse(refusal{status: http.StatusBadRequest, event: event.InputFail, rule: "syntax", code: "syntax", problem: p})
	default:
		return c.refuse(refusal{status: http.StatusBadRequest, event: event.InputFail, rule: "syntax", code: "syntax"})
	}
}

// refuseItem refuses the body for one of its items.
func (c *Call) refuseItem(item *runtime.ItemError) bool {
	switch item.Err.(type) {
	case *wire.Invalid, *wire.SyntaxError:
		return c.refuseJSON(item.Err, "/"+strconv.Itoa(item.Index))
	}
	return c.refuseBody(item.Err)
}

// ruleAt names a violation for the event. The name of a member that the document does not
// have is the caller's own text, and stays out of the log.
func ruleAt(v wire.Violation) string {
	if v.Keyword == "additionalProperties" {
		return v.Keyword
	}
	return v.Keyword + " at " + v.Pointer
}

func (c *Call) refuseBody(err error) bool {
	if full := asBusy(err); full != nil {
		return c.refuseBusy(full)
	}
	status, rule, code, detail := http.StatusBadRequest, "body", "syntax", ""
	var big *http.MaxBytesError
	var part *multipart.Error
	switch {
	case errors.Is(err, errTooLarge), errors.As(err, &big):
		status, rule, code = http.StatusRequestEntityTooLarge, "body-size", "body-size"
		if c.in.items == nil && !c.in.inflate { // others have limits of their own
			detail = c.op.tooLong
		}
	case errors.Is(err, errMemory):
		return c.refuse(refusal{status: http.StatusRequestEntityTooLarge, event: event.InputFail, rule: "memory", code: "memory", detail: memoryDetail, err: err})
	case errors.Is(err, errSteps):
		return c.refuse(refusal{status: http.StatusRequestEntityTooLarge, event: event.InputFail, rule: "steps", code: "steps", detail: stepsDetail, err: err})
	case isTimeout(err):
		status, rule, code = http.StatusRequestTimeout, "body-slow", "body-slow"
	case errors.Is(err, errTooShort):
		status, rule, code = http.StatusUnprocessableEntity, "minLength", "body"
	case errors.Is(err, errSpool):
		c.retryAfter(5)
		return c.refuse(refusal{status: http.StatusServiceUnavailable, event: event.Unavailable, rule: "spool", err: err})
	case errors.As(err, &part):
		detail = part.Detail()
	case errors.Is(err, errNotUTF8), errors.Is(err, errPartUTF8):
		detail = "text has to be UTF-8"
	case errors.Is(err, errParts):
		detail = "the body has too many parts"
	}
	return c.refuse(refusal{status: status, event: event.InputFail, rule: rule, code: code, detail: detail, err: err})
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}
