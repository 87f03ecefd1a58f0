package generator_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/session"
	"github.com/bailey-go/bailey/testdata/golden/credentials/api"
)

func sessionsOf(t *testing.T) *session.Sessions {
	t.Helper()
	store, err := session.NewMemory(session.MemoryConfig{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := session.New(store)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (l lets) Login(ctx context.Context, req *api.LoginRequest) (*api.LoginNoContent, error) {
	cookie, err := l.Begin(ctx, session.Who{Subject: req.Body.User, Roles: []string{"reader", "writer"}, Scopes: []string{"list"}}, nil)
	return &api.LoginNoContent{SetCookie: cookie}, err
}

func (l lets) Logout(ctx context.Context, req *api.LogoutRequest) (*api.LogoutNoContent, error) {
	return &api.LogoutNoContent{SetCookie: l.Forget()}, l.End(ctx, req.Caller)
}

func (lets) ByCookies(context.Context, *api.ByCookiesRequest) error       { return nil }
func (lets) BySession(context.Context, *api.BySessionRequest) error       { return nil }
func (lets) PutBySession(context.Context, *api.PutBySessionRequest) error { return nil }

// TestSession logs in, is known, and logs out.
func TestSession(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	c, server := newCredentials(t, func(cfg *api.Config) { cfg.Clock = func() time.Time { return now } })
	srv := httptest.NewTLSServer(server)
	t.Cleanup(srv.Close)
	c.url, c.client = srv.URL, srv.Client()
	login := func(header map[string]string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), "POST", c.url+"/login", strings.NewReader(`{"user":"ada"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		for k, v := range header {
			r.Header.Set(k, v)
		}
		res, err := c.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		cookies := res.Cookies()
		if len(cookies) != 1 {
			return res, ""
		}
		if k := cookies[0]; !k.Secure || !k.HttpOnly || k.SameSite != http.SameSiteStrictMode || k.Path != "/" || k.MaxAge != 8*3600 {
			t.Errorf("the cookie is %+v", k)
		}
		return res, cookies[0].Name + "=" + cookies[0].Value
	}
	want := func(name, method, path, cookie, site string, status int, event string) {
		t.Helper()
		header := map[string]string{"Cookie": "theme=dark; " + cookie}
		if site != "" {
			header["Sec-Fetch-Site"] = site
		}
		res, body := c.send(t, method, path, header)
		if res.StatusCode != status || event != "" && c.events.last() != event {
			t.Errorf("%s: status %d, event %q; want %d, %q: %s", name, res.StatusCode, c.events.last(), status, event, body)
		}
	}
	res, cookie := login(nil)
	if res.StatusCode != 204 || !strings.HasPrefix(cookie, "__Host-session=") {
		t.Fatalf("login: %d, %q", res.StatusCode, cookie)
	}
	want("known", "GET", "/session", cookie, "", 204, "")
	want("own page", "PUT", "/session", cookie, "same-origin", 204, "")
	want("foreign page reads", "GET", "/session", cookie, "cross-site", 204, "")
	want("foreign page writes", "PUT", "/session", cookie, "cross-site", 403, "malicious_csrf cross-origin")
	want("foreign page logs out", "POST", "/logout", cookie, "same-site", 403, "malicious_csrf cross-origin")
	want("not known", "GET", "/session", "", "", 401, "authn_login_fail no-credential")
	want("somebody's guess", "GET", "/session", "__Host-session="+strings.Repeat("A", 43), "", 401, "authn_login_fail session-unknown")
	if res, cookie := login(map[string]string{"Origin": "https://evil.example"}); res.StatusCode != 403 || cookie != "" || c.events.last() != "malicious_csrf cross-origin" {
		t.Errorf("a foreign page logs somebody in: %d", res.StatusCode)
	}
	now = now.Add(19 * time.Minute)
	want("used in time", "GET", "/session", cookie, "", 204, "")
	now = now.Add(20 * time.Minute)
	want("idle", "GET", "/session", cookie, "", 401, "authn_login_fail session-idle")

	_, cookie = login(nil)
	want("logs out", "POST", "/logout", cookie, "", 204, "")
	want("after that", "GET", "/session", cookie, "", 401, "authn_login_fail session-unknown")
}
