package idp

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// The shortest way through the provider: what clients check of it stands in the tests of the bank.

const verifier = "a verifier of a client that has drawn it at random"

// authorized logs Ada in, and returns her code.
func authorized(t *testing.T, p *Provider) string {
	t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{"response_type": {"code"}, "client_id": {"web"}, "redirect_uri": {"https://bank.example/callback"}, "scope": {"openid"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}}
	r := httptest.NewRequest("POST", "/login?"+q.Encode(), strings.NewReader("username=ada&password=a+password"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	back, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != 303 || back.Query().Get("code") == "" {
		t.Fatalf("%d, to %v: %v", w.Code, back, err)
	}
	return back.Query().Get("code")
}

// exchanged returns what the token end point answers to a code.
func exchanged(t *testing.T, p *Provider, code string) int {
	t.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"https://bank.example/callback"}, "code_verifier": {verifier}}
	r := httptest.NewRequest("POST", "/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth("web", url.QueryEscape("a secret"))
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Code
}
