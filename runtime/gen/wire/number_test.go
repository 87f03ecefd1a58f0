package wire_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

func TestIntegers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text               string
		i64, u64, i32, u32 string // the value, or the keyword
	}{
		{text: "0", i64: "0", u64: "0", i32: "0", u32: "0"},
		{text: "-0", i64: "0", u64: "0", i32: "0", u32: "0"},
		{text: "-0.0e5", i64: "0", u64: "0", i32: "0", u32: "0"},
		{text: " 7 ", i64: "7", u64: "7", i32: "7", u32: "7"},
		{text: "1.0", i64: "1", u64: "1", i32: "1", u32: "1"},
		{text: "1e2", i64: "100", u64: "100", i32: "100", u32: "100"},
		{text: "1E+2", i64: "100", u64: "100", i32: "100", u32: "100"},
		{text: "12300e-2", i64: "123", u64: "123", i32: "123", u32: "123"},
		{text: "1.5e1", i64: "15", u64: "15", i32: "15", u32: "15"},
		{text: "0.000000000000000000000001e24", i64: "1", u64: "1", i32: "1", u32: "1"},
		{text: "1.5", i64: "type", u64: "type", i32: "type", u32: "type"},
		{text: "1e-1", i64: "type", u64: "type", i32: "type", u32: "type"},
		{text: "1e-999999999999999999999999", i64: "type", u64: "type", i32: "type", u32: "type"},
		{text: "1e999999999999999999999999", i64: "format", u64: "format", i32: "format", u32: "format"},
		{text: "0e999999999999999999999999", i64: "0", u64: "0", i32: "0", u32: "0"},
		{text: "-1", i64: "-1", u64: "format", i32: "-1", u32: "format"},
		{text: "2147483647", i64: "2147483647", u64: "2147483647", i32: "2147483647", u32: "2147483647"},
		{text: "2147483648", i64: "2147483648", u64: "2147483648", i32: "format", u32: "2147483648"},
		{text: "-2147483648", i64: "-2147483648", u64: "format", i32: "-2147483648", u32: "format"},
		{text: "4294967295", i64: "4294967295", u64: "4294967295", i32: "format", u32: "4294967295"},
		{text: "4294967296", i64: "4294967296", u64: "4294967296", i32: "format", u32: "format"},
		{text: "9007199254740993", i64: "9007199254740993", u64: "9007199254740993", i32: "format", u32: "format"},
		{text: "999999999999999999", i64: "999999999999999999", u64: "999999999999999999", i32: "format", u32: "format"},
		{text: "9223372036854775807", i64: "9223372036854775807", u64: "9223372036854775807", i32: "format", u32: "format"},
		{text: "9223372036854775808", i64: "format", u64: "9223372036854775808", i32: "format", u32: "format"},
		{text: "-9223372036854775808", i64: "-9223372036854775808", u64: "format", i32: "format", u32: "format"},
		{text: "-9223372036854775809", i64: "format", u64: "format", i32: "format", u32: "format"},
		{text: "18446744073709551615", i64: "format", u64: "18446744073709551615", i32: "format", u32: "format"},
		{text: "18446744073709551616", i64: "format", u64: "format", i32: "format", u32: "format"},
		{text: "1844674407370955161.5e1", i64: "format", u64: "18446744073709551615", i32: "format", u32: "format"},
		{text: "99999999999999999999", i64: "format", u64: "format", i32: "format", u32: "format"},
		{text: `"1"`, i64: "type", u64: "type", i32: "type", u32: "type"},
		{text: "true", i64: "type", u64: "type", i32: "type", u32: "type"},
		{text: "01", i64: "bad", u64: "bad", i32: "bad", u32: "bad"},
		{text: "-", i64: "bad", u64: "bad", i32: "bad", u32: "bad"},
		{text: "1.", i64: "bad", u64: "bad", i32: "bad", u32: "bad"},
		{text: "1e", i64: "bad", u64: "bad", i32: "bad", u32: "bad"},
		{text: "0x10", i64: "bad", u64: "bad", i32: "bad", u32: "bad"},
		{text: "1_000", i64: "bad", u64: "bad", i32: "bad", u32: "bad"},
		{text: "-01", i64: "bad", u64: "bad", i32: "bad", u32: "bad"},
	} {
		check := func(name, want string, read func(d *wire.Decoder) any) {
			t.Helper()
			// At the end of the text, and with something behind.
			for _, form := range []string{"%s", "[%s]", "[%s ]"} {
				var v any
				got := decode(fmt.Sprintf(form, test.text), wire.Limits{}, func(d *wire.Decoder) {
					if form == "%s" {
						v = read(d)
						return
					}
					var items []int
					wire.Array(d, &items, -1, func(d *wire.Decoder, _ *int) { v = read(d) })
				})
				switch {
				case got == "":
					got = fmt.Sprint(v)
				case strings.HasPrefix(got, "syntax"):
					got = "bad"
				default:
					got = got[strings.LastIndexByte(got, ' ')+1:]
				}
				if got != want {
					t.Errorf("%s of %s: got %s, want %s", name, fmt.Sprintf(form, test.text), got, want)
				}
			}
		}
		check("Int64", test.i64, func(d *wire.Decoder) any { return d.Int64() })
		check("Uint64", test.u64, func(d *wire.Decoder) any { return d.Uint64() })
		check("Int32", test.i32, func(d *wire.Decoder) any { return d.Int32() })
		check("Uint32", test.u32, func(d *wire.Decoder) any { return d.Uint32() })
	}
}

