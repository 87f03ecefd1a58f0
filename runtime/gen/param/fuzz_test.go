package param_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/gen/param"
)

// shown fails when an error holds more than it may.
func shown(t *testing.T, p *param.Reader) {
	t.Helper()
	var inv *param.Invalid
	if err := p.Err(); err == nil {
		return
	} else if !errors.As(err, &inv) {
		t.Fatalf("the error is %#v", err)
	}
	if len(inv.Violations) > 16 || inv.More && len(inv.Violations) < 16 {
		t.Errorf("%d violations, more %v", len(inv.Violations), inv.More)
	}
	for i, v := range inv.Violations {
		if !utf8.ValidString(v.Name) || utf8.RuneCountInString(v.Name) > 65 || strings.ContainsAny(v.Name, "\x00\r\n\x1b") {
			t.Errorf("the name %q is shown", v.Name)
		}
		if v.Detail != sentences[v.Keyword] || v.Detail == "" {
			t.Errorf("%s: the detail %q is shown", v.Keyword, v.Detail)
		}
		if slices.Contains(inv.Violations[:i], v) {
			t.Errorf("%v is said twice", v)
		}
	}
}

// FuzzQuery holds queries and forms to net/url: what is read without a violation is what
// url.ParseQuery reads, and everything that it reads is read, but for U+0000, for what is
// not UTF-8, and for more than 1000 pairs.
func FuzzQuery(f *testing.F) {
	for _, test := range syntax {
		f.Add(test.raw)
	}
	for _, flood := range floods {
		raw, _ := flood(2000)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		oracle, err := url.ParseQuery(raw)
		clean := err == nil && strings.Count(raw, "&") < 1000
		for name, values := range oracle {
			for _, s := range append(values, name) {
				clean = clean && utf8.ValidString(s) && !strings.Contains(s, "\x00")
			}
		}
		check := func(p *param.Reader, next func() bool) {
			t.Helper()
			got := url.Values{}
			for next() {
				got[p.Name] = append(got[p.Name], p.String())
				p.Unknown(param.Drop)
			}
			shown(t, p)
			if clean == p.Violated() {
				if clean || strings.Count(raw, "&") < 1000 {
					t.Fatalf("%q: %v, want it taken: %v", raw, p.Err(), clean)
				}
			}
			if !p.Violated() && (err != nil || !maps.EqualFunc(got, oracle, slices.Equal)) {
				t.Fatalf("%q: got %q, want %q, %v", raw, got, oracle, err)
			}
		}
		p := request(raw)
		check(p, p.NextQuery)
		p = request("")
		p.Form(raw)
		check(p, p.NextForm)

		// The reading that generated code does, with all its styles, stays within the text.
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p = request(raw)
		readGiven(p, p.NextQuery, "query", param.Refuse)
		runtime.ReadMemStats(&after)
		if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 100*uint64(len(raw))+1<<16 {
			t.Errorf("%d bytes allocated for %d", bytes, len(raw))
		}
		shown(t, p)
	})
}

// FuzzList holds lists to the plain definition: divide what was written, decode then.
func FuzzList(f *testing.F) {
	for _, s := range []string{"a,b", "a%2Cb,c", "%2c,%252C", ",", "", "%,2C", "%c3,%a9", "a%7Cb|c", "a%20b+c", "+%2B+", "a;b", "%00,", "\xff,a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		raw = strings.ReplaceAll(raw, "&", "")
		for sep, spellings := range map[byte][]string{',': {","}, '|': {"|", "%7C", "%7c"}, ' ': {"+", "%20"}} {
			p := request("v=" + raw)
			p.NextQuery()
			whole := p.Violated()
			var got []string
			for p.Split(sep); p.NextItem(); {
				got = append(got, p.String())
			}
			shown(t, p)
			if whole || p.Violated() {
				if got != nil && whole {
					t.Fatalf("%q: a list that cannot be decoded has the items %q", raw, got)
				}
				continue
			}
			parts := []string{raw}
			for _, s := range spellings {
				var next []string
				for _, part := range parts {
					next = append(next, strings.Split(part, s)...)
				}
				parts = next
			}
			var want []string
			for _, part := range parts {
				if part, err := url.QueryUnescape(part); err != nil {
					t.Fatalf("%q: %v, but it is taken", raw, err)
				} else if raw != "" {
					want = append(want, part)
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%q by %q: got %q, want %q", raw, sep, got, want)
			}
		}
	})
}

