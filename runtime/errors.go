package runtime

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/problem"
)

// ErrDenied is what an authorizer returns for a caller who may not: 403, or 404 under hide.
//
// [ErrNotFound], [database/sql.ErrNoRows] and a [problem.Problem] of the class 4xx deny, too. Any other error
// is a failure to decide, which lets nobody through: 503 and the event sys_unavailable. Under hide the
// client gets the 404 of a denial for it, unless the error is [ErrUnavailable] or that of a context that has ended.
var ErrDenied = errors.New("runtime: denied")

// ErrNotFound is what a handler or an authorizer returns for an object that does not exist: 404, with the bytes
// of the answer to a caller from whom the object is hidden.
var ErrNotFound error = &problem.Problem{Status: http.StatusNotFound}

// ErrUnavailable is what a handler or an authorizer returns when it cannot do its part now: 503 with Retry-After,
// also where it hides objects. Wrap it around the cause, which is logged.
var ErrUnavailable error = &auth.Unavailable{Rule: "unavailable"}

// ErrNotImplemented is what the generated Unimplemented returns: 501.
var ErrNotImplemented error = &problem.Problem{Status: http.StatusNotImplemented}

// ItemError says that an item of a request's body could not be read, or breaks its schema.
// A handler returns it: the caller then gets the 400, 413, 408 or 422 that it stands for.
type ItemError struct {
	Index int   // of the item, from 0
	Err   error // the fault
}

// Error names the item, and never what is in it.
func (e *ItemError) Error() string {
	return "runtime: item " + strconv.Itoa(e.Index) + ": " + e.Err.Error()
}

// Unwrap returns Err.
func (e *ItemError) Unwrap() error { return e.Err }
