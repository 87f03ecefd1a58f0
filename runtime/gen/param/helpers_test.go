package param_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/param"
)

// sentences are what a caller reads for each keyword. A detail is one of them, letter by
// letter: so it cannot hold anything of the request.
var sentences = map[string]string{
	"type":      "is not of the type that the schema asks for",
	"format":    "does not have the format that the schema asks for",
	"enum":      "is not one of the values that the schema allows",
	"minimum":   "is less than the schema allows",
	"maxLength": "is longer than the schema allows",
	"minItems":  "has fewer items than the schema allows",
	"maxItems":  "has more items than the schema allows",
	"unknown":   "is not a parameter of this operation",
	"repeated":  "is given more than once",
	"encoding":  "is not encoded as it must be",
	"required":  "is missing",
}

// refused returns what p refused, "place name keyword" each.
func refused(t testing.TB, p *param.Reader) string {
	t.Helper()
	err := p.Err()
	if p.Violated() != (err != nil) {
		t.Fatalf("Violated is %v, but Err %v", p.Violated(), err)
	}
	if err == nil {
		return ""
	}
	var inv *param.Invalid
	if !errors.As(err, &inv) || len(inv.Violations) == 0 {
		t.Fatalf("got the error %#v, want an *Invalid", err)
	}
	var all []string
	for _, v := range inv.Violations {
		all = append(all, v.In+" "+v.Name+" "+v.Keyword)
		if want, ok := sentences[v.Keyword]; !ok || v.Detail != want {
			t.Errorf("keyword %q: got the detail %q, want %q", v.Keyword, v.Detail, want)
		}
	}
	if inv.More {
		all = append(all, "more")
	}
	return strings.Join(all, ", ")
}

// request returns a reader of a request whose query is raw.
func request(raw string) *param.Reader {
	p := new(param.Reader)
	p.Reset(&http.Request{URL: &url.URL{RawQuery: raw}, Header: http.Header{}}, nil)
	return p
}

// message returns a reader of a request with header fields and values of the path.
func message(h http.Header, path ...string) *param.Reader {
	p := new(param.Reader)
	p.Reset(&http.Request{URL: &url.URL{}, Header: h}, path)
	return p
}

// escapeAll writes every byte of s as %XX.
func escapeAll(s string) string {
	const digits = "0123456789aBcDeF"
	var b strings.Builder
	for i := range len(s) {
		b.WriteString("%" + string(digits[s[i]>>4]) + string(digits[s[i]&0xf]))
	}
	return b.String()
}
