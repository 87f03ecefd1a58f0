package generator_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeytest"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/testdata/golden/keys/api"
)

// keyHolders is a handler that lets everybody in whom the pipeline lets through.
type keyHolders struct{ api.Unimplemented }

func (keyHolders) ByBearer(context.Context, *api.ByBearerRequest) error       { return nil }
func (keyHolders) ByToken(context.Context, *api.ByTokenRequest) error         { return nil }
func (keyHolders) ByParameter(context.Context, *api.ByParameterRequest) error { return nil }
func (keyHolders) ByWord(context.Context, *api.ByWordRequest) error           { return nil }
func (keyHolders) ByUser(context.Context, *api.ByUserRequest) error           { return nil }
func (keyHolders) PostByUser(context.Context, *api.PostByUserRequest) error   { return nil }
func (keyHolders) ByOpaque(context.Context, *api.ByOpaqueRequest) error       { return nil }
func (keyHolders) ByAny(context.Context, *api.ByAnyRequest) error             { return nil }
func (keyHolders) ByBoth(context.Context, *api.ByBothRequest) error           { return nil }

// publicES256 is a public key that nobody has the private one of.
const publicES256 = `{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}`

// imported makes a store with a key that another program made.
func imported(t *testing.T, hash *apikey.HashKeys, clear string) apikey.Keys {
	t.Helper()
	key, err := hash.Import(clear, apikey.Strength{})
	if err != nil {
		t.Fatal(err)
	}
	key.Subject, key.Roles = "shop", []string{"reader"}
	store, err := apikey.Static(key)
	if err != nil {
		t.Fatal(err)
	}
	return apikey.Keys{Store: store, Hash: hash}
}

