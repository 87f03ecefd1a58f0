package wire

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// randomNumber is a JSON number of up to most digits, in any spelling.
func randomNumber(r *rand.Rand, most int) string {
	digits := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('0' + r.IntN(10))
			if r.IntN(4) == 0 { // runs of zeros and fives
				b[i] = "0005"[r.IntN(4)]
			}
		}
		return string(b)
	}
	s := strings.TrimLeft(digits(r.IntN(most)), "0")
	if s == "" {
		s = "0"
	}
	if r.IntN(3) == 0 {
		s = "-" + s
	}
	if r.IntN(2) == 0 {
		s += "." + digits(1+r.IntN(most))
	}
	switch r.IntN(6) {
	case 0:
		s += "e" + strconv.Itoa(r.IntN(60)-30)
	case 1:
		s += "E+" + strconv.Itoa(r.IntN(9))
	}
	return s
}

// exactRat is the number as a fraction.
func exactRat(t *testing.T, s string) *big.Rat {
	t.Helper()
	v, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("%s is no number", s)
	}
	return v
}

// multipleRat is multipleOf by fractions.
func multipleRat(v, of *big.Rat) bool {
	return of.Sign() > 0 && new(big.Rat).Quo(v, of).IsInt()
}

// randomPairs are numbers that are compared, many of them close to each other or multiples of each other.
func randomPairs(t *testing.T, n int, f func(a, b string)) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		most := []int{3, 10, 20, 40, 60}[i%5]
		a, b := randomNumber(r, most), randomNumber(r, most)
		switch r.IntN(3) {
		case 0: // a multiple
			product := new(big.Rat).Mul(exactRat(t, b), new(big.Rat).SetInt64(r.Int64N(1<<uint(1+r.IntN(60)))))
			a = product.FloatString(120)
			if r.IntN(2) == 0 {
				a = strings.TrimRight(strings.TrimRight(a, "0"), ".")
			}
		case 1: // the same number, or nearly
			a = b
			if !strings.ContainsAny(b, ".eE") {
				a = b + ".0"
			}
			if r.IntN(2) == 0 && !strings.ContainsAny(a, "eE") {
				a += strconv.Itoa(r.IntN(2))
			}
		}
		f(a, b)
		f(b, a)
	}
}

// TestRandomDecimals holds comparisons and multipleOf against fractions of package big, for numbers of a few digits, of up to
// 38, and of more.
func TestRandomDecimals(t *testing.T) {
	t.Parallel()
	n, multiples, equal := 40_000, 0, 0
	if testing.Short() {
		n = 4000
	}
	randomPairs(t, n, func(a, b string) {
		x, y := exactRat(t, a), exactRat(t, b)
		if got, want := CompareNumber(a, b), x.Cmp(y); got != want {
			t.Fatalf("%s and %s: got %d, want %d", a, b, got, want)
		}
		if got, want := MultipleOfNumber(a, b), multipleRat(x, y); got != want {
			t.Fatalf("%s, a multiple of %s: got %v, want %v", a, b, got, want)
		} else if want {
			multiples++
		}
		if got, want := IsInteger(a), x.IsInt(); got != want {
			t.Fatalf("%s is an integer: got %v, want %v", a, got, want)
		}
		if c := x.Cmp(y); NumberAtMost(a, b) != (c <= 0) || NumberAtLeast(a, b) != (c >= 0) || NumberAbove(a, b) != (c > 0) || NumberBelow(a, b) != (c < 0) {
			t.Fatalf("%s and %s: a bound disagrees", a, b)
		} else if c == 0 {
			equal++
		}
	})
	if multiples < n/10 || equal < n/20 {
		t.Errorf("of %d pairs only %d are multiples, and %d equal", 2*n, multiples, equal)
	}
}

// randomInt is an integer of so many bits, of which the greatest is set.
func randomInt(r *rand.Rand, size int) *big.Int {
	n := big.NewInt(1)
	for range size - 1 {
		n.Lsh(n, 1).SetBit(n, 0, uint(r.IntN(2)))
	}
	return n
}