func TestFloats(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text     string
		f64      float64
		f32      float32
		e64, e32 string
	}{
		{text: "0", f64: 0, f32: 0},
		{text: "0.1", f64: 0.1, f32: 0.1},
		{text: "-12.75", f64: -12.75, f32: -12.75},
		{text: "16777217", f64: 16777217, f32: 16777216},
		{text: "0.000001", f64: 1e-6, f32: 1e-6},
		{text: "123456789012345.6", f64: 123456789012345.6, f32: 123456789012345.6},
		{text: "1e-400", f64: 0, f32: 0},
		{text: "1e39", f64: 1e39, e32: " format"},
		{text: "1.7976931348623157e308", f64: math.MaxFloat64, e32: " format"},
		{text: "1.7976931348623159e308", e64: " format", e32: " format"},
		{text: "-1e999", e64: " format", e32: " format"},
		{text: `"1"`, e64: " type", e32: " type"},
		{text: "NaN", e64: " type", e32: " type"},
	} {
		var f64 float64
		var f32 float32
		e64 := decode(test.text, wire.Limits{}, func(d *wire.Decoder) { f64 = d.Float64() })
		e32 := decode(test.text, wire.Limits{}, func(d *wire.Decoder) { f32 = d.Float32() })
		if test.text == "NaN" {
			if !strings.HasPrefix(e64, "syntax 0 ") || !strings.HasPrefix(e32, "syntax 0 ") {
				t.Errorf("NaN: got %q, %q", e64, e32)
			}
			continue
		}
		if f64 != test.f64 || f32 != test.f32 || e64 != test.e64 || e32 != test.e32 {
			t.Errorf("%s: got %v %q, %v %q; want %v %q, %v %q", test.text, f64, e64, f32, e32, test.f64, test.e64, test.f32, test.e32)
		}
	}
}

