package generator_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/testdata/golden/memory/api"
)

// What reading a request may allocate: so many bytes, and so many for each byte of its body.
const (
	freeMemory   = 4 << 20
	memoryFactor = 20
)

// allocated serves a request, and returns the answer and how many bytes were allocated meanwhile. It is for tests that are not
// parallel: others wait until they have ended.
func allocated(s http.Handler, r *http.Request) (*httptest.ResponseRecorder, int64) {
	var before, after runtime.MemStats
	w := httptest.NewRecorder()
	runtime.ReadMemStats(&before)
	s.ServeHTTP(w, r)
	runtime.ReadMemStats(&after)
	return w, int64(after.TotalAlloc - before.TotalAlloc)
}

// full fills size bytes with an item, between open and shut; %x or %d in the item is its number.
func full(size int, open, item, shut string) string {
	var b strings.Builder
	b.WriteString(open)
	for i := 0; b.Len()+len(item)+len(shut)+8 < size; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		if strings.Contains(item, "%") {
			fmt.Fprintf(&b, item, i)
		} else {
			b.WriteString(item)
		}
	}
	return b.String() + shut
}

// deepText is a text in so many brackets.
func deepText(open, mid, shut string, n int) string {
	return strings.Repeat(open, n) + mid + strings.Repeat(shut, n)
}

