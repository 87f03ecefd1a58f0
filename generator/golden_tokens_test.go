package generator_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth/introspect"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/auth/jwt/jwttest"
	"github.com/bailey-go/bailey/testdata/golden/tokens/api"
)

type tokens struct{}

func (tokens) ByUntyped(context.Context, *api.ByUntypedRequest) error       { return nil }
func (tokens) ByValued(context.Context, *api.ByValuedRequest) error         { return nil }
func (tokens) ByNonced(context.Context, *api.ByNoncedRequest) error         { return nil }
func (tokens) ByKeyed(context.Context, *api.ByKeyedRequest) error           { return nil }
func (tokens) ByComma(context.Context, *api.ByCommaRequest) error           { return nil }
func (tokens) ByLong(context.Context, *api.ByLongRequest) error             { return nil }
func (tokens) ByHeader(context.Context, *api.ByHeaderRequest) error         { return nil }
func (tokens) ByForwarded(context.Context, *api.ByForwardedRequest) error   { return nil }
func (tokens) ByCookie(context.Context, *api.ByCookieRequest) error         { return nil }
func (tokens) PostByCookie(context.Context, *api.PostByCookieRequest) error { return nil }
func (tokens) ByAsked(context.Context, *api.ByAskedRequest) error           { return nil }

// tokenServer serves the golden package, with the issuers of its tokens by their typ.
func tokenServer(t *testing.T, events *events) (srv *httptest.Server, issuers map[string]*jwttest.Issuer) {
	t.Helper()
	s, issuers := newTokenServer(t, events)
	srv = httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return srv, issuers
}

func newTokenServer(t *testing.T, events *events) (*api.Server, map[string]*jwttest.Issuer) {
	t.Helper()
	issuers := map[string]*jwttest.Issuer{}
	var keys []json.RawMessage
	for _, typ := range []string{jwt.NoType, "JWT", "at+jwt", "none-as-text", "id+jwt"} {
		written := typ
		if typ == "none-as-text" {
			written = "NONE"
		}
		i, err := jwttest.New(jwttest.Config{Issuer: "https://id.example", Audience: "api", Type: written})
		if err != nil {
			t.Fatal(err)
		}
		for range len(keys) { // each has a kid of its own
			if err := i.Rotate(); err != nil {
				t.Fatal(err)
			}
		}
		i.Retire()
		var set struct{ Keys []json.RawMessage }
		if err := json.Unmarshal(i.JWKS(), &set); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, set.Keys...)
		issuers[typ] = i
	}
	set, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		t.Fatal(err)
	}
	from := jwt.Inline(string(set))
	cfg := api.Config{
		Config: quiet, Untyped: from, Valued: from, Nonced: from, Keyed: from, Comma: from, Long: from, Header: from, Forwarded: from, Cookie: from,
		PlainCookie: from, Asked: introspect.Via(introspect.Secret("server", "secret"), answers{}),
	}
	cfg.Events = events
	s, err := api.NewServer(tokens{}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, issuers
}

// changed are claims with some replaced; nil takes one away.
func changed(claims map[string]any, changes ...any) map[string]any {
	out := map[string]any{}
	for name, v := range claims {
		out[name] = v
	}
	for i := 0; i < len(changes); i += 2 {
		out[changes[i].(string)] = changes[i+1]
	}
	return out
}