func TestCompareNumber(t *testing.T) {
	t.Parallel()
	// In ascending order; numbers in one row are equal.
	rows := [][]string{
		{"-1e999999999999999999999"}, {"-1e400"}, {"-9223372036854775809"}, {"-9223372036854775808", "-9223372036854775808.0"}, {"-1.5", "-15e-1"}, {"-1"}, {"-1e-9"},
		{"0", "-0", "0.0", "0e5", "-0e-99999999999999999999"}, {"1e-999999999999999999999"}, {"1e-400"}, {"0.1", "1e-1", "0.10", "0.01e1"}, {"0.11"}, {"0.2"}, {"1", "1.0", "10e-1", "0.1e1"},
		{"1.00000000000000000001"}, {"9.9"}, {"10", "1e1"}, {"99.9"}, {"100", "1e2"}, {"18446744073709551615"}, {"18446744073709551616"}, {"1e400", "10e399"}, {"1e999999999999999999999"},
	}
	for i, a := range rows {
		for j, b := range rows {
			for _, x := range a {
				for _, y := range b {
					want := 0
					if i < j {
						want = -1
					} else if i > j {
						want = 1
					}
					if got := wire.CompareNumber(x, y); got != want {
						t.Errorf("%s and %s: got %d, want %d", x, y, got, want)
					}
					if wire.NumberAtLeast(x, y) != (want >= 0) || wire.NumberAtMost(x, y) != (want <= 0) || wire.NumberAbove(x, y) != (want > 0) || wire.NumberBelow(x, y) != (want < 0) {
						t.Errorf("%s and %s: a bound disagrees", x, y)
					}
				}
			}
		}
	}
	for _, bad := range []string{"", "x", "1 ", "+1", "Infinity", strings.Repeat("1", 1025)} {
		if wire.NumberAtLeast(bad, "0") || wire.NumberAtMost(bad, "0") || wire.NumberAbove(bad, "0") || wire.NumberBelow(bad, "0") || wire.IsInteger(bad) {
			t.Errorf("%.10q is no number, but passes", bad)
		}
	}
}

func TestMultipleOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		v    string
		of   string
		want bool
	}{
		{"0", "7", true}, {"-0", "0.1", true}, {"0.3", "0.1", true}, {"0.35", "0.1", false}, {"1.1", "0.1", true}, {"4.02", "0.01", true}, {"19.99", "0.01", true}, {"19.999", "0.01", false},
		{"1e308", "0.5", true}, {"1e308", "3", false}, {"1e308", "1e308", true}, {"1e-308", "1e-308", true}, {"1e-308", "1", false}, {"1e22", "7", false}, {"7e22", "7", true},
		{"-9", "3", true}, {"-10", "3", false}, {"12", "1e-2", true}, {"0.0075", "0.0001", true}, {"0.00751", "0.0001", false}, {"1e300", "0.0000000000000000000000000123456789", false},
		{"5", "0", false}, {"5", "-1", false}, {"5", "x", false}, {"5", "", false}, {"3", "1.5", true}, {"4.5", "1.5", true}, {"4", "1.5", false},
		{"123456789012345680000000000000", "1e1", true}, {"1e300", "2e-999999999", true}, {"1e300", "3e-999999999", false}, {"2", "1e999999999", false},
	} {
		f, ok := wire.ParseFloat64(test.v)
		if !ok {
			t.Fatal(test.v)
		}
		if got := wire.MultipleOf(f, test.of); got != test.want {
			t.Errorf("MultipleOf(%s, %s): got %v, want %v", test.v, test.of, got, test.want)
		}
		if got := wire.MultipleOfNumber(test.v, test.of); got != test.want {
			t.Errorf("MultipleOfNumber(%s, %s): got %v, want %v", test.v, test.of, got, test.want)
		}
	}
	long := strings.Repeat("3", 1000)
	for _, test := range []struct {
		v, of string
		want  bool
	}{{long, "3", true}, {long, long, true}, {long + "1", "3", false}, {long + "e999999999999", long, true}, {"1", long, false}, {"0." + long, "0.0" + long, true}, {"0.0" + long, "0." + long, false}} {
		if got := wire.MultipleOfNumber(test.v, test.of); got != test.want {
			t.Errorf("long: got %v, want %v", got, test.want)
		}
	}
	if !wire.MultipleOf32(0.3, "0.1") || wire.MultipleOf(float64(float32(0.3)), "0.1") {
		t.Error("a float32 is not taken as its own shortest decimal")
	}
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if wire.MultipleOf(f, "1") || wire.MultipleOf32(float32(f), "1") || wire.Finite(f) {
			t.Errorf("%v passes", f)
		}
	}
	for _, test := range []struct {
		v, n int64
		want bool
	}{{0, 5, true}, {10, 5, true}, {-10, 5, true}, {11, 5, false}, {5, 0, false}, {5, -5, false}, {math.MinInt64, 1, true}} {
		if got := wire.MultipleOfInt(test.v, test.n); got != test.want {
			t.Errorf("MultipleOfInt(%d, %d): got %v, want %v", test.v, test.n, got, test.want)
		}
	}
}

