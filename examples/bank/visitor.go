package main

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bailey-go/bailey/examples/bank/internal/idp"
)

// What people and programs do to get a token, over the network and with nothing but what they know.

// logIn opens a provider's login page, fills in the form and returns what the provider sends the browser back with. second shows
// the second factor.
func (p person) logIn(client *http.Client, page string, second bool) (url.Values, error) {
	status, _, body, err := fetch(client, http.MethodGet, page, nil, nil)
	if err != nil || status != http.StatusOK || !strings.Contains(body, `name="password"`) {
		return nil, errors.Join(err, fmt.Errorf("no login form: %d", status))
	}
	at, err := url.Parse(page)
	if err != nil {
		return nil, err
	}
	at.Path = "/login"
	form := url.Values{"username": {p.name}, "password": {p.password}}
	if second {
		form.Set("code", idp.TOTP(p.seed, time.Now()))
	}
	status, header, _, err := fetch(client, http.MethodPost, at.String(), form, nil)
	if err != nil || status != http.StatusSeeOther {
		return nil, errors.Join(err, fmt.Errorf("the login was refused: %d", status))
	}
	back, err := url.Parse(header.Get("Location"))
	if err != nil {
		return nil, err
	}
	return back.Query(), nil
}

// app is a program that logs people in and then has a token of theirs.
type app struct {
	town     *town
	issuer   *issuer
	client   *http.Client // of the program; its certificate, if any, is what tokens are bound to
	id       string
	callback string
	holder   *holder // if set, tokens are bound to its key
}

// login is an authorization request, with the verifier that its code can be exchanged with.
type login struct{ page, state, verifier string }

// begin makes an authorization request. acr may be empty.
func (a app) begin(acr string, scopes ...string) login {
	l := login{state: rand.Text(), verifier: rand.Text() + rand.Text()}
	challenge := sha256.Sum256([]byte(l.verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {a.id}, "redirect_uri": {a.callback}, "scope": {strings.Join(append(scopes, "openid"), " ")}, "state": {l.state},
		"nonce": {rand.Text()}, "code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}
	if acr != "" {
		q.Set("acr_values", acr)
	}
	l.page = a.issuer.name + "/authorize?" + q.Encode()
	return l
}

// token goes all the way: who logs in, and the program exchanges the code.
func (a app) token(who person, acr string, scopes ...string) (string, error) {
	l := a.begin(acr, scopes...)
	back, err := who.logIn(a.town.plain, l.page, acr == "mfa")
	if err != nil {
		return "", err
	}
	if back.Get("state") != l.state || back.Get("iss") != a.issuer.name {
		return "", fmt.Errorf("the answer is not to what was asked: %v", back.Get("error"))
	}
	_, answer, err := a.ask("/token", url.Values{
		"grant_type": {"authorization_code"}, "code": {back.Get("code")}, "redirect_uri": {a.callback}, "code_verifier": {l.verifier},
	})
	return answer.AccessToken, err
}

// own is a token of the program itself.
func (a app) own(scopes string) (string, error) {
	_, answer, err := a.ask("/token", url.Values{"grant_type": {"client_credentials"}, "scope": {scopes}})
	return answer.AccessToken, err
}

// revoke ends a token.
func (a app) revoke(token string) error {
	status, _, err := a.ask("/revoke", url.Values{"token": {token}})
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("not revoked: %d", status)
	}
	return err
}

// answer is what a provider tells a program.
type answer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	IDToken     string `json:"id_token"`
	Scope       string `json:"scope"`
	Error       string `json:"error"`
	Active      bool   `json:"active"`
}

// ask sends a form to an end point of the provider, as the client that the program is.
func (a app) ask(path string, form url.Values) (int, answer, error) {
	header := http.Header{}
	r := http.Request{Header: header}
	r.SetBasicAuth(url.QueryEscape(a.id), url.QueryEscape(a.town.secrets[a.id]))
	if a.holder != nil && path == "/token" {
		proof, err := a.holder.prove(http.MethodPost, a.issuer.name+path, "")
		if err != nil {
			return 0, answer{}, err
		}
		header.Set("DPoP", proof)
	}
	status, _, body, err := fetch(a.client, http.MethodPost, a.issuer.name+path, form, header)
	if err != nil {
		return 0, answer{}, err
	}
	got, err := readAnswer(body)
	return status, got, err
}

func readAnswer(body string) (got answer, err error) {
	if body != "" {
		err = json.Unmarshal([]byte(body), &got)
	}
	return got, err
}

// fetch sends a request with a form, if there is one, and returns all of the answer.
func fetch(client *http.Client, method, address string, form url.Values, header http.Header) (int, http.Header, string, error) {
	r, err := http.NewRequest(method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, "", err
	}
	for name, values := range header {
		r.Header[name] = values
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := client.Do(r)
	if err != nil {
		return 0, nil, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, res.Header, string(body), err
}

// The programs in town.

func (t *town) wallet(h *holder) app {
	return app{town: t, issuer: t.login, client: t.plain, id: walletClient, callback: walletCallback, holder: h}
}

func (t *town) desk() app {
	return app{town: t, issuer: t.staff, client: t.plain, id: deskClient, callback: deskCallback}
}

func (t *town) partner() app {
	return app{town: t, issuer: t.login, client: t.plain, id: partnerClient}
}

// clearing has a certificate, which nobody but the clearing house signed: it says who holds it, and no more.
func (t *town) clearing(certificate tls.Certificate) app {
	return app{town: t, issuer: t.login, client: t.client(certificate), id: clearingClient}
}
