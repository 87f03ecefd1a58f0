package generator_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeytest"
	"github.com/bailey-go/bailey/runtime/auth/session"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/testdata/golden/credentials/api"
)

// lets is a handler that lets everybody in whom the pipeline lets through.
type lets struct{ *session.Sessions }

func (lets) ByHeader(context.Context, *api.ByHeaderRequest) error           { return nil }
func (lets) ByQuery(context.Context, *api.ByQueryRequest) error             { return nil }
func (lets) PostByQuery(context.Context, *api.PostByQueryRequest) error     { return nil }
func (lets) ByCookie(context.Context, *api.ByCookieRequest) error           { return nil }
func (lets) PostByCookie(context.Context, *api.PostByCookieRequest) error   { return nil }
func (lets) ByBoth(context.Context, *api.ByBothRequest) error               { return nil }
func (lets) ByPassword(context.Context, *api.ByPasswordRequest) error       { return nil }
func (lets) ByMachine(context.Context, *api.ByMachineRequest) error         { return nil }
func (lets) PostByMachine(context.Context, *api.PostByMachineRequest) error { return nil }
func (lets) DeleteByPassword(context.Context, *api.DeleteByPasswordRequest) error {
	return nil
}

// events remembers what was recorded.
type events struct {
	mu   sync.Mutex
	list []event.Event
}

func (e *events) Record(_ context.Context, r *event.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, *r)
}

// last is the newest event, as "name rule".
func (e *events) last() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.list) == 0 {
		return ""
	}
	return e.list[len(e.list)-1].Name + " " + e.list[len(e.list)-1].Rule
}

// credentials is a server of the golden package with a key for each scheme.
type credentials struct {
	url                   string
	client                *http.Client
	header, query, cookie string // keys with the roles reader and writer and the scope list
	events                events
}

// keyOf makes a store with one key, and says its clear text.
func keyOf(t *testing.T, hash *apikey.HashKeys, prefix string) (string, apikey.Keys) {
	t.Helper()
	clear, key := hash.Generate(prefix)
	key.Subject, key.Roles, key.Scopes = "ada", []string{"reader", "writer"}, []string{"list"}
	store, err := apikey.Static(key)
	if err != nil {
		t.Fatal(err)
	}
	return clear, apikey.Keys{Store: store, Hash: hash}
}

func serveCredentials(t *testing.T, change func(*api.Config)) *credentials {
	t.Helper()
	c, server := newCredentials(t, change)
	srv := httptest.NewServer(server)
	t.Cleanup(srv.Close)
	c.url, c.client = srv.URL, srv.Client()
	return c
}

