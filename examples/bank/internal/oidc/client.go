// Package oidc is the other side of a login: a client of an OpenID Connect provider (a relying party), for a web application that keeps
// sessions of its own. It speaks the authorization code flow with PKCE, and nothing else.
//
// A program of yours takes github.com/coreos/go-oidc and golang.org/x/oauth2, which do the same for every provider; here they would be
// requirements of everybody who requires bailey. This one shows what there is to check: see Finish.
package oidc

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// ErrRefused says that nobody logged in: the provider said no, or the answer is not one to what this browser asked.
var ErrRefused = errors.New("oidc: nobody logged in")

// A Client is known to a provider. Everything but Clock and Scopes is required. It is safe for concurrent use, and must not be copied.
type Client struct {
	// Issuer is the provider's name, below which it says what it is (OpenID Connect Discovery 1.0, section 4).
	Issuer string
	// ID and Secret are this client's, Redirect is where its callback is.
	ID, Secret, Redirect string
	// Scopes are asked for beside openid.
	Scopes []string
	// HTTP asks the provider, in bounded time.
	HTTP *http.Client
	// Clock replaces time.Now.
	Clock func() time.Time

	mu    sync.Mutex
	known metadata
	asked time.Time
}

type metadata struct {
	Issuer        string `json:"issuer"`
	Authorization string `json:"authorization_endpoint"`
	Token         string `json:"token_endpoint"`
	Keys          string `json:"jwks_uri"`
}

// keepMetadata is how long the provider is not asked again what it is.
const keepMetadata = 5 * time.Minute

// Begin returns where to send a browser that wants to log in, and a secret for a cookie of this browser, to be handed to Finish. It is all
// that there is to remember: state, nonce and PKCE's verifier are made from it, so that people who never come back leave nothing behind.
func (c *Client) Begin(ctx context.Context) (secret, location string, err error) {
	m, err := c.metadata(ctx)
	if err != nil {
		return "", "", err
	}
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	secret = base64.RawURLEncoding.EncodeToString(raw)
	challenge := sha256.Sum256([]byte(derive(secret, "verifier")))
	q := url.Values{
		"response_type": {"code"}, "client_id": {c.ID}, "redirect_uri": {c.Redirect}, "scope": {strings.Join(append([]string{"openid"}, c.Scopes...), " ")},
		"state": {derive(secret, "state")}, "nonce": {derive(secret, "nonce")},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}
	return secret, m.Authorization + "?" + q.Encode(), nil
}

// derive makes one of several values from a secret: none of them tells the secret, or another one.
func derive(secret, what string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(what))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// An Answer is what the browser brings back from the provider.
type Answer struct{ Code, State, Issuer, Error string }

// Finish returns who logged in. The answer must be to what the browser with this secret asked (state), and come from this provider (iss, RFC
// 9207); then the code is exchanged, which only works with the secret (PKCE), and the ID token is held to everything that it must say. Errors
// that are not ErrRefused mean that the provider could not be asked.
func (c *Client) Finish(ctx context.Context, secret string, a Answer) (*Identity, error) {
	if subtle.ConstantTimeCompare([]byte(a.State), []byte(derive(secret, "state"))) != 1 {
		return nil, fmt.Errorf("%w: state", ErrRefused)
	}
	if a.Issuer != c.Issuer || a.Error != "" || a.Code == "" {
		return nil, fmt.Errorf("%w: the provider's answer", ErrRefused)
	}
	m, err := c.metadata(ctx)
	if err != nil {
		return nil, err
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {a.Code}, "redirect_uri": {c.Redirect}, "code_verifier": {derive(secret, "verifier")}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.Token, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(c.ID), url.QueryEscape(c.Secret))
	var tokens struct {
		ID string `json:"id_token"`
	}
	if err := c.ask(r, &tokens); err != nil {
		return nil, err
	}
	return c.verify(ctx, m, tokens.ID, derive(secret, "nonce"))
}

// metadata asks the provider what it is, which is believed under its own name alone.
func (c *Client) metadata(ctx context.Context) (metadata, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known.Issuer != "" && c.now().Sub(c.asked) < keepMetadata {
		return c.known, nil
	}
	ctx = context.WithoutCancel(ctx) // what is fetched is for everybody; HTTP bounds how long that takes
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Issuer+"/.well-known/openid-configuration", nil)
	if err != nil {
		return metadata{}, err
	}
	var m metadata
	if err := c.ask(r, &m); err != nil {
		return metadata{}, err
	}
	for _, address := range []string{m.Authorization, m.Token, m.Keys} {
		if !strings.HasPrefix(address, "https://") {
			return metadata{}, errors.New("oidc: an end point of the provider is not https")
		}
	}
	if m.Issuer != c.Issuer {
		return metadata{}, errors.New("oidc: the metadata is another provider's")
	}
	c.known, c.asked = m, c.now()
	return m, nil
}

// ask sends a request and reads its JSON. An answer of the 400 class is the provider's no.
func (c *Client) ask(r *http.Request, into any) error {
	res, err := c.HTTP.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode >= 400 && res.StatusCode < 500:
		return fmt.Errorf("%w: the provider answered %d", ErrRefused, res.StatusCode)
	case res.StatusCode != http.StatusOK:
		return fmt.Errorf("oidc: the provider answered %d", res.StatusCode)
	}
	return json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(into)
}

func (c *Client) now() time.Time {
	if c.Clock != nil {
		return c.Clock()
	}
	return time.Now()
}