// TestRedteamMemory: no body makes the server allocate more than 4 MiB and 20 bytes for each of its bytes; where its values take more,
// it is refused with 413, an event says so, and the handler is not called.
func TestRedteamMemory(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates by itself")
	}
	sink := &events{}
	cfg := api.Config{Config: quiet}
	cfg.Events = sink
	s, err := api.NewServer(api.Unimplemented{}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	const mib = 1 << 20
	const done, over, unmet = http.StatusNotImplemented, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity
	const raised = 512 << 20 // by x-bailey-limits.memory
	nested := deepText("[", "1", "]", 60)
	for _, c := range []struct {
		name, path, body string
		status           int
	}{
		{"array of a wide struct", "/wide", full(mib, "[", "{}", "]"), over},
		{"array of a wide struct, raised", "/wide/raised", full(mib, "[", "{}", "]"), done},
		{"map of a wide struct", "/map", full(mib, "{", `"%x":{}`, "}"), over},
		{"additional members", "/open", full(mib, "{", `"%x":{}`, "}"), over},
		{"array in an object", "/order", full(mib, `{"lines":[`, "{}", "]}"), over},
		{"an ordinary long list", "/order", full(mib, `{"lines":[`, `{"sku":"a-%x","amount":1,"price":3}`, "]}"), done},
		{"nested optional structs", "/nested", full(128<<10, `{"lines":[`, "{}", "]}"), over},
		{"empty arrays", "/grid", full(mib, "[", "[]", "]"), done},
		{"empty maps in arrays", "/grid", full(mib, "[", "[{}]", "]"), 0},
		{"small maps in arrays", "/grid", full(mib, "[", `[{"":[]}]`, "]"), 0},
		{"structs in maps in arrays", "/grid", full(mib, "[", `[{"":[{}]}]`, "]"), over},
		{"unions whose first branch matches", "/unions", full(mib, "[", `{"a":1}`, "]"), 0},
		{"unions whose last branch matches", "/unions", full(mib, "[", `{"c":1}`, "]"), done},
		{"unions that no branch matches", "/unions", full(mib, "[", `{"of":{}}`, "]"), unmet},
		{"recursive unions", "/any", "[" + strings.Repeat(nested+",", 8000) + "1]", 0},
		{"recursive unions, flat", "/any", full(mib, "[", "[]", "]"), 0},
		{"empty strings", "/scalars", full(mib, `{"strings":[`, `""`, "]}"), done},
		{"strings with escapes", "/scalars", full(mib, `{"strings":[`, `"\n\n"`, "]}"), done},
		{"a long string with escapes", "/scalars", `{"strings":["` + strings.Repeat(`\n`, mib/2-20) + `"]}`, done},
		{"names with escapes", "/scalars", full(mib, `{"raw":{`, `"\u0041%x":1`, "}}"), done},
		{"names", "/scalars", full(mib, `{"raw":{`, `"%x":1`, "}}"), done},
		{"objects of many names", "/scalars", full(mib, `{"raw":[`, `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1,"p":1,"q":1}`, "]}"), done},
		{"times", "/scalars", full(mib, `{"times":[`, `"2000-01-01T00:00:00+00:01"`, "]}"), done},
		{"bytes", "/scalars", full(mib, `{"bytes":[`, `""`, "]}"), done},
		{"short bytes", "/scalars", full(mib, `{"bytes":[`, `"AAAA"`, "]}"), done},
		{"numbers", "/scalars", full(mib, `{"numbers":[`, `0`, "]}"), done},
		{"long numbers", "/scalars", full(mib, `{"numbers":[`, `1000000000000000000001`, "]}"), done},
		{"exact numbers", "/scalars", full(mib, `{"exact":[`, `0`, "]}"), done},
		{"exact numbers, long", "/scalars", full(mib, `{"exact":[`, `1000000000000000000001`, "]}"), done},
		{"exact numbers, great", "/scalars", full(mib, `{"exact":[`, `1000000000000000000001e100`, "]}"), done},
		{"equal items", "/scalars", full(mib, `{"unique":[`, `0`, "]}"), unmet},
		{"distinct items", "/scalars", full(mib, `{"unique":[`, `1%d`, "]}"), done},
		{"equal objects", "/scalars", full(mib, `{"distinct":[`, `{}`, "]}"), unmet},
		{"distinct objects", "/scalars", full(mib, `{"distinct":[`, `{"a":1%d}`, "]}"), done},
		{"patterns", "/scalars", full(mib, `{"patterns":[`, `"(a|b)*"`, "]}"), 0},
		{"a long pattern", "/scalars", `{"patterns":["` + strings.Repeat(`(a|b)*`, mib/6-20) + `"]}`, 0},
		{"names of hosts", "/scalars", full(mib, `{"hosts":[`, `"ä.de"`, "]}"), done},
		{"checked text, equal", "/checked", full(mib, "[", "0", "]"), unmet},
		{"checked text, distinct", "/checked", full(mib, "[", "1%d", "]"), done},
		{"checked text, objects", "/checked", full(mib, "[", "{}", "]"), unmet},
		{"checked text, a map", "/checked", full(mib, "[1,{", `"%x":1`, "}]"), 0},
		{"checked text, deep", "/checked", full(mib, "[1,", deepText("[", "", "]", 40), "]"), unmet},
	} {
		t.Run(c.name, func(t *testing.T) {
			sink.list = nil
			r := httptest.NewRequest(http.MethodPost, c.path, strings.NewReader(c.body))
			r.Header.Set("Content-Type", "application/json")
			w, n := allocated(s, r)
			limit := int64(freeMemory + memoryFactor*len(c.body))
			if strings.HasSuffix(c.path, "raised") {
				limit += raised
			}
			if n > limit {
				t.Errorf("%d bytes are allocated for %d; %d are allowed", n, len(c.body), limit)
			}
			if c.status != 0 && w.Code != c.status {
				t.Errorf("the answer is %d %.300s", w.Code, w.Body)
			}
			if event := sink.last(); w.Code == over && event != "input_validation_fail memory" && (c.status != 0 || event != "input_validation_fail steps") {
				t.Errorf("the event is %q", event)
			}
		})
	}
}

