package gen

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bailey-go/bailey/runtime/problem"
)

// declared is a body with every part, within and outside of a list.
var declared = &ErrorBody{
	Media: "application/json",
	Codes: []ErrorCode{{For: "default", Value: "refused"}, {For: "4XX", Value: "client"}, {For: "404", Value: "absent"}, {For: "413", Value: "17", Number: true}, {For: "body", Value: "invalid"}},
	Docs:  []ErrorCode{{For: "404", Value: "https://example.com/404"}},
	Pieces: []ErrorPiece{
		{Text: "{"},
		{Key: `"docs":`, Part: PartDocs, Optional: true},
		{Key: `"after":`, Part: PartRetryAfter, Optional: true},
		{Key: `"status":`, Part: PartStatus},
		{Key: `"text":`, Part: PartStatus, AsText: true},
		{Key: `"title":`, Part: PartTitle},
		{Key: `"detail":`, Part: PartDetail, Max: 10},
		{Key: `"code":`, Part: PartCode},
		{Key: `"id":`, Part: PartRequestID},
		{Key: `"fixed":`, Text: `{"a":[]}`},
		{Key: `"list":`, Most: 2, Each: []ErrorPiece{
			{Text: "{"}, {Key: `"place":`, Part: PartPlace}, {Key: `"pointer":`, Part: PartPointer, Optional: true}, {Key: `"in":`, Part: PartIn, Optional: true},
			{Key: `"parameter":`, Part: PartParameter, Optional: true}, {Key: `"keyword":`, Part: PartKeyword}, {Key: `"detail":`, Part: PartDetail}, {Text: "}"},
		}},
		{Text: "}"},
	},
}

func errorText(p *problem.Problem, rule, retry string) string {
	c := &Call{W: httptest.NewRecorder()}
	if retry != "" {
		c.W.Header().Set("Retry-After", retry)
	}
	return string(c.appendError(nil, declared, p, rule))
}

func TestErrorBody(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		p           problem.Problem
		rule, retry string
		want        string
	}{
		{
			problem.Problem{Status: 404, Instance: "id"}, "", "",
			`{"docs":"https://example.com/404","status":404,"text":"404","title":"Not Found","detail":"Not Found","code":"absent","id":"id","fixed":{"a":[]},"list":[{"place":"","keyword":"","detail":"Not Found"}]}`,
		},
		{
			problem.Problem{Status: 429, Detail: "äöüäöüäöüäöü"}, "", "7",
			`{"after":7,"status":429,"text":"429","title":"Too Many Requests","detail":"äöüäöüäöüä","code":"client","id":"","fixed":{"a":[]},"list":[{"place":"","keyword":"","detail":"äöüäöüäöüäöü"}]}`,
		},
		{ // texts that are too short for the shortest title; a number as code; no entry for the class
			problem.Problem{Status: 413, Title: "No", Detail: "no"}, "", "",
			`{"status":413,"text":"413","title":"Request Entity Too Large","detail":"Request En","code":17,"id":"","fixed":{"a":[]},"list":[{"place":"","keyword":"","detail":"Request Entity Too Large"}]}`,
		},
		{problem.Problem{Status: 599}, "", "", `{"status":599,"text":"599","title":"Internal Server Error","detail":"Internal S","code":"refused","id":"","fixed":{"a":[]},"list":[{"place":"","keyword":"","detail":"Internal Server Error"}]}`},
		{ // a rule before the status, and two of three violations
			problem.Problem{Status: 404, Errors: []problem.Violation{{Pointer: "/a", Keyword: "type", Detail: "d"}, {In: "query", Parameter: "q", Keyword: "enum", Detail: "e"}, {}}}, "body", "",
			`{"docs":"https://example.com/404","status":404,"text":"404","title":"Not Found","detail":"Not Found","code":"invalid","id":"","fixed":{"a":[]},` +
				`"list":[{"place":"/a","pointer":"/a","in":"body","keyword":"type","detail":"d"},{"place":"q","in":"query","parameter":"q","keyword":"enum","detail":"e"}]}`,
		},
	} {
		if got := errorText(&test.p, test.rule, test.retry); got != test.want {
			t.Errorf("%d %s: got  %s\nwant %s", test.p.Status, test.rule, got, test.want)
		}
	}
}

// Whatever a client has named, the body stays JSON and looks like no HTML.
func TestErrorBodyHostile(t *testing.T) {
	t.Parallel()
	for _, s := range []string{`"`, `\`, `{`, `[`, `","x":"`, "a\nb\x00", "\xff", "\u2028", "</script>", strings.Repeat(`"{`, 3000)} {
		p := &problem.Problem{Title: s, Status: 400, Detail: s, Instance: s, Errors: []problem.Violation{{Pointer: s, Keyword: s, Detail: s}, {In: s, Parameter: s, Keyword: s, Detail: s}}}
		text := errorText(p, s, "")
		if !jsontext.Value(text).IsValid() || strings.ContainsAny(text, "<>&\n\x00") {
			t.Errorf("%.20q: %.200s", s, text)
		}
	}
}

func TestErrorIDAsUUID(t *testing.T) {
	t.Parallel()
	c := &Call{W: httptest.NewRecorder()}
	for i := range c.from.id.block {
		c.from.id.block[i] = 0xff
	}
	body := &ErrorBody{Pieces: []ErrorPiece{{Part: PartRequestID, UUID: true}}}
	if got := string(c.appendError(nil, body, &problem.Problem{Status: 400, Instance: "given by a proxy"}, "")); got != `"ffffffff-ffff-8fff-bfff-ffffffffffff"` {
		t.Errorf("got %s", got)
	}
}

// A refusal costs nothing but its answer.
func TestErrorBodyAllocations(t *testing.T) {
	c := &Call{W: httptest.NewRecorder()}
	p := &problem.Problem{Status: 404, Detail: "a <detail>", Instance: "id", Errors: []problem.Violation{{Pointer: "/a", Keyword: "type", Detail: "d"}}}
	b := make([]byte, 0, 4096)
	if got := testing.AllocsPerRun(100, func() { b = c.appendError(b[:0], declared, p, "body") }); got > 1 { // the detail is escaped
		t.Errorf("%v allocations, want at most 1", got)
	}
}

func TestSentStatus(t *testing.T) {
	t.Parallel()
	s := &Server{refusals: Refusals{Status: []StatusMap{{422, 400}}}}
	for from, want := range map[int]int{422: 400, 400: 400, 401: 401, 404: 404} {
		if got := s.sentStatus(from); got != want {
			t.Errorf("%d is sent as %d, want %d", from, got, want)
		}
	}
}

func FuzzErrorBody(f *testing.F) {
	f.Add(`"{<`, 404, "body")
	f.Fuzz(func(t *testing.T, s string, status int, rule string) {
		p := &problem.Problem{Title: s, Status: 400 + (status%200+200)%200, Detail: s, Instance: s, Errors: []problem.Violation{{Pointer: s, Keyword: s, Detail: s}, {In: s, Parameter: s}}}
		text := errorText(p, rule, "")
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil || strings.ContainsAny(text, "<>&\x00") {
			t.Errorf("%q: %v: %s", s, err, text)
		}
	})
}