// newCredentials makes the server and what it lets in.
func newCredentials(t *testing.T, change func(*api.Config)) (*credentials, http.Handler) {
	t.Helper()
	c := &credentials{}
	hash := apikeytest.HashKeys(t)
	cfg := api.Config{Config: quiet}
	cfg.Events = &c.events
	c.header, cfg.HeaderKey = keyOf(t, hash, "hk_")
	c.query, cfg.QueryKey = keyOf(t, hash, "qk_")
	c.cookie, cfg.CookieKey = keyOf(t, hash, "ck_")
	cfg.Password.Users = tools(t)
	cfg.Machine = newAuthority(t).trustOf()
	if change != nil {
		change(&cfg)
	}
	if cfg.Browser == nil {
		cfg.Browser = sessionsOf(t)
	}
	s, err := api.NewServer(lets{cfg.Browser}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

// send sends a request and returns the answer with its body.
func (c *credentials) send(t *testing.T, method, path string, header map[string]string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, c.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	res, err := c.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestAPIKeys(t *testing.T) {
	c := serveCredentials(t, nil)
	typo := c.header[:20] + "0" + c.header[21:]
	if typo == c.header {
		typo = c.header[:20] + "1" + c.header[21:]
	}
	for _, tt := range []struct {
		name, method, path string
		header             map[string]string
		status             int
		event              string
	}{
		{"header", "GET", "/header", map[string]string{"X-Api-Key": c.header}, 204, ""},
		{"query", "GET", "/query?api_key=" + c.query, nil, 204, ""},
		{"query beside a parameter", "GET", "/query?page=2&api_key=" + c.query, nil, 204, ""},
		{"query without parameters", "POST", "/query?api_key=" + c.query, nil, 204, ""},
		{"cookie", "GET", "/cookie", map[string]string{"Cookie": "a=b; __Host-key=" + c.cookie}, 204, ""},
		{"both", "PUT", "/both", map[string]string{"X-Api-Key": c.header, "Cookie": "__Host-key=" + c.cookie}, 204, ""},
		{"one of both", "PUT", "/both", map[string]string{"X-Api-Key": c.header}, 401, "authn_login_fail no-credential"},
		{"the other alternative, without its role", "PUT", "/both?api_key=" + c.query, nil, 403, "authz_fail role"},
		{"none", "GET", "/header", nil, 401, "authn_login_fail no-credential"},
		{"a typing error", "GET", "/header", map[string]string{"X-Api-Key": typo}, 401, "authn_login_fail api-key-checksum"},
		{"another scheme's key", "GET", "/header", map[string]string{"X-Api-Key": c.query}, 401, "authn_login_fail api-key-malformed"},
		{"a header's key in the query", "GET", "/header?api_key=" + c.header, nil, 401, "authn_login_fail no-credential"},
		{"two keys", "GET", "/query?api_key=" + c.query + "&api%5fkey=" + c.query, nil, 401, "authn_login_fail api-key-repeated"},
		{"a key where none is asked for", "GET", "/header?api_key=" + c.query, map[string]string{"X-Api-Key": c.header}, 400, "input_validation_fail parameters"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res, body := c.send(t, tt.method, tt.path, tt.header)
			if res.StatusCode != tt.status {
				t.Errorf("status %d, want %d: %s", res.StatusCode, tt.status, body)
			}
			if tt.event != "" && c.events.last() != tt.event {
				t.Errorf("event %q, want %q", c.events.last(), tt.event)
			}
			if tt.status == 401 && !strings.HasPrefix(res.Header.Get("WWW-Authenticate"), "ApiKey") {
				t.Errorf("challenge %q", res.Header.Values("WWW-Authenticate"))
			}
			for _, secret := range []string{c.header, c.query, c.cookie, typo} {
				if strings.Contains(body, secret[:20]) {
					t.Errorf("the answer repeats a key: %s", body)
				}
			}
		})
	}
}

// TestOneRefusal: what a caller without a good credential is answered is the same for every cause and every scheme, but for the request's id and
// the challenge.
func TestOneRefusal(t *testing.T) {
	c := serveCredentials(t, nil)
	want := ""
	for _, tt := range []struct {
		path, field string
		values      []string
	}{
		{"/header", "X-Api-Key", []string{"", "x", c.query, c.header[:20], c.header + "0"}},
		{"/cookie", "Cookie", []string{"", "__Host-key=", "__Host-key=" + c.query, "__Host-key=" + c.cookie + "; __Host-key=" + c.cookie}},
		{"/password", "Authorization", []string{"", "Basic x", "Bearer x", pairOf("ada", "x"), pairOf("eve", "x"), pairOf("ada", "pa:ss word")}}, // without TLS
		{"/machine", "X-Forwarded-Client-Cert", []string{"", "x"}},
		{"/session", "Cookie", []string{"", "__Host-session=x", "__Host-session=" + strings.Repeat("A", 43)}},
	} {
		for _, value := range tt.values {
			res, body := c.send(t, "GET", tt.path, map[string]string{tt.field: value})
			if id := res.Header.Get("X-Request-Id"); id != "" {
				body = strings.ReplaceAll(body, id, "ID")
			}
			if want == "" {
				want = body
			}
			if res.StatusCode != 401 || body != want || len(res.Header.Values("WWW-Authenticate")) != 1 {
				t.Errorf("%s %q: %d %s, want %s", tt.path, value, res.StatusCode, body, want)
			}
		}
	}
}

// down is a store that cannot be reached.
type down struct{}

func (down) Lookup(context.Context, string) (*apikey.Key, bool, error) {
	return nil, false, errors.New("dial tcp db.internal:5432: connection refused")
}

func TestKeyStoreIsDown(t *testing.T) {
	c := serveCredentials(t, func(cfg *api.Config) { cfg.HeaderKey.Store = down{} })
	res, body := c.send(t, "GET", "/header", map[string]string{"X-Api-Key": c.header})
	if res.StatusCode != 503 || res.Header.Get("Retry-After") == "" || strings.Contains(body, "internal") || c.events.last() != "sys_unavailable api-key-store" {
		t.Errorf("got %d, %q, %s, %s", res.StatusCode, res.Header.Get("Retry-After"), c.events.last(), body)
	}
	if res, _ := c.send(t, "GET", "/header", map[string]string{"X-Api-Key": "rubbish"}); res.StatusCode != 401 {
		t.Errorf("rubbish is answered %d: the store was asked", res.StatusCode)
	}
}

func TestKeysAreNeeded(t *testing.T) {
	_, err := api.NewServer(lets{}, api.Config{Config: quiet})
	for _, want := range []string{
		"security scheme headerKey: apikey: no store of keys", "security scheme queryKey: apikey: no store", "security scheme cookieKey: apikey: no store", "no hash keys",
		"security scheme password: basic: file of users: ",
		"security scheme machine: mtls: ", "security scheme browser: session: no sessions", "testdata/ca.pem", "testdata/crl.pem",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
}

// TestCrossOrigin: where browsers add the credential by themselves, only the API's own pages may change something.
func TestCrossOrigin(t *testing.T) {
	c := serveCredentials(t, func(cfg *api.Config) { cfg.TrustedOrigins = []string{"https://app.example"} })
	for _, tt := range []struct {
		name, method, path string
		header             map[string]string
		status             int
	}{
		{"cookie, another site", "POST", "/cookie", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"cookie, another subdomain", "POST", "/cookie", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"cookie, another origin", "POST", "/cookie", map[string]string{"Origin": "https://evil.example"}, 403},
		{"cookie, no origin to speak of", "POST", "/cookie", map[string]string{"Origin": "null"}, 403},
		{"cookie, another site with the right origin", "POST", "/cookie", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": c.url}, 403},
		{"cookie, its own page", "POST", "/cookie", map[string]string{"Sec-Fetch-Site": "same-origin"}, 204},
		{"cookie, its own page in an old browser", "POST", "/cookie", map[string]string{"Origin": c.url}, 204},
		{"cookie, typed by the user", "POST", "/cookie", map[string]string{"Sec-Fetch-Site": "none"}, 204},
		{"cookie, no browser", "POST", "/cookie", nil, 204},
		{"cookie, a trusted origin", "POST", "/cookie", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://app.example"}, 204},
		{"cookie, almost a trusted origin", "POST", "/cookie", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://app.example.evil.example"}, 403},
		{"cookie, reading", "GET", "/cookie", map[string]string{"Sec-Fetch-Site": "cross-site"}, 204},
		{"cookie beside a header", "PUT", "/both", map[string]string{"Sec-Fetch-Site": "cross-site", "X-Api-Key": c.header}, 403},
		{"query", "POST", "/query?api_key=" + c.query, map[string]string{"Sec-Fetch-Site": "cross-site"}, 204},
	} {
		t.Run(tt.name, func(t *testing.T) {
			header := map[string]string{"Cookie": "__Host-key=" + c.cookie}
			for k, v := range tt.header {
				header[k] = v
			}
			res, body := c.send(t, tt.method, tt.path, header)
			if res.StatusCode != tt.status {
				t.Errorf("status %d, want %d: %s", res.StatusCode, tt.status, body)
			}
			if tt.status == 403 && c.events.last() != "malicious_csrf cross-origin" {
				t.Errorf("event %q", c.events.last())
			}
		})
	}
	cfg := api.Config{Config: quiet}
	cfg.TrustedOrigins = []string{"app.example/path"}
	if _, err := api.NewServer(lets{}, cfg); err == nil || !strings.Contains(err.Error(), "TrustedOrigins") {
		t.Errorf("err = %v", err)
	}
}
