package param_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/gen/param"
	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// A name that a client chose is shown, but only as much of it as is fit to be: nothing
// that moves a cursor, reverses text or ends a line, and no more than 64 characters.
func TestNamesAreClean(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, want string }{
		{"zzz", "zzz"},
		{"\u00e9\U0001f600", "\u00e9\U0001f600"},
		{"a b", "a b"},
		{"<script>", "<script>"}, // what writes it escapes it
		{strings.Repeat("x", 64), strings.Repeat("x", 64)},
		{strings.Repeat("x", 65), strings.Repeat("x", 64) + "\u2026"},
		{strings.Repeat("\u20ac", 1000), strings.Repeat("\u20ac", 64) + "\u2026"},
		{strings.Repeat("x", 100_000), strings.Repeat("x", 64) + "\u2026"},
		{"a\nb", "a\u2026"},
		{"a\rb", "a\u2026"},
		{"\tb", "\u2026"},
		{"a\x1b[31mb", "a\u2026"},
		{"a\x7f", "a\u2026"},
		{"a\u009b31m", "a\u2026"}, // the escape sequences of C1
		{"a\u0085b", "a\u2026"},
		{"a\u202eb", "a\u2026"}, // reverses what follows
		{"a\u2066b", "a\u2026"},
		{"a\u200bb", "a\u2026"},
		{"a\u2028b", "a\u2026"},
		{"a\u00a0b", "a\u2026"},
		{"a\ufffdb", "a\u2026"},
		{"a\ufeffb", "a\u2026"},
	} {
		p := request(escapeAll(test.name) + "=1")
		p.NextQuery()
		p.Unknown(param.Refuse)
		var inv *param.Invalid
		if !errors.As(p.Err(), &inv) || inv.Violations[0].Name != test.want {
			t.Errorf("%.20q: got %+v, want %q", test.name, inv, test.want)
		}
		if p.Name != test.name {
			t.Errorf("%.20q is read as %.20q", test.name, p.Name)
		}
	}
}

// Nothing of a value is in an error, whatever was wrong with it.
func TestValuesAreNotRepeated(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t"
	tail := []string{"", "%zz", "%00", ";x", "%ff", "+"}
	for _, end := range tail {
		for kind, read := range readers {
			p := request("v=" + secret + end + "&v=" + secret + end + "&w=" + secret + "," + secret + end)
			var seen uint64
			for p.NextQuery() {
				if p.Name == "w" {
					for p.Split(','); p.NextItem(); {
						read(p)
						p.Refuse("maxLength")
					}
					p.Unknown(param.Refuse)
				} else if p.First(&seen, 0) {
					read(p)
					p.Refuse("maxLength")
				}
			}
			q := message(http.Header{"V": {secret + "\x01"}, "W": {secret, secret}, "Cookie": {"v=" + secret + end + "; w=\"" + secret + "; w=" + secret}}, secret+end)
			q.Path(0, "v")
			read(q)
			for _, name := range []string{"v", "w"} {
				if q.Header(name) {
					read(q)
					q.Refuse("maxLength")
				}
				if q.Cookie(name) {
					read(q)
					q.Refuse("maxLength")
				}
			}
			for _, p := range []*param.Reader{p, q} {
				if err := p.Err(); err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret) {
					t.Errorf("%s%s as %s: the error is %#v", secret, end, kind, err)
				}
			}
		}
	}
}

func TestError(t *testing.T) {
	t.Parallel()
	p := request("a%22%0a=1&b=2")
	for p.NextQuery() {
		p.Unknown(param.Refuse)
	}
	p.Missing("header", "X-Need")
	const start = "param: the parameters break their description"
	if got, want := p.Err().Error(), start+`; query "a\"…" unknown; query "b" unknown; header "X-Need" required`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for i := range 20 {
		p.Missing("header", fmt.Sprint(i))
	}
	if got := p.Err().Error(); !strings.HasSuffix(got, `"12" required; and more`) {
		t.Errorf("got %s", got)
	}
	if got := (&param.Invalid{}).Error(); got != start {
		t.Errorf("without violations: got %s", got)
	}
	if err := request("").Err(); err != nil {
		t.Errorf("nothing refused: got %v", err)
	}
}

