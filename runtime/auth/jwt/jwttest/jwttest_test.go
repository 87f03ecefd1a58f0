package jwttest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/auth/jwt/jwttest"
	"github.com/bailey-go/bailey/runtime/principal"
)

const issuer, audience = "https://id.example", "notes"

func policy(algorithm string) jwt.Policy {
	return jwt.Policy{Scheme: "token", Issuer: issuer, Audiences: []string{audience}, Algorithms: []string{algorithm}, Types: []string{"at+jwt"}}
}

// ask sends a token to an authenticator, and returns the subject that it finds.
func ask(t *testing.T, p jwt.Policy, keys jwt.KeySource, header http.Header) (string, error) {
	t.Helper()
	a, err := jwt.New(p, keys, principal.NewTable([]string{"notes:read"}, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	r := httptest.NewRequest("GET", "https://api.example/notes/7?page=2", nil)
	r.Header = header
	caller, err := a.Authenticate(r)
	if err != nil {
		return "", err
	}
	return caller.Subject, nil
}

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// TestToken: the tokens of each algorithm pass the authenticator that servers have, and those of
// which a claim was taken or changed do not.
func TestToken(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"ES256", "ES384", "ES512", "EdDSA", "Ed25519", "RS256", "PS512"} {
		i, err := jwttest.New(jwttest.Config{Issuer: issuer, Audience: audience, Algorithm: algorithm})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ask(t, policy(algorithm), i.Keys(), bearer(i.Token(map[string]any{"sub": "ada"}))); got != "ada" || err != nil {
			t.Errorf("%s: %q, %v", algorithm, got, err)
		}
	}
	i, err := jwttest.New(jwttest.Config{Issuer: issuer, Audience: audience})
	if err != nil {
		t.Fatal(err)
	}
	for name, claims := range map[string]map[string]any{
		"another audience": {"sub": "ada", "aud": "mail"},
		"no end":           {"sub": "ada", "exp": nil},
		"over":             {"sub": "ada", "exp": time.Now().Add(-time.Hour).Unix()},
	} {
		if got, err := ask(t, policy("ES256"), i.Keys(), bearer(i.Token(claims))); err == nil {
			t.Errorf("%s: passes as %q", name, got)
		}
	}
}

// TestRotate: both keys are published until the first is retired.
func TestRotate(t *testing.T) {
	t.Parallel()
	i, err := jwttest.New(jwttest.Config{Issuer: issuer, Audience: audience})
	if err != nil {
		t.Fatal(err)
	}
	before := i.Token(map[string]any{"sub": "ada"})
	if err := i.Rotate(); err != nil {
		t.Fatal(err)
	}
	after := i.Token(map[string]any{"sub": "bob"})
	for token, want := range map[string]string{before: "ada", after: "bob"} {
		if got, err := ask(t, policy("ES256"), i.Keys(), bearer(token)); got != want || err != nil {
			t.Errorf("both keys: %q, %v", got, err)
		}
	}
	i.Retire()
	if got, err := ask(t, policy("ES256"), i.Keys(), bearer(before)); err == nil {
		t.Errorf("the retired key: %q passes", got)
	}
	if got, err := ask(t, policy("ES256"), i.Keys(), bearer(after)); got != "bob" || err != nil {
		t.Errorf("the new key: %q, %v", got, err)
	}
}

func TestServeHTTP(t *testing.T) {
	t.Parallel()
	i, err := jwttest.New(jwttest.Config{Issuer: issuer, Audience: audience})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	i.ServeHTTP(w, httptest.NewRequest("GET", "/keys", nil))
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal(w.Body.Bytes(), &set); err != nil || w.Code != 200 || len(set.Keys) != 1 {
		t.Fatalf("%d %s, %v", w.Code, w.Body, err)
	}
	if k := set.Keys[0]; k["kty"] != "EC" || k["kid"] == "" || k["alg"] != "ES256" || k["d"] != "" {
		t.Errorf("the key is %v", k)
	}
	w = httptest.NewRecorder()
	i.ServeHTTP(w, httptest.NewRequest("POST", "/keys", nil))
	if w.Code != 405 || w.Header().Get("Allow") == "" {
		t.Errorf("POST: %d", w.Code)
	}
}

// TestHolder: a bound token passes with a proof of its holder, and with no other.
func TestHolder(t *testing.T) {
	t.Parallel()
	i, err := jwttest.New(jwttest.Config{Issuer: issuer, Audience: audience})
	if err != nil {
		t.Fatal(err)
	}
	var holders [2]*jwttest.Holder
	for n := range holders {
		if holders[n], err = jwttest.NewHolder(); err != nil {
			t.Fatal(err)
		}
	}
	token := i.Token(map[string]any{"sub": "ada", "cnf": holders[0].Confirmation()})
	p := policy("ES256")
	p.DPoP = &dpop.Policy{Required: true, Setup: dpop.Setup{Origins: []string{"https://api.example"}}}
	const address = "https://api.example/notes/7?page=2"
	for name, c := range map[string]struct {
		proof string
		good  bool
	}{
		"its holder":      {holders[0].Proof("GET", address, token, nil), true},
		"another":         {holders[1].Proof("GET", address, token, nil), false},
		"another method":  {holders[0].Proof("PUT", address, token, nil), false},
		"another address": {holders[0].Proof("GET", "https://api.example/notes/8", token, nil), false},
		"an old proof":    {holders[0].Proof("GET", address, token, map[string]any{"iat": time.Now().Add(-time.Hour).Unix()}), false},
		"no identifier":   {holders[0].Proof("GET", address, token, map[string]any{"jti": nil}), false},
	} {
		got, err := ask(t, p, i.Keys(), http.Header{"Authorization": {"DPoP " + token}, "Dpop": {c.proof}})
		if (err == nil) != c.good || c.good && got != "ada" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	for _, c := range []jwttest.Config{{}, {Issuer: issuer}, {Audience: audience}, {Issuer: issuer, Audience: audience, Algorithm: "HS256"}, {Issuer: issuer, Audience: audience, Algorithm: "none"}} {
		if _, err := jwttest.New(c); err == nil {
			t.Errorf("%+v: no error", c)
		}
	}
}

func Example() {
	issuer, err := jwttest.New(jwttest.Config{Issuer: "https://id.example", Audience: "notes"})
	if err != nil {
		panic(err)
	}
	// The generated package takes the keys: api.Config{Token: issuer.Keys()}.
	authenticator, err := jwt.New(jwt.Policy{
		Scheme: "token", Issuer: "https://id.example", Audiences: []string{"notes"}, Algorithms: []string{"ES256"}, Types: []string{"at+jwt"},
	}, issuer.Keys(), principal.NewTable([]string{"notes:read"}, nil))
	if err != nil {
		panic(err)
	}
	defer authenticator.Close()
	r := httptest.NewRequest("GET", "/notes/7", nil)
	r.Header.Set("Authorization", "Bearer "+issuer.Token(map[string]any{"sub": "ada", "scope": "notes:read"}))
	caller, err := authenticator.Authenticate(r)
	fmt.Println(caller.Subject, err)
	// Output: ada <nil>
}
