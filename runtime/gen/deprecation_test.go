package gen

import (
	"net/http"
	"strings"
	"testing"
)

// Dates that no field can have keep the server from starting.
func TestEnding(t *testing.T) {
	for _, test := range []struct {
		d    Deprecation
		want string // the fields, or what is wrong
	}{
		{Deprecation{}, ""},
		{Deprecation{Since: "2026-01-01T00:00:00Z"}, "@1767225600||"},
		{Deprecation{Since: "2026-01-01T01:00:00+01:00", Sunset: "2026-01-01T00:00:00Z", Link: "https://a.example"}, "@1767225600|Thu, 01 Jan 2026 00:00:00 GMT|<https://a.example>; rel=\"deprecation\""},
		{Deprecation{Sunset: "2026-01-01T00:00:00Z"}, `"" is no time from which it is deprecated`},
		{Deprecation{Link: "https://a.example"}, `"" is no time from which it is deprecated`},
		{Deprecation{Since: "1969-12-31T23:59:59Z"}, `is no time from which`},
		{Deprecation{Since: "2026-01-01T00:00:00Z", Sunset: "2025-12-31T23:59:59Z"}, `is no time at which it ends, after`},
		{Deprecation{Since: "2026-01-01T00:00:00Z", Link: "https://a.example>; rel=\"x"}, `is no URL for a field`},
		{Deprecation{Since: "2026-01-01T00:00:00Z", Link: "https://a.example\r\nX: y"}, `is no URL for a field`},
	} {
		b := &Builder{}
		e, h := b.ending("op", test.d), http.Header{}
		var got string
		switch {
		case len(b.errs) > 0:
			got = b.errs[0].Error()
		case e != nil:
			e.write(h)
			got = h.Get("Deprecation") + "|" + h.Get("Sunset") + "|" + h.Get("Link")
		}
		if (len(b.errs) > 0) == (e != nil) && test.want != "" || !strings.Contains(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%+v: %q, want %q", test.d, got, test.want)
		}
	}
}

// The fields are made once: an answer allocates nothing for them, unless the handler has links of its own.
func TestEndingAllocatesNothing(t *testing.T) {
	e := (&Builder{}).ending("op", Deprecation{Since: "2026-01-01T00:00:00Z", Sunset: "2026-02-01T00:00:00Z", Link: "https://a.example"})
	h := http.Header{"Deprecation": nil, "Sunset": nil, "Link": nil}
	if n := testing.AllocsPerRun(100, func() { h["Link"] = nil; e.write(h) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	own := []string{"a"}
	h["Link"] = own[:1]
	e.write(h)
	if len(h["Link"]) != 2 || len(e.link) != 1 || own[0] != "a" {
		t.Errorf("%q, %q", h["Link"], e.link)
	}
}
