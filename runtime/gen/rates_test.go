package gen

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/limit"
	"github.com/bailey-go/bailey/runtime/principal"
)

// field authenticates by a header field: its value names the caller; "bad", "down" and "nobody" do
// not. It counts the questions.
type field struct {
	name  string
	mu    *sync.Mutex
	asked map[string]int
}

func (f field) Authenticate(r *http.Request) (*principal.Principal, error) {
	f.mu.Lock()
	f.asked[f.name]++
	f.mu.Unlock()
	who, issuer, _ := strings.Cut(r.Header.Get(f.name), "@")
	switch who {
	case "":
		return nil, auth.ErrMissing
	case "bad":
		return nil, &auth.Refused{Rule: "bad"}
	case "down":
		return nil, &auth.Unavailable{Rule: "down"}
	case "nil":
		return nil, nil
	case "nobody":
		return &principal.Principal{Scheme: f.name}, nil
	}
	return &principal.Principal{Scheme: f.name, Subject: who, Issuer: issuer, Scopes: strings.Split(who, "-")}, nil
}

var documentRate = Rate{Name: "all", Limit: 10, Window: time.Hour, Per: "address", Scope: DocumentScope}

// fieldServer serves GET /0, /1 and so on with the schemes A, B and C.
func fieldServer(t testing.TB, setup Setup, ops ...*Operation) (*Server, map[string]int, error) {
	t.Helper()
	setup.Title, setup.Config.Log = "test", slog.New(slog.DiscardHandler)
	b := New(setup)
	for i, op := range ops {
		op.ID, op.Method, op.Path = fmt.Sprint("op", i), "GET", fmt.Sprint("/", i)
		Mount(b, op, noteOpen)
	}
	asked, mu := map[string]int{}, new(sync.Mutex)
	for _, name := range []string{"A", "B", "C"} {
		b.Scheme(name, func(*principal.Table) (auth.Authenticator, error) { return field{name, mu, asked}, nil })
	}
	s, err := b.Server()
	return s, asked, err
}

