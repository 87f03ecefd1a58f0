package param_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/param"
)

func TestPath(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ raw, want, fail string }{
		{raw: "a", want: "a"},
		{raw: "a%20b", want: "a b"},
		{raw: "a+b", want: "a+b"}, // + is a space in queries alone
		{raw: "d%2Fe", want: "d/e"},
		{raw: "d%2fe", want: "d/e"},
		{raw: "%252e", want: "%2e"},
		{raw: "a;v=1", want: "a;v=1"},
		{raw: "a=b&c", want: "a=b&c"},
		{raw: "%3F%23", want: "?#"},
		{raw: "%E2%82%AC", want: "\u20ac"},
		{raw: "\u20ac", want: "\u20ac"},
		{raw: "...", want: "..."},
		{raw: ".a", want: ".a"},
		{raw: "%2e%2e%2fa", want: "../a"}, // an escaped slash is data, and so is what stands beside it
		{raw: "", fail: "path id required"},
		{raw: "%", fail: "path id encoding"},
		{raw: "%2", fail: "path id encoding"},
		{raw: "%zz", fail: "path id encoding"},
		{raw: "%00", fail: "path id encoding"},
		{raw: "a%00", fail: "path id encoding"},
		{raw: "a\x00", fail: "path id encoding"},
		{raw: "%ff", fail: "path id encoding"},
		{raw: "%c0%ae%c0%ae", fail: "path id encoding"},
		// Whoever normalises the path on the way takes these segments away (RFC 3986,
		// 5.2.4 and 6.2.2): two readers would see two requests.
		{raw: ".", fail: "path id encoding"},
		{raw: "..", fail: "path id encoding"},
		{raw: "%2e", fail: "path id encoding"},
		{raw: "%2E%2e", fail: "path id encoding"},
		{raw: ".%2e", fail: "path id encoding"},
	} {
		p := message(nil, "first", test.raw)
		p.Path(1, "id")
		if got, r := p.String(), refused(t, p); got != test.want || r != test.fail {
			t.Errorf("%q: got %q, refused %q; want %q, %q", test.raw, got, r, test.want, test.fail)
		}
	}
	// A router that found fewer values than there are parameters is no reason to panic.
	p := message(nil)
	p.Path(0, "id")
	if got := refused(t, p); got != "path id required" {
		t.Errorf("no value: refused %q", got)
	}
}

func TestHeader(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, want, fail string
		h                http.Header
		absent           bool
	}{
		{name: "X-Need", h: http.Header{"X-Need": {"a"}}, want: "a"},
		{name: "x-need", h: http.Header{"X-Need": {"a"}}, want: "a"}, // names have no case (RFC 9110, 5.1)
		{name: "X-NEED", h: http.Header{"X-Need": {"a"}}, want: "a"},
		{name: "X-Request-ID", h: http.Header{"X-Request-Id": {"a"}}, want: "a"},
		{name: "x_need", h: http.Header{"X_need": {"a"}}, want: "a"},
		{name: "etag", h: http.Header{"Etag": {"a"}}, want: "a"},
		{name: strings.Repeat("x-", 40) + "y", h: http.Header{strings.Repeat("X-", 40) + "Y": {"a"}}, want: "a"},
		{name: "X-Need", h: http.Header{"X-Needed": {"a"}, "X_need": {"a"}, "X-Nee": {"a"}}, absent: true},
		{name: "X-Need", h: nil, absent: true},
		{name: "X-Need", h: http.Header{"X-Need": nil}, absent: true},
		{name: "X-Need", h: http.Header{"X-Need": {""}}},
		{name: "X-Need", h: http.Header{"X-Need": {" \ta b\t "}}, want: "a b"},
		{name: "X-Need", h: http.Header{"X-Need": {"a\tb"}}, want: "a\tb"},
		{name: "X-Need", h: http.Header{"X-Need": {"a%20b+c;d,e"}}, want: "a%20b+c;d,e"},
		{name: "X-Need", h: http.Header{"X-Need": {"%zz"}}, want: "%zz"},
		{name: "X-Need", h: http.Header{"X-Need": {`"a\"b"`}}, want: `"a\"b"`},
		{name: "X-Need", h: http.Header{"X-Need": {"\u20ac"}}, want: "\u20ac"},
		{name: "X-Need", h: http.Header{"X-Need": {"\xff"}}, fail: "header X-Need encoding"},
		{name: "X-Need", h: http.Header{"X-Need": {"a\x00"}}, fail: "header X-Need encoding"},
		// RFC 9110, 5.5: control characters are invalid.
		{name: "X-Need", h: http.Header{"X-Need": {"a\r\nX-Other: b"}}, fail: "header X-Need encoding"},
		{name: "X-Need", h: http.Header{"X-Need": {"a\n"}}, fail: "header X-Need encoding"},
		{name: "X-Need", h: http.Header{"X-Need": {"\x1b[31m"}}, fail: "header X-Need encoding"},
		{name: "X-Need", h: http.Header{"X-Need": {"a\x7f"}}, fail: "header X-Need encoding"},
		// One reader takes the first line, another the last or both.
		{name: "X-Need", h: http.Header{"X-Need": {"a", "a"}}, fail: "header X-Need repeated"},
		{name: "x-need", h: http.Header{"X-Need": {"a", "b"}}, fail: "header x-need repeated"},
		{name: "X-Need", h: http.Header{"X-Need": {"a", ""}}, fail: "header X-Need repeated"},
		{name: "X-Need", h: http.Header{"X-Need": {"\x01", "b"}}, fail: "header X-Need encoding"},
	} {
		p := message(test.h)
		found := p.Header(test.name)
		if got, r := p.String(), refused(t, p); found == test.absent || got != test.want || r != test.fail {
			t.Errorf("%s in %q: found %v, got %q, refused %q; want %q, %q", test.name, test.h, found, got, r, test.want, test.fail)
		}
	}
}

