// Package oapicodegen is for teams that move from oapi-codegen to bailey operation by operation. It
// converts the types of oapi-codegen/runtime to bailey's and back, and serves the operations that have
// not moved yet beside those that have: see [Beside].
//
// It is a module of its own. In the core module it would put oapi-codegen/runtime into the module list of
// every server.
package oapicodegen

import (
	"errors"
	"fmt"
	"io"
	"net/mail"

	"github.com/oapi-codegen/nullable"
	oapitypes "github.com/oapi-codegen/runtime/types"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/types"
)

// ToDate returns bailey's date of the day that d shows. The time of day that a handler may have put into
// d is left out.
func ToDate(d oapitypes.Date) types.Date { return types.DateOf(d.Time) }

// FromDate returns oapi-codegen's date.
func FromDate(d types.Date) oapitypes.Date { return oapitypes.Date{Time: d.Time} }

// ToUUID returns the same UUID: both are google/uuid's.
func ToUUID(u oapitypes.UUID) types.UUID { return u }

// FromUUID returns the same UUID.
func FromUUID(u types.UUID) oapitypes.UUID { return u }

// ErrEmail is returned for an address that oapi-codegen could not send.
var ErrEmail = errors.New("oapicodegen: not an email address")

// ToEmail returns the address as bailey has it: a string, which the document's format checks. The name
// that an oapi-codegen handler lets stand beside an address (RFC 5322) is left out, as oapi-codegen does.
func ToEmail(e oapitypes.Email) (string, error) {
	a, err := mail.ParseAddress(string(e))
	if err != nil {
		return "", ErrEmail
	}
	return a.Address, nil
}

// FromEmail returns oapi-codegen's email, or [ErrEmail] if its MarshalJSON would refuse s or change it.
func FromEmail(s string) (oapitypes.Email, error) {
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		return "", ErrEmail
	}
	return oapitypes.Email(s), nil
}

// ToFile reads a file of oapi-codegen, of most bytes at most, into one of bailey. contentType is what the
// client calls its content: oapi-codegen's type does not tell.
func ToFile(f oapitypes.File, contentType string, most int64) (runtime.File, error) {
	if f.FileSize() > most {
		return runtime.File{}, fmt.Errorf("oapicodegen: the file is larger than %d bytes", most)
	}
	r, err := f.Reader()
	if err != nil {
		return runtime.File{}, err
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return runtime.File{}, err
	case int64(len(content)) > most:
		return runtime.File{}, fmt.Errorf("oapicodegen: the file is larger than %d bytes", most)
	}
	return runtime.NewFile(f.Filename(), contentType, content), nil
}

// FromFile reads a file of bailey, whose size the server has bounded, into one of oapi-codegen, which is
// good after the request as well.
func FromFile(f runtime.File) (oapitypes.File, error) {
	content := make([]byte, f.Size())
	if _, err := io.ReadFull(f.Open(), content); err != nil {
		return oapitypes.File{}, err
	}
	var out oapitypes.File
	out.InitFromBytes(content, f.Name)
	return out, nil
}

// ToNullable returns bailey's optional value that may be null.
func ToNullable[T any](n nullable.Nullable[T]) runtime.Opt[runtime.Null[T]] {
	switch {
	case !n.IsSpecified():
		return runtime.Opt[runtime.Null[T]]{}
	case n.IsNull():
		return runtime.Some(runtime.Null[T]{})
	}
	return runtime.Some(runtime.NotNull(n.MustGet()))
}

// FromNullable returns oapi-codegen's value.
func FromNullable[T any](o runtime.Opt[runtime.Null[T]]) nullable.Nullable[T] {
	null, set := o.Get()
	if !set {
		return nil
	}
	if v, ok := null.Get(); ok {
		return nullable.NewNullableWithValue(v)
	}
	return nullable.NewNullNullable[T]()
}
