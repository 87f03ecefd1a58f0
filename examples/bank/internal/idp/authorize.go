package idp

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The authentication contexts (acr): by a password, or with a second factor.
const (
	acrPassword = "pwd"
	acrSecond   = "mfa"
)

// maxEcho bounds state and nonce, in bytes.
const maxEcho = 512

// A request is an authorization request that holds (OpenID Connect Core 1.0, section 3.1.2.1).
type request struct {
	client    *Client
	redirect  string
	state     string
	nonce     string
	challenge string // of PKCE, by S256
	scope     string
	second    bool // a second factor was asked for
}

// authorize is the authorization end point: it shows who may log in a form.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	values := r.URL.Query()
	if r.Method == http.MethodPost {
		if err := r.ParseForm(); err != nil || r.URL.RawQuery != "" {
			p.refuse(w, r)
			return
		}
		values = r.PostForm
	}
	if req, ok := p.read(w, r, values); ok {
		showForm(w, http.StatusOK, req, values, "")
	}
}

// read returns the request that values hold. Otherwise it has answered: with a page, as long as nobody knows whether the client
// and its redirect URI are what they say, for otherwise anybody could send people anywhere; and with a redirection from then on.
func (p *Provider) read(w http.ResponseWriter, r *http.Request, values url.Values) (*request, bool) {
	id, okID := once(values, "client_id")
	redirect, okRedirect := once(values, "redirect_uri")
	client, known := p.clients[id]
	if !okID || !okRedirect || !known || !slices.Contains(client.Redirects, redirect) {
		p.refuse(w, r)
		return nil, false
	}
	req := &request{
		client: client, redirect: redirect, state: values.Get("state"), nonce: values.Get("nonce"), challenge: values.Get("code_challenge"),
		scope: values.Get("scope"), second: slices.Contains(strings.Fields(values.Get("acr_values")), acrSecond),
	}
	if e := req.check(values, p.cfg.Audience); e != nil {
		if len(values["state"]) > 1 || len(req.state) > maxEcho {
			req.state = "" // what is not understood is not repeated
		}
		p.cfg.Log.Warn("refused", "at", r.URL.Path, "client", client.ID, "error", e.code)
		p.back(w, r, req, url.Values{"error": {e.code}, "error_description": {e.description}})
		return nil, false
	}
	return req, true
}

func (req *request) check(values url.Values, audience string) *oauthError {
	if !unique(values) || len(req.state) > maxEcho || len(req.nonce) > maxEcho {
		return &oauthError{"invalid_request", "A parameter is repeated or too long."}
	}
	switch {
	case values.Has("request"):
		return &oauthError{"request_not_supported", "Request objects are not supported."}
	case values.Has("request_uri"):
		return &oauthError{"request_uri_not_supported", "Request objects are not supported."}
	case values.Get("response_type") != "code":
		return &oauthError{"unsupported_response_type", "The response type must be code."}
	case values.Has("response_mode") && values.Get("response_mode") != "query":
		return &oauthError{"invalid_request", "The response mode must be query."}
	case values.Get("code_challenge_method") != "S256" || !isChallenge(req.challenge):
		return &oauthError{"invalid_request", "A code_challenge by S256 is required."}
	case values.Has("resource") && values.Get("resource") != audience: // RFC 8707
		return &oauthError{"invalid_target", "There is no such resource."}
	case slices.Contains(strings.Fields(values.Get("prompt")), "none"):
		return &oauthError{"login_required", "Somebody has to log in."}
	}
	_, _, e := req.client.grantable(req.scope, nil)
	return e
}

// isChallenge reports whether s is a SHA-256 in base64url (RFC 7636, section 4.2).
func isChallenge(s string) bool {
	for _, c := range []byte(s) {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return len(s) == 43
}

// refuse shows a page: there is nowhere to go back to.
func (p *Provider) refuse(w http.ResponseWriter, r *http.Request) {
	p.cfg.Log.Warn("refused", "at", r.URL.Path, "client", "", "error", "redirect_uri")
	http.Error(w, "This link does not come from a program that is known here.", http.StatusBadRequest)
}

// back sends the browser to the client, with the state that it came with and the name of who answers (RFC 9207).
func (p *Provider) back(w http.ResponseWriter, r *http.Request, req *request, values url.Values) {
	if req.state != "" {
		values.Set("state", req.state)
	}
	values.Set("iss", p.cfg.Issuer)
	to, err := url.Parse(req.redirect) // checked by New
	if err != nil {
		p.refuse(w, r)
		return
	}
	query := values.Encode()
	if to.RawQuery != "" {
		query = to.RawQuery + "&" + query
	}
	to.RawQuery = query
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}