// net/http takes the field Host out of the header.
func TestHostHeader(t *testing.T) {
	t.Parallel()
	p := new(param.Reader)
	p.Reset(&http.Request{Host: "example.com", URL: &url.URL{}, Header: http.Header{}}, nil)
	if !p.Header("host") || p.String() != "example.com" || p.Violated() {
		t.Errorf("got %q, refused %q", p.String(), refused(t, p))
	}
	if p.Header("Hosts") || p.Header("Hos") {
		t.Error("another field is the host")
	}
	p.Reset(&http.Request{URL: &url.URL{}, Header: http.Header{}}, nil)
	if p.Header("Host") {
		t.Error("an HTTP/1.0 request without a host has one")
	}
}

func TestCookie(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		lines      []string
		want, fail string
		absent     bool
	}{
		{lines: []string{"v=a"}, want: "a"},
		{lines: []string{"u=1; v=a; w=2"}, want: "a"},
		{lines: []string{"u=1;v=a;w=2"}, want: "a"},
		{lines: []string{"u=1;\tv=a ;  w=2;"}, want: "a"},
		{lines: []string{"u=1", "v=a"}, want: "a"}, // HTTP/2 may divide the field (RFC 9113, 8.2.3)
		{lines: []string{"v=a=b"}, want: "a=b"},
		{lines: []string{"v="}},
		{lines: []string{"v=a%20b%3Bc"}, want: "a b;c"},
		{lines: []string{"v=a+b"}, want: "a+b"}, // + is a space in queries alone
		{lines: []string{"v=%2541"}, want: "%41"},
		{lines: []string{"v=%E2%82%AC"}, want: "\u20ac"},
		{lines: []string{"v=a,b"}, want: "a,b"}, // style form separates items with it
		{lines: []string{`v="a"`}, want: "a"},
		{lines: []string{`v=""`}},
		{lines: []string{`v="%22"`}, want: `"`},
		{lines: []string{`w="x; v=a; y"`}, want: "a"}, // a quoted semicolon is none of RFC 6265: it separates

		// Others: nothing of them is read.
		{lines: nil, absent: true},
		{lines: []string{""}, absent: true},
		{lines: []string{";;; ; "}, absent: true},
		{lines: []string{"V=a; vv=a; xv=a; %76=a; [v]=a; =v; w=v=a"}, absent: true},
		{lines: []string{"$v=a; \u00e9=1; \x00; broken; w=%zz; w=\xff"}, absent: true},

		// RFC 6265, 4.1.1: no white space, quotes, backslashes, controls, or bytes beyond ASCII.
		{lines: []string{"v= a"}, fail: "cookie v encoding"},
		{lines: []string{"v=a b"}, fail: "cookie v encoding"},
		{lines: []string{"v=a\tb"}, fail: "cookie v encoding"},
		{lines: []string{`v="a`}, fail: "cookie v encoding"},
		{lines: []string{`v=a"`}, fail: "cookie v encoding"},
		{lines: []string{`v="`}, fail: "cookie v encoding"},
		{lines: []string{`v="""`}, fail: "cookie v encoding"},
		{lines: []string{`v="a";"`}, want: "a"},
		{lines: []string{`v="a;b"`}, fail: "cookie v encoding"},
		{lines: []string{`v=a\b`}, fail: "cookie v encoding"},
		{lines: []string{"v=a\x01"}, fail: "cookie v encoding"},
		{lines: []string{"v=a\x00"}, fail: "cookie v encoding"},
		{lines: []string{"v=a\x7f"}, fail: "cookie v encoding"},
		{lines: []string{"v=\u20ac"}, fail: "cookie v encoding"},
		{lines: []string{"v=\xff"}, fail: "cookie v encoding"},
		{lines: []string{"v=%zz"}, fail: "cookie v encoding"},
		{lines: []string{"v=%"}, fail: "cookie v encoding"},
		{lines: []string{"v=%00"}, fail: "cookie v encoding"},
		{lines: []string{"v=%ff"}, fail: "cookie v encoding"},
		// net/http reads these as v, browsers as cookies of other names or of none.
		{lines: []string{"v =a"}, fail: "cookie v encoding"},
		{lines: []string{"v\t=a"}, fail: "cookie v encoding"},
		{lines: []string{"v"}, fail: "cookie v encoding"},

		{lines: []string{"v=a; v=a"}, fail: "cookie v repeated"},
		{lines: []string{"v=a; u=1; v=b"}, fail: "cookie v repeated"},
		{lines: []string{"v=a", "v=b"}, fail: "cookie v repeated"},
		{lines: []string{"v=a; v =b"}, fail: "cookie v encoding"},
		{lines: []string{"v =a; v=b"}, fail: "cookie v encoding"},
		{lines: []string{"v; v=b"}, fail: "cookie v encoding"},
		{lines: []string{"v=%zz; v=b"}, fail: "cookie v repeated"},
	} {
		p := message(http.Header{"Cookie": test.lines})
		found := p.Cookie("v")
		if got, r := p.String(), refused(t, p); found == test.absent || got != test.want || r != test.fail {
			t.Errorf("%q: found %v, got %q, refused %q; want %q, %q", test.lines, found, got, r, test.want, test.fail)
		}
	}
}

