package param_test

import (
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/param"
)

// given is what readGiven found: the values of s and n, and the items of each list.
type given struct {
	seen                     uint64
	s                        string
	n                        int64
	many, csv, pipes, spaces []string
}

// readGiven reads pairs as generated code does: a string s, an integer n with the
// default 7, and a list in each style.
func readGiven(p *param.Reader, next func() bool, in string, unknown param.Unknown) (g given) {
	g.n = 7
	for next() {
		switch p.Name {
		case "s":
			if p.First(&g.seen, 0) {
				g.s = p.String()
			}
		case "n":
			if p.First(&g.seen, 1) {
				g.n = p.Int64()
			}
		case "many":
			if len(g.many) >= 3 {
				p.Refuse("maxItems")
				continue
			}
			g.seen |= 1 << 2
			g.many = append(g.many, p.String())
		case "csv":
			if p.First(&g.seen, 3) {
				for p.Split(','); p.NextItem(); {
					g.csv = append(g.csv, p.String())
				}
			}
		case "pipes":
			if p.First(&g.seen, 4) {
				for p.Split('|'); p.NextItem(); {
					g.pipes = append(g.pipes, p.String())
				}
			}
		case "spaces":
			if p.First(&g.seen, 5) {
				for p.Split(' '); p.NextItem(); {
					g.spaces = append(g.spaces, p.String())
				}
			}
		default:
			p.Unknown(unknown)
		}
	}
	if g.seen&(1<<2) != 0 {
		p.At(in, "many")
		if len(g.many) < 2 {
			p.Refuse("minItems")
		}
	}
	return g
}