// TestHugeMultiples holds multipleOf where an exponent is too large for a fraction: it is that of the residues.
func TestHugeMultiples(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		of := randomInt(r, 1+r.IntN(140))
		a := randomInt(r, 1+r.IntN(140))
		if r.IntN(2) == 0 {
			a.Mul(a, of)
		}
		p := int64(r.IntN(10_000_000))
		if r.IntN(3) == 0 {
			p = int64(r.IntN(90))
			of.Mul(of, new(big.Int).Exp(big.NewInt(int64(2+3*r.IntN(2))), big.NewInt(int64(r.IntN(60))), nil))
		}
		want := new(big.Int).Mul(a, new(big.Int).Exp(big.NewInt(10), big.NewInt(p), of))
		text := a.String() + "e" + strconv.FormatInt(p, 10)
		if got := MultipleOfNumber(text, of.String()); got != (want.Mod(want, of).Sign() == 0) {
			t.Fatalf("%s, a multiple of %s: got %v", text, of, got)
		}
	}
}

// TestRandomFloats holds floats against package strconv: numbers of all lengths, and those halfway between two
// floats and beside that.
func TestRandomFloats(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	check := func(s string) {
		t.Helper()
		for _, size := range []int{64, 32} {
			want, fails := strconv.ParseFloat(s, size)
			got, err := parseFloat(s, size)
			if math.Float64bits(got) != math.Float64bits(want) || (err == nil) != (fails == nil) {
				t.Fatalf("%s in %d bits: got %v %v, want %v %v", s, size, got, err, want, fails)
			}
		}
	}
	halves := 0
	for i := range 40_000 {
		check(randomNumber(r, 3+i%24))
		// Halfway between two floats that are next to each other, where its digits are few.
		f := math.Float64frombits(r.Uint64N(1<<52) | uint64(1023-30+r.IntN(120))<<52)
		if i%2 == 0 {
			f = float64(math.Float32frombits(r.Uint32N(1<<23) | uint32(127-30+r.IntN(120))<<23))
		}
		next := math.Nextafter(f, math.Inf(1))
		if i%2 == 0 {
			next = float64(math.Nextafter32(float32(f), float32(math.Inf(1))))
		}
		half := new(big.Float).SetPrec(200).Add(big.NewFloat(f), big.NewFloat(next))
		half.Quo(half, big.NewFloat(2))
		text := half.Text('f', -1)
		if i%4 == 0 {
			text = half.Text('e', -1)
		}
		size := []int{32, 64}[i%2]
		if v := parseDecimal(text); v.n <= 19 && v.first() < 38 {
			halves++
			if _, ok := v.float(size); !ok { // strconv would take a thousand instructions for each
				t.Fatalf("%s is not read exactly in %d bits", text, size)
			}
		}
		check(text)
		check("-" + text)
		if !strings.Contains(text, "e") && strings.Contains(text, ".") {
			check(text + "01")
			check(text[:len(text)-1])
		}
	}
	for _, s := range []string{"9007199254740993.0", "4503599627370497.5", "9007199254740993e0", "18446744073709551615", "9999999999999999999e27", "1e-27", "0.000", "-0", "-0.0e9", "340282346638528859811704183484516925440", "3.4028235677973366e38", "3.40282356779733661637539395458142568447e38"} {
		check(s)
	}
	if halves < 1000 {
		t.Errorf("only %d numbers lie halfway and have few digits", halves)
	}
}