// What net/http says the cookie is, where it says so, is what is read: an authenticator
// that asks it must not see another one.
func TestCookieAgrees(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"v=a", "v=a; v=b", "v =a", "v= a", " v=a", "v=a ", `v="a"`, `v="a`, `v=a"b`, "v", "v;v=a", "v=", "v=\x01; v=a", "v=\xff; v=a", "v=a b; v=c", "v=a\\; v=b",
		"=v", "v==", "v=a;;v=b", "u=\"; v=a; \"", "V=a", "v=%41", "v=a,b", "v=a\tb; v=c", "\u00a0v=a", "v\u00a0=a",
	} {
		r := &http.Request{URL: &url.URL{}, Header: http.Header{"Cookie": {line}}}
		var p param.Reader
		p.Reset(r, nil)
		found := p.Cookie("v")
		if p.Violated() {
			continue
		}
		all := r.CookiesNamed("v")
		if len(all) > 1 || found != (len(all) == 1) {
			t.Errorf("%q: found %v and nothing refused, net/http has %v", line, found, all)
			continue
		}
		if want := ""; found {
			if want, _ = url.PathUnescape(all[0].Value); p.String() != want {
				t.Errorf("%q: got %q, net/http has %q", line, p.String(), want)
			}
		}
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ raw, want, fail string }{
		{raw: "", want: ""}, {raw: "a+b%20;\n\t\x01", want: "a+b%20;\n\t\x01"},
		{raw: "\x00", fail: "body v encoding"}, {raw: "a\xff", fail: "body v encoding"},
	} {
		p := request("")
		p.Value("body", "v", test.raw)
		if got, r := p.String(), refused(t, p); got != test.want || r != test.fail {
			t.Errorf("%q: got %q, refused %q; want %q, %q", test.raw, got, r, test.want, test.fail)
		}
	}
}
