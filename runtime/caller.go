package runtime

import (
	"context"
	"log/slog"

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

// Logger returns [Config].Log with the request that ctx belongs to: its id (request_id), the operation, and for a
// caller with a subject a pseudonym of it (caller): the first 16 bytes of HMAC-SHA-256 over issuer and subject under
// [Config].PseudonymKey, in hexadecimal digits. Each call makes a new logger: ask once in a handler. For any other
// context it returns slog.Default. What the handler writes is its own: unlike the texts of errors, nothing is
// replaced in it.
func Logger(ctx context.Context) *slog.Logger {
	if r := request.Of(ctx); r != nil {
		return r.Logger()
	}
	return slog.Default()
}
