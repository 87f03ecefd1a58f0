package gen

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"reflect"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/principal"
	"github.com/bailey-go/bailey/runtime/problem"
)

// Hook says when the operation's authoriser is asked; a set of bits.
type Hook uint8

// The bits of a Hook.
const (
	// AuthorizeBefore: with the request, before the handler.
	AuthorizeBefore Hook = 1 << iota
	// AuthorizeAfter: with the request and the result, before that is written.
	AuthorizeAfter
	// AuthorizeHide answers a denial with 404 instead of 403.
	AuthorizeHide
)

// Need records that Config must have something: the server does not start without.
func (b *Builder) Need(field string, there bool) {
	if !there {
		b.fail("Config.%s is missing", field)
	}
}

// Handler records that the handler of a server is missing, and reports whether it is there: the
// server does not start without.
func (b *Builder) Handler(h any) bool {
	if !There(h) {
		b.fail("the handler is nil")
		return false
	}
	return true
}

// There reports whether v is something: neither nil nor a nil pointer, map, function, channel or slice in an
// interface, whose methods would fail when a request comes.
func There(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Invalid:
		return false
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.Chan, reflect.Slice:
		return !r.IsNil()
	}
	return true
}

// hooks reports which of the functions of an authoriser the steps have.
func hooks(before, after bool) (h Hook) {
	if before {
		h |= AuthorizeBefore
	}
	if after {
		h |= AuthorizeAfter
	}
	return h
}

// allowed asks the authoriser before the handler.
func allowed[Req any](c *Call, req Req, ask func(context.Context, principal.Caller, Req) error) bool {
	if ask == nil {
		return true
	}
	if err := ask(c.ctx, c.Caller(), req); err != nil {
		return c.denied(err)
	}
	return true
}

// denied answers an authorizer's error: a denial with 403 or 404, or a problem of the class 4xx as it is, and
// everything else as a failure to decide. That the context has ended does not make a denial anything else:
// clients may close their side and read on.
func (c *Call) denied(err error) bool {
	hides := c.op.op.Authorize&AuthorizeHide != 0
	f := refusal{status: http.StatusForbidden, event: event.AuthzFail, rule: ruleAuthorize, err: err}
	p := (*problem.Problem)(nil)
	switch {
	case errors.Is(err, runtime.ErrDenied):
	case errors.Is(err, sql.ErrNoRows):
		f.status = http.StatusNotFound
	case errors.As(err, &p) && p != nil && p.Status >= 400 && p.Status < 500:
		f.status = p.Status
		if !hides {
			sent := *p
			f.problem = &sent
		}
	default:
		return c.undecided(err, hides)
	}
	if hides {
		f.status = http.StatusNotFound
	}
	return c.refuse(f)
}

// undecided answers for an authorizer that failed. Where it hides objects, a client must not learn from a failure which ones
// there are: what fails for those that exist alone looks like a denial.
func (c *Call) undecided(err error, hides bool) bool {
	if isUnavailable(err) {
		c.unavailable(err)
		return false
	}
	f := refusal{status: http.StatusServiceUnavailable, event: event.Unavailable, rule: "authorizer", err: err}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		f.rule, hides = "deadline", false
	}
	if hides {
		f.status = http.StatusNotFound
		return c.refuse(f)
	}
	c.retryAfter(1)
	return c.refuse(f)
}
