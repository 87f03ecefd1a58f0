package wire_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// nest is a oneOf of two objects that contain it: the worst case for trying.
type nest struct {
	A, B *nestBranch
	N    *int64
}

type nestBranch struct{ Inner nest }

var (
	keysNestA = wire.NewKeys([]string{"a"}, nil)
	keysNestB = wire.NewKeys([]string{"a", "b"}, nil)
)

func decodeNest(d *wire.Decoder, v *nest) {
	m, matched := d.Mark(), 0
	if x := new(nestBranch); wire.Try(d, &m, x, decodeNestA) {
		v.A = x
		matched++
	}
	if x := new(nestBranch); wire.Try(d, &m, x, decodeNestB) {
		v.B = x
		matched++
	}
	if x := new(int64); wire.Try(d, &m, x, wire.DecodeInt64) {
		v.N = x
		matched++
	}
	d.SkipTried(&m)
	if matched != 1 {
		d.Refuse("oneOf")
	}
}

func decodeNestA(d *wire.Decoder, v *nestBranch) {
	for f := d.Object(keysNestA, wire.Refuse); f >= 0; f = d.Next(keysNestA, f) {
		decodeNest(d, &v.Inner)
	}
}

func decodeNestB(d *wire.Decoder, v *nestBranch) {
	var seen uint64
	for f := d.Object(keysNestB, wire.Refuse); f >= 0; f = d.Next(keysNestB, f) {
		if !d.First(&seen, f) {
			continue
		}
		decodeNest(d, &v.Inner)
	}
	d.Require(seen, 0b10, keysNestB)
}

func TestOneOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{`7`, ""},
		{`{"a":7}`, ""},
		{`{"b":7}`, ""},
		{`{"a":7,"b":7}`, ""},
		{`{"a":{"b":{"a":7}}}`, ""},
		{`{"c":7}`, " oneOf"},
		{`"x"`, " oneOf"},
		{`{"a":"x"}`, " oneOf"},
		{`{}`, ""},
		{`{"a":7,"b":7,"a":7}`, "syntax 17 /a: a member name occurs twice"},
		{`{"a":7,}`, "syntax 7 : a member name is expected here"},
		{`{"a":7`, "syntax 6 : the text ends too early"},
	} {
		var v nest
		if got := decode(test.text, wire.Limits{}, func(d *wire.Decoder) { decodeNest(d, &v) }); got != test.want {
			t.Errorf("%s: got %q, want %q", test.text, got, test.want)
		}
	}
}

// Trying is exponential in the depth of the nesting; the budget ends it.
func TestBudget(t *testing.T) {
	t.Parallel()
	for _, depth := range []int{1, 4, 60} {
		text := strings.Repeat(`{"a":`, depth) + `"` + strings.Repeat("x", 10_000) + `"` + strings.Repeat(`}`, depth)
		start := time.Now()
		got := decode(text, wire.Limits{}, func(d *wire.Decoder) { decodeNest(d, new(nest)) })
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("depth %d: took %v", depth, took)
		}
		want := " oneOf"
		if depth == 60 {
			want = "more steps to be checked than are allowed"
		}
		if !strings.HasSuffix(got, want) {
			t.Errorf("depth %d: got %.200q, want %q", depth, got, want)
		}
	}
}

// A branch that goes beyond the violation limit is given up, not the text.
func TestTryWithinLimit(t *testing.T) {
	t.Parallel()
	text := `[` + strings.Repeat(`"x",`, 100) + `"x"]`
	for _, before := range []int{0, 1, 16} {
		got := decode(text, wire.Limits{}, func(d *wire.Decoder) {
			for i := range before {
				d.Refuse(fmt.Sprint("k", i))
			}
			m := d.Mark()
			var n []int64
			var s []string
			if wire.Try(d, &m, &n, func(d *wire.Decoder, v *[]int64) { wire.Array(d, v, -1, wire.DecodeInt64) }) {
				t.Error("strings are no integers")
			}
			if !wire.Try(d, &m, &s, func(d *wire.Decoder, v *[]string) { wire.Array(d, v, -1, wire.DecodeString) }) || len(s) != 101 {
				t.Errorf("after %d violations: the second branch does not match", before)
			}
			d.Skip()
		})
		if strings.Contains(got, "type") || strings.Contains(got, "...") || strings.Count(got, " k") != before {
			t.Errorf("after %d violations: got %q", before, got)
		}
	}
}

var (
	keysCat = wire.NewKeys([]string{"kind", "claws"}, nil)
	keysDog = wire.NewKeys([]string{"kind", "bark"}, nil)
	keysToy = wire.NewKeys([]string{"name"}, nil)
)

