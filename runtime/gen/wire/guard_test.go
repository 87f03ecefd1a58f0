package wire

import (
	"slices"
	"testing"
)

// TestGuard: guards hold by default, and what was met in an alternative that does not match is forgotten.
func TestGuard(t *testing.T) {
	t.Parallel()
	keys := NewKeys([]string{"a", "b"}, nil)
	member := func(guarded bool, fail string) func(*Decoder, *int) {
		return func(d *Decoder, _ *int) {
			for f := d.Object(keys, Refuse); f >= 0; f = d.Next(keys, f) {
				if guarded && f == 0 {
					d.Guard(3)
				}
				d.Skip()
			}
			if fail != "" {
				d.Refuse(fail)
			}
		}
	}
	open, guarded, failing := member(false, ""), member(true, ""), member(true, "const")
	tests := []struct {
		name    string
		text    string
		granted uint64
		try     []func(*Decoder, *int)
		want    []string
	}{
		{"not there", `{"b":1}`, 0, []func(*Decoder, *int){guarded}, nil},
		{"there", `{"b":1,"a":1}`, 0, []func(*Decoder, *int){guarded}, []string{"/a"}},
		{"granted", `{"a":1}`, 1 << 3, []func(*Decoder, *int){guarded}, nil},
		{"another granted", `{"a":1}`, ^uint64(1 << 3), []func(*Decoder, *int){guarded}, []string{"/a"}},
		{"the failing alternative", `{"a":1}`, 0, []func(*Decoder, *int){failing, open}, nil},
		{"the matching alternative, before a failing one", `{"a":1}`, 0, []func(*Decoder, *int){guarded, failing}, []string{"/a"}},
		{"two alternatives", `{"a":1}`, 0, []func(*Decoder, *int){guarded, open, guarded}, []string{"/a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var d Decoder
			d.Reset(`{"a":1}`, Limits{})
			d.Grant(^uint64(0))
			d.Reset(tt.text, Limits{}) // forgets what was granted
			if tt.granted != 0 {
				d.Grant(tt.granted)
			}
			m := d.Mark()
			for _, decode := range tt.try {
				var v int
				Try(&d, &m, &v, decode)
			}
			d.Skip()
			d.End()
			if err := d.Err(); (err != nil) != (tt.want != nil) {
				t.Errorf("the error is %v", err)
			}
			if got := d.Withheld(); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestGuardBound: not more pointers are kept than violations.
func TestGuardBound(t *testing.T) {
	t.Parallel()
	var d Decoder
	d.Reset(`[1,2,3,4]`, Limits{Violations: 2})
	var v []int
	Array(&d, &v, -1, func(d *Decoder, _ *int) { d.Guard(0); d.Skip() })
	if got, want := d.Withheld(), []string{"/0", "/1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
