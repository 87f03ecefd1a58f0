package generator_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth/basic"
	"github.com/bailey-go/bailey/testdata/golden/credentials/api"
)

// hashed is the hash of everybody's password, which takes a while to make.
var hashed = sync.OnceValues(func() (*basic.Hash, error) { return basic.ParseHash(basic.HashPassword("pa:ss word")) })

func tools(t *testing.T) basic.Users {
	t.Helper()
	h, err := hashed()
	if err != nil {
		t.Fatal(err)
	}
	u, err := basic.Static(
		basic.User{Name: "ada", Hash: h, Roles: []string{"reader", "writer"}, Scopes: []string{"list"}},
		basic.User{Name: "bob", Hash: h, Scopes: []string{"reader", "list"}}, basic.User{Name: "cid", Hash: h, Roles: []string{"reader"}})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func pairOf(name, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password))
}

func TestBasic(t *testing.T) {
	c, server := newCredentials(t, nil)
	srv := httptest.NewTLSServer(server)
	t.Cleanup(srv.Close)
	c.url, c.client = srv.URL, srv.Client()
	for _, tt := range []struct {
		name, method, credential, site string
		status                         int
		event                          string
	}{
		{"good", "GET", pairOf("ada", "pa:ss word"), "", 204, ""},
		{"without the role", "GET", pairOf("bob", "pa:ss word"), "", 403, "authz_fail role"},
		{"without the scope", "GET", pairOf("cid", "pa:ss word"), "", 403, "authz_fail scope"},
		{"wrong password", "GET", pairOf("ada", "pa:ss"), "", 401, "authn_login_fail basic-wrong-password"},
		{"unknown user", "GET", pairOf("eve", "pa:ss word"), "", 401, "authn_login_fail basic-unknown-user"},
		{"hostile name", "GET", pairOf("eve\x1b[2J\nadmin", "x"), "", 401, "authn_login_fail basic-malformed"},
		{"none", "GET", "", "", 401, "authn_login_fail no-credential"},
		{"own page", "DELETE", pairOf("ada", "pa:ss word"), "same-origin", 204, ""},
		{"foreign page", "DELETE", pairOf("ada", "pa:ss word"), "cross-site", 403, "malicious_csrf cross-origin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			header := map[string]string{}
			if tt.credential != "" {
				header["Authorization"] = tt.credential
			}
			if tt.site != "" {
				header["Sec-Fetch-Site"] = tt.site
			}
			res, body := c.send(t, tt.method, "/password", header)
			if res.StatusCode != tt.status || tt.event != "" && c.events.last() != tt.event {
				t.Errorf("status %d, event %q; want %d, %q: %s", res.StatusCode, c.events.last(), tt.status, tt.event, body)
			}
			if got, want := res.Header.Get("WWW-Authenticate"), `Basic realm="the golden package", charset="UTF-8"`; tt.status == 401 && got != want {
				t.Errorf("challenge %q, want %q", got, want)
			}
			for _, e := range c.events.list {
				if strings.Contains(e.Subject+e.Rule+e.Err, "eve") {
					t.Errorf("the event names a user who does not exist: %+v", e)
				}
			}
		})
	}
}

// TestBasicNeedsTLS: without TLS a good password is refused like a bad one.
func TestBasicNeedsTLS(t *testing.T) {
	header := map[string]string{"Authorization": pairOf("ada", "pa:ss word")}
	c := serveCredentials(t, nil)
	if res, _ := c.send(t, "GET", "/password", header); res.StatusCode != 401 || c.events.last() != "authn_login_fail basic-without-tls" {
		t.Errorf("got %d, %s", res.StatusCode, c.events.last())
	}
	c = serveCredentials(t, func(cfg *api.Config) { cfg.Password.DangerouslyAllowPlainLoopback = true })
	if res, _ := c.send(t, "GET", "/password", header); res.StatusCode != 204 {
		t.Errorf("got %d, %s", res.StatusCode, c.events.last())
	}
}

// noUsers cannot be reached.
type noUsers struct{}

func (noUsers) Lookup(context.Context, string) (*basic.User, bool, error) {
	return nil, false, errors.New("ldap.internal does not answer")
}

func TestUsersAreDown(t *testing.T) {
	c := serveCredentials(t, func(cfg *api.Config) {
		cfg.Password = basic.Accounts{Users: noUsers{}, DangerouslyAllowPlainLoopback: true}
	})
	res, body := c.send(t, "GET", "/password", map[string]string{"Authorization": pairOf("ada", "pa:ss word")})
	if res.StatusCode != 503 || res.Header.Get("Retry-After") == "" || strings.Contains(body, "internal") {
		t.Errorf("got %d, %s", res.StatusCode, body)
	}
}
