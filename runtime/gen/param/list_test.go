package param_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/param"
)

// Items are told apart as the client wrote them and decoded afterwards: an escaped
// separator is data (RFC 6570, 3.2.1), but for those that queries can only write escaped
// (OpenAPI 3.0.3, Style Examples).
func TestQueryLists(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		raw  string
		list func(g *given) []string
		want []string
		fail string
	}{
		{raw: "many=a&many=b", list: (*given).Many, want: []string{"a", "b"}},
		{raw: "many=a&s=x&m%61ny=b", list: (*given).Many, want: []string{"a", "b"}},
		{raw: "many=a,b&many=c", list: (*given).Many, want: []string{"a,b", "c"}},
		{raw: "many=&many", list: (*given).Many, want: []string{"", ""}},
		{raw: "many=a", list: (*given).Many, want: []string{"a"}, fail: "query many minItems"},
		{raw: "many=1&many=2&many=3&many=4&many=5", list: (*given).Many, want: []string{"1", "2", "3"}, fail: "query many maxItems"},
		{raw: "many=%&many=%00&many=x", list: (*given).Many, want: []string{"", "", "x"}, fail: "query many encoding"},

		{raw: "csv=a,b", list: (*given).CSV, want: []string{"a", "b"}},
		{raw: "csv=a%2Cb,c", list: (*given).CSV, want: []string{"a,b", "c"}},
		{raw: "csv=a%2cb", list: (*given).CSV, want: []string{"a,b"}},
		{raw: "csv=a%252Cb,c", list: (*given).CSV, want: []string{"a%2Cb", "c"}},
		{raw: "csv=", list: (*given).CSV},
		{raw: "csv", list: (*given).CSV},
		{raw: "csv=,", list: (*given).CSV, want: []string{"", ""}},
		{raw: "csv=a,,b,", list: (*given).CSV, want: []string{"a", "", "b", ""}},
		{raw: "csv=+a,b+", list: (*given).CSV, want: []string{" a", "b "}},
		{raw: "csv=a|b%20c", list: (*given).CSV, want: []string{"a|b c"}},
		{raw: "csv=%e2%82%ac,b", list: (*given).CSV, want: []string{"\u20ac", "b"}},
		{raw: "csv=a&csv=b", list: (*given).CSV, want: []string{"a"}, fail: "query csv repeated"},
		{raw: "csv=a,%zz", list: (*given).CSV, fail: "query csv encoding"},
		{raw: "csv=%2,C", list: (*given).CSV, fail: "query csv encoding"},
		{raw: "csv=%,2C", list: (*given).CSV, fail: "query csv encoding"},
		{raw: "csv=%c3,%a9", list: (*given).CSV, fail: "query csv encoding"},
		{raw: "csv=a,%00", list: (*given).CSV, fail: "query csv encoding"},
		{raw: "csv=a;b,c", list: (*given).CSV, fail: "query csv encoding"},
		{raw: "csv[]=a", list: (*given).CSV, fail: "query csv[] unknown"},

		{raw: "pipes=a|b", list: (*given).Pipes, want: []string{"a", "b"}},
		{raw: "pipes=a%7Cb%7cc|d", list: (*given).Pipes, want: []string{"a", "b", "c", "d"}},
		{raw: "pipes=a%257Cb", list: (*given).Pipes, want: []string{"a%7Cb"}},
		{raw: "pipes=a,b", list: (*given).Pipes, want: []string{"a,b"}},
		{raw: "pipes=|", list: (*given).Pipes, want: []string{"", ""}},
		{raw: "pipes=%7", list: (*given).Pipes, fail: "query pipes encoding"},

		{raw: "spaces=a%20b+c", list: (*given).Spaces, want: []string{"a", "b", "c"}},
		{raw: "spaces=a%2Bb+c", list: (*given).Spaces, want: []string{"a+b", "c"}},
		{raw: "spaces=a%2520b", list: (*given).Spaces, want: []string{"a%20b"}},
		{raw: "spaces=a,b|c", list: (*given).Spaces, want: []string{"a,b|c"}},
		{raw: "spaces=+", list: (*given).Spaces, want: []string{"", ""}},
		{raw: "spaces=%2", list: (*given).Spaces, fail: "query spaces encoding"},
	} {
		p := request(test.raw)
		g := readGiven(p, p.NextQuery, "query", param.Refuse)
		if got, r := test.list(&g), refused(t, p); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", test.want) || r != test.fail {
			t.Errorf("%q: got %q, refused %q; want %q, %q", test.raw, got, r, test.want, test.fail)
		}
	}
}

