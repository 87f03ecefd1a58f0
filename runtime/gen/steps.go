package gen

import (
	"context"
	"errors"

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
	b.ops = append(b.ops, &mounted{op: op, hooks: hooks(s.Authorize != nil, s.Filter != nil), run: func(c *Call) {
		req := s.New(c)
		if !decode(c, req, s.Params, s.Owner, s.Body, s.OwnerBody) || !allowed(c, req, s.Authorize) {
			return
		}
		res, err := invoke(c, req, s.Call)
		if err == nil && c.unreadable() {
			return
		}
		if err != nil {
			if s.Fail == nil || !s.Fail(c, err) {
				c.failed(err)
			}
			return
		}
		if s.Filter != nil {
			if res, err = s.Filter(c.ctx, c.Caller(), req, res); err != nil {
				c.denied(err)
				return
			}
		}
		s.Encode(c, res)
	}})
}

// decode runs the stages that need the operation's types.
func decode[Req any](c *Call, req Req, params func(*Call, Req), owner func(*Call, Req) bool, body func(*Call, Req), ownerBody func(*Call, Req) bool) bool {
	if params != nil {
		if params(c, req); !c.paramsHold() {
			return false
		}
	}
	if owner != nil && !owner(c, req) {
		return c.refuseOwner()
	}
	if body != nil && c.hasBody {
		if !c.readBody() {
			return false
		}
		if body(c, req); !c.bodyHolds() {
			return false
		}
	}
	if ownerBody != nil && !ownerBody(c, req) {
		return c.refuseOwner()
	}
	return true
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