func TestLexical(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ s, i, u, f, b, n string }{
		{s: "0", i: "0", u: "0", f: "0", n: "0"},
		{s: "-0", f: "-0", n: "-0"},
		{s: "42", i: "42", u: "42", f: "42", n: "42"},
		{s: "-42", i: "-42", f: "-42", n: "-42"},
		{s: "1.5", f: "1.5", n: "1.5"},
		{s: "1e3", f: "1000", n: "1e3"},
		{s: "9223372036854775807", i: "9223372036854775807", u: "9223372036854775807", f: "9.223372036854776e+18", n: "9223372036854775807"},
		{s: "-9223372036854775808", i: "-9223372036854775808", f: "-9.223372036854776e+18", n: "-9223372036854775808"},
		{s: "9223372036854775808", u: "9223372036854775808", f: "9.223372036854776e+18", n: "9223372036854775808"},
		{s: "-9223372036854775809", f: "-9.223372036854776e+18", n: "-9223372036854775809"},
		{s: "18446744073709551616", f: "1.8446744073709552e+19", n: "18446744073709551616"},
		{s: "1e400", n: "1e400"}, {s: "1e99999"},
		{s: "true", b: "true"}, {s: "false", b: "false"},
		{s: ""}, {s: "+5"}, {s: "007"}, {s: "-"}, {s: "t"}, {s: "TRUE"}, {s: "1_0.5"}, {s: "0x1p-2"}, {s: "NaN"}, {s: "Inf"}, {s: " 1"}, {s: "1 "}, {s: "٣"}, {s: ".5"}, {s: "5."}, {s: "--1"}, {s: "-01"},
		{s: strings.Repeat("9", 2000)},
	} {
		show := func(v any, ok bool) string {
			if !ok {
				return ""
			}
			return fmt.Sprint(v)
		}
		i, okI := wire.ParseInt64(test.s)
		u, okU := wire.ParseUint64(test.s)
		f, okF := wire.ParseFloat64(test.s)
		b, okB := wire.ParseBool(test.s)
		n, okN := wire.ParseNumber(test.s)
		got := [...]string{show(i, okI), show(u, okU), show(f, okF), show(b, okB), show(n, okN)}
		if want := [...]string{test.i, test.u, test.f, test.b, test.n}; got != want {
			t.Errorf("%.20q: got %q, want %q", test.s, got, want)
		}
	}
	if v, ok := wire.ParseFloat32("3.4028236e38"); ok {
		t.Errorf("beyond float32: got %v", v)
	}
	if v, ok := wire.ParseFloat32("0.1"); !ok || v != 0.1 {
		t.Errorf("got %v, %v", v, ok)
	}
}

// What a float64 rounds to a value that passes must be refused by its text.
func TestLastNumber(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text, to string
		compare  int
		multiple bool
	}{
		{"9007199254740993", "9007199254740992", 1, false},
		{" 9007199254740992 ", "9007199254740992", 0, true},
		{"-9007199254740993", "-9007199254740992", -1, true},
		{"100.00000000000000001", "100", 1, false},
		{"1e2", "100", 0, true},
		{"-1e-400", "0", -1, true},
		{"0.30000000000000000001", "0.1", 1, false},
		{"0.3", "0.1", 1, true},
		{`"12"`, "1", 0, true}, // no number: refused for its type, and for nothing else
		{"true", "1", 0, true},
		{"[1,2]", "1", 0, true},
		{"1e999", "1", 1, true},
	} {
		for _, text := range []string{test.text, "[" + test.text + "]"} {
			var d wire.Decoder
			d.Reset(text, wire.Limits{})
			read := func(d *wire.Decoder, v *float64) {
				*v = d.Float64()
				if got := d.Compare(test.to); got != test.compare {
					t.Errorf("%s compared with %s: got %d, want %d", text, test.to, got, test.compare)
				}
				if of := test.to; of != "0" && of[0] != '-' && d.MultipleOf(of) != test.multiple {
					t.Errorf("%s is a multiple of %s: got %v", text, of, !test.multiple)
				}
			}
			if text == test.text {
				read(&d, new(float64))
				continue
			}
			var items []float64
			wire.Array(&d, &items, -1, read)
		}
	}
}