func (g *given) Many() []string   { return g.many }
func (g *given) CSV() []string    { return g.csv }
func (g *given) Pipes() []string  { return g.pipes }
func (g *given) Spaces() []string { return g.spaces }

// Lists in the other places: a plus is a plus there, and the white space around the items of
// a field is not theirs (RFC 9110, 5.6.1).
func TestSimpleLists(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in, raw string
		want    []string
		fail    string
		sep     byte
	}{
		{in: "path", raw: "a,b", want: []string{"a", "b"}},
		{in: "path", raw: "a%2Cb,c+d", want: []string{"a,b", "c+d"}},
		{in: "path", raw: "a%2fb,%20", want: []string{"a/b", " "}},
		{in: "path", raw: ",", want: []string{"", ""}},
		{in: "path", raw: "a;b,c", want: []string{"a;b", "c"}},
		{in: "path", raw: "", fail: "path v required"},
		{in: "path", raw: "a,%", fail: "path v encoding"},
		{in: "path", raw: "a%20b+c", sep: ' ', want: []string{"a", "b+c"}},
		{in: "path", raw: "a%7Cb|c", sep: '|', want: []string{"a", "b", "c"}},
		{in: "header", raw: "a b%20c", sep: ' ', want: []string{"a", "b%20c"}},
		{in: "header", raw: "a,b", want: []string{"a", "b"}},
		{in: "header", raw: " a ,\tb\t", want: []string{"a", "b"}},
		{in: "header", raw: "a%2Cb,c", want: []string{"a%2Cb", "c"}}, // style simple has no escapes in fields (OpenAPI 3.1.1, Appendix D)
		{in: "header", raw: `"a,b"`, want: []string{`"a`, `b"`}},
		{in: "header", raw: "a b|c+d", want: []string{"a b|c+d"}},
		{in: "header", raw: "a,,b,", want: []string{"a", "", "b", ""}},
		{in: "header", raw: ""},
		{in: "header", raw: "  "},
		{in: "header", raw: "a,b\x01", fail: "header v encoding"},
		{in: "cookie", raw: "a,b", want: []string{"a", "b"}},
		{in: "cookie", raw: "a%2Cb,c+d", want: []string{"a,b", "c+d"}},
		{in: "cookie", raw: `"a,b"`, want: []string{"a", "b"}},
		{in: "cookie", raw: ""},
		{in: "cookie", raw: "a,%zz", fail: "cookie v encoding"},
	} {
		var p *param.Reader
		switch test.in {
		case "path":
			p = message(nil, test.raw)
			p.Path(0, "v")
		case "header":
			p = message(http.Header{"V": {test.raw}})
			p.Header("v")
		case "cookie":
			p = message(http.Header{"Cookie": {"v=" + test.raw}})
			p.Cookie("v")
		}
		var got []string
		sep := test.sep
		if sep == 0 {
			sep = ','
		}
		for p.Split(sep); p.NextItem(); {
			got = append(got, p.String())
		}
		if r := refused(t, p); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", test.want) || r != test.fail {
			t.Errorf("%s %q: got %q, refused %q; want %q, %q", test.in, test.raw, got, r, test.want, test.fail)
		}
	}
}

// Each item is checked by itself; what is said about several of one list is said once.
func TestItems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ raw, want, fail string }{
		{"1,2", "[1 2]", ""},
		{"1,+2,3", "[1 0 3]", "query v type"},
		{"x,,9223372036854775808", "[0 0 0]", "query v type, query v format"},
		{"1%2C2", "[0]", "query v type"},
	} {
		p := request("v=" + test.raw)
		p.NextQuery()
		var got []int64
		for p.Split(','); p.NextItem(); {
			got = append(got, p.Int64())
		}
		if r := refused(t, p); fmt.Sprint(got) != test.want || r != test.fail {
			t.Errorf("%q: got %v, refused %q; want %s, %q", test.raw, got, r, test.want, test.fail)
		}
	}
}

// A list ends at 1000 items, before anybody keeps more of them.
func TestItemsAreBounded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		sep  byte
		text string
	}{{',', ","}, {'|', "%7C"}, {' ', "+"}} {
		for _, items := range []int{1000, 1001, 100_000} {
			p := request("v=a" + strings.Repeat(test.text+"a", items-1))
			p.NextQuery()
			n := 0
			for p.Split(test.sep); p.NextItem(); {
				n++
			}
			want := ""
			if items > 1000 {
				want = "query v maxItems"
			}
			if r := refused(t, p); n != 1000 || r != want || p.NextItem() {
				t.Errorf("%d items by %q: got %d, refused %q; want 1000, %q", items, test.sep, n, r, want)
			}
		}
	}
}
