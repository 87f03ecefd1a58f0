package problem_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bailey-go/bailey/runtime/problem"
)

func text(p *problem.Problem) string { return string(p.Append(nil)) }

func TestDocument(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		p    problem.Problem
		want string
	}{
		{
			name: "a status alone", p: problem.Problem{Status: 404},
			want: `{"type":"about:blank","title":"Not Found","status":404}`,
		},
		{
			name: "every member", p: problem.Problem{
				Type: "https://example.com/out-of-stock", Title: "Out of stock", Status: 409, Detail: "come back tomorrow", Instance: "req-1",
				Errors: []problem.Violation{
					{Pointer: "/items/0/count", Keyword: "maximum", Detail: "is greater than the schema allows"},
					{In: "query", Parameter: "limit", Keyword: "type", Detail: "is not of the type that the schema asks for"},
				}, More: true,
			},
			want: `{"type":"https://example.com/out-of-stock","title":"Out of stock","status":409,"detail":"come back tomorrow","instance":"req-1",` +
				`"errors":[{"pointer":"/items/0/count","keyword":"maximum","detail":"is greater than the schema allows"},` +
				`{"in":"query","parameter":"limit","keyword":"type","detail":"is not of the type that the schema asks for"}],"more":true}`,
		},
		{
			name: "the whole body", p: problem.Problem{Status: 422, Errors: []problem.Violation{{Keyword: "type", Detail: "d"}}},
			want: `{"type":"about:blank","title":"Unprocessable Entity","status":422,"errors":[{"pointer":"","keyword":"type","detail":"d"}]}`,
		},
		{
			name: "a parameter without a name", p: problem.Problem{Status: 400, Errors: []problem.Violation{{In: "query", Keyword: "encoding", Detail: "d"}}},
			want: `{"type":"about:blank","title":"Bad Request","status":400,"errors":[{"in":"query","parameter":"","keyword":"encoding","detail":"d"}]}`,
		},
		{
			name: "no violations", p: problem.Problem{Status: 400, Errors: []problem.Violation{}},
			want: `{"type":"about:blank","title":"Bad Request","status":400}`,
		},
		{
			name: "nothing", p: problem.Problem{},
			want: `{"type":"about:blank","title":"Internal Server Error","status":500}`,
		},
	} {
		if got := text(&test.p); got != test.want {
			t.Errorf("%s: got  %s\nwant %s", test.name, got, test.want)
		}
		if got := string(test.p.Append([]byte("before "))); got != "before "+test.want {
			t.Errorf("%s: appended: got %s", test.name, got)
		}
	}
}

// The members are those of RFC 9457, 3.1, of the types that it asks for, and extensions whose
// names it allows (3.2). No member stands twice.
func TestMembers(t *testing.T) {
	t.Parallel()
	doc := text(&problem.Problem{Type: "t", Title: "t", Status: 400, Detail: "d", Instance: "i", Errors: []problem.Violation{{}, {In: "query"}}, More: true})
	var members map[string]any
	if err := json.Unmarshal([]byte(doc), &members); err != nil || !jsontext.Value(doc).IsValid() {
		t.Fatalf("%v: %s", err, doc)
	}
	for name, want := range map[string]string{"type": "string", "title": "string", "status": "float64", "detail": "string", "instance": "string", "errors": "[]interface {}", "more": "bool"} {
		if got := fmt.Sprintf("%T", members[name]); got != want {
			t.Errorf("%s is a %s, want a %s", name, got, want)
		}
		delete(members, name)
	}
	if len(members) > 0 {
		t.Errorf("there are more members: %v", members)
	}
}

// The status of the document is one of an error, and the title fits it.
func TestStatus(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status, want int
		title        string
	}{
		{400, 400, "Bad Request"}, {401, 401, "Unauthorized"}, {403, 403, "Forbidden"}, {404, 404, "Not Found"}, {405, 405, "Method Not Allowed"}, {408, 408, "Request Timeout"},
		{409, 409, "Conflict"}, {413, 413, "Request Entity Too Large"}, {415, 415, "Unsupported Media Type"}, {422, 422, "Unprocessable Entity"}, {429, 429, "Too Many Requests"},
		{500, 500, "Internal Server Error"}, {501, 501, "Not Implemented"}, {503, 503, "Service Unavailable"},
		// A status that has no name is understood as the first of its class (RFC 9110, 15).
		{419, 419, "Bad Request"}, {499, 499, "Bad Request"}, {599, 599, "Internal Server Error"},
		// No error: a document that says so is a mistake of whoever made it.
		{0, 500, "Internal Server Error"}, {200, 500, "Internal Server Error"}, {302, 500, "Internal Server Error"}, {399, 500, "Internal Server Error"},
		{600, 500, "Internal Server Error"}, {-1, 500, "Internal Server Error"}, {1 << 40, 500, "Internal Server Error"},
	} {
		p := &problem.Problem{Status: test.status}
		if got, want := text(p), fmt.Sprintf(`{"type":"about:blank","title":%q,"status":%d}`, test.title, test.want); got != want {
			t.Errorf("%d: got %s, want %s", test.status, got, want)
		}
		if got, want := p.Error(), fmt.Sprintf("%d %s", test.want, test.title); got != want {
			t.Errorf("%d: the error is %q, want %q", test.status, got, want)
		}
		if p.Status != test.status {
			t.Errorf("%d became %d", test.status, p.Status)
		}
	}
	if got := (&problem.Problem{Status: 404, Title: "No such account", Detail: "not shown"}).Error(); got != "404 No such account" {
		t.Errorf("the error is %q", got)
	}
}