// decodePet reads an object of the given names; a member toy inside is strict.
func decodePet(k *wire.Keys) func(d *wire.Decoder, v *int) {
	return func(d *wire.Decoder, v *int) {
		var seen uint64
		for f := d.Object(k, wire.Refuse); f >= 0; f = d.Next(k, f) {
			if !d.First(&seen, f) {
				continue
			}
			if f == 1 && d.Kind() == wire.KindObject {
				for f := d.Object(keysToy, wire.Refuse); f >= 0; f = d.Next(keysToy, f) {
					d.Skip()
				}
				continue
			}
			d.Skip()
		}
		d.Require(seen, 0b10, k)
	}
}

func decodeAnyPet(d *wire.Decoder, _ *int) {
	m, matched := d.Mark(), 0
	var named []*wire.Keys
	for _, k := range []*wire.Keys{keysCat, keysDog} {
		if wire.TryOpen(d, &m, new(int), decodePet(k)) {
			matched++
			named = append(named, k)
		}
	}
	if matched > 0 {
		d.Members(m, named...)
	}
	d.Skip()
	if matched == 0 {
		d.Refuse("anyOf")
	}
}

func TestAnyOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{`{"kind":"cat","claws":1}`, ""},
		{`{"kind":"both","claws":1,"bark":2}`, ""},
		{`{"kind":"fish"}`, " anyOf"},
		{`{"claws":1,"fins":2,"x":3}`, "/fins additionalProperties, /x additionalProperties"},
		{`{"claws":{"name":1}}`, ""},
		{`{"claws":{"mane":1}}`, " anyOf"},
		{`{"claws":{"mane":1},"bark":1}`, "/claws additionalProperties"},
		{`{"claws":1,"fins":2,"fins":3}`, "syntax 27 /fins: a member name occurs twice"},
		{`17`, " anyOf"},
	} {
		if got := decode(test.text, wire.Limits{}, func(d *wire.Decoder) { decodeAnyPet(d, nil) }); got != test.want {
			t.Errorf("%s: got %q, want %q", test.text, got, test.want)
		}
		// The same inside of an array: pointers and the cursor must hold.
		want := test.want
		if got := decode(`[0,`+test.text+`,0]`, wire.Limits{}, func(d *wire.Decoder) {
			var v []int
			wire.Array(d, &v, -1, func(d *wire.Decoder, v *int) {
				if d.Kind() == wire.KindNumber && v == nil {
					return
				}
				if d.Kind() == wire.KindObject {
					decodeAnyPet(d, v)
				} else {
					d.Skip()
				}
			})
		}); test.text[0] == '{' && !strings.HasPrefix(want, "syntax") {
			want = strings.ReplaceAll(want, "/", "/1/")
			if want == " anyOf" {
				want = "/1 anyOf"
			}
			if got != want {
				t.Errorf("in an array, %s: got %q, want %q", test.text, got, want)
			}
		}
	}
}

// An anyOf directly in an anyOf switches leniency off for itself only.
func TestLenientNests(t *testing.T) {
	t.Parallel()
	got := decode(`{"kind":1,"claws":2,"x":3}`, wire.Limits{}, func(d *wire.Decoder) {
		d.Lenient(true)
		m := d.Mark()
		d.Lenient(true)
		decodePet(keysCat)(d, nil)
		d.Lenient(false)
		d.Rewind(m)
		decodePet(keysCat)(d, nil)
		if !d.Matched(m) {
			t.Error("the outer leniency is lost")
		}
		d.Rewind(m)
		d.Lenient(false)
		decodePet(keysCat)(d, nil)
	})
	if want := "/x additionalProperties"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDiscriminator(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text, value string
		ok          bool
		want        string
	}{
		{`{"kind":"cat","claws":1}`, "cat", true, ""},
		{` { "claws" : {"kind":"x"} , "k\u0069nd" : "c\u0061t" } `, "cat", true, ""},
		{`{"claws":1}`, "", false, ""},
		{`{"kind":7}`, "", false, ""},
		{`[{"kind":"cat"}]`, "", false, ""},
		{`"kind"`, "", false, ""},
		{`{}`, "", false, ""},
		{`{"a":1,"a":2,"kind":"cat"}`, "", false, "syntax 11 /a: a member name occurs twice"},
		{`{"a":[1,,2],"kind":"cat"}`, "", false, "syntax 8 /a/1: this is not a JSON value"},
		{`{"kind":"cat","kind":"dog"}`, "cat", true, "syntax 21 /kind: a member name occurs twice"},
	} {
		var value string
		var ok bool
		got := decode(test.text, wire.Limits{}, func(d *wire.Decoder) {
			value, ok = d.Discriminator("kind")
			d.Skip()
		})
		if value != test.value || ok != test.ok || got != test.want {
			t.Errorf("%s: got %q, %v, %q; want %q, %v, %q", test.text, value, ok, got, test.value, test.ok, test.want)
		}
	}
}

