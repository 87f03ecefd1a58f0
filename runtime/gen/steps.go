package gen

import (
	"context"
	"errors"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/principal"
)

// Steps are the functions of one operation, called in this order. Params and Body
// decode and check; what they refuse is in the Call.
//
// Req is a pointer to the type of the request, and Res should be a pointer, or any for
// several types: all pointers share one compilation of Mount, where each struct and each
// interface has one of its own. For large documents that is most of what a build costs.
type Steps[Req, Res any] struct {
	// New makes a request that holds the caller, where it has a field for one, and nothing else.
	New       func(*Call) Req
	Params    func(*Call, Req)
	Owner     func(*Call, Req) bool
	Body      func(*Call, Req)
	OwnerBody func(*Call, Req) bool
	// Authorize and Filter are the authoriser's, where Operation.Authorize says so.
	Authorize func(context.Context, principal.Caller, Req) error
	Call      func(context.Context, Req) (Res, error)
	Filter    func(context.Context, principal.Caller, Req, Res) (Res, error)
	Encode    func(*Call, Res)
	// Fail answers the errors that the document declares, and reports whether it did.
	Fail func(*Call, error) bool
}

// Empty is the result of operations that have none.
type Empty struct{}

// NoResult adapts a handler that returns an error alone.
func NoResult[Req any](h func(context.Context, Req) error) func(context.Context, Req) (Empty, error) {
	return func(ctx context.Context, req Req) (Empty, error) { return Empty{}, h(ctx, req) }
}

// Mount adds an operation. It is not inlined, since every operation of a document calls
// it, and takes no step's address, since that would be a type for each of them.
//
//go:noinline
func Mount[Req, Res any](b *Builder, op *Operation, s Steps[Req, Res]) {
	if s.New == nil || s.Call == nil || s.Encode == nil {
		b.fail("%s %s: a step is missing: New, Call and Encode are needed", op.Method, op.Path)
		return
	}
	b.ops = append(b.ops, &mounted{op: op, fail: s.Fail, hooks: hooks(s.Authorize != nil, s.Filter != nil), run: func(c *Call) {
		req := s.New(c)
		var res Res
		for _, step := range typed {
			goes := true
			switch step {
			case stepHandler:
				var err error
				res, err = invoke(c, req, s.Call)
				goes = c.handled(err, s.Fail)
			case stepFilter:
				if s.Filter != nil {
					var err error
					if res, err = s.Filter(c.ctx, c.Caller(), req, res); err != nil {
						goes = c.denied(err)
					}
				}
			case stepResponse:
				s.Encode(c, res)
			default:
				goes = before(c, step, req, s.Params, s.Owner, s.Body, s.OwnerBody, s.Authorize)
			}
			if !goes {
				return
			}
		}
	}})
}

// before runs the steps that come before the handler.
func before[Req any](c *Call, at step, req Req, params func(*Call, Req), owner func(*Call, Req) bool, body func(*Call, Req), ownerBody func(*Call, Req) bool, authorize func(context.Context, principal.Caller, Req) error) bool {
	switch at {
	case stepParams:
		if params != nil {
			params(c, req)
			return c.paramsRead()
		}
	case stepWriteParams:
		return params == nil || c.mayWrite()
	case stepParamsHold:
		return params == nil || c.paramsHold()
	case stepOwner:
		return owner == nil || owner(c, req) || c.refuseOwner()
	case stepBody:
		if body == nil || !c.in.hasBody {
			return true
		}
		if !c.readBody() {
			return false
		}
		body(c, req)
		return c.bodyRead()
	case stepWriteBody:
		return body == nil || !c.in.hasBody || c.mayWrite()
	case stepBodyHolds:
		return body == nil || !c.in.hasBody || c.bodyHolds()
	case stepOwnerBody:
		return ownerBody == nil || ownerBody(c, req) || c.refuseOwner()
	case stepAuthorize:
		return allowed(c, req, authorize)
	}
	return true
}

// handled answers an error of the handler. Fail answers the errors that the
// document declares.
func (c *Call) handled(err error, fail func(*Call, error) bool) bool {
	if err == nil {
		return !c.unreadable()
	}
	switch {
	case fail == nil || !fail(c, err):
		c.failed(err)
	case !c.report.refused && wraps(err, c.out.status):
		c.record(refusal{event: event.Crash, rule: "handler", err: err}, c.out.status)
	}
	return false
}

// invoke calls the handler, inside of Config.Around where there is one.
func invoke[Req, Res any](c *Call, req Req, call func(context.Context, Req) (Res, error)) (Res, error) {
	if c.server.config.Around == nil {
		return call(c.ctx, req)
	}
	return invokeInside(c, req, call)
}

// invokeInside calls the handler from Config.Around. It is a function of its own since
// its results are shared with a closure, and so allocated.
func invokeInside[Req, Res any](c *Call, req Req, call func(context.Context, Req) (Res, error)) (res Res, err error) {
	called := false
	err = c.server.config.Around(c.ctx, &c.op.named, func(ctx context.Context) error {
		called = true
		res, err = call(ctx, req)
		return err
	})
	if err == nil && !called {
		err = errors.New("runtime: Config.Around did not call the handler")
	}
	return res, err
}
