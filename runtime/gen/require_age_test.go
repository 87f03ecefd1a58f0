package gen

import (
	"encoding/json"
	"math"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
)

// dated authenticates everybody, with the claims that it has.
type dated map[string]any

func (a dated) Authenticate(*http.Request) (*principal.Principal, error) {
	return &principal.Principal{Subject: "ada", Claims: a}, nil
}

// exact is dated with a leeway of its own.
type exact struct {
	dated
	leeway time.Duration
}

func (a exact) Leeway() time.Duration { return a.leeway }

// TestMaxAge: who did not authenticate lately enough, or does not say in seconds when, is told to (RFC 9470).
func TestMaxAge(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	number := func(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }
	at := func(d time.Duration) dated { return dated{"auth_time": number(now.Add(d).Unix())} }
	five := []Condition{{MaxAge: 5 * time.Minute}}
	const told = `Bearer error="insufficient_user_authentication", max_age="300"`
	for _, tt := range []struct {
		name       string
		auth       auth.Authenticator
		conditions []Condition
		want       string // the challenge
	}{
		{"now", at(0), five, ""},
		{"just in time", at(-5 * time.Minute), five, ""},
		{"a second late", at(-5*time.Minute - time.Second), five, told},
		{"a second late, and a leeway", exact{at(-5*time.Minute - time.Second), time.Minute}, five, told},
		{"a clock ahead", at(30 * time.Second), five, ""},
		{"a clock too far ahead", at(31 * time.Second), five, told},
		{"a clock ahead, and no leeway", exact{at(time.Second), 0}, five, told},
		{"a clock ahead, within a leeway", exact{at(2 * time.Minute), 2 * time.Minute}, five, ""},
		{"no claim", dated{}, five, told},
		{"text", dated{"auth_time": "1767323045"}, five, told},
		{"a fraction", dated{"auth_time": json.Number("1767323045.5")}, five, told},
		{"an exponent", dated{"auth_time": json.Number("1.767323045e9")}, five, told},
		{"a list", dated{"auth_time": []any{json.Number("1767323045")}}, five, told},
		{"null", dated{"auth_time": nil}, five, told},
		{"before 1970", dated{"auth_time": json.Number("-1")}, five, told},
		{"before all time", dated{"auth_time": number(math.MinInt64)}, five, told},
		{"after all time", dated{"auth_time": number(math.MaxInt64)}, five, told},
		{"more than 64 bits", dated{"auth_time": json.Number("18446744073709551616")}, five, told},
		{"an authenticator's own number", dated{"auth_time": now.Unix()}, five, ""},
		{"both, too late", dated{"auth_time": now.Add(-time.Hour).Unix(), "acr": "phr"}, []Condition{{ACR: []string{"phr", "phrh"}, MaxAge: time.Minute}},
			`Bearer error="insufficient_user_authentication", acr_values="phr phrh", max_age="60"`},
		{"both, too weak", dated{"auth_time": now.Unix(), "acr": "pwd"}, []Condition{{ACR: []string{"phr"}, MaxAge: time.Minute}},
			`Bearer error="insufficient_user_authentication", acr_values="phr", max_age="60"`},
		{"several conditions", dated{"auth_time": now.Add(-2 * time.Hour).Unix()}, []Condition{{MaxAge: time.Hour}, {MaxAge: time.Minute}, {ACR: []string{"phr"}}},
			`Bearer error="insufficient_user_authentication", acr_values="phr", max_age="60"`},
	} {
		sink := &events{}
		b := New(Setup{Title: "test", Config: runtime.Config{Events: sink, Clock: func() time.Time { return now }}})
		b.Scheme("A", func(*principal.Table) (auth.Authenticator, error) { return tt.auth, nil })
		Mount(b, &Operation{ID: "x", Method: "GET", Path: "/x", Access: Require(Requirement{{Scheme: "A"}}), Require: tt.conditions}, noteOpen)
		s, err := b.Server()
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", "/x", nil))
		status, rule := 204, ""
		if tt.want != "" {
			status, rule = 401, "max-age"
			if tt.name == "both, too weak" {
				rule = "acr"
			}
		}
		if got := w.Header().Get("Www-Authenticate"); w.Code != status || got != tt.want || sink.last().Rule != rule {
			t.Errorf("%s: %d, challenge %q, rule %q; want %d, %q, %q", tt.name, w.Code, got, sink.last().Rule, status, tt.want, rule)
		}
	}
}

// TestMaxAgeStart: an age that no challenge could name stops the server.
func TestMaxAgeStart(t *testing.T) {
	for _, age := range []time.Duration{-time.Second, 1500 * time.Millisecond} {
		if _, err := requireServer(new(events), Condition{MaxAge: age}); err == nil {
			t.Errorf("%v: the server starts", age)
		}
	}
}
