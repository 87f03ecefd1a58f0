//go:build unix

package generator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	steps "github.com/bailey-go/bailey/testdata/golden/steps/api"
)

// stepsHandler reads the items of a sequence, which nobody else does, and has nothing else.
type stepsHandler struct{ steps.Unimplemented }

func (stepsHandler) Items(_ context.Context, r *steps.ItemsRequest) error {
	for _, err := range r.Body {
		if err != nil {
			return err
		}
	}
	return nil
}

func stepsServer(t *testing.T) http.Handler {
	t.Helper()
	s, err := steps.NewServer(stepsHandler{}, steps.Config{Config: runtime.Config{Log: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fill repeats a piece, with commas, until a text of n bytes is full.
func fill(open, piece, shut string, n int) string {
	k := (n - len(open) - len(shut)) / (len(piece) + 1)
	return open + strings.TrimSuffix(strings.Repeat(piece+",", k), ",") + shut
}

func deep(open, mid, shut string, n int) string {
	return strings.Repeat(open, n) + mid + strings.Repeat(shut, n)
}

// stepsCase is a hostile body for an operation, and the status that it gets: 422 where it breaks
// its schema, 413 where checking it would take too many steps, 501 where it holds.
type stepsCase struct {
	operation, body string
	status          int
	keyword         string // of the first violation
}

const stepsSize = 1 << 20

// hostileStrings are strings that almost match a pattern, again and again.
func hostileStrings() (a, ab, dots string) {
	return `"` + strings.Repeat("a", stepsSize-2) + `"`, `"` + strings.Repeat("abaabbabbb", stepsSize/10-1) + `"`, `"` + strings.Repeat("aaaa.bb.c.", stepsSize/10-1) + `"`
}

// TestRedteamPatterns holds what matching a pattern costs, and that it is not matched at all where
// the text is too long.
func TestRedteamPatterns(t *testing.T) {
	a, ab, dots := hostileStrings()
	var names strings.Builder
	for i := 0; names.Len() < stepsSize-200; i++ {
		fmt.Fprintf(&names, `"%s%d":"%s",`, strings.Repeat("ab", 20), i, strings.Repeat("ab", 40))
	}
	var tests []stepsCase
	for _, operation := range []string{"hostBounded", "thousandBounded", "largeBounded", "lookBounded", "uriBounded"} {
		tests = append(tests, stepsCase{operation, a, 422, "maxLength"}, stepsCase{operation, ab, 422, "maxLength"}, stepsCase{operation, dots, 422, "maxLength"})
	}
	for _, operation := range []string{"host", "anywhere", "thousand", "look"} {
		tests = append(tests, stepsCase{operation, a, 422, "pattern"}, stepsCase{operation, ab, 422, "pattern"}, stepsCase{operation, dots, 422, "pattern"})
	}
	holdSteps(t, 40, append(tests,
		stepsCase{"large", a, 413, ""}, stepsCase{"large", ab, 413, ""}, stepsCase{"large", dots, 422, "pattern"},
		stepsCase{"password", a, 413, ""}, stepsCase{"password", ab, 413, ""}, stepsCase{"password", ab[:10_000] + `"`, 422, "pattern"},
		stepsCase{"choice", a, 413, ""}, stepsCase{"choice", dots, 422, "anyOf"},
		stepsCase{"many", fill("[", `"`+strings.Repeat("ab", 300)+`"`, "]", stepsSize), 422, "pattern"},
		stepsCase{"many", fill("[", `"ab"`, "]", stepsSize), 422, "pattern"},
		stepsCase{"raw", "{" + strings.TrimSuffix(names.String(), ",") + "}", 413, ""},
	))
}

// TestRedteamRawcost holds what alternatives and other questions cost that are asked of each byte
// more than once.
func TestRedteamRawcost(t *testing.T) {
	pad, x := strings.Repeat(" ", stepsSize), strings.Repeat("x", stepsSize)
	leaf := `{"field":"a","value":"b"}`
	var unique strings.Builder
	for i := 0; unique.Len() < stepsSize-100; i++ {
		fmt.Fprintf(&unique, `{"b":%d,"a":1},`, i)
	}
	holdSteps(t, 10, []stepsCase{
		{"node", deep(`{"n":`, "{}", "}", 6), 501, ""},
		{"node", deep(`{"n":`, "{}", "}", 20), 413, ""},
		{"node", deep(`{"n":`, "{}"+pad, "}", 60), 413, ""},
		{"tree", deep(`{"a":`, "1", "}", 20), 413, ""},
		{"tree", deep(`{"a":`, "1"+pad, "}", 60), 413, ""},
		{"unique", "[" + strings.TrimSuffix(unique.String(), ",") + "]", 413, ""},
		{"unique", "[" + unique.String()[:strings.LastIndex(unique.String()[:10_000], "{")] + "{}]", 501, ""},
		{"unique", fill("[", "{}", "]", 1000), 422, "uniqueItems"},
		{"nested", deep(`{"n":[`, "{}"+pad, "]}", 30), 501, ""},
		{"nested", deep(`{"n":[`, fill("", `{}`, "", stepsSize), "]}", 30), 422, "uniqueItems"},
		{"any", fill("[", deep("[", "1", "]", 60), "]", stepsSize), 413, ""},
		{"any", deep("[", fill("", "[1,1]", "", stepsSize), "]", 60), 413, ""},
		{"any", "[[1,2,3,4],[1,[2]],3]", 501, ""},
		{"expression", fill(`{"and":[`, deep(`{"not":`, leaf, "}", 8), "]}", stepsSize), 413, ""},
		{"expression", fill(`{"and":[`, deep(`{"not":`, leaf, "}", 40), "]}", stepsSize), 413, ""},
		{"expression", deep(`{"not":`, leaf, "}", 30), 501, ""},
		{"expression", fill(`{"and":[`, leaf, "]}", stepsSize), 501, ""},
		{"shape", deep(`{"inside":`, `{"kind":"dot","note":"`+x+`"}`, `,"kind":"group"}`, 60), 413, ""},
		{"shape", deep(`{"kind":"group","inside":`, `{"kind":"dot","note":"`+x+`"}`, `}`, 60), 501, ""},
		{"level", deep(`{"a":`, `{"b":"`+x+`"}`, `}`, 60), 422, "dependentRequired"},
		{"wide", fill("[", `{"p":1,"q":"aaa","m23":1}`, "]", stepsSize), 413, ""},
		{"wide", fill("[", `{"p":1,"q":"aaa","m23":1}`, "]", 4000), 501, ""},
		{"wide", fill("[", `{"q":"`+x[:1000]+`","m23":1}`, "]", stepsSize), 501, ""},
		{"numbers", fill("[", "1194", "]", stepsSize), 501, ""},
		{"numbers", fill("[", "2793.5", "]", stepsSize), 501, ""},
	})
}

// holdSteps sends each body and holds the answer, which the count of steps decides, and the
// processor time against that of json.Valid for the same bytes. The times of bodies that are too
// short to be measured are left out, and the ratio has room for a busy machine: the faults of this kind
// are off by a factor of a hundred.
func holdSteps(t *testing.T, times float64, tests []stepsCase) {
	t.Helper()
	const room = 4
	s := stepsServer(t)
	for _, tt := range tests {
		best, ref := time.Hour, time.Hour
		var w *httptest.ResponseRecorder
		for try := 0; try < 5 && (try == 0 || float64(best) > times*float64(ref)); try++ {
			r := httptest.NewRequest("POST", "/"+tt.operation, strings.NewReader(tt.body))
			r.Header.Set("Content-Type", "application/json")
			w = httptest.NewRecorder()
			start := processorTime(t)
			s.ServeHTTP(w, r)
			best = min(best, processorTime(t)-start)
			text := []byte(tt.body)
			start = processorTime(t)
			json.Valid(text)
			ref = min(ref, processorTime(t)-start)
		}
		ratio := float64(best) / float64(max(ref, 1))
		if testing.Verbose() {
			t.Logf("%-16s %8d bytes %d %8v %6.1f %.30s", tt.operation, len(tt.body), w.Code, best.Round(10*time.Microsecond), ratio, tt.body)
		}
		if w.Code != tt.status {
			t.Errorf("%s, %d bytes of %.30s: status %d, want %d: %.200s", tt.operation, len(tt.body), tt.body, w.Code, tt.status, w.Body)
		}
		if len(tt.body) > stepsSize/2 && ratio > room*times {
			t.Errorf("%s, %d bytes of %.30s: %.1f times the processor time of json.Valid", tt.operation, len(tt.body), tt.body, ratio)
		}
		var p struct {
			Errors []struct{ Keyword string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, e := range p.Errors {
			if got == "" || e.Keyword != tt.keyword {
				got = e.Keyword
			}
		}
		if got != tt.keyword {
			t.Errorf("%s, %d bytes of %.30s: the keyword is %q, want %q alone", tt.operation, len(tt.body), tt.body, got, tt.keyword)
		}
	}
}

// TestStepsOfParts holds that the fields of a form, and the items of a sequence, share one
// allowance: many small ones do not take more than one large one.
func TestStepsOfParts(t *testing.T) {
	s := stepsServer(t)
	post := func(path, kind, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", path, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	const form = "application/x-www-form-urlencoded"
	ab := strings.Repeat("abaabbabbb", 1<<16)
	for _, tt := range []struct {
		body, want string
	}{
		{"short=" + ab, `"keyword":"maxLength"`},
		{"long=" + ab[:200], `"keyword":"pattern"`},
		{"long=" + ab, `"keyword":"steps"`},
	} {
		if w := post("/form", form, tt.body); w.Code != 422 || strings.Count(w.Body.String(), "keyword") != 1 || !strings.Contains(w.Body.String(), tt.want) {
			t.Errorf("%d bytes: got %d %s, want %s alone", len(tt.body), w.Code, w.Body, tt.want)
		}
	}
	line := deep(`{"a":`, "1", `,"x":1}`, 8) + "\n"
	if w := post("/items", "application/x-ndjson", line); w.Code == 413 {
		t.Errorf("one item: %d %s", w.Code, w.Body)
	}
	if w := post("/items", "application/x-ndjson", strings.Repeat(line, 40)); w.Code != 413 {
		t.Errorf("forty items: %d %s", w.Code, w.Body)
	}
}
