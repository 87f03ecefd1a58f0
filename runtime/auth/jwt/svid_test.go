package jwt_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/auth/jwt/jwttest"
	"github.com/bailey-go/bailey/runtime/internal/mint"
	"github.com/bailey-go/bailey/runtime/principal"
)

func svidPolicy() jwt.Policy {
	return jwt.Policy{Scheme: "workloads", TrustDomain: "bank.example", Audiences: []string{"api"}, Algorithms: []string{"ES256", "RS256", "PS256"}}
}

// TestSVIDPolicy: what no JWT-SVID has cannot stand in a policy for them.
func TestSVIDPolicy(t *testing.T) {
	t.Parallel()
	i, err := jwttest.New(jwttest.Config{TrustDomain: "bank.example", Audience: "api"})
	if err != nil {
		t.Fatal(err)
	}
	_, pem, err := mint.Key("ES256")
	if err != nil {
		t.Fatal(err)
	}
	bundle := func(change func(key map[string]any)) jwt.KeySource {
		var set struct {
			Keys []map[string]any `json:"keys"`
		}
		if err := json.Unmarshal(i.JWKS(), &set); err != nil {
			t.Fatal(err)
		}
		change(set.Keys[0])
		text, err := json.Marshal(set)
		if err != nil {
			t.Fatal(err)
		}
		return jwt.Inline(string(text))
	}
	for name, tt := range map[string]struct {
		change func(*jwt.Policy)
		keys   jwt.KeySource
		want   string
	}{
		"nothing else":            {func(*jwt.Policy) {}, i.Keys(), ""},
		"all types":               {func(p *jwt.Policy) { p.Types = []string{"jwt", "JOSE", jwt.NoType} }, i.Keys(), ""},
		"other types":             {func(p *jwt.Policy) { p.Types = []string{"at+jwt"} }, i.Keys(), "no JWT-SVID has"},
		"an issuer":               {func(p *jwt.Policy) { p.Issuer = "https://id.example" }, i.Keys(), "an issuer"},
		"capitals":                {func(p *jwt.Policy) { p.TrustDomain = "Bank.example" }, i.Keys(), "no trust domain"},
		"a port":                  {func(p *jwt.Policy) { p.TrustDomain = "bank.example:443" }, i.Keys(), "no trust domain"},
		"an ID":                   {func(p *jwt.Policy) { p.TrustDomain = "spiffe://bank.example" }, i.Keys(), "no trust domain"},
		"a symmetric algorithm":   {func(p *jwt.Policy) { p.Algorithms = []string{"HS256"} }, i.Keys(), "signs no JWT-SVID"},
		"EdDSA":                   {func(p *jwt.Policy) { p.Algorithms = []string{"ES256", "EdDSA"} }, i.Keys(), "signs no JWT-SVID"},
		"an audience claim":       {func(p *jwt.Policy) { p.AudienceClaim = "client_id" }, i.Keys(), "relaxes"},
		"a nonce":                 {func(p *jwt.Policy) { p.AcceptNonce = true }, i.Keys(), "relaxes"},
		"no audience":             {func(p *jwt.Policy) { p.Audiences = nil }, i.Keys(), "no audience"},
		"metadata":                {func(*jwt.Policy) {}, jwt.Discovery("https://id.example/"), "a trust domain has none"},
		"keys in PEM":             {func(*jwt.Policy) {}, jwt.Inline(pem), "not a SPIFFE bundle"},
		"keys of certificates":    {func(*jwt.Policy) {}, bundle(func(k map[string]any) { k["use"] = "x509-svid" }), "no usable key"},
		"keys of other tokens":    {func(*jwt.Policy) {}, bundle(func(k map[string]any) { k["use"] = "sig" }), "no usable key"},
		"keys for anything":       {func(*jwt.Policy) {}, bundle(func(k map[string]any) { delete(k, "use") }), "no usable key"},
		"keys without names":      {func(*jwt.Policy) {}, bundle(func(k map[string]any) { delete(k, "kid") }), "without a kid"},
		"a bundle, and an issuer": {func(p *jwt.Policy) { p.TrustDomain, p.Issuer = "", "https://id.example" }, i.Keys(), "no usable key"},
	} {
		p := svidPolicy()
		tt.change(&p)
		a, err := jwt.New(p, tt.keys, principal.NewTable(nil, nil))
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
		if err == nil {
			a.Close()
		}
	}
}

