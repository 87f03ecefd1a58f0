package runtime

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/bailey-go/bailey/runtime/problem"
)

// ErrDenied is what an authoriser returns for a caller who may not. Any other error
// denies too: who cannot decide does not let through.
var ErrDenied = errors.New("runtime: denied")

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