// TestTokens: what differs from RFC 9068 passes where the document says so, and nothing else does.
func TestTokens(t *testing.T) {
	t.Parallel()
	var events events
	srv, issuers := tokenServer(t, &events)
	type m = map[string]any
	untyped := m{"aud": nil, "client_id": "phone", "sub": "ada", "token_use": "access", "scope": "read", "cognito:groups": []string{"editors"}}
	valued := m{"sub": "ada", "azp": "web", "level": 2, "is_anonymous": false, "org": m{"teams": []string{"green", "blue"}}, "scp": []string{"read"}}
	nonced := m{"sub": "ada", "nonce": "n", "typ": "Bearer", "azp": "web", "realm_access": m{"roles": []string{"editor"}}}
	const zitadel = "urn:zitadel:iam:org:project:roles"
	keyed := m{"sub": "ada", "client_id": "c", zitadel: m{"editor": m{"1": "a.example"}, "reader": m{}}}
	comma := m{"sub": "ada", "o": m{"per": "org:read, org:edit"}}
	for _, tt := range []struct {
		name, path, typ string
		claims          m
		status          int
		rule            string // of the last event
	}{
		{"without typ and aud", "/untyped", jwt.NoType, untyped, 204, ""},
		{"aud beside it, good", "/untyped", jwt.NoType, changed(untyped, "aud", "web"), 204, ""},
		{"aud beside it, of a list", "/untyped", jwt.NoType, changed(untyped, "aud", []string{"x", "web"}), 204, ""},
		{"a list of clients", "/untyped", jwt.NoType, changed(untyped, "client_id", []string{"x", "web"}), 204, ""},
		{"aud beside it, another", "/untyped", jwt.NoType, changed(untyped, "aud", "other"), 401, "jwt-audience"},
		{"aud beside it, empty", "/untyped", jwt.NoType, changed(untyped, "aud", []string{}), 401, "jwt-audience"},
		{"aud beside it, a number", "/untyped", jwt.NoType, changed(untyped, "aud", 1), 401, "jwt-audience"},
		{"another client", "/untyped", jwt.NoType, changed(untyped, "client_id", "other"), 401, "jwt-audience"},
		{"no client", "/untyped", jwt.NoType, changed(untyped, "client_id", nil), 401, "jwt-audience"},
		{"no client, good aud", "/untyped", jwt.NoType, changed(untyped, "client_id", nil, "aud", "web"), 401, "jwt-audience"},
		{"an empty client", "/untyped", jwt.NoType, changed(untyped, "client_id", ""), 401, "jwt-claim-missing"},
		{"the typ JWT", "/untyped", "JWT", untyped, 401, "jwt-type"},
		{"the typ at+jwt", "/untyped", "at+jwt", untyped, 401, "jwt-type"},
		{"the typ none", "/untyped", "none-as-text", untyped, 401, "jwt-type"},
		{"an ID token by token_use", "/untyped", jwt.NoType, changed(untyped, "token_use", "id"), 401, "jwt-not-an-access-token"},
		{"no token_use", "/untyped", jwt.NoType, changed(untyped, "token_use", nil), 401, "jwt-claim-missing"},
		{"another token_use", "/untyped", jwt.NoType, changed(untyped, "token_use", "access_token"), 401, "jwt-claim-type"},
		{"an ID token by nonce", "/untyped", jwt.NoType, changed(untyped, "nonce", "n"), 401, "jwt-not-an-access-token"},
		{"an ID token by at_hash", "/untyped", jwt.NoType, changed(untyped, "at_hash", "h"), 401, "jwt-not-an-access-token"},
		{"a logout token", "/untyped", jwt.NoType, changed(untyped, "events", m{}), 401, "jwt-not-an-access-token"},
		{"no scope", "/untyped", jwt.NoType, changed(untyped, "scope", nil), 403, "scope"},

		{"all values", "/valued", "JWT", valued, 204, ""},
		{"all values, without typ", "/valued", jwt.NoType, valued, 204, ""},
		{"an optional claim", "/valued", "JWT", changed(valued, "region", "eu"), 204, ""},
		{"another value of an optional claim", "/valued", "JWT", changed(valued, "region", "cn"), 401, "jwt-claim-type"},
		{"null for an optional claim", "/valued", "JWT", changed(valued, "region", json.RawMessage("null")), 401, "jwt-claim-type"},
		{"another subject", "/valued", "JWT", changed(valued, "sub", "eve"), 401, "jwt-claim-type"},
		{"another client", "/valued", "JWT", changed(valued, "azp", "evil"), 401, "jwt-claim-type"},
		{"clients in a list", "/valued", "JWT", changed(valued, "azp", []string{"web"}), 401, "jwt-claim-type"},
		{"no client", "/valued", "JWT", changed(valued, "azp", nil), 401, "jwt-claim-missing"},
		{"another case", "/valued", "JWT", changed(valued, "azp", "Web"), 401, "jwt-claim-type"},
		{"another number", "/valued", "JWT", changed(valued, "level", 1), 401, "jwt-claim-type"},
		{"a number as text", "/valued", "JWT", changed(valued, "level", "2"), 401, "jwt-claim-type"},
		{"a number with a fraction", "/valued", "JWT", changed(valued, "level", json.RawMessage("2.0")), 401, "jwt-claim-type"},
		{"the other truth", "/valued", "JWT", changed(valued, "is_anonymous", true), 401, "jwt-claim-type"},
		{"no truth", "/valued", "JWT", changed(valued, "is_anonymous", nil), 401, "jwt-claim-missing"},
		{"none of the teams", "/valued", "JWT", changed(valued, "org", m{"teams": []string{"green"}}), 401, "jwt-claim-type"},
		{"no team", "/valued", "JWT", changed(valued, "org", m{"teams": []string{}}), 401, "jwt-claim-type"},

		{"a nonce", "/nonced", "JWT", nonced, 204, ""},
		{"no nonce", "/nonced", "JWT", changed(nonced, "nonce", nil), 204, ""},
		{"a nonce of an ID token", "/nonced", "JWT", changed(nonced, "typ", "ID"), 401, "jwt-not-an-access-token"},
		{"a nonce, and nothing says what for", "/nonced", "JWT", changed(nonced, "typ", nil), 401, "jwt-claim-missing"},
		{"null says what for", "/nonced", "JWT", changed(nonced, "typ", json.RawMessage("null")), 401, "jwt-not-an-access-token"},
		{"no client", "/nonced", "JWT", changed(nonced, "azp", nil), 401, "jwt-claim-missing"},
		{"at_hash beside it", "/nonced", "JWT", changed(nonced, "at_hash", "h"), 401, "jwt-not-an-access-token"},
		{"c_hash beside it", "/nonced", "JWT", changed(nonced, "c_hash", "h"), 401, "jwt-not-an-access-token"},

		{"roles as keys", "/keyed", "JWT", keyed, 204, ""},
		{"other roles as keys", "/keyed", "JWT", changed(keyed, zitadel, m{"reader": m{}}), 403, "role"},
		{"roles as a list", "/keyed", "JWT", changed(keyed, zitadel, []string{"editor"}), 401, "jwt-roles"},
		{"roles as text", "/keyed", "JWT", changed(keyed, zitadel, "editor"), 401, "jwt-roles"},
		{"no roles", "/keyed", "JWT", changed(keyed, zitadel, nil), 403, "role"},

		{"roles with commas", "/comma", "at+jwt", comma, 204, ""},
		{"one role", "/comma", "at+jwt", m{"sub": "ada", "o": m{"per": "org:edit"}}, 204, ""},
		{"a role that begins like it", "/comma", "at+jwt", m{"sub": "ada", "o": m{"per": "org:edits,org:edi"}}, 403, "role"},
		{"no role", "/comma", "at+jwt", m{"sub": "ada", "o": m{"per": ""}}, 403, "role"},
		{"roles as a list", "/comma", "at+jwt", m{"sub": "ada", "o": m{"per": []string{"org:edit"}}}, 401, "jwt-roles"},
	} {
		status := get(t, srv.URL+tt.path, http.Header{"Authorization": {"Bearer " + issuers[tt.typ].Token(tt.claims)}})
		if got := events.last(); status != tt.status || tt.rule != "" && !strings.HasSuffix(got, " "+tt.rule) {
			t.Errorf("%s: %s: status %d, event %q; want %d, %q", tt.path, tt.name, status, got, tt.status, tt.rule)
		}
	}
}

