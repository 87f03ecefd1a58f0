package runtime

import (
	"context"

	"github.com/bailey-go/bailey/runtime/internal/request"
	"github.com/bailey-go/bailey/runtime/principal"
)

// CallerOf returns the caller of the request that ctx belongs to: nobody for operations that
// are called without a credential, and for any other context. Generated packages have a
// function of this name whose result knows the document's claims, and the same in the
// requests of the handler.
func CallerOf(ctx context.Context) principal.Caller {
	if r := request.Of(ctx); r != nil {
		return r.Caller()
	}
	return principal.Caller{}
}

// RequestID returns the id of the request that ctx belongs to, or "".
func RequestID(ctx context.Context) string {
	if r := request.Of(ctx); r != nil {
		return r.RequestID()
	}
	return ""
}
