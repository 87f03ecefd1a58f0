package wire_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// TestMatchWithin holds what a match costs: a step for each byte where the states of the pattern
// fit in a table, and no more than a fixed number of steps a byte elsewhere. It depends on the text
// alone, not on what was matched before.
func TestMatchWithin(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, text string
		each          int64 // at most so many steps a byte
	}{
		{`^[a-z]{1,63}$`, strings.Repeat("a", 1000), 1},
		{`[a-z]{1000}x`, strings.Repeat("a", 10_000), 1},
		{`^(?:[a-z0-9-]{1,63}\.){0,8}[a-z0-9-]{1,63}$`, strings.Repeat("abc.", 1000), 1},
		{`(?:[a-z0-9-]{1,63}\.){8}[a-z]{2,63}x`, strings.Repeat("aaaa.bb.c.", 1000), 1},
		{`a[ab]{200}c`, strings.Repeat("c", 10_000), 1},
		{`a[ab]{200}c`, strings.Repeat("abb", 3_000), 2000},
		{`^(?=.*[A-Z])(?=.*[0-9]).{8,}$`, strings.Repeat("a", 10_000), 60},
		{`(?<=a)b`, strings.Repeat("a", 10_000), 60},
	} {
		p := wire.NewPattern(tt.pattern)
		var before int64
		for range 2 {
			left := int64(1 << 40)
			if matches, within := p.MatchWithin(tt.text, &left); matches || !within {
				t.Errorf("%s: matches %v, within %v", tt.pattern, matches, within)
			}
			used := int64(1<<40) - left
			if used > tt.each*int64(len(tt.text)) || before != 0 && used != before {
				t.Errorf("%s takes %d steps for %d bytes, and %d before, want %d a byte", tt.pattern, used, len(tt.text), before, tt.each)
			}
			before = used
			left = used - 1
			if _, within := p.MatchWithin(tt.text, &left); within {
				t.Errorf("%s: %d steps suffice where it takes %d", tt.pattern, used-1, used)
			}
		}
	}
}

// TestMatchesRefuses holds that a text is refused when its steps are used up, whatever is made of
// the false that Matches then returns.
func TestMatchesRefuses(t *testing.T) {
	t.Parallel()
	p := wire.NewPattern(`a[ab]{200}c`)
	text := strings.Repeat("abb", 30_000)
	got := decode(`"`+text+`"`, wire.Limits{}, func(d *wire.Decoder) {
		if s := d.String(); d.Matches(p, s) || d.Left() != 0 {
			t.Errorf("it matches, and %d steps are left", d.Left())
		}
	})
	if !strings.Contains(got, "more steps") {
		t.Errorf("got %q", got)
	}
	var e wire.Encoder
	for range 2 {
		if e.Matches(p, text) {
			t.Error("it matches")
		}
	}
	if err, ok := e.Err().(*wire.Invalid); !ok || len(err.Violations) != 1 || err.Violations[0].Keyword != wire.KeywordSteps {
		t.Errorf("encoding: %v", e.Err())
	}
	e.Reset(0)
	ends := wire.NewPattern("c$")
	for range 100 { // each text pays for itself
		if !e.Matches(ends, text[:100]+"c") || e.Failed() {
			t.Fatal(e.Err())
		}
	}
}

// TestStepBase holds what a small body may cost: about a millisecond.
func TestStepBase(t *testing.T) {
	t.Parallel()
	const most = 1 << 19
	text := strings.Repeat(" ", 121) + "1"
	var d wire.Decoder
	d.Reset(text, wire.Limits{})
	if want := int64(most + wire.StepFactor*len(text)); d.Left() != want {
		t.Errorf("a body of %d bytes may take %d steps, want %d", len(text), d.Left(), want)
	}
	var s wire.Steps
	if !s.Spend(most) || s.Spend(1) {
		t.Errorf("fields of a form may take other than %d steps", most)
	}
}

