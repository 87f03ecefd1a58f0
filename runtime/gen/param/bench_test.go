package param_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/param"
	"github.com/bailey-go/bailey/runtime/types"
)

// A query of three scalars and a path of one UUID, as generated code reads them.

const benchQuery = "limit=50&status=in_transit&active=true"

type benchParams struct {
	id     types.UUID
	limit  int32
	status string
	active bool
}

func readBench(p *param.Reader, v *benchParams) {
	p.Path(0, "id")
	v.id = p.UUID()
	var seen uint64
	for p.NextQuery() {
		switch p.Name {
		case "limit":
			if p.First(&seen, 0) {
				v.limit = p.Int32()
			}
		case "status":
			if p.First(&seen, 1) {
				v.status = p.String()
			}
		case "active":
			if p.First(&seen, 2) {
				v.active = p.Bool()
			}
		default:
			p.Unknown(param.Refuse)
		}
	}
	p.Require(seen, 7, "query", "limit", "status", "active")
}

func BenchmarkScalars(b *testing.B) {
	r := &http.Request{URL: &url.URL{RawQuery: benchQuery}}
	path := []string{aUUID}
	var p param.Reader
	var v benchParams
	b.ReportAllocs()
	for b.Loop() {
		p.Reset(r, path)
		readBench(&p, &v)
		if p.Violated() {
			b.Fatal(p.Err())
		}
	}
}

// BenchmarkParseQuery does what the standard library offers for the same, which takes
// +50, t for true, unknown and repeated parameters.
func BenchmarkParseQuery(b *testing.B) {
	r := &http.Request{URL: &url.URL{RawQuery: benchQuery}}
	path := []string{aUUID}
	var v benchParams
	b.ReportAllocs()
	for b.Loop() {
		q, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			b.Fatal(err)
		}
		limit, err := strconv.ParseInt(q.Get("limit"), 10, 32)
		if err != nil {
			b.Fatal(err)
		}
		v.limit, v.status = int32(limit), q.Get("status")
		if v.active, err = strconv.ParseBool(q.Get("active")); err != nil {
			b.Fatal(err)
		}
		id, err := url.PathUnescape(path[0])
		if err != nil {
			b.Fatal(err)
		}
		if err := v.id.UnmarshalText([]byte(id)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEscaped is the same query with every byte of its values escaped.
func BenchmarkEscaped(b *testing.B) {
	r := &http.Request{URL: &url.URL{RawQuery: "limit=" + escapeAll("50") + "&status=" + escapeAll("in_transit") + "&active=" + escapeAll("true")}}
	path := []string{escapeAll(aUUID)}
	var p param.Reader
	var v benchParams
	b.ReportAllocs()
	for b.Loop() {
		p.Reset(r, path)
		readBench(&p, &v)
		if p.Violated() {
			b.Fatal(p.Err())
		}
	}
}

// BenchmarkHeaders reads a header field whose name is not in canonical case, a list in
// one, and a cookie behind others.
func BenchmarkHeaders(b *testing.B) {
	r := &http.Request{Header: http.Header{"X-Request-Token": {"abcdef"}, "X-List": {"1, 2, 3"}, "Cookie": {"theme=dark; session=0123456789abcdef; v=17"}}}
	var p param.Reader
	b.ReportAllocs()
	for b.Loop() {
		p.Reset(r, nil)
		sum := int64(0)
		if !p.Header("x-request-token") || p.String() != "abcdef" || p.Header("X-Absent-ID") || !p.Cookie("v") || p.Int64() != 17 || !p.Header("X-List") {
			b.Fatal("not found")
		}
		for p.Split(','); p.NextItem(); {
			sum += p.Int64()
		}
		if sum != 6 || p.Violated() {
			b.Fatal(sum, p.Err())
		}
	}
}