// FuzzScalar holds every type to an independent reading, and every place to the same.
func FuzzScalar(f *testing.F) {
	for _, s := range scalars {
		for _, list := range [][]string{s.taken, s.type_, s.other, unencoded} {
			for _, text := range list {
				f.Add(text)
			}
		}
	}
	oracles := map[string]func(s, got string) bool{
		"bool":    func(s, got string) bool { return s == got },
		"int32":   func(s, got string) bool { _, err := strconv.ParseInt(s, 10, 32); return err == nil && s == got },
		"int64":   func(s, got string) bool { _, err := strconv.ParseInt(s, 10, 64); return err == nil && s == got },
		"uint32":  func(s, got string) bool { _, err := strconv.ParseUint(s, 10, 32); return err == nil && s == got },
		"uint64":  func(s, got string) bool { _, err := strconv.ParseUint(s, 10, 64); return err == nil && s == got },
		"float32": func(s, got string) bool { return isFloat(s, got, 32) },
		"float64": func(s, got string) bool { return isFloat(s, got, 64) },
		"uuid":    func(s, got string) bool { return strings.ToLower(s) == got && len(s) == 36 },
		"date": func(s, got string) bool {
			d, err := time.Parse(time.DateOnly, s)
			return err == nil && d.Format(time.DateOnly) == got
		},
		"time":   func(s, got string) bool { return strings.Contains(s, ":60") || sameTime(s, got) },
		"bytes":  func(s, got string) bool { return len(s)/4*3 >= len(got) },
		"string": func(s, got string) bool { return s == got },
		"enum":   func(s, got string) bool { return s == got && (s == "red" || s == "light blue") },
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" {
			return
		}
		for kind, read := range readers {
			p := request("v=" + escapeAll(text))
			p.NextQuery()
			want := read(p)
			shown(t, p)
			fails := keywords(p)
			if fails == "" && !oracles[kind](text, want) {
				t.Fatalf("%s %q: got %s", kind, text, want)
			}
			for place, put := range places {
				p := put(text)
				if p == nil || text == "." || text == ".." {
					continue
				}
				got := read(p)
				if strings.HasPrefix(place, "header") && strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
					continue // no control character stands in a field
				}
				if got != want || keywords(p) != fails {
					t.Fatalf("%s %q in %s: got %s, %s; in the query %s, %s", kind, text, place, got, keywords(p), want, fails)
				}
			}
		}
	})
}

func isFloat(s, got string, size int) bool {
	v, err := strconv.ParseFloat(s, size)
	return err == nil && json.Valid([]byte(s)) && got == strconv.FormatFloat(v, 'g', -1, size)
}

func sameTime(s, got string) bool {
	v, err := time.Parse(time.RFC3339Nano, strings.ToUpper(s))
	return err == nil && v.Format(time.RFC3339Nano) == got
}

func keywords(p *param.Reader) string {
	var inv *param.Invalid
	s := ""
	if errors.As(p.Err(), &inv) {
		for _, v := range inv.Violations {
			s += fmt.Sprint(v.Keyword, " ")
		}
	}
	return s
}

// FuzzFields holds path, header and cookies to net/http and net/url: what is read without
// a violation is what they read.
func FuzzFields(f *testing.F) {
	for _, s := range []string{"a", "v=a; v=b", "v =a", `v="a`, "v", "v=a;;v", "%2e%2e", "%zz", "a%2Fb", "v=%00", "\x01", "v=a b", "v=\u20ac", " v = a ", "v\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		r := &http.Request{URL: &url.URL{}, Header: http.Header{"V": {raw}, "Cookie": {raw}}}
		var p param.Reader
		p.Reset(r, []string{raw})
		p.Path(0, "v")
		if want, err := url.PathUnescape(raw); !p.Violated() && (err != nil || p.String() != want || want == "" || want == ".." || !utf8.ValidString(want)) {
			t.Fatalf("path %q: got %q, want %q, %v", raw, p.String(), want, err)
		}
		shown(t, &p)

		p.Reset(r, nil)
		if !p.Header("v") || !p.Violated() && p.String() != strings.Trim(raw, " \t") {
			t.Fatalf("header %q: got %q", raw, p.String())
		}
		shown(t, &p)

		if strings.ContainsAny(raw, "\r\n\x00") {
			return // net/http lets no such field in, and trims what a cookie has of them
		}
		p.Reset(r, nil)
		found := p.Cookie("v")
		shown(t, &p)
		if p.Violated() {
			return
		}
		all := r.CookiesNamed("v")
		if len(all) > 1 || found != (len(all) == 1) {
			t.Fatalf("cookie %q: found %v, net/http has %v", raw, found, all)
		}
		if found {
			if want, err := url.PathUnescape(all[0].Value); err != nil || p.String() != want {
				t.Fatalf("cookie %q: got %q, want %q, %v", raw, p.String(), want, err)
			}
		}
	})
}