// TestTryEndsAtFirst holds that a branch costs what it takes to find that it does not match, and
// that a value is not read again behind the branch that has matched.
func TestTryEndsAtFirst(t *testing.T) {
	t.Parallel()
	numbers := strings.Repeat(",1", 10_000)
	for _, tt := range []struct {
		text string
		most int64
	}{
		{`["x"` + numbers + `]`, 2 * 200},                 // fails at once, twice
		{`[1` + numbers + `,"x"]`, 2 * (20_000 + 200)},    // read twice to the end
		{`[1` + numbers + `]`, 2 * (20_000 + 200)},        // and matched
		{`["` + strings.Repeat("x", 20_000) + `"]`, 2000}, // a long string is cheap to read again
	} {
		var d wire.Decoder
		d.Reset(tt.text, wire.Limits{})
		m := d.Mark()
		var n []int64
		wire.Try(&d, &m, &n, func(d *wire.Decoder, v *[]int64) { wire.Array(d, v, -1, wire.DecodeInt64) })
		wire.Try(&d, &m, &n, func(d *wire.Decoder, v *[]int64) { wire.Array(d, v, -1, wire.DecodeInt64) })
		d.SkipTried(&m)
		d.End()
		if d.Err() != nil {
			t.Errorf("%.20s: %v", tt.text, d.Err())
		}
		if d.Steps() > tt.most {
			t.Errorf("%.20s, %d bytes: %d steps, want at most %d", tt.text, len(tt.text), d.Steps(), tt.most)
		}
	}
}

// TestOverdraw holds that what a text's length pays for is not taken off the next text's Limits, and
// that nothing is taken off twice.
func TestOverdraw(t *testing.T) {
	t.Parallel()
	var d wire.Decoder
	d.Reset(strings.Repeat(" ", 100), wire.Limits{Steps: 1000})
	for _, tt := range []struct{ spend, want int64 }{{100 * wire.StepFactor, 0}, {5, 5}, {0, 0}, {995, 995}} {
		if !d.Spend(tt.spend) || d.Overdraw() != tt.want {
			t.Errorf("after %d steps more the overdraw is not %d", tt.spend, tt.want)
		}
	}
	if d.Spend(1) || d.Left() != 0 {
		t.Error("there is a step left")
	}
}

// TestFloatSteps holds that numbers which strconv reads with hundreds of digits take steps, others
// none, and that a body of them is refused.
func TestFloatSteps(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text     string
		f64, f32 bool // it takes steps
	}{
		{"0", false, false},
		{"0.30000000000000004", false, false},
		{"-1.2345678901234567e-30", false, false},
		{"1.2345678901234567e-100", false, true},
		{"-0.123456789012345678901", true, true},
		{"2.2250738585072011e-308", true, true},
		{"5E-324", true, true},
		{"1e-38", false, true},
		{"1.7976931348623157e308", false, true},
		{"3.4028235e38", false, false},
		{"1e309", true, true},
		{"0e999999999999999999999", false, false},
		{"0.000000000000000000000000", false, false},
		{"", false, false},
		{"e", false, false},
		{"1e", false, false},
		{strings.Repeat("7", 2000), false, false}, // longer than MaxNumber
	} {
		if f64, f32 := wire.FloatSteps(tt.text, 64), wire.FloatSteps(tt.text, 32); f64 > 0 != tt.f64 || f32 > 0 != tt.f32 || max(f64, f32) > 16_000 {
			t.Errorf("%.40q: %d and %d steps", tt.text, f64, f32)
		}
	}
	for _, tt := range []struct {
		item    string
		refused bool
	}{{"2.2250738585072011e-308", true}, {"5e-324", true}, {"1.2345678901234567e-100", false}, {"9007199254740993", false}, {"0.1234567890123456789012", false}, {"1000000000000000000001", false}} {
		text := "[" + strings.Repeat(tt.item+",", 1<<20/(len(tt.item)+1)) + "1]"
		got := decode(text, wire.Limits{Memory: 1 << 28}, func(d *wire.Decoder) {
			var v []float64
			wire.Array(d, &v, -1, func(d *wire.Decoder, f *float64) { *f = d.Float64() })
		})
		if strings.Contains(got, "more steps") != tt.refused {
			t.Errorf("a body of %s: got %q", tt.item, got)
		}
	}
}

// TestLongIntegers: integers that fit in 64 bits are read like strconv reads them.
func TestLongIntegers(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"9007199254740993", "-9007199254740995", "9999999999999999999", "-9999999999999999999", "18446744073709551615", "99999999999999999999", "9223372036854775807", "9223372036854776833", "-0", "1000000000000000000", "12345678901234567.5"} {
		want, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		decode(text, wire.Limits{}, func(d *wire.Decoder) {
			if got := d.Float64(); got != want || math.Signbit(got) != math.Signbit(want) {
				t.Errorf("%s: got %v, want %v", text, got, want)
			}
		})
	}
}