// Keywords that this package does not know are those of JSON Schema, or have a
// sentence that fits all.
func TestDetails(t *testing.T) {
	t.Parallel()
	p := request("v=1")
	p.NextQuery()
	for keyword := range sentences {
		p.Refuse(keyword)
	}
	p.Refuse("somethingNew")
	inv := p.Err().(*param.Invalid)
	for _, v := range inv.Violations {
		if want, ok := sentences[v.Keyword]; ok && v.Detail != want || !ok && v.Detail != "does not satisfy the schema" {
			t.Errorf("%s: got %q", v.Keyword, v.Detail)
		}
	}
	if len(inv.Violations) != len(sentences)+1 {
		t.Errorf("got %d violations, want %d", len(inv.Violations), len(sentences)+1)
	}
}

// What is the same in every respect is said once: a list of which each item is wrong must
// not fill the report.
func TestSaidOnce(t *testing.T) {
	t.Parallel()
	p := request(strings.Repeat("v=x&", 500) + "w=1")
	for p.NextQuery() {
		if p.Name == "w" {
			p.Unknown(param.Refuse)
			continue
		}
		p.Int64()
	}
	if got := refused(t, p); got != "query v type, query w unknown" {
		t.Errorf("refused %q", got)
	}
}

// At most 16 violations are kept, and that there are more.
func TestViolationsAreBounded(t *testing.T) {
	t.Parallel()
	for _, n := range []int{15, 16, 17, 900} {
		var raw strings.Builder
		for i := range n {
			fmt.Fprintf(&raw, "&x%d=1", i)
		}
		p := request(raw.String())
		pairs := 0
		for p.NextQuery() {
			p.Unknown(param.Refuse)
			pairs++
		}
		inv := p.Err().(*param.Invalid)
		if pairs != n || len(inv.Violations) != min(n, 16) || inv.More != (n > 16) {
			t.Errorf("%d unknown: read %d, got %d violations and more %v", n, pairs, len(inv.Violations), inv.More)
		}
		for _, v := range inv.Violations {
			if !utf8.ValidString(v.Name) {
				t.Errorf("%q is not UTF-8", v.Name)
			}
		}
	}
}

// Floats that are costly to read draw on the budget of steps, of which many small values have one.
func TestFloatSteps(t *testing.T) {
	t.Parallel()
	for value, refused := range map[string]bool{"5e-324": true, "2.2250738585072011e-308": true, "1.5e-30": false, "-0.25": false, "9007199254740993": false} {
		p := request("")
		p.Form(strings.Repeat("a="+value+"&", 200))
		read := 0
		for p.NextForm() {
			if p.Float64(); p.Err() != nil {
				break
			}
			read++
		}
		if read == 0 || (read < 200) != refused {
			t.Errorf("%d of %s are read", read, value)
		}
		if inv, ok := p.Err().(*param.Invalid); refused && (!ok || inv.Violations[0].Keyword != wire.KeywordSteps) {
			t.Errorf("%s: got %v", value, p.Err())
		}
	}
}

// TestDetailOfTheDocument: a detail may follow the keyword, which stays what it is.
func TestDetailOfTheDocument(t *testing.T) {
	t.Parallel()
	p := request("v=10")
	p.NextQuery()
	p.Refuse("maximum is greater than 9")
	var inv *param.Invalid
	if !errors.As(p.Err(), &inv) || inv.Violations[0].Keyword != "maximum" || inv.Violations[0].Detail != "is greater than 9" {
		t.Errorf("got %+v", inv)
	}
}

// TestWritableIsNeverLeftOut: a member that the caller may not set is listed, however much else is wrong: the server
// answers 403 then, and tells nothing of the other violations.
func TestWritableIsNeverLeftOut(t *testing.T) {
	t.Parallel()
	p := request("v=10")
	p.NextQuery()
	for i := range 40 {
		p.RefuseAt(wire.Violation{Pointer: fmt.Sprintf("/%d", i), Keyword: "enum", Detail: "is none of 1, 2"})
	}
	p.RefuseAt(wire.Violation{Pointer: "/role", Keyword: wire.KeywordWritable})
	var inv *param.Invalid
	if !errors.As(p.Err(), &inv) || len(inv.Violations) != 16 || inv.Violations[15].Keyword != wire.KeywordWritable || !inv.More {
		t.Errorf("got %+v", inv)
	}
}
