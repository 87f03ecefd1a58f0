// Package request is how package runtime finds the request that a context belongs to: package gen
// makes the context, and package runtime, which gen imports, asks it.
package request

import (
	"context"
	"log/slog"

	"github.com/bailey-go/bailey/runtime/principal"
)

// Key is the key under which the context of a request has its Request.
type Key struct{}

// Request is what the context knows.
type Request interface {
	Caller() principal.Caller
	RequestID() string
	Logger() *slog.Logger
}

// Of returns the request that ctx belongs to, or nil.
func Of(ctx context.Context) Request {
	r, _ := ctx.Value(Key{}).(Request)
	return r
}
