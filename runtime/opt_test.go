package runtime_test

import (
	"encoding/json"
	"testing"

	"github.com/bailey-go/bailey/runtime"
)

func TestOptAndNullJSON(t *testing.T) {
	type v struct {
		A runtime.Opt[int]                `json:"a,omitzero"`
		B runtime.Null[string]            `json:"b"`
		C runtime.Opt[runtime.Null[bool]] `json:"c,omitzero"`
	}
	for _, text := range []string{
		`{"b":null}`, `{"a":1,"b":"x"}`, `{"b":null,"c":null}`, `{"b":null,"c":true}`,
	} {
		var x v
		if err := json.Unmarshal([]byte(text), &x); err != nil {
			t.Fatal(err)
		}
		out, err := json.Marshal(x)
		if err != nil || string(out) != text {
			t.Errorf("%s becomes %s, %v", text, out, err)
		}
	}
	if got := runtime.Or(runtime.Opt[int]{}, 7); got != 7 {
		t.Errorf("Or: %d", got)
	}
	if got := runtime.Or(runtime.Some(3), 7); got != 3 {
		t.Errorf("Or: %d", got)
	}
	if v, ok := runtime.Some(3).Get(); v != 3 || !ok {
		t.Error("Some")
	}
	if v, ok := runtime.NotNull("x").Get(); v != "x" || !ok {
		t.Error("NotNull")
	}
	if out, err := json.Marshal(runtime.Opt[int]{}); err != nil || string(out) != "null" {
		t.Errorf("absent: %s %v", out, err)
	}
}
