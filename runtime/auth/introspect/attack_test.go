package introspect

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
)

// TestAnswers attacks by what the issuer says: of all that it confirms, only an access token for us is good.
func TestAnswers(t *testing.T) {
	now := noon.Unix()
	tests := []struct {
		name   string
		change map[string]any
		rule   string
	}{
		{"good", nil, ""},
		{"inactive", map[string]any{"active": false}, "introspection-inactive"},
		{"active absent", map[string]any{"active": nil}, "introspection-answer!"},
		{"active text", map[string]any{"active": "true"}, "introspection-answer!"},
		{"active number", map[string]any{"active": 1}, "introspection-answer!"},
		{"active list", map[string]any{"active": []bool{true}}, "introspection-answer!"},
		{"Active", map[string]any{"active": nil, "Active": true}, "introspection-answer!"},
		{"iss other", map[string]any{"iss": "https://evil.example"}, "introspection-issuer"},
		{"iss with a slash", map[string]any{"iss": issuerURL + "/"}, "introspection-issuer"},
		{"iss absent", map[string]any{"iss": nil}, "introspection-issuer"},
		{"iss list", map[string]any{"iss": []string{issuerURL}}, "introspection-issuer"},
		{"aud list", map[string]any{"aud": []string{"x", "other-api"}}, ""},
		{"aud other", map[string]any{"aud": "another"}, "introspection-audience"},
		{"aud absent", map[string]any{"aud": nil}, "introspection-audience"},
		{"aud empty", map[string]any{"aud": []string{}}, "introspection-audience"},
		{"aud prefix", map[string]any{"aud": "api/"}, "introspection-audience"},
		{"aud mixed", map[string]any{"aud": []any{"api", 1}}, "introspection-audience"},
		{"aud object", map[string]any{"aud": map[string]any{"api": true}}, "introspection-audience"},
		{"exp absent", map[string]any{"exp": nil}, ""},
		{"exp past", map[string]any{"exp": now - 30}, "introspection-expired"},
		{"exp within leeway", map[string]any{"exp": now - 29}, ""},
		{"exp text", map[string]any{"exp": "1900000000"}, "introspection-claims"},
		{"exp negative", map[string]any{"exp": -1}, "introspection-claims"},
		{"exp huge", map[string]any{"exp": json.Number("1e300")}, "introspection-claims"},
		{"nbf within leeway", map[string]any{"nbf": now + 30}, ""},
		{"nbf future", map[string]any{"nbf": now + 31}, "introspection-not-yet-valid"},
		{"nbf text", map[string]any{"nbf": "0"}, "introspection-claims"},
		{"iat future", map[string]any{"iat": now + 31}, "introspection-issued-in-future"},
		{"iat object", map[string]any{"iat": map[string]any{}}, "introspection-claims"},
		{"sub absent", map[string]any{"sub": nil}, "introspection-subject"},
		{"sub empty", map[string]any{"sub": ""}, "introspection-subject"},
		{"sub number", map[string]any{"sub": 1}, "introspection-subject"},
		{"sub with a line break", map[string]any{"sub": "a\nb"}, "introspection-subject"},
		{"only username", map[string]any{"sub": nil, "username": "alice"}, "introspection-subject"},
		{"scope list", map[string]any{"scope": []string{"read"}}, ""},
		{"scope absent", map[string]any{"scope": nil}, ""},
		{"scope number", map[string]any{"scope": 1}, "introspection-scope"},
		{"scope with a tab", map[string]any{"scope": "read\twrite"}, "introspection-scope"},
		{"roles number", map[string]any{"roles": 1}, "introspection-roles"},
		{"refresh token by token_type", map[string]any{"token_type": "refresh_token"}, "introspection-not-an-access-token"},
		{"refresh token by token_use", map[string]any{"token_use": "refresh_token"}, "introspection-not-an-access-token"},
		{"refresh token by typ", map[string]any{"typ": "Refresh"}, "introspection-not-an-access-token"},
		{"ID token by token_use", map[string]any{"token_use": "id"}, "introspection-not-an-access-token"},
		{"ID token by typ", map[string]any{"typ": "ID"}, "introspection-not-an-access-token"},
		{"token_use access", map[string]any{"token_use": "access_token"}, ""},
		{"typ at+jwt", map[string]any{"typ": "at+jwt"}, ""},
		{"token_type in small letters", map[string]any{"token_type": "bearer"}, ""},
		{"token_type absent", map[string]any{"token_type": nil}, ""},
		{"token_type DPoP", map[string]any{"token_type": "DPoP"}, "introspection-not-an-access-token"},
		{"token_type number", map[string]any{"token_type": 1}, "introspection-not-an-access-token"},
		{"bound to a certificate", map[string]any{"cnf": map[string]any{"x5t#S256": "x"}}, "token-confirmation"},
		{"bound to nothing", map[string]any{"cnf": []any{}}, "token-confirmation"},
		{"too many values", map[string]any{"x": make([]int, 600)}, "introspection-answer!"},
	}
	i := newIssuer(t, nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			i.set(text(goodAnswer(tt.change)))
			wantRule(t, open(t, i.policy()), "opaque-token", tt.rule)
		})
	}
}

