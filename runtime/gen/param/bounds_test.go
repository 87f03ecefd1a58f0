package param_test

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/gen/param"
)

// What is as it should be is read without an allocation.
func TestNoAllocation(t *testing.T) {
	h := http.Header{
		"X-Request-Token": {"  abc "}, "X-List": {"1, 2,3"}, "X-When": {"2026-03-01T10:00:00Z"}, "Cookie": {`theme=dark; session="0123456789abcdef"; v=17`},
	}
	for name, test := range map[string]struct {
		query string
		read  func(p *param.Reader)
	}{
		"scalars": {benchQuery, func(p *param.Reader) {
			var v benchParams
			readBench(p, &v)
		}},
		"every type": {"b=true&i=-5&j=2147483647&k=5&l=18446744073709551615&f=1.5e3&g=0.25&u=" + aUUID + "&d=2026-03-01&t=2026-03-01T10:00:00Z&s=text&e=red", func(p *param.Reader) {
			var seen uint64
			for p.NextQuery() {
				p.First(&seen, int(p.Name[0]-'a'))
				switch p.Name {
				case "b":
					p.Bool()
				case "i":
					p.Int64()
				case "j":
					p.Int32()
				case "k":
					p.Uint32()
				case "l":
					p.Uint64()
				case "f":
					p.Float64()
				case "g":
					p.Float32()
				case "u":
					p.UUID()
				case "d":
					p.Date()
				case "t":
					p.Time()
				case "s", "e":
					if p.String() == "" {
						p.Refuse("enum")
					}
				default:
					p.Unknown(param.Refuse)
				}
			}
			p.Require(seen, 1<<1|1<<20, "query", "a", "b", "u")
		}},
		"lists": {"csv=a,b,c&pipes=a%7Cb|c&spaces=a%20b+c&many=1&many=2", func(p *param.Reader) {
			for p.NextQuery() {
				switch p.Name {
				case "csv":
					p.Split(',')
				case "pipes":
					p.Split('|')
				case "spaces":
					p.Split(' ')
				}
				for p.NextItem() {
					_ = p.String()
				}
			}
		}},
		"unknown dropped": {"a=1&b=2&c", func(p *param.Reader) {
			for p.NextQuery() {
				p.Unknown(param.Drop)
			}
		}},
		"not ASCII": {"s=\u20ac", func(p *param.Reader) {
			for p.NextQuery() {
				_ = p.String()
			}
		}},
		"header and cookie": {"", func(p *param.Reader) {
			if !p.Header("x-request-TOKEN") || !p.Header("X-When") || !p.Cookie("session") || !p.Cookie("v") || p.Cookie("absent") || p.Header("X-Absent-ID") || !p.Header("X-List") {
				p.Missing("header", "")
			}
			for p.Split(','); p.NextItem(); {
				p.Int64()
			}
		}},
	} {
		p := request(test.query)
		r := p.Request()
		r.Header = h
		path := []string{aUUID}
		expected := 0.0
		if name == "lists" {
			expected = 2 // the two lists that are written with escapes are decoded as a whole before
		}
		if got := testing.AllocsPerRun(100, func() {
			p.Reset(r, path)
			test.read(p)
			if p.Violated() {
				t.Fatal(p.Err())
			}
		}); got != expected {
			t.Errorf("%s: %v allocations, want %v", name, got, expected)
		}
	}
}

// A query, or form, has 1000 pairs at the most: the rest of it is not looked at.
func TestPairsAreBounded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pairs int
		read  int
		want  string
	}{{999, 999, ""}, {1000, 1000, ""}, {1001, 1000, "@  maxItems"}, {200_000, 1000, "@  maxItems"}} {
		raw := strings.Repeat("v=1&&", test.pairs-1) + "w=%zz"
		want := test.want
		if want == "" {
			want = "@ w encoding"
		}
		check := func(in string, p *param.Reader, next func() bool) {
			t.Helper()
			n := 0
			for next() {
				n++
			}
			if got := refused(t, p); n != test.read || got != strings.ReplaceAll(want, "@", in) || next() {
				t.Errorf("%d pairs in %s: read %d, refused %q; want %d, %q, and then nothing", test.pairs, in, n, got, test.read, want)
			}
		}
		p := request(raw)
		check("query", p, p.NextQuery)
		p = request("")
		p.Form(raw)
		check("body", p, p.NextForm)
	}
}

