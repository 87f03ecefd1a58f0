package oapicodegen_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	oapitypes "github.com/oapi-codegen/runtime/types"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/compat/oapicodegen"
	"github.com/bailey-go/bailey/runtime/types"
)

func TestDate(t *testing.T) {
	t.Parallel()
	day := types.NewDate(2026, 3, 1)
	if got := oapicodegen.ToDate(oapicodegen.FromDate(day)); got != day {
		t.Errorf("got %v", got)
	}
	late := oapitypes.Date{Time: time.Date(2026, 3, 1, 23, 0, 0, 0, time.FixedZone("", -8*3600))}
	if got := oapicodegen.ToDate(late); got != day || got.String() != late.String() {
		t.Errorf("got %v, want what oapi-codegen writes: %v", got, late)
	}
	id := uuid.New()
	if oapicodegen.FromUUID(oapicodegen.ToUUID(id)) != id {
		t.Error("the UUID differs")
	}
}

func TestEmail(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"a@b.example": "a@b.example", "Ada <a@b.example>": "a@b.example", "ada": "", "": ""} {
		got, err := oapicodegen.ToEmail(oapitypes.Email(in))
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", in, got, err)
		}
		back, err := oapicodegen.FromEmail(in)
		if ok := want == in && in != ""; ok != (err == nil) || ok && string(back) != in || err != nil && !errors.Is(err, oapicodegen.ErrEmail) {
			t.Errorf("%q: got %q, %v back", in, back, err)
		}
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	old, err := oapicodegen.FromFile(runtime.NewFile("a.txt", "text/plain", []byte("content")))
	if err != nil || old.Filename() != "a.txt" || old.FileSize() != 7 {
		t.Fatalf("got %v, %v", old, err)
	}
	f, err := oapicodegen.ToFile(old, "text/plain", 7)
	content := make([]byte, 7)
	if err != nil || f.Name != "a.txt" || f.ContentType != "text/plain" || f.Size() != 7 {
		t.Fatalf("got %v, %v", f, err)
	}
	if _, err := f.Open().Read(content); err != nil || string(content) != "content" {
		t.Errorf("got %q, %v", content, err)
	}
	if _, err := oapicodegen.ToFile(old, "text/plain", 6); err == nil {
		t.Error("a file above the bound is read")
	}
}

func TestNullable(t *testing.T) {
	t.Parallel()
	var absent nullable.Nullable[int]
	for _, n := range []nullable.Nullable[int]{absent, nullable.NewNullNullable[int](), nullable.NewNullableWithValue(5)} {
		o := oapicodegen.ToNullable(n)
		if o.Set != n.IsSpecified() || o.Set && o.Value.Valid == n.IsNull() {
			t.Errorf("%v: got %+v", n, o)
		}
		back := oapicodegen.FromNullable(o)
		if back.IsSpecified() != n.IsSpecified() || back.IsNull() != n.IsNull() {
			t.Errorf("%v: got %v back", n, back)
		}
		if v, err := back.Get(); o.Value.Valid && (err != nil || v != 5) {
			t.Errorf("got %v, %v", v, err)
		}
	}
}