// get asks for an address with the header fields, and returns the status.
func get(t *testing.T, address string, header http.Header) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// TestTokenPlaces: a token counts at the place that the document names, and nowhere else.
func TestTokenPlaces(t *testing.T) {
	t.Parallel()
	var events events
	srv, issuers := tokenServer(t, &events)
	good := issuers["at+jwt"].Token(map[string]any{"sub": "ada"})
	web := issuers["JWT"].Token(map[string]any{"sub": "ada", "aud": nil, "azp": "web", "sts": "active"})
	for _, tt := range []struct {
		name, method, path string
		header             http.Header
		status             int
		rule               string
	}{
		{"its header", "GET", "/header", http.Header{"X-Goog-Iap-Jwt-Assertion": {good}}, 204, ""},
		{"Authorization", "GET", "/header", http.Header{"Authorization": {"Bearer " + good}}, 401, "no-credential"},
		{"both places", "GET", "/header", http.Header{"Authorization": {"Bearer x"}, "X-Goog-Iap-Jwt-Assertion": {good}}, 204, ""},
		{"its header twice", "GET", "/header", http.Header{"X-Goog-Iap-Jwt-Assertion": {good, good}}, 401, "token-repeated"},
		{"its header, two values in a line", "GET", "/header", http.Header{"X-Goog-Iap-Jwt-Assertion": {good + ", " + good}}, 401, "jwt-malformed"},
		{"its header, empty", "GET", "/header", http.Header{"X-Goog-Iap-Jwt-Assertion": {""}}, 401, "token-malformed"},
		{"its header with a scheme", "GET", "/header", http.Header{"X-Goog-Iap-Jwt-Assertion": {"Bearer " + good}}, 401, "jwt-malformed"},
		{"the query", "GET", "/header?access_token=" + good, nil, 401, "no-credential"},
		{"with the prefix", "GET", "/forwarded", http.Header{"X-Forwarded-Authorization": {"bearer " + good}}, 204, ""},
		{"without the prefix", "GET", "/forwarded", http.Header{"X-Forwarded-Authorization": {good}}, 401, ""},
		{"another prefix", "GET", "/forwarded", http.Header{"X-Forwarded-Authorization": {"Basic " + good}}, 401, ""},
		{"the payload alone, unsigned", "GET", "/header", http.Header{"X-Goog-Iap-Jwt-Assertion": {strings.Split(good, ".")[1]}}, 401, "jwt-malformed"},
		{"its cookie", "GET", "/cookie", http.Header{"Cookie": {"a=b; __Host-token=" + good}}, 204, ""},
		{"its cookie, quoted", "GET", "/cookie", http.Header{"Cookie": {`__Host-token="` + good + `"`}}, 401, ""},
		{"two cookies", "GET", "/cookie", http.Header{"Cookie": {"__Host-token=" + good + "; __Host-token=" + good}}, 401, "token-repeated"},
		{"a cookie in another case", "GET", "/cookie", http.Header{"Cookie": {"__host-token=" + good}}, 401, "no-credential"},
		{"the other cookie", "GET", "/cookie", http.Header{"Cookie": {"__session=" + web}}, 204, ""},
		{"the token of the one cookie in the other", "GET", "/cookie", http.Header{"Cookie": {"__session=" + good}}, 401, ""},
		{"a cookie as a header", "GET", "/cookie", http.Header{"Authorization": {"Bearer " + good}}, 401, "no-credential"},
		{"post, by a page of its own", "POST", "/cookie", http.Header{"Cookie": {"__Host-token=" + good}, "Sec-Fetch-Site": {"same-origin"}}, 204, ""},
		{"post, by another page", "POST", "/cookie", http.Header{"Cookie": {"__Host-token=" + good}, "Sec-Fetch-Site": {"cross-site"}}, 403, "cross-origin"},
		{"post, by another origin", "POST", "/cookie", http.Header{"Cookie": {"__Host-token=" + good}, "Origin": {"https://evil.example"}}, 403, "cross-origin"},
		{"get, by another page", "GET", "/cookie", http.Header{"Cookie": {"__Host-token=" + good}, "Sec-Fetch-Site": {"cross-site"}}, 204, ""},
		{"an upgrade, by another page", "GET", "/cookie", http.Header{"Cookie": {"__Host-token=" + good}, "Sec-Fetch-Site": {"cross-site"}, "Connection": {"Upgrade"}, "Upgrade": {"websocket"}}, 403, "cross-origin"},
		{"an upgrade, by another origin", "GET", "/cookie", http.Header{"Cookie": {"__Host-token=" + good}, "Origin": {"https://evil.example"}, "Connection": {"Upgrade"}, "Upgrade": {"websocket"}}, 403, "cross-origin"},
		{"an upgrade, by a page of its own", "GET", "/cookie", http.Header{"Cookie": {"__Host-token=" + good}, "Sec-Fetch-Site": {"same-origin"}, "Connection": {"Upgrade"}, "Upgrade": {"websocket"}}, 204, ""},
	} {
		r, err := http.NewRequestWithContext(t.Context(), tt.method, srv.URL+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if tt.header != nil {
			r.Header = tt.header
		}
		res, err := srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if got := events.last(); res.StatusCode != tt.status || tt.rule != "" && !strings.HasSuffix(got, " "+tt.rule) {
			t.Errorf("%s: status %d, event %q; want %d, %q", tt.name, res.StatusCode, got, tt.status, tt.rule)
		}
		if res.StatusCode == 401 && res.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: 401 without a challenge", tt.name)
		}
	}
}