// TestAnswersText attacks by the text of an answer.
func TestAnswersText(t *testing.T) {
	good := goodAnswer(nil)
	with := func(more string) string { return good[:len(good)-1] + "," + more + "}" }
	i := newIssuer(t, nil)
	for name, answer := range map[string]string{
		"active twice":         with(`"active":true`),
		"active twice, escape": with(`"\u0061ctive":true`),
		"twice inside":         with(`"x":{"a":1,"a":2}`),
		"a second value":       good + good,
		"nothing":              "",
		"HTML":                 "<html>login</html>",
		"a list":               "[" + good + "]",
		"true":                 "true",
		"null":                 "null",
		"invalid UTF-8":        with("\"x\":\"\xc3\x28\""),
		"lone surrogate":       with(`"x":"\ud800"`),
		"nested":               with(`"x":` + strings.Repeat("[", 1500) + strings.Repeat("]", 1500)),
		"unclosed":             good[:len(good)-1],
		"NaN":                  with(`"x":NaN`),
		"a JWT (RFC 9701)":     "eyJhbGciOiJSUzI1NiJ9.e30.AA",
	} {
		t.Run(name, func(t *testing.T) {
			i.set(text(answer))
			wantRule(t, open(t, i.policy()), "opaque-token", "introspection-answer!")
		})
	}
}

// TestTokens attacks by the request; none of it reaches the issuer.
func TestTokens(t *testing.T) {
	i := newIssuer(t, text(goodAnswer(nil)))
	a := open(t, i.policy())
	for name, values := range map[string][]string{
		"two":            {"Bearer a", "Bearer b"},
		"too long":       {"Bearer " + strings.Repeat("a", 8<<10+1)},
		"another member": {"Bearer a&token=b"},
		"line break":     {"Bearer a\r\nX: y"},
		"empty":          {"Bearer "},
		"a list":         {"Bearer a, Bearer b"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := a.Authenticate(&http.Request{Header: http.Header{"Authorization": values}})
			if rule := ruleOf(p, err); !strings.HasPrefix(rule, "authorization-") && rule != "token-too-long" {
				t.Errorf("judged %q", rule)
			}
		})
	}
	if n := i.asked.Load(); n != 0 {
		t.Errorf("%d questions", n)
	}
}

// TestQuestion holds what is sent: RFC 7662, section 2.1, and RFC 6749, section 2.3.1.
func TestQuestion(t *testing.T) {
	i := newIssuer(t, nil)
	i.set(func(w http.ResponseWriter, r *http.Request) {
		id, secret, ok := r.BasicAuth()
		if err := r.ParseForm(); err != nil || r.Method != "POST" || r.URL.RawQuery != "" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("%v %s %s %q", err, r.Method, r.URL, r.Header)
		}
		if got := r.PostForm.Encode(); got != "token=a%2Bb~%2Fc%3D&token_type_hint=access_token" {
			t.Errorf("form %s", got)
		}
		id, _ = url.QueryUnescape(id)
		if secret, _ = url.QueryUnescape(secret); !ok || id != "a:b" || secret != "c d:%+&" {
			t.Errorf("credentials %q %q", id, secret)
		}
		text(goodAnswer(map[string]any{"echo": "a+b~/c="}))(w, r)
	})
	a, err := New(i.policy(), Secret("a:b", "c d:%+&"), scopes)
	if err != nil {
		t.Fatal(err)
	}
	p, err := a.Authenticate(request("a+b~/c="))
	if err != nil {
		t.Fatal(err)
	}
	if _, kept := p.Claims["echo"]; kept {
		t.Error("the principal holds the token")
	}
	if p.Subject != "alice" || p.Issuer != issuerURL || p.Scheme != "opaque" || !p.HasScope("write") || !p.HasRole("admin") || !p.Expires.Equal(noon.Add(time.Hour+auth.DefaultLeeway)) {
		t.Errorf("principal %+v", p)
	}
	if got := a.Challenge([]string{"read"}); got != `Bearer error="insufficient_scope", scope="read"` {
		t.Errorf("challenge %s", got)
	}
}

// TestNoIssuer has a policy that asks for no iss: the endpoint stands for it, whatever the answer says.
func TestNoIssuer(t *testing.T) {
	i := newIssuer(t, text(goodAnswer(map[string]any{"iss": "https://issuer.example/other"})))
	pol := i.policy()
	pol.Issuer = ""
	p, err := open(t, pol).Authenticate(request("t"))
	if err != nil || p.Issuer != i.URL+"/introspect" {
		t.Errorf("%+v, %v", p, err)
	}
}

func FuzzJudge(f *testing.F) {
	a, err := New(Policy{URL: "https://issuer.example/x", Issuer: issuerURL, Audiences: []string{"api"}, Clock: func() time.Time { return noon }}, Secret("a", "b"), scopes)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(goodAnswer(nil)))
	f.Add([]byte(goodAnswer(map[string]any{"active": false})))
	f.Add([]byte(goodAnswer(map[string]any{"cnf": map[string]any{}, "token_use": "refresh_token"})))
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := a.judge(body, "token", noon)
		if (v.caller == nil) == (err == nil) {
			t.Fatalf("%v, %v", v.caller, err)
		}
		if err != nil {
			return
		}
		var answer struct {
			Active bool
			Iss    string
			Cnf    any
		}
		if json.Unmarshal(body, &answer) != nil || !answer.Active || answer.Iss != issuerURL || answer.Cnf != nil {
			t.Errorf("let in by %s", body)
		}
		if v.until.After(noon.Add(time.Minute)) || !v.caller.Expires.IsZero() && v.until.After(v.caller.Expires) {
			t.Errorf("remembered until %v", v.until)
		}
	})
}
