package idp

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A Client is a program that is known to the provider.
type Client struct {
	// ID names it.
	ID string
	// Secret is the digest of its secret, from HashSecret.
	Secret digest
	// Redirects are where people may be sent back to, byte by byte; without any, the client has no people, and no authorization code flow.
	Redirects []string
	// Scopes are what it may ask for beside openid.
	Scopes []string
	// Machine clients may ask for tokens of their own (client_credentials).
	Machine bool
	// Claims are what such tokens say beside the usual.
	Claims map[string]any
	// Opaque clients get access tokens that only introspection can read.
	Opaque bool
	// Introspects lets it ask about any token: for resource servers alone.
	Introspects bool
}

// HashSecret is what is kept of a client's secret, which must be random and of 128 bits or more: no slow hash is needed then.
func HashSecret(secret string) [32]byte { return digestOf(secret) }

// An oauthError is an error of RFC 6749, section 5.2, or 4.1.2.1. It never repeats what the caller sent.
type oauthError struct {
	code, description string
}

// fail answers an end point that clients call.
func (p *Provider) fail(w http.ResponseWriter, r *http.Request, client *Client, status int, e *oauthError) {
	name := "" // who is not authenticated has no name worth writing down
	if client != nil {
		name = client.ID
	}
	p.cfg.Log.Warn("refused", "at", r.URL.Path, "client", name, "error", e.code)
	if e.code == "invalid_client" {
		w.Header().Set("WWW-Authenticate", `Basic realm="clients"`)
	}
	answer(w, status, map[string]any{"error": e.code, "error_description": e.description})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// asClient calls next for a client that authenticated by client_secret_basic (RFC 6749, section 2.3.1), with its form.
func (p *Provider) asClient(next func(http.ResponseWriter, *http.Request, *Client)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
		if err := r.ParseForm(); err != nil || kind != "application/x-www-form-urlencoded" || r.URL.RawQuery != "" || !unique(r.PostForm) {
			p.fail(w, r, nil, http.StatusBadRequest, &oauthError{"invalid_request", "A form is expected, with each parameter once."})
			return
		}
		client, ok := p.client(r)
		if !ok {
			p.fail(w, r, nil, http.StatusUnauthorized, &oauthError{"invalid_client", "The client is not known."})
			return
		}
		next(w, r, client)
	}
}

func (p *Provider) client(r *http.Request) (*Client, bool) {
	id, secret, ok := r.BasicAuth()
	if !ok || len(r.Header.Values("Authorization")) != 1 || r.PostForm.Has("client_secret") {
		return nil, false
	}
	id, err := url.QueryUnescape(id) // both are encoded before they are put together
	if err != nil {
		return nil, false
	}
	if secret, err = url.QueryUnescape(secret); err != nil {
		return nil, false
	}
	if said := r.PostForm.Get("client_id"); said != "" && said != id {
		return nil, false
	}
	client, known := p.clients[id]
	if !known {
		client = &Client{}
	}
	sum := digestOf(secret)
	return client, subtle.ConstantTimeCompare(sum[:], client.Secret[:]) == 1 && known
}

// grantable returns the scopes of a request that the client may ask for and the user may be granted; user is nil for a client's own token.
// openid is no permission, and stays out.
func (c *Client) grantable(text string, user *User) (scopes []string, openid bool, e *oauthError) {
	for _, scope := range strings.Fields(text) {
		switch {
		case scope == "openid":
			openid = true
		case !slices.Contains(c.Scopes, scope):
			return nil, false, &oauthError{"invalid_scope", "The client may not ask for this scope."}
		case slices.Contains(scopes, scope) || user != nil && !slices.Contains(user.Scopes, scope):
		default:
			scopes = append(scopes, scope)
		}
	}
	return scopes, openid, nil
}