// floods are texts that grow with n bytes, and hold as much trouble as they can.
var floods = map[string]func(n int) (query string, h http.Header){
	"ampersands":       func(n int) (string, http.Header) { return strings.Repeat("&", n), nil },
	"pairs":            func(n int) (string, http.Header) { return strings.Repeat("a&", n/2), nil },
	"unknown":          func(n int) (string, http.Header) { return numbered("%x=1&", n), nil },
	"repeated":         func(n int) (string, http.Header) { return strings.Repeat("csv=1&", n/6), nil },
	"equals":           func(n int) (string, http.Header) { return strings.Repeat("=", n), nil },
	"semicolons":       func(n int) (string, http.Header) { return strings.Repeat(";", n), nil },
	"percents":         func(n int) (string, http.Header) { return "csv=" + strings.Repeat("%", n), nil },
	"escapes":          func(n int) (string, http.Header) { return "csv=" + strings.Repeat("%41", n/3), nil },
	"an escaped name":  func(n int) (string, http.Header) { return strings.Repeat("%41", n/3), nil },
	"a name":           func(n int) (string, http.Header) { return strings.Repeat("a", n), nil },
	"commas":           func(n int) (string, http.Header) { return "csv=" + strings.Repeat(",", n), nil },
	"escaped commas":   func(n int) (string, http.Header) { return "csv=" + strings.Repeat("%2C", n/3), nil },
	"escaped items":    func(n int) (string, http.Header) { return "csv=" + strings.Repeat("%41,", n/4), nil },
	"pluses":           func(n int) (string, http.Header) { return "spaces=" + strings.Repeat("+", n), nil },
	"escaped pipes":    func(n int) (string, http.Header) { return "pipes=" + strings.Repeat("%7C", n/3), nil },
	"few pipes":        func(n int) (string, http.Header) { return "pipes=" + strings.Repeat("%41", n/3) + "|", nil },
	"digits":           func(n int) (string, http.Header) { return "n=" + strings.Repeat("9", n), nil },
	"not UTF-8":        func(n int) (string, http.Header) { return "n=" + strings.Repeat("%ff", n/3), nil },
	"cookies":          func(n int) (string, http.Header) { return "", http.Header{"Cookie": {numbered("v%x=1; ", n)}} },
	"repeated cookies": func(n int) (string, http.Header) { return "", http.Header{"Cookie": {strings.Repeat("v=1;", n/4)}} },
	"empty cookies":    func(n int) (string, http.Header) { return "", http.Header{"Cookie": {strings.Repeat(";", n)}} },
	"cookie lines": func(n int) (string, http.Header) {
		return "", http.Header{"Cookie": strings.Split(numbered("u%x=1\n", n), "\n")}
	},
	"blanks": func(n int) (string, http.Header) {
		return "", http.Header{"Cookie": {"v" + strings.Repeat(" ", n)}, "V": {strings.Repeat(" ", n)}}
	},
	"header lines": func(n int) (string, http.Header) { return "", http.Header{"V": make([]string, n/4)} },
	"header items": func(n int) (string, http.Header) { return "", http.Header{"V": {strings.Repeat(" ,", n/2)}} },
}

// numbered repeats a format with different numbers until it has about n bytes.
func numbered(format string, n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func readFlood(p *param.Reader) {
	readGiven(p, p.NextQuery, "query", param.Refuse)
	if p.Header("v") {
		for p.Split(','); p.NextItem(); {
			p.Int64()
		}
	}
	if p.Cookie("v") {
		p.Int64()
	}
}

// The work grows with the text and not faster, and no more is allocated than the text
// has bytes.
func TestFloods(t *testing.T) {
	const small, large = 1 << 16, 1 << 20
	for name, flood := range floods {
		cost := func(n int) (took time.Duration, bytes uint64) {
			query, h := flood(n)
			p := request(query)
			p.Request().Header = h
			r := p.Request()
			took = time.Hour
			var before, after runtime.MemStats
			for range 5 {
				runtime.ReadMemStats(&before)
				start := time.Now()
				p.Reset(r, nil)
				readFlood(p)
				took = min(took, time.Since(start))
				runtime.ReadMemStats(&after)
				bytes = after.TotalAlloc - before.TotalAlloc
			}
			return took, bytes
		}
		few, _ := cost(small)
		much, bytes := cost(large)
		// 16 times the text: linear is 16 times the work, quadratic 256.
		if floor := 50 * time.Microsecond; much > 80*max(few, floor) {
			t.Errorf("%s: %v for %d bytes, %v for %d", name, few, small, much, large)
		}
		if most := uint64(large + 1<<16); bytes > most {
			t.Errorf("%s: %d bytes allocated for a text of %d, want at most %d", name, bytes, large, most)
		}
	}
}
