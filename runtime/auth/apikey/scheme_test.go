package apikey_test

import (
	"encoding/base64"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
)

// behind is a policy of keys behind an authentication scheme.
func behind(scheme, parameter string) apikey.Policy {
	p := policy("header")
	p.Name, p.AuthScheme, p.Parameter = "authorization", scheme, parameter
	return p
}

func TestAuthScheme(t *testing.T) {
	good, key := issue(t, "ci", "build")
	basic := func(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }
	for _, tt := range []struct{ scheme, parameter, value, rule string }{
		{"Bearer", "", "Bearer " + good, ""},
		{"Bearer", "", "bEARER  " + good, ""},
		{"Bearer", "", "Token " + good, "missing"},
		{"Bearer", "", "Bearer", "api-key-malformed"},
		{"Bearer", "", "Bearer " + good + " x", "api-key-malformed"},
		{"Bearer", "", "Bearer " + good + "\t", "api-key-malformed"},
		{"Bearer", "", "Bearer" + good, "missing"},
		{"Bearer", "", good, "missing"},
		{"Token", "", "Token " + good, ""},
		{"Token", "", "token " + good, ""},
		{"Token", "", "To\u212Aen " + good, "missing"}, // the sign for Kelvin folds to k
		{"SSWS", "", "\u017FSWS " + good, "missing"},   // the long s folds to s
		{"Token", "", "Bearer " + good, "missing"},
		{"Token", "", `Token "` + good + `"`, "api-key-malformed"},
		{"Token", "", "Token token=" + good, "api-key-malformed"},
		{"Token", "token", "Token token=" + good, ""},
		{"Token", "token", `token TOKEN="` + good + `"`, ""},
		{"Token", "token", "Token " + good, "api-key-malformed"},
		{"Token", "token", `Token token="` + good, "api-key-malformed"},
		{"Token", "token", `Token token=` + good + `"`, "api-key-malformed"},
		{"Token", "token", `Token token="` + good + `", token="x"`, "api-key-malformed"},
		{"Token", "token", `Token token=` + good + `, token=x`, "api-key-malformed"},
		{"Token", "token", `Token key="` + good + `"`, "api-key-malformed"},
		{"Token", "token", `Token token =` + good, "api-key-malformed"},
		{"Token", "token", `Token token= ` + good, "api-key-malformed"},
		{"Basic", "", basic(good + ":"), ""},
		{"Basic", "", basic(good + ":x"), "api-key-malformed"},
		{"Basic", "", basic(good + "::"), "api-key-malformed"},
		{"Basic", "", basic(good), "api-key-malformed"},
		{"Basic", "", basic(":" + good), "api-key-malformed"},
		{"Basic", "", basic(":"), "api-key-malformed"},
		{"Basic", "", basic(good+":") + "\n", "api-key-malformed"},
		{"Basic", "", "Basic " + good, "api-key-malformed"},
		{"Basic", "", "Basic", "api-key-malformed"},
		{"Basic", "", strings.TrimRight(basic("a"+good+":"), "=") + "!", "api-key-malformed"},
		{"Basic", "", basic(strings.Repeat("a", 400) + ":"), "api-key-malformed"},
		{"Basic", "", "Bearer " + good, "missing"},
	} {
		a := open(t, behind(tt.scheme, tt.parameter), static(t, key))
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Authorization"] = []string{tt.value}
		if p := wantRule(t, a, r, tt.rule); p != nil && p.Subject != "build" {
			t.Errorf("%s: %v", tt.value, p)
		}
		if t.Failed() {
			t.Fatalf("%+v", tt)
		}
		r.Header["Authorization"] = []string{tt.value, tt.value}
		wantRule(t, a, r, "api-key-repeated")
	}
}

func TestAuthSchemeChecked(t *testing.T) {
	for _, tt := range []struct {
		p    apikey.Policy
		want string
	}{
		{behind("To ken", ""), "not a token"},
		{behind("", "token"), "without an authentication scheme"},
		{behind("Token", "a="), "not a token"},
		{behind("Basic", "token"), "has no parameters"},
		{behind("bearer", "token"), "has no parameters"},
		{apikey.Policy{In: "header", Name: "X-Key", AuthScheme: "Token"}, "stands in the header Authorization"},
		{apikey.Policy{In: "cookie", Name: "Authorization", AuthScheme: "Token"}, "stands in the header Authorization"},
	} {
		_, err := apikey.New(tt.p, apikey.Keys{Store: static(t), Hash: ring}, table)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want %s", tt.p, err, tt.want)
		}
	}
}

func TestChallenges(t *testing.T) {
	missing, refused := []string{"read"}, &auth.Refused{Rule: "x"}
	for _, tt := range []struct {
		p                     apikey.Policy
		none, bad, lacksScope []string
	}{
		{policy("header"), []string{`ApiKey realm="bank"`}, []string{`ApiKey realm="bank"`}, []string{`ApiKey realm="bank", error="insufficient_scope", scope="read"`}},
		{behind("Bearer", ""), []string{`Bearer realm="bank"`}, []string{`Bearer realm="bank", error="invalid_token"`}, []string{`Bearer realm="bank", error="insufficient_scope", scope="read"`}},
		{behind("SSWS", ""), []string{`SSWS realm="bank"`}, []string{`SSWS realm="bank"`}, []string{`SSWS realm="bank", error="insufficient_scope", scope="read"`}},
		{behind("basic", ""), []string{`Basic realm="bank", charset="UTF-8"`}, []string{`Basic realm="bank", charset="UTF-8"`}, nil},
	} {
		tt.p.Realm = "bank"
		a := open(t, tt.p, static(t))
		if got := a.Challenges(nil, nil); !slices.Equal(got, tt.none) {
			t.Errorf("got %q, want %q", got, tt.none)
		}
		if got := a.Challenges(nil, refused); !slices.Equal(got, tt.bad) {
			t.Errorf("got %q, want %q", got, tt.bad)
		}
		if got := a.Challenges(missing, nil); !slices.Equal(got, tt.lacksScope) {
			t.Errorf("got %q, want %q", got, tt.lacksScope)
		}
	}
	if got := open(t, behind("Basic", ""), static(t)).Challenges(nil, nil); !slices.Equal(got, []string{`Basic realm="api", charset="UTF-8"`}) {
		t.Errorf("got %q: a realm has to be there", got)
	}
}