// TestSVIDs: a good JWT-SVID names its workload, and each damage is refused by its rule.
func TestSVIDs(t *testing.T) {
	t.Parallel()
	const id = "spiffe://bank.example/ns/prod/sa/batch"
	issuers := map[string]*jwttest.Issuer{}
	for typ, c := range map[string]jwttest.Config{"JWT": {}, "JOSE": {Type: "JOSE"}, "none": {Type: jwt.NoType}, "at+jwt": {Type: "at+jwt"}, "id+jwt": {Type: "id+jwt"}} {
		c.TrustDomain, c.Audience = "bank.example", "api"
		i, err := jwttest.New(c)
		if err != nil {
			t.Fatal(err)
		}
		issuers[typ] = i
	}
	for _, tt := range []struct {
		name, typ string
		claims    map[string]any
		rule      string
	}{
		{"the typ JWT", "JWT", nil, ""},
		{"the typ JOSE", "JOSE", nil, ""},
		{"no typ", "none", nil, ""},
		{"an issuer", "JWT", map[string]any{"iss": "https://spire.example"}, ""},
		{"two audiences", "JWT", map[string]any{"aud": []string{"other", "api"}}, ""},
		{"the longest ID", "JWT", map[string]any{"sub": id + "/" + strings.Repeat("a", 2047-len(id))}, ""},
		{"the typ at+jwt", "at+jwt", nil, "jwt-type"},
		{"the typ id+jwt", "id+jwt", nil, "jwt-type"},
		{"an issuer that is no text", "JWT", map[string]any{"iss": 1}, "jwt-claims"},
		{"another trust domain", "JWT", map[string]any{"sub": "spiffe://evil.example/batch"}, "jwt-issuer"},
		{"a longer trust domain", "JWT", map[string]any{"sub": "spiffe://bank.example.evil.example/batch"}, "jwt-issuer"},
		{"a shorter trust domain", "JWT", map[string]any{"sub": "spiffe://bank/example/batch"}, "jwt-issuer"},
		{"a subject of another issuer", "JWT", map[string]any{"sub": "ada"}, "jwt-issuer"},
		{"no subject", "JWT", map[string]any{"sub": nil}, "jwt-subject"},
		{"an empty subject", "JWT", map[string]any{"sub": ""}, "jwt-subject"},
		{"subjects", "JWT", map[string]any{"sub": []string{id}}, "jwt-subject"},
		{"a scheme in capitals", "JWT", map[string]any{"sub": "SPIFFE://bank.example/a"}, "jwt-subject"},
		{"a trust domain in capitals", "JWT", map[string]any{"sub": "spiffe://BANK.example/a"}, "jwt-subject"},
		{"the trust domain itself", "JWT", map[string]any{"sub": "spiffe://bank.example"}, "jwt-subject"},
		{"an empty path", "JWT", map[string]any{"sub": "spiffe://bank.example/"}, "jwt-subject"},
		{"an empty segment", "JWT", map[string]any{"sub": "spiffe://bank.example//a"}, "jwt-subject"},
		{"a slash at the end", "JWT", map[string]any{"sub": id + "/"}, "jwt-subject"},
		{"a dot segment", "JWT", map[string]any{"sub": id + "/../admin"}, "jwt-subject"},
		{"percent-encoding", "JWT", map[string]any{"sub": "spiffe://bank.example/%61dmin"}, "jwt-subject"},
		{"a port", "JWT", map[string]any{"sub": "spiffe://bank.example:443/a"}, "jwt-subject"},
		{"a user", "JWT", map[string]any{"sub": "spiffe://u@bank.example/a"}, "jwt-subject"},
		{"a query", "JWT", map[string]any{"sub": id + "?a=b"}, "jwt-subject"},
		{"a fragment", "JWT", map[string]any{"sub": id + "#a"}, "jwt-subject"},
		{"a line break", "JWT", map[string]any{"sub": id + "\n"}, "jwt-subject"},
		{"an ID of 2049 bytes", "JWT", map[string]any{"sub": id + "/" + strings.Repeat("a", 2048-len(id))}, "jwt-subject"},
		{"no audience", "JWT", map[string]any{"aud": nil}, "jwt-audience"},
		{"an empty audience", "JWT", map[string]any{"aud": []string{}}, "jwt-claim-missing"},
		{"another audience", "JWT", map[string]any{"aud": "other"}, "jwt-audience"},
		{"no end", "JWT", map[string]any{"exp": nil}, "jwt-claim-missing"},
		{"an end in the past", "JWT", map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}, "jwt-expired"},
		{"a nonce", "JWT", map[string]any{"nonce": "n"}, "jwt-not-an-access-token"},
		{"events", "JWT", map[string]any{"events": map[string]any{}}, "jwt-not-an-access-token"},
	} {
		claims := map[string]any{"sub": id}
		for name, v := range tt.claims {
			claims[name] = v
		}
		i := issuers[tt.typ]
		a, err := jwt.New(svidPolicy(), i.Keys(), principal.NewTable(nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		p, err := a.Verify(i.Token(claims))
		var refused *auth.Refused
		switch {
		case tt.rule == "":
			if err != nil || p.Subject != claims["sub"] || p.Issuer != "spiffe://bank.example" {
				t.Errorf("%s: %v, %v", tt.name, p, err)
			}
		case !errors.As(err, &refused) || refused.Rule != tt.rule:
			t.Errorf("%s: %v, want %s", tt.name, err, tt.rule)
		case refused.Foreign != (tt.rule == "jwt-issuer"):
			t.Errorf("%s: foreign is %v", tt.name, refused.Foreign)
		}
		a.Close()
	}
}

// TestSVIDBundle: of a trust domain's bundle, the keys of certificates are left out, and new keys of tokens count at once.
func TestSVIDBundle(t *testing.T) {
	t.Parallel()
	i, err := jwttest.New(jwttest.Config{TrustDomain: "bank.example", Audience: "api"})
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := jwttest.New(jwttest.Config{Issuer: "https://id.example", Audience: "api", Type: "JWT"})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var set, others struct {
			Keys []map[string]any `json:"keys"`
		}
		if json.Unmarshal(i.JWKS(), &set) != nil || json.Unmarshal(stranger.JWKS(), &others) != nil {
			t.Error("no keys")
		}
		x509 := others.Keys[0]
		x509["use"] = "x509-svid"
		delete(x509, "kid")
		text, err := json.Marshal(map[string]any{"spiffe_sequence": 7, "spiffe_refresh_hint": 300, "keys": append(set.Keys, x509)})
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(text)
	}))
	defer srv.Close()
	a, err := jwt.New(svidPolicy(), jwt.RemoteSource{URL: srv.URL, MinGap: time.Millisecond}, principal.NewTable(nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	claims := map[string]any{"sub": "spiffe://bank.example/batch"}
	if _, err := a.Verify(i.Token(claims)); err != nil {
		t.Error(err)
	}
	if err := i.Rotate(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Verify(i.Token(claims)); err != nil {
		t.Errorf("a new key: %v", err)
	}
	var refused *auth.Refused
	if _, err := a.Verify(stranger.Token(claims)); !errors.As(err, &refused) || refused.Rule != "jwt-signature" {
		t.Errorf("the key of certificates: %v", err)
	}
}