func TestErrorsAs(t *testing.T) {
	t.Parallel()
	var p *problem.Problem
	if err := fmt.Errorf("while paying: %w", &problem.Problem{Status: 402}); !errors.As(err, &p) || p.Status != 402 {
		t.Errorf("a wrapped problem is not found: %v", p)
	}
}

var hostile = []string{
	`"`, `\`, `","status":200,"x":"`, `"}`, "a\nb\r\tc", "\x00\x01\x1f\x7f", "\b\f", "\xff\xc0\xaf", "\u2028\u2029", "\U0001f600\u00e9\ufeff", "</script><script>alert(1)</script>", "<!DOCTYPE html><html>", "<!--", "&lt;b&gt;&amp;",
	"%3Cscript%3E", "{{7*7}}", "${jndi:ldap://x}", "\u202e", "]]>", "<?xml version='1.0'?>", strings.Repeat(`"\`, 5000), strings.Repeat("<", 5000), strings.Repeat("\xff", 5000),
}

// every is a problem with s wherever a text can be.
func every(s string) *problem.Problem {
	return &problem.Problem{Type: s, Title: s, Status: 400, Detail: s, Instance: s, Errors: []problem.Violation{
		{Pointer: s, Keyword: s, Detail: s}, {In: s, Parameter: s, Keyword: s, Detail: s},
	}}
}

// Names of members and parameters come from the client. They stay inside of their
// strings, and nothing of them looks like HTML to who ignores the content type.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for _, s := range hostile {
		doc := text(every(s))
		if !jsontext.Value(doc).IsValid() || !utf8.ValidString(doc) {
			t.Errorf("%.20q: not JSON: %.200s", s, doc)
			continue
		}
		if i := strings.IndexAny(doc, "<>&\x00\n\r\t\b\f"); i >= 0 {
			t.Errorf("%.20q: %q is not escaped: %.200s", s, doc[i], doc)
		}
		var back struct {
			Type, Title, Detail, Instance string
			Status                        int
			Errors                        []struct{ Pointer, In, Parameter, Keyword, Detail string }
		}
		if err := json.Unmarshal([]byte(doc), &back); err != nil || back.Status != 400 || len(back.Errors) != 2 {
			t.Errorf("%.20q: %v, %+v", s, err, back)
			continue
		}
		var want strings.Builder // each byte that is not UTF-8 becomes U+FFFD
		for _, r := range s {
			want.WriteRune(r)
		}
		a, b := back.Errors[0], back.Errors[1]
		for i, got := range []string{back.Type, back.Title, back.Detail, back.Instance, a.Pointer, a.Keyword, a.Detail, b.In, b.Parameter, b.Keyword, b.Detail} {
			if got != want.String() {
				t.Errorf("%.20q: text %d reads back as %.40q", s, i, got)
			}
		}
		if a.In+a.Parameter+b.Pointer != "" {
			t.Errorf("%.20q: a violation has two places: %+v", s, back.Errors)
		}
		// https://mimesniff.spec.whatwg.org, section 7.1: no pattern of a scriptable type.
		if got := http.DetectContentType([]byte(doc)); got != "text/plain; charset=utf-8" {
			t.Errorf("%.20q: sniffed as %s", s, got)
		}
	}
}

func TestContentType(t *testing.T) {
	t.Parallel()
	if kind, params, err := mime.ParseMediaType(problem.ContentType); kind != "application/problem+json" || len(params) != 0 || err != nil {
		t.Errorf("got %s %v %v", kind, params, err) // RFC 9457, 6.1: no parameters
	}
}

// However many violations somebody lists, the document stays bounded, and says so.
func TestViolationsAreBounded(t *testing.T) {
	t.Parallel()
	for _, n := range []int{999, 1000, 1001, 50_000} {
		p := &problem.Problem{Status: 422, Errors: make([]problem.Violation, n)}
		doc := text(p)
		if got := strings.Count(doc, `"pointer":`); got != min(n, 1000) {
			t.Errorf("%d violations: got %d", n, got)
		}
		if got := strings.HasSuffix(doc, `"more":true}`); got != (n > 1000) || !jsontext.Value(doc).IsValid() {
			t.Errorf("%d violations: more is %v, valid %v", n, got, jsontext.Value(doc).IsValid())
		}
		if len(p.Errors) != n || p.More {
			t.Errorf("%d violations: the problem was changed", n)
		}
	}
}

// A refused request costs nothing but its answer.
func TestNoAllocation(t *testing.T) {
	p := every("limit")
	b := make([]byte, 0, 4096)
	if got := testing.AllocsPerRun(100, func() { b = p.Append(b[:0]) }); got != 0 {
		t.Errorf("%v allocations, want 0", got)
	}
}

func FuzzAppend(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, 400)
	}
	f.Fuzz(func(t *testing.T, s string, status int) {
		p := every(s)
		p.Status = status
		doc := text(p)
		if !jsontext.Value(doc).IsValid() || strings.ContainsAny(doc, "<>&\n\x00") || len(doc) > 20*6*(len(s)+50) {
			t.Errorf("%q: %s", s, doc)
		}
	})
}
