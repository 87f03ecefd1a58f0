package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestAuthorize asks the authorization end point for what it must not give: nobody is sent anywhere before it is known where to.
func TestAuthorize(t *testing.T) {
	b := serveBank(t, quiet)
	wallet := b.wallet(nil)
	for _, test := range []struct {
		name   string
		change func(url.Values)
		want   string // the error that the browser is sent back with; "" where it is sent nowhere
	}{
		{"an unknown client", func(q url.Values) { q.Set("client_id", "mallory") }, ""},
		{"another client's redirect URI", func(q url.Values) { q.Set("redirect_uri", webCallback) }, ""},
		{"a redirect URI with something behind it", func(q url.Values) { q.Set("redirect_uri", walletCallback+"/../evil") }, ""},
		{"a redirect URI in other letters", func(q url.Values) { q.Set("redirect_uri", strings.ToUpper(walletCallback)) }, ""},
		{"no redirect URI", func(q url.Values) { q.Del("redirect_uri") }, ""},
		{"two redirect URIs", func(q url.Values) { q.Add("redirect_uri", "https://evil.example/") }, ""},
		{"a token without a code", func(q url.Values) { q.Set("response_type", "token") }, "unsupported_response_type"},
		{"no PKCE", func(q url.Values) { q.Del("code_challenge") }, "invalid_request"},
		{"PKCE in clear", func(q url.Values) { q.Set("code_challenge_method", "plain") }, "invalid_request"},
		{"PKCE without its method", func(q url.Values) { q.Del("code_challenge_method") }, "invalid_request"},
		{"an answer in the fragment", func(q url.Values) { q.Set("response_mode", "fragment") }, "invalid_request"},
		{"a request object", func(q url.Values) { q.Set("request", "eyJ") }, "request_not_supported"},
		{"a request object elsewhere", func(q url.Values) { q.Set("request_uri", "https://evil.example/") }, "request_uri_not_supported"},
		{"a scope that is not the client's", func(q url.Values) { q.Set("scope", "openid bank:staff") }, "invalid_scope"},
		{"another API", func(q url.Values) { q.Set("resource", "https://other.example") }, "invalid_target"},
		{"nobody is to be asked", func(q url.Values) { q.Set("prompt", "none") }, "login_required"},
		{"a nonce twice", func(q url.Values) { q.Add("nonce", "another") }, "invalid_request"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := wallet.begin("", "accounts:read")
			page, query, _ := strings.Cut(l.page, "?")
			q := must(url.ParseQuery(query))(t)
			test.change(q)
			for _, at := range []string{page, customersName + "/login"} { // the form's end point judges anew
				method, form := http.MethodGet, url.Values(nil)
				if at != page {
					method, form = http.MethodPost, url.Values{"username": {ada.name}, "password": {ada.password}}
				}
				status, header, _, err := fetch(b.plain, method, at+"?"+q.Encode(), form, nil)
				back, _ := url.Parse(header.Get("Location"))
				switch {
				case err != nil:
					t.Fatal(err)
				case test.want == "" && (status != http.StatusBadRequest || header.Get("Location") != ""):
					t.Errorf("%s: %d, to %q", at, status, header.Get("Location"))
				case test.want != "" && (status != http.StatusSeeOther || !strings.HasPrefix(header.Get("Location"), walletCallback+"?") ||
					back.Query().Get("error") != test.want || back.Query().Get("state") != l.state || back.Query().Get("iss") != customersName || back.Query().Has("code")):
					t.Errorf("%s: %d, to %q", at, status, header.Get("Location"))
				}
			}
		})
	}
}

// TestLoginForm fills it in wrongly.
func TestLoginForm(t *testing.T) {
	b := serveBank(t, quiet)
	page := b.wallet(nil).begin("").page
	second := b.wallet(nil).begin("mfa").page
	code := func(p person) url.Values {
		return url.Values{"username": {p.name}, "password": {p.password}, "code": {"12345"}}
	}
	send := func(name, page string, form url.Values, header http.Header, want int) {
		t.Helper()
		status, h, body, err := fetch(b.plain, http.MethodPost, strings.Replace(page, "/authorize?", "/login?", 1), form, header)
		if err != nil || status != want || want != http.StatusSeeOther && h.Get("Location") != "" {
			t.Errorf("%s: %d to %q, %v; want %d", name, status, h.Get("Location"), err, want)
		}
		if strings.Contains(body, form.Get("password")) {
			t.Errorf("%s: the page repeats the password", name)
		}
	}
	right := url.Values{"username": {ada.name}, "password": {ada.password}}
	send("right", page, right, nil, http.StatusSeeOther)
	send("right, on a page of somebody else's", page, right, http.Header{"Sec-Fetch-Site": {"cross-site"}}, http.StatusForbidden)
	send("right, without the second factor that was asked for", second, right, nil, http.StatusForbidden)
	send("right, with a wrong code", second, code(ada), nil, http.StatusForbidden)
	send("right, of somebody who has no second factor", second, code(grace), nil, http.StatusForbidden)
	send("a name twice", page, url.Values{"username": {ada.name, grace.name}, "password": {ada.password}}, nil, http.StatusBadRequest)
	for range 4 { // and one before
		send("a wrong password", page, url.Values{"username": {grace.name}, "password": {"wrong password"}}, nil, http.StatusForbidden)
	}
	hers := url.Values{"username": {grace.name}, "password": {grace.password}}
	send("the right one after five wrong ones", page, hers, nil, http.StatusTooManyRequests)
	send("a user who is not known", page, url.Values{"username": {"mallory"}, "password": {"wrong password"}}, nil, http.StatusForbidden)
	send("somebody else meanwhile", page, right, nil, http.StatusSeeOther)
	_, header, _, err := fetch(b.plain, http.MethodGet, page, nil, nil)
	if policy := header.Get("Content-Security-Policy"); err != nil || !strings.Contains(policy, "frame-ancestors 'none'") || header.Get("Cache-Control") != "no-store" {
		t.Errorf("the form's header is %v, %v", header, err)
	}
}