// zip is a text in the coding gzip.
func zip(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

// equalParts is a multipart body of n equal parts.
func equalParts(n int, header, text string) string {
	var b strings.Builder
	for range n {
		b.WriteString("--x\r\n" + header + "\r\n\r\n" + text + "\r\n")
	}
	return b.String() + "--x--\r\n"
}

// lineReader reads what it is sent.
type lineReader struct{ api.Unimplemented }

func (lineReader) PostLines(_ context.Context, r *api.PostLinesRequest) error {
	for _, err := range r.Body {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestRedteamMemoryElsewhere: the bound of TestRedteamMemory for what is no JSON body.
func TestRedteamMemoryElsewhere(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates by itself")
	}
	sink := &events{}
	cfg := api.Config{Config: quiet}
	cfg.Events = sink
	s, err := api.NewServer(lineReader{}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	const mib = 1 << 20
	const done, sent, over = http.StatusNotImplemented, http.StatusNoContent, http.StatusRequestEntityTooLarge
	const form, multi, lines = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/x-ndjson"
	field := func(name string) string { return `Content-Disposition: form-data; name="` + name + `"` }
	deals := full(12<<10, "[", "{}", "]")
	for _, c := range []struct {
		name, method, target, kind, body string
		status                           int
	}{
		{"a list of fields", "POST", "/form", form, strings.Repeat("tags=&", 999), done},
		{"JSON in a field", "POST", "/form", form, "deals=" + strings.ReplaceAll(full(mib/4, "[", "{}", "]"), "{}", "%7B%7D"), 0},
		{"JSON in many fields", "POST", "/form", form, strings.Repeat("deals=%7B%7D&", 999), done},
		{"a choice", "POST", "/form", form, strings.Repeat("choice=1&", 998) + "choice=a", done},
		{"a choice of long texts", "POST", "/form", form, strings.Repeat("choice="+strings.Repeat("1", 1000)+"&", 998) + "choice=a", 0},
		{"long fields with escapes", "POST", "/form", form, strings.Repeat("tags="+strings.Repeat("%41", 340)+"&", 999), done},
		{"many parts", "POST", "/parts", multi, equalParts(1000, field("tags"), "a"), done},
		{"many parts of JSON", "POST", "/parts", multi, equalParts(1000, field("deals"), "{}"), 0},
		{"many parts with headers", "POST", "/parts", multi, equalParts(900, field("tags")+"\r\n"+"X-A: "+strings.Repeat("a", 1000), "a"), 0},
		{"many files", "POST", "/parts", multi, equalParts(1000, `Content-Disposition: form-data; name="files"; filename="a"`, "a"), done},
		{"one long part", "POST", "/parts", multi, equalParts(1, field("tags"), strings.Repeat("a", mib-200)), done},
		{"an inflated list", "POST", "/wide/zipped", "gzip", full(mib, "[", `{"p0":"%x"}`, "]"), over},
		{"an inflated text", "POST", "/wide/zipped", "gzip", full(2*mib, `[{"p0":"`, "%x", `"}]`), done},
		{"short lines", "POST", "/lines", lines, strings.Repeat("[]\n", mib/3), sent},
		{"lines of wide items", "POST", "/lines", lines, strings.Repeat("["+strings.Repeat("{},", 40)+"{}]\n", mib/128), over},
		{"one long line", "POST", "/lines", lines, full(mib, "[", "{}", "]") + "\n", over},
		{"JSON in the query", "GET", "/query?deals=" + url.QueryEscape(deals), "", "", over},
		{"a deep object", "GET", "/query?" + strings.Repeat("deep[a][b][p0]=&", 1), "", "", done},
		{"a deep object with many names", "GET", "/query?" + manyNames(900, "deep[%x][a][p0]=1"), "", "", 0},
		{"a list in the query", "GET", "/query?ids=" + strings.TrimSuffix(strings.Repeat("1,", 999), ","), "", "", done},
		{"deep brackets", "GET", "/query?deep" + strings.Repeat("[a]", 5000) + "=1", "", "", 0},
		{"deep brackets, many", "GET", "/query?" + manyNames(300, "deep"+strings.Repeat("[a]", 15)+"[%x]=1"), "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			sink.list = nil
			body := c.body
			if c.kind == "gzip" {
				body = zip(t, body)
			}
			r := httptest.NewRequest(c.method, c.target, strings.NewReader(body))
			r.Header.Set("Content-Type", c.kind)
			switch c.kind {
			case "":
				r.Header.Del("Content-Type")
			case "gzip":
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Content-Encoding", "gzip")
			}
			w, n := allocated(s, r)
			limit := int64(freeMemory + memoryFactor*len(body))
			if c.kind == "gzip" {
				limit += 4 * 4 * mib // inflated: 4MiB
			}
			if n > limit {
				t.Errorf("%d bytes are allocated for %d; %d are allowed", n, len(body), limit)
			}
			if c.status != 0 && w.Code != c.status {
				t.Errorf("the answer is %d %.300s", w.Code, w.Body)
			}
			if w.Code == over && sink.last() != "input_validation_fail memory" {
				t.Errorf("the event is %q", sink.last())
			}
		})
	}
}

// manyNames are n pairs of a query.
func manyNames(n int, pair string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, pair+"&", i)
	}
	return strings.TrimSuffix(b.String(), "&")
}