// TestKeysInAuthorization: API keys as bearer tokens, behind a word, as the user name of Basic, and made by another program.
func TestKeysInAuthorization(t *testing.T) {
	const opaque, opaqueBearer = "9dK2mQ7xT4vB1nR8", "ob_9dK2mQ7xT4vB1nR8"
	var seen events
	hash := apikeytest.HashKeys(t)
	cfg := api.Config{Config: quiet, AccessToken: jwt.Inline(publicES256)}
	cfg.Events = &seen
	var bearer, token, parameter, word, user string
	bearer, cfg.BearerKey = keyOf(t, hash, "bk_")
	token, cfg.TokenKey = keyOf(t, hash, "tk_")
	parameter, cfg.ParameterKey = keyOf(t, hash, "pk_")
	word, cfg.WordKey = keyOf(t, hash, "wk_")
	user, cfg.UserKey = keyOf(t, hash, "sk_")
	cfg.OpaqueKey, cfg.OpaqueBearer = imported(t, hash, opaque), imported(t, hash, opaqueBearer)
	s, err := api.NewServer(keyHolders{}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	c := &credentials{url: srv.URL, client: srv.Client()}
	basic := func(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }
	for _, tt := range []struct {
		path, value string
		status      int
		event       string
		challenges  []string
	}{
		{"GET /bearer", "Bearer " + bearer, 204, "", nil},
		{"GET /bearer", "bearer " + bearer, 204, "", nil},
		{"GET /bearer", "", 401, "authn_login_fail no-credential", []string{"Bearer"}},
		{"GET /bearer", bearer, 401, "authn_login_fail no-credential", []string{"Bearer"}},
		{"GET /bearer", "Bearer " + token, 401, "authn_login_fail api-key-malformed", []string{`Bearer error="invalid_token"`}},
		{"GET /bearer", "Bearer " + bearer + " ", 204, "", nil}, // net/http trims values
		{"GET /bearer", "Bearer " + bearer[:20] + "!" + bearer[21:], 401, "authn_login_fail api-key-malformed", []string{`Bearer error="invalid_token"`}},
		{"GET /token", "Token " + token, 204, "", nil},
		{"GET /token", "TOKEN " + token, 204, "", nil},
		{"GET /token", "Bearer " + token, 401, "authn_login_fail no-credential", []string{"Token"}},
		{"GET /token", "Token " + bearer, 401, "authn_login_fail api-key-malformed", []string{"Token"}},
		{"GET /parameter", "Token token=" + parameter, 204, "", nil},
		{"GET /parameter", `Token token="` + parameter + `"`, 204, "", nil},
		{"GET /parameter", `Token token="` + parameter + `", x=1`, 401, "authn_login_fail api-key-malformed", []string{"Token"}},
		{"GET /word", "SSWS " + word, 204, "", nil},
		{"GET /word", "Token " + word, 401, "authn_login_fail no-credential", []string{"SSWS"}},
		{"GET /user", basic(user + ":"), 204, "", nil},
		{"GET /user", basic(user + ":x"), 401, "authn_login_fail api-key-malformed", []string{`Basic realm="api", charset="UTF-8"`}},
		{"GET /user", "Bearer " + user, 401, "authn_login_fail no-credential", []string{`Basic realm="api", charset="UTF-8"`}},
		{"POST /user", basic(user + ":"), 204, "", nil},
		{"GET /any", "Token " + token, 204, "", nil},
		{"GET /any", "Bearer " + opaqueBearer, 204, "", nil},
		{"GET /any", "Bearer " + opaque, 401, "authn_login_fail api-key-malformed", nil},
		{"GET /any", "Bearer " + opaqueBearer + "x", 401, "authn_login_fail api-key-unknown", nil},
	} {
		method, path, _ := strings.Cut(tt.path, " ")
		header := map[string]string{}
		if tt.value != "" {
			header["Authorization"] = tt.value
		}
		res, body := c.send(t, method, path, header)
		if res.StatusCode != tt.status {
			t.Errorf("%s %s: status %d, want %d: %s", tt.path, tt.value, res.StatusCode, tt.status, body)
		}
		if tt.event != "" && seen.last() != tt.event {
			t.Errorf("%s %s: event %q, want %q", tt.path, tt.value, seen.last(), tt.event)
		}
		if tt.challenges != nil && !slices.Equal(res.Header.Values("WWW-Authenticate"), tt.challenges) {
			t.Errorf("%s %s: challenges %q, want %q", tt.path, tt.value, res.Header.Values("WWW-Authenticate"), tt.challenges)
		}
	}

	for value, status := range map[string]int{opaque: 204, opaque + "x": 401, opaqueBearer: 401, "": 401} {
		if res, body := c.send(t, "GET", "/opaque", map[string]string{"X-Api-Key": value}); res.StatusCode != status {
			t.Errorf("opaque %q: %d, want %d: %s", value, res.StatusCode, status, body)
		}
	}

	// A browser that was told a key as a user name sends it with each page's requests.
	res, body := c.send(t, "POST", "/user", map[string]string{"Authorization": basic(user + ":"), "Sec-Fetch-Site": "cross-site"})
	if res.StatusCode != http.StatusForbidden || seen.last() != "malicious_csrf cross-origin" {
		t.Errorf("a foreign page: %d, %s, %s", res.StatusCode, seen.last(), body)
	}
	if res, body := c.send(t, "GET", "/both", map[string]string{"Authorization": "Token " + token}); res.StatusCode != 401 {
		t.Errorf("one of both: %d, %s", res.StatusCode, body)
	}
}

// TestOpaqueKeysNeedTheirStore: a server whose opaque keys could not be found does not start.
func TestOpaqueKeysNeedTheirStore(t *testing.T) {
	_, err := api.NewServer(keyHolders{}, api.Config{Config: quiet, OpaqueKey: apikey.Keys{Store: down{}, Hash: apikeytest.HashKeys(t)}})
	for _, want := range []string{"security scheme opaqueKey: apikey: opaque keys need a store with LookupHash", "security scheme userKey: apikey: no store of keys"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
}