func asks(s http.Handler, path string, pairs ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(pairs); i += 2 {
		r.Header.Set(pairs[i], pairs[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// TestOneVerdict: whatever the alternatives, each scheme is asked at most once per request.
func TestOneVerdict(t *testing.T) {
	access := Require(
		Requirement{{Scheme: "A", Scopes: []string{"x"}}, {Scheme: "B"}},
		Requirement{{Scheme: "B", Scopes: []string{"y"}}, {Scheme: "A"}},
		Requirement{{Scheme: "C"}, {Scheme: "B"}, {Scheme: "A", Scopes: []string{"z"}}},
		Requirement{},
	)
	for _, op := range []*Operation{{Access: access}, {Access: Require(access.Alternatives()[:3]...)}} {
		s, asked, err := fieldServer(t, Setup{}, op)
		if err != nil {
			t.Fatal(err)
		}
		values := []string{"", "bad", "down", "nil", "nobody", "ada", "x", "x-y-z", "z@other"}
		for _, a := range values {
			for _, b := range values {
				for _, c := range values {
					clear(asked)
					asks(s, "/0", "A", a, "B", b, "C", c)
					for scheme, n := range asked {
						if n > 1 {
							t.Fatalf("A %q, B %q, C %q: %s was asked %d times", a, b, c, scheme, n)
						}
					}
				}
			}
		}
	}
}

// TestAgreement: which principals make one caller.
func TestAgreement(t *testing.T) {
	client := Requirement{{Scheme: "A"}, {Scheme: "B", Client: true}, {Scheme: "C"}}
	s, _, err := fieldServer(t, Setup{},
		&Operation{Access: Require(Requirement{{Scheme: "A"}, {Scheme: "B"}, {Scheme: "C"}})},
		&Operation{Access: Require(client)},
		&Operation{Access: Require(Requirement{{Scheme: "B", Client: true}, {Scheme: "A"}, {Scheme: "C"}})},
		&Operation{Access: Require(Requirement{{Scheme: "A"}, {Scheme: "B"}}, Requirement{})},
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path, a, b, c string
		want          int
	}{
		{"/0", "ada", "ada", "ada", 204},
		{"/0", "ada", "bob", "ada", 401},
		{"/0", "ada", "ada", "bob", 401},
		{"/0", "ada", "Ada", "ada", 401},
		{"/0", "nobody", "ada", "ada", 204},
		{"/0", "nobody", "ada", "bob", 401}, // the first that names a subject counts
		{"/0", "nobody", "nobody", "nobody", 204},
		{"/0", "ada@one", "ada@one", "ada", 204},
		{"/0", "ada@one", "ada@two", "ada", 401},
		{"/0", "ada", "ada", "nil", 401},
		{"/0", "ada", "ada", "", 401},
		{"/1", "ada", "shop", "ada", 204},
		{"/1", "ada", "shop", "bob", 401},
		{"/1", "ada", "bad", "ada", 401},
		{"/2", "ada", "shop", "ada", 204},
		{"/2", "ada", "ada", "bob", 401},
		{"/3", "ada", "bob", "", 401}, // not served as anonymous
		{"/3", "ada", "", "", 204},
		{"/3", "", "bad", "", 401},
		{"/3", "", "down", "", 503},
		{"/3", "", "nil", "", 401},
	} {
		if w := asks(s, tt.path, "A", tt.a, "B", tt.b, "C", tt.c); w.Code != tt.want {
			t.Errorf("%+v: %d", tt, w.Code)
		}
	}
}

// recorder is a store that grants everything, unless a rule is full, and notes what is asked.
type recorder struct {
	mu    sync.Mutex
	takes []string
	full  string
	err   error
}

func (r *recorder) Take(_ context.Context, _ limit.Key, rule limit.Rule, _ int, _ time.Time) (limit.Decision, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.takes = append(r.takes, rule.Name)
	return limit.Decision{OK: rule.Name != r.full, Limit: rule.Limit, Remaining: 1}, r.err
}

// TestChargingOrder: each rule counts a request once, and in the order of the stages; what a stage
// refuses does not reach the later ones.
func TestChargingOrder(t *testing.T) {
	store := &recorder{}
	daily := Rate{Name: "daily", Limit: 10, Window: time.Hour, Per: "principal", Scope: DocumentScope}
	rates := []Rate{
		documentRate, daily,
		{Name: "path", Limit: 10, Window: time.Hour, Per: "address", Scope: PathScope},
		{Name: "own", Limit: 10, Window: time.Hour, Per: "principal"},
		{Name: "address", Limit: 10, Window: time.Hour, Per: "address"},
	}
	s, asked, err := fieldServer(t, Setup{Config: runtime.Config{Limiter: store}, Rates: []Rate{documentRate, daily}},
		&Operation{Rate: rates, Access: Require(Requirement{{Scheme: "A", Scopes: []string{"x"}}}, Requirement{{Scheme: "B"}})},
		&Operation{Access: Public("a test")},
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path string
		pairs      []string
		full       string
		want       int
		takes      string
	}{
		{"a caller", "/0", []string{"A", "x"}, "", 204, "all path address daily own"},
		{"the second alternative", "/0", []string{"A", "ada", "B", "bob"}, "", 204, "all path address daily own"},
		{"forbidden", "/0", []string{"A", "ada"}, "", 403, "all path address daily own"},
		{"forbidden, and over the limit", "/0", []string{"A", "ada"}, "own", 429, "all path address daily own"},
		{"no credential", "/0", nil, "", 401, "all path address"},
		{"a bad credential", "/0", []string{"A", "bad"}, "", 401, "all path address"},
		{"the document's limit", "/0", []string{"A", "x"}, "all", 429, "all"},
		{"the path's limit", "/0", []string{"A", "x"}, "path", 429, "all path"},
		{"a caller's limit", "/0", []string{"A", "x"}, "daily", 429, "all path address daily"},
		{"an operation without the rule", "/1", nil, "", 204, ""},
		{"no operation", "/2", nil, "", 404, "all"},
		{"no operation, over the limit", "/2", nil, "all", 429, "all"},
	} {
		store.takes, store.full = nil, tt.full
		clear(asked)
		w := asks(s, tt.path, tt.pairs...)
		if got := strings.Join(store.takes, " "); w.Code != tt.want || got != tt.takes {
			t.Errorf("%s: %d, charged %q; want %d, %q", tt.name, w.Code, got, tt.want, tt.takes)
		}
		if tt.full == "all" && len(asked) > 0 {
			t.Errorf("%s: a credential was looked at", tt.name)
		}
	}
	store.full, store.err = "", errors.New("down")
	if w := asks(s, "/2"); w.Code != 503 {
		t.Errorf("no operation, and a store that is down: %d, want 503", w.Code)
	}
}

// TestRateScopes: rules that share a bucket must be one rule.
func TestRateScopes(t *testing.T) {
	other := documentRate
	other.Limit = 11
	path := Rate{Name: "p", Limit: 1, Window: time.Hour, Per: "address", Scope: PathScope}
	principals := documentRate
	principals.Per = "principal"
	for name, tt := range map[string]struct {
		setup []Rate
		rates []Rate
		want  string
	}{
		"good":                        {[]Rate{documentRate}, []Rate{documentRate, path}, ""},
		"not the document's":          {nil, []Rate{documentRate}, "no such rule"},
		"another one of its name":     {[]Rate{documentRate}, []Rate{other}, "no such rule"},
		"twice, and not the same":     {nil, []Rate{path, {Name: "p", Limit: 2, Window: time.Hour, Per: "address", Scope: PathScope}}, "another rule of this name"},
		"an operation's on the whole": {[]Rate{{Name: "x", Limit: 1, Window: time.Hour, Per: "address"}}, nil, "is not one of the document's"},
		"a path's on the whole":       {[]Rate{path}, nil, "is not one of the document's"},
		"an unknown scope":            {nil, []Rate{{Name: "x", Limit: 1, Window: time.Hour, Per: "address", Scope: 3}}, "RateScope(3)"},
		"per principal, and public":   {[]Rate{principals}, []Rate{principals}, "no caller to count by"},
		"broken":                      {[]Rate{{Per: "address", Scope: DocumentScope}}, nil, "rate limit"},
	} {
		_, _, err := fieldServer(t, Setup{Rates: tt.setup}, &Operation{Rate: tt.rates, Access: Public("a test")})
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

// TestDocumentLimitRaces: requests that race for the document's limit get what it allows.
func TestDocumentLimitRaces(t *testing.T) {
	ops := make([]*Operation, 4)
	for i := range ops {
		ops[i] = &Operation{Rate: []Rate{documentRate}, Access: Public("a test")}
	}
	s, _, err := fieldServer(t, Setup{Rates: []Rate{documentRate}}, ops...)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	codes := map[int]int{}
	for i := range 200 {
		all.Go(func() {
			code := asks(s, fmt.Sprint("/", i%5)).Code // 5 paths for 4 operations
			mu.Lock()
			defer mu.Unlock()
			codes[code]++
		})
	}
	all.Wait()
	if codes[204]+codes[404] != documentRate.Limit || codes[429] != 200-documentRate.Limit {
		t.Errorf("answers %v, want %d passed", codes, documentRate.Limit)
	}
}