// syntax are raw queries, and forms. In want, @ is the place.
var syntax = []struct {
	raw  string
	want string // what is refused
	s    string
	n    int64
}{
	{raw: "", n: 7},
	{raw: "s=a&n=5", s: "a", n: 5},
	{raw: "n=5&s=a", s: "a", n: 5},
	{raw: "?&&", want: "@ ? unknown", n: 7},
	{raw: "&&&", n: 7},
	{raw: "&s=a&&n=5&", s: "a", n: 5},

	// A name alone is a name with an empty value (WHATWG URL, 5.1).
	{raw: "s", n: 7},
	{raw: "s=", n: 7},
	{raw: "n", want: "@ n type"},
	{raw: "n=", want: "@ n type"},
	{raw: "=", want: "@  unknown", n: 7},
	{raw: "=x", want: "@  unknown", n: 7},
	{raw: "==", want: "@  unknown", n: 7},
	{raw: "s==", s: "=", n: 7},
	{raw: "s=a=b", s: "a=b", n: 7},
	{raw: "s%3Da", want: "@ s=a unknown", n: 7},

	// One value has one spelling of its name, whatever the escapes: repetition shows.
	{raw: "%73=a", s: "a", n: 7},
	{raw: "%6e=5&%73=a", s: "a", n: 5},
	{raw: "s=a&s=a", want: "@ s repeated", s: "a", n: 7},
	{raw: "s=a&%73=b", want: "@ s repeated", s: "a", n: 7},
	{raw: "%73&s=b", want: "@ s repeated", n: 7},
	{raw: "s=a&s=b&s=c&n=1", want: "@ s repeated", s: "a", n: 1},
	{raw: "s=a&s", want: "@ s repeated", s: "a", n: 7},
	{raw: "n=5&n=6", want: "@ n repeated", n: 5},

	// Names are case-sensitive (OpenAPI 3.0.3, Parameter Object), and nothing is cut off.
	{raw: "S=a", want: "@ S unknown", n: 7},
	{raw: "N=5", want: "@ N unknown", n: 7},
	{raw: "s+=a", want: "@ s  unknown", n: 7},
	{raw: "+s=a", want: "@  s unknown", n: 7},
	{raw: "s[]=a", want: "@ s[] unknown", n: 7},
	{raw: "s[x]=a", want: "@ s[x] unknown", n: 7},
	{raw: "s.x=a", want: "@ s.x unknown", n: 7},
	{raw: "csv[0]=a", want: "@ csv[0] unknown", n: 7},
	{raw: "%EF%BC%B3=a", want: "@ \uff33 unknown", n: 7},

	// + is a space in queries and forms, and an escaped one is a plus.
	{raw: "s=a+b", s: "a b", n: 7},
	{raw: "s=a%20b", s: "a b", n: 7},
	{raw: "s=a%2Bb", s: "a+b", n: 7},
	{raw: "s=a%2bb", s: "a+b", n: 7},
	{raw: "n=+5", want: "@ n type"},
	{raw: "n=%2B5", want: "@ n type"},
	{raw: "n=%35", n: 5},

	// Escapes are decoded once (RFC 3986, 2.4), and must be whole (2.1).
	{raw: "s=%2525", s: "%25", n: 7},
	{raw: "s=%25%32%35", s: "%25", n: 7},
	{raw: "s=%2f%2F", s: "//", n: 7},
	{raw: "s=%26n%3D5", s: "&n=5", n: 7},
	{raw: "s=%", want: "@ s encoding", n: 7},
	{raw: "s=%2", want: "@ s encoding", n: 7},
	{raw: "s=%zz", want: "@ s encoding", n: 7},
	{raw: "s=%2g", want: "@ s encoding", n: 7},
	{raw: "s=%g2", want: "@ s encoding", n: 7},
	{raw: "s=%g0%90%80%80", want: "@ s encoding", n: 7}, // U+10000, were g a digit
	{raw: "s=%%20", want: "@ s encoding", n: 7},
	{raw: "s=%u0041", want: "@ s encoding", n: 7},
	{raw: "s=%+1", want: "@ s encoding", n: 7},
	{raw: "s=a%", want: "@ s encoding", n: 7},
	{raw: "s=%2&n=5", want: "@ s encoding", n: 5},
	{raw: "s=%2&5", want: "@ s encoding, @ 5 unknown", n: 7},
	{raw: "n=%zz", want: "@ n encoding"},
	{raw: "x=%zz", want: "@ x encoding", n: 7},
	{raw: "%zz=1", want: "@  encoding", n: 7},
	{raw: "%=1", want: "@  encoding", n: 7},
	{raw: "%", want: "@  encoding", n: 7},
	{raw: "s%=1&s=a", want: "@  encoding", s: "a", n: 7},
	{raw: "s=a&s=%zz", want: "@ s encoding", s: "a", n: 7},

	// U+0000 and what is not UTF-8, escaped or not.
	{raw: "s=%00", want: "@ s encoding", n: 7},
	{raw: "s=a%00b", want: "@ s encoding", n: 7},
	{raw: "s=a\x00b", want: "@ s encoding", n: 7},
	{raw: "s%00=a", want: "@  encoding", n: 7},
	{raw: "s\x00=a", want: "@  encoding", n: 7},
	{raw: "s=%ff", want: "@ s encoding", n: 7},
	{raw: "s=\xff", want: "@ s encoding", n: 7},
	{raw: "s=%c0%af", want: "@ s encoding", n: 7},
	{raw: "s=%ed%a0%80", want: "@ s encoding", n: 7},
	{raw: "s=%e2%82", want: "@ s encoding", n: 7},
	{raw: "%ff=a", want: "@  encoding", n: 7},
	{raw: "\xff=a", want: "@  encoding", n: 7},
	{raw: "s=%e2%82%ac", s: "\u20ac", n: 7},
	{raw: "s=\xe2\x82%ac", s: "\u20ac", n: 7},
	{raw: "s=%f4%8f%bf%bf", s: "\U0010ffff", n: 7},

	// Some read a semicolon as a separator, others as data: it must be escaped.
	{raw: "s=99;x", want: "@ s encoding", n: 7},
	{raw: "n=99;x", want: "@ n encoding"},
	{raw: "s=a;n=5", want: "@ s encoding", n: 7},
	{raw: ";", want: "@  encoding", n: 7},
	{raw: ";s=a", want: "@  encoding", n: 7},
	{raw: "s=a&;", want: "@  encoding", s: "a", n: 7},
	{raw: "s;x=a", want: "@  encoding", n: 7},
	{raw: "s=a%3Bn=5", s: "a;n=5", n: 7},

	// What is refused is all said, in the order of the text.
	{raw: "a=1&n=x&b=2&s=%&n=5", want: "@ a unknown, @ n type, @ b unknown, @ s encoding, @ n repeated"},
	{raw: "a=1&a=2", want: "@ a unknown", n: 7},
}