// TestDiscriminatorJSON: values of different types are never the same, whatever their text.
func TestDiscriminatorJSON(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, value, want string }{
		{`{"kind":"1"}`, `"1`, ""},
		{`{"kind":1}`, `1`, ""},
		{`{"kind":1.0}`, `1`, ""},
		{`{"kind":10e-1}`, `1`, ""},
		{`{"a":{},"kind": -2 }`, `-2`, ""},
		{`{"kind":-9223372036854775808}`, `-9223372036854775808`, ""},
		{`{"kind":9223372036854775808}`, ``, ""},
		{`{"kind":1.5}`, ``, ""},
		{`{"kind":true}`, `true`, ""},
		{`{"kind":"true"}`, `"true`, ""},
		{`{"kind":false}`, `false`, ""},
		{`{"kind":""}`, `"`, ""},
		{`{"kind":null}`, ``, ""},
		{`{"kind":[1]}`, ``, ""},
		{`{}`, ``, ""},
		{`[1]`, ``, ""},
		{`{"kind":01}`, ``, "syntax 8 /kind: a number is not valid"},
		{`{"kind":tru}`, ``, "syntax 8 /kind: this is not a JSON value"},
	} {
		var value string
		got := decode(test.text, wire.Limits{}, func(d *wire.Decoder) {
			value = d.DiscriminatorJSON("kind")
			d.Skip()
		})
		if value != test.value || got != test.want {
			t.Errorf("%s: got %q, %q; want %q, %q", test.text, value, got, test.value, test.want)
		}
	}
}

// TestUnselected: what is missing is said to be missing.
func TestUnselected(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{`{"kind":"cow"}`, ` discriminator`},
		{`{"a":{"kind":1},"kind":null}`, ` discriminator`},
		{`{}`, ` required`},
		{` {"a":{"kind":"cat"}}`, ` required`},
		{`["kind"]`, ` type`},
		{`null`, ` type`},
		{`{"a":1,"a":2}`, "syntax 11 /a: a member name occurs twice"},
		{`{"a":[1,,2]}`, "syntax 8 /a/1: this is not a JSON value"},
	} {
		if got := decode(test.text, wire.Limits{}, func(d *wire.Decoder) { d.Unselected("kind", "discriminator is none of these") }); got != test.want {
			t.Errorf("%s: got %q, want %q", test.text, got, test.want)
		}
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text string
		want int
	}{{`{}`, 0}, {`{"a":{"b":1,"c":2},"d":[{"e":1}]}`, 2}, {`[1,2]`, 0}, {`"x"`, 0}} {
		var n int
		got := decode(test.text, wire.Limits{}, func(d *wire.Decoder) {
			m := d.Mark()
			d.Skip()
			n = d.Count(m)
		})
		if got != "" || n != test.want {
			t.Errorf("%s: got %d, %q, want %d", test.text, n, got, test.want)
		}
	}
}

// A number that no Go integer holds might match the integer's branch: exactly one of
// the two cannot be said to match.
func TestUnheld(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"1.5": false, "12": false, "9223372036854775807": false, "-9223372036854775808": false,
		"9223372036854775808": true, "-9223372036854775809": true, "1e300": true, "1e400": true, "123456789012345678901234567890": true,
		"[1, 1e300, 2]": true, "[1, 2]": false, `"1e300"`: false,
	} {
		var d wire.Decoder
		for range 2 { // the second time, nothing is left of the first
			d.Reset(" "+text, wire.Limits{})
			m := d.Mark()
			var n int64
			var many []int64
			var f float64
			wire.Try(&d, &m, &n, wire.DecodeInt64)
			wire.Try(&d, &m, &f, wire.DecodeFloat64)
			wire.Try(&d, &m, &many, func(d *wire.Decoder, v *[]int64) { wire.Array(d, v, -1, wire.DecodeInt64) })
			if got := d.Unheld(m); got != want {
				t.Errorf("%s: got %v, want %v", text, got, want)
			}
			d.Skip()
			if d.Unheld(d.Mark()) {
				t.Errorf("%s: what was read before counts", text)
			}
		}
	}
}