// TestRandomMultiplesOfFloats holds that a float is taken as its shortest decimal, on the short way as on the long one.
func TestRandomMultiplesOfFloats(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	short := 0
	for i := range 40_000 {
		v := float64(r.Int64N(1<<uint(1+r.IntN(62)))-1<<10) / []float64{1, 3, 10, 100, 1e4, 1e7, 1 << 20}[i%7]
		of := []string{"1", "0.1", "0.01", "0.0001", "0.25", "3", "0.007", "1e-3"}[r.IntN(8)]
		text := strconv.FormatFloat(v, 'f', -1, 64)
		if x, ok := shortDecimal(v); ok {
			short++
			if y, ok := shortNumber(text); !ok || x.compare(y) != 0 {
				t.Fatalf("%v is taken as %+v", v, x)
			}
		}
		if got, want := MultipleOf(v, of), multipleRat(exactRat(t, text), exactRat(t, of)); got != want {
			t.Fatalf("%v, a multiple of %s: got %v, want %v", v, of, got, want)
		}
		// As read: both the float and its text are multiples.
		text = randomNumber(r, 1+i%20)
		f, err := strconv.ParseFloat(text, 64)
		f32, _ := strconv.ParseFloat(text, 32)
		if err != nil {
			t.Fatal(err)
		}
		var d Decoder
		d.Reset(text, Limits{})
		d.Float64()
		if got, want := d.MultipleOfFloat(f, of), MultipleOf(f, of) && MultipleOfNumber(text, of); got != want || d.Failed() {
			t.Fatalf("%s, read as a multiple of %s: got %v, want %v", text, of, got, want)
		}
		if got, want := d.MultipleOfFloat32(float32(f32), of), MultipleOf32(float32(f32), of) && MultipleOfNumber(text, of); got != want {
			t.Fatalf("%s, read as a float32 that is a multiple of %s: got %v, want %v", text, of, got, want)
		}
	}
	if short < 10_000 {
		t.Errorf("only %d are short", short)
	}
}

// TestNumbersAllocateNothing holds that numbers of up to 38 digits are compared and divided without memory, whatever their
// exponents, and that only longer ones take steps, as many for each exponent.
func TestNumbersAllocateNothing(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates by itself")
	}
	for _, tt := range [][2]string{
		{"0", "0.1"}, {"0.1", "0.1"}, {"1e300", "7"}, {"-12345678901234567.5", "0.25"},
		{"1234567890123456789012345678901e9999999", "1234567890123456789012345678901"}, {"99999999999999999999999999999999999999e-5", "7450580596923828125000000000000e-9"},
	} {
		if n := testing.AllocsPerRun(10, func() {
			CompareNumber(tt[0], tt[1])
			MultipleOfNumber(tt[0], tt[1])
			NumberAtMost(tt[0], tt[1])
			IsInteger(tt[0])
		}); n > 0 {
			t.Errorf("%s and %s: %.0f allocations", tt[0], tt[1], n)
		}
		if n := MultipleSteps(tt[0], tt[1]); n > 0 {
			t.Errorf("%s, a multiple of %s, takes %d steps", tt[0], tt[1], n)
		}
	}
	long := strings.Repeat("3", 1000)
	for _, tt := range []struct {
		text, of    string
		least, most int64
	}{
		{long, "7", 3000, 20_000}, {long + "e5", long, 10_000, 22_000}, {long + "e5000000", long, 10_000, 22_000}, {"7e5", long, 10_000, 22_000},
		{"7", long + "e5", 0, 0}, {"x", long, 0, 0}, {long, "x", 0, 0}, {strings.Repeat("3", 2000), "7", 0, 0},
	} {
		if n := MultipleSteps(tt.text, tt.of); n < tt.least || n > tt.most {
			t.Errorf("%.10s, a multiple of %.10s: %d steps", tt.text, tt.of, n)
		}
	}
}

// TestMultiplesAreRefused: a body of numbers each of which takes long to divide is refused for its steps.
func TestMultiplesAreRefused(t *testing.T) {
	t.Parallel()
	of := new(big.Int).Lsh(big.NewInt(1), 3300).String()
	for _, tt := range []struct {
		item, of string
		refused  bool
	}{{strings.Repeat("3", 40) + "e3301", of, true}, {"3e3301", of, true}, {strings.Repeat("3", 38) + "e3301", strings.Repeat("3", 38), false}, {strings.Repeat("3", 60), "3", false}} {
		var d Decoder
		d.Reset("["+strings.Repeat(tt.item+",", 1<<18/(len(tt.item)+1))+tt.item+"]", Limits{Memory: 1 << 28})
		var v []struct{}
		Array(&d, &v, -1, func(d *Decoder, _ *struct{}) {
			d.Number()
			d.RefuseIf(!d.MultipleOf(tt.of), "multipleOf")
		})
		d.End()
		err, _ := d.Err().(*SyntaxError)
		if d.Violated() || (err != nil && err.Steps) != tt.refused {
			t.Errorf("%.20s, multiples of %.20s: %v", tt.item, tt.of, d.Err())
		}
	}
}