func TestSyntax(t *testing.T) {
	t.Parallel()
	for _, test := range syntax {
		p := request(test.raw)
		g := readGiven(p, p.NextQuery, "query", param.Refuse)
		if got, want := refused(t, p), strings.ReplaceAll(test.want, "@", "query"); got != want || g.s != test.s || g.n != test.n {
			t.Errorf("query %q: refused %q, s %q, n %d; want %q, %q, %d", test.raw, got, g.s, g.n, want, test.s, test.n)
		}
		p = request("s=of+the+query")
		p.Form(test.raw)
		g = readGiven(p, p.NextForm, "body", param.Refuse)
		if got, want := refused(t, p), strings.ReplaceAll(test.want, "@", "body"); got != want || g.s != test.s || g.n != test.n {
			t.Errorf("form %q: refused %q, s %q, n %d; want %q, %q, %d", test.raw, got, g.s, g.n, want, test.s, test.n)
		}
	}
}

// Where unknown parameters are dropped they are still read: what cannot be decoded, or
// divides differently for others, is refused.
func TestUnknownDropped(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ raw, want string }{
		{"x=1&s=a", ""}, {"x=1&x=2", ""}, {"S=1", ""}, {"=x", ""},
		{"x=%zz", "query x encoding"}, {"x=%00", "query x encoding"}, {"x=1;s=b", "query x encoding"}, {"%zz=1", "query  encoding"},
	} {
		p := request(test.raw)
		readGiven(p, p.NextQuery, "query", param.Drop)
		if got := refused(t, p); got != test.want {
			t.Errorf("%q: refused %q, want %q", test.raw, got, test.want)
		}
	}
}

func TestRequired(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		raw      string
		required uint64 // of s, n, many
		want     string
	}{
		{"s=a&n=5&many=1&many=2", 7, ""},
		{"", 0, ""},
		{"", 7, "query s required, query n required, query many required"},
		{"", 5, "query s required, query many required"},
		{"n=5", 3, "query s required"},
		{"s", 1, ""},
		{"S=a", 1, "query S unknown, query s required"},
		{"%73=", 1, ""},
		// It is there, though it cannot be read: one violation says so.
		{"s=%zz", 1, "query s encoding"},
		{"n=x", 2, "query n type"},
		{"many=%&many=1", 4, "query many encoding"},
	} {
		p := request(test.raw)
		g := readGiven(p, p.NextQuery, "query", param.Refuse)
		p.Require(g.seen, test.required, "query", "s", "n", "many")
		if got := refused(t, p); got != test.want {
			t.Errorf("%q: refused %q, want %q", test.raw, got, test.want)
		}
	}
	p := request("")
	p.Missing("header", "X-Need")
	p.Require(1<<62, 1<<63, "query", append(make([]string, 63), "last")...)
	if got := refused(t, p); got != "header X-Need required, query last required" {
		t.Errorf("refused %q", got)
	}
}

// The 64th parameter has a bit as well.
func TestFirst(t *testing.T) {
	t.Parallel()
	p := request("last=1&last=2")
	var seen uint64
	p.NextQuery()
	if !p.First(&seen, 63) || seen != 1<<63 {
		t.Errorf("the first: seen %x", seen)
	}
	p.NextQuery()
	if p.First(&seen, 63) || refused(t, p) != "query last repeated" {
		t.Errorf("the second: refused %q", refused(t, p))
	}
}

// After Reset nothing of the request before is left.
func TestReset(t *testing.T) {
	t.Parallel()
	p := request("x=1&s=a")
	readGiven(p, p.NextQuery, "query", param.Refuse)
	first := p.Err()
	p.Reset(request("").Request(), nil)
	if p.NextQuery() || p.Violated() || p.Name != "" || p.String() != "" || p.NextItem() || p.NextForm() {
		t.Error("something is left")
	}
	p.At("query", "later")
	p.Refuse("minItems")
	if got := first.(*param.Invalid).Violations; len(got) != 1 || got[0].Name != "x" {
		t.Errorf("the error of the request before became %v", got)
	}
}
