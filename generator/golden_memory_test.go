package generator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
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
			if w.Code == over && sink.last() != "input_validation_fail memory" {
				t.Errorf("the event is %q", sink.last())
			}
		})
	}
}
