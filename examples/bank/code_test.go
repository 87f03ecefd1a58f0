package main

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// codeOf logs Ada in, and returns the form that exchanges the code.
func codeOf(t *testing.T, a app, scopes ...string) url.Values {
	t.Helper()
	l := a.begin("", scopes...)
	back := must(ada.logIn(a.town.plain, l.page, false))(t)
	if back.Get("state") != l.state || back.Get("iss") != customersName {
		t.Fatalf("the answer is %v", back)
	}
	return url.Values{"grant_type": {"authorization_code"}, "code": {back.Get("code")}, "redirect_uri": {a.callback}, "code_verifier": {l.verifier}}
}

func accountsWith(title, token string, want int) row {
	return row{title: title, method: "GET", path: "/customers/" + ada.subject + "/accounts", token: token, want: want}
}

// TestCode goes from the login form to the bank, and looks at what it got.
func TestCode(t *testing.T) {
	b := serveBank(t, quiet)
	wallet := b.wallet(nil)
	status, got, err := wallet.ask("/token", codeOf(t, wallet, "accounts:read"))
	if err != nil || status != 200 || got.TokenType != "Bearer" || got.Scope != "accounts:read" {
		t.Fatalf("%d, %+v, %v", status, got, err)
	}
	b.expect(t, accountsWith("her accounts", got.AccessToken, 200), accountsWith("her ID token", got.IDToken, 401))

	var id struct {
		jwt.RegisteredClaims
		Hash string `json:"at_hash"`
		ACR  string `json:"acr"`
	}
	_, err = jwt.ParseWithClaims(got.IDToken, &id, func(*jwt.Token) (any, error) { return b.login.keys.Public(), nil }, jwt.WithIssuer(customersName), jwt.WithAudience(walletClient))
	sum := sha256.Sum256([]byte(got.AccessToken))
	if err != nil || id.Subject != ada.subject || id.ACR != "pwd" || id.Hash != base64.RawURLEncoding.EncodeToString(sum[:16]) {
		t.Errorf("the ID token says %+v, %v", id, err)
	}
}

// TestCodeRefused exchanges codes wrongly. Each attempt uses the code up, so that the right one after it fails, too.
func TestCodeRefused(t *testing.T) {
	b := serveBank(t, quiet)
	wallet, web := b.wallet(nil), b.wallet(nil)
	web.id = webClient
	for _, test := range []struct {
		name   string
		who    app
		change func(url.Values)
		after  int // what the right request gets then
	}{
		{"a wrong verifier", wallet, func(q url.Values) { q.Set("code_verifier", q.Get("code_verifier")+"x") }, 400},
		{"no verifier", wallet, func(q url.Values) { q.Del("code_verifier") }, 400},
		{"another redirect URI", wallet, func(q url.Values) { q.Set("redirect_uri", webCallback) }, 400},
		{"another code", wallet, func(q url.Values) { q.Set("code", "ABCDEFGHIJKLMNOPQRSTUVWXYZ") }, 200},
		{"another client", web, func(url.Values) {}, 200}, // who cannot use it up
		{"a code twice", wallet, func(q url.Values) { q.Add("code", q.Get("code")) }, 200},
		{"another grant", wallet, func(q url.Values) { q.Set("grant_type", "client_credentials") }, 200},
		{"a grant that there is not", wallet, func(q url.Values) { q.Set("grant_type", "password") }, 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			form := codeOf(t, wallet, "accounts:read")
			wrong := url.Values{}
			for name, values := range form {
				wrong[name] = append([]string(nil), values...)
			}
			test.change(wrong)
			if status, got, err := test.who.ask("/token", wrong); err != nil || status != 400 || got.Error == "" || got.AccessToken != "" {
				t.Errorf("%d, %+v, %v", status, got, err)
			}
			if status, _, err := wallet.ask("/token", form); err != nil || status != test.after {
				t.Errorf("then the right request: %d, %v; want %d", status, err, test.after)
			}
		})
	}
}

// TestCodeTwice: who comes with a code a second time gets nothing, and ends what it brought the first time (RFC 6749, section 4.1.2).
func TestCodeTwice(t *testing.T) {
	b := serveBank(t, quiet)
	wallet := b.wallet(nil)
	form := codeOf(t, wallet, "accounts:read")
	_, first, err := wallet.ask("/token", form)
	if err != nil {
		t.Fatal(err)
	}
	b.expect(t, accountsWith("the token", first.AccessToken, 200))
	if status, got, err := wallet.ask("/token", form); err != nil || status != 400 || got.Error != "invalid_grant" {
		t.Errorf("%d, %+v, %v", status, got, err)
	}
	b.expect(t, accountsWith("the token, after its code came again", first.AccessToken, 401))
}

// TestClients: who is not a client, or not that one, gets nothing from the end points that are for clients.
func TestClients(t *testing.T) {
	b := serveBank(t, quiet)
	partner := b.partner()
	token := must(partner.own("events:write"))(t)
	stranger, api := partner, partner
	stranger.id, api.id = "mallory", apiClient
	wrong := b.partner()
	wrong.id, wrong.town = partnerClient, &town{secrets: map[string]string{partnerClient: "a guess"}}
	for _, test := range []struct {
		name string
		who  app
		path string
		form url.Values
		want int
	}{
		{"a token for a stranger", stranger, "/token", url.Values{"grant_type": {"client_credentials"}, "scope": {"events:write"}}, 401},
		{"a token for a wrong secret", wrong, "/token", url.Values{"grant_type": {"client_credentials"}, "scope": {"events:write"}}, 401},
		{"a token for a scope that is not the client's", partner, "/token", url.Values{"grant_type": {"client_credentials"}, "scope": {"bank:staff"}}, 400},
		{"a client's own ID token", partner, "/token", url.Values{"grant_type": {"client_credentials"}, "scope": {"openid events:write"}}, 400},
		{"a code for a client without people", partner, "/token", url.Values{"grant_type": {"authorization_code"}, "code": {"x"}}, 400},
		{"a secret in the form", partner, "/token", url.Values{"grant_type": {"client_credentials"}, "scope": {"events:write"}, "client_secret": {"x"}}, 401},
		{"another client's name in the form", partner, "/token", url.Values{"grant_type": {"client_credentials"}, "scope": {"events:write"}, "client_id": {apiClient}}, 401},
		{"a stranger asks about a token", stranger, "/introspect", url.Values{"token": {token}}, 401},
		{"a partner asks about a token", partner, "/introspect", url.Values{"token": {token}}, 403},
		{"about no token", api, "/introspect", url.Values{}, 400},
		{"a stranger ends a token", stranger, "/revoke", url.Values{"token": {token}}, 401},
		{"the bank ends a partner's token", api, "/revoke", url.Values{"token": {token}}, 400},
		{"a token that there is not ends", partner, "/revoke", url.Values{"token": {"nothing"}}, 200},
	} {
		if status, got, err := test.who.ask(test.path, test.form); err != nil || status != test.want || got.AccessToken != "" || got.Active {
			t.Errorf("%s: %d, %+v, %v; want %d", test.name, status, got, err, test.want)
		}
	}
	for active, token := range map[bool]string{true: token, false: "nothing"} {
		if status, got, err := api.ask("/introspect", url.Values{"token": {token}}); err != nil || status != 200 || got.Active != active {
			t.Errorf("asked about a token that is good (%v): %d, %+v, %v", active, status, got, err)
		}
	}
}