// TestAskedTokens: an answer without aud is judged by the member that the document names.
func TestAskedTokens(t *testing.T) {
	t.Parallel()
	var events events
	srv, _ := tokenServer(t, &events)
	type m = map[string]any
	good := m{"active": true, "sub": "ada", "client_id": "api", "scope": "read", "roles": "reader,editor", "token_kind": "user"}
	for _, tt := range []struct {
		name   string
		answer m
		status int
		rule   string
	}{
		{"no aud", good, 204, ""},
		{"aud beside it", changed(good, "aud", "api"), 204, ""},
		{"another aud", changed(good, "aud", "other"), 401, "introspection-audience"},
		{"an empty aud", changed(good, "aud", []string{}), 401, "introspection-audience"},
		{"null for aud", changed(good, "aud", nil), 401, "introspection-audience"},
		{"another client", changed(good, "client_id", "other"), 401, "introspection-audience"},
		{"another value", changed(good, "token_kind", "machine"), 401, "introspection-claim-type"},
		{"roles as a list", changed(good, "roles", []string{"editor"}), 401, "introspection-roles"},
		{"another role", changed(good, "roles", "reader"), 403, "role"},
	} {
		text, err := json.Marshal(tt.answer)
		if err != nil {
			t.Fatal(err)
		}
		status := get(t, srv.URL+"/asked", http.Header{"Authorization": {"Bearer " + base64.RawURLEncoding.EncodeToString(text)}})
		if got := events.last(); status != tt.status || tt.rule != "" && !strings.HasSuffix(got, " "+tt.rule) {
			t.Errorf("%s: status %d, event %q; want %d, %q", tt.name, status, got, tt.status, tt.rule)
		}
	}
}
