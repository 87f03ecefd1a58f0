package idp

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"time"
)

// issuedCode is what an authorization code stands for.
type issuedCode struct {
	grant
	redirect, challenge string
	expires             time.Time

	mu     sync.Mutex
	used   bool
	issued *issued // what was issued for it, to be ended when somebody comes with it again
}

// redeem uses a code up, and ends what it brought if somebody did before (RFC 6749, section 4.1.2).
func (p *Provider) redeem(c *issuedCode, issue func() (*issued, *oauthError)) (*issued, *oauthError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.used {
		if c.issued != nil && p.end(c.issued) == nil {
			c.issued = nil
		}
		return nil, errGrant
	}
	c.used = true
	out, e := issue()
	c.issued = out
	return out, e
}

// errGrant is the answer to every code that is not good, whatever is wrong with it.
var errGrant = &oauthError{"invalid_grant", "The code is not good."}

// token is the token end point (RFC 6749, section 3.2).
func (p *Provider) token(w http.ResponseWriter, r *http.Request, client *Client) {
	bound, e := p.binding(r)
	if e != nil {
		p.fail(w, r, client, http.StatusBadRequest, e)
		return
	}
	if said := r.PostForm.Get("resource"); said != "" && said != p.cfg.Audience {
		p.fail(w, r, client, http.StatusBadRequest, &oauthError{"invalid_target", "There is no such resource."})
		return
	}
	var out *issued
	switch grantType := r.PostForm.Get("grant_type"); {
	case grantType == "authorization_code" && len(client.Redirects) > 0:
		out, e = p.byCode(r, client, bound)
	case grantType == "client_credentials" && client.Machine:
		out, e = p.byClient(r, client, bound)
	case grantType == "authorization_code" || grantType == "client_credentials":
		e = &oauthError{"unauthorized_client", "The client may not use this grant."}
	default:
		e = &oauthError{"unsupported_grant_type", "This grant is not supported."}
	}
	if e != nil {
		p.fail(w, r, client, http.StatusBadRequest, e)
		return
	}
	p.cfg.Log.Info("issued", "client", client.ID, "subject", out.subject, "scope", out.scope)
	answer(w, http.StatusOK, out.response)
}

// byCode turns a code into tokens (OpenID Connect Core 1.0, section 3.1.3). Only its own client can use it up, at the first attempt: a
// wrong verifier leaves nothing to try again with.
func (p *Provider) byCode(r *http.Request, client *Client, bound binding) (*issued, *oauthError) {
	c, ok := p.codes.get(digestOf(r.PostForm.Get("code")), p.cfg.Clock())
	if !ok || c.client != client {
		return nil, errGrant
	}
	return p.redeem(c, func() (*issued, *oauthError) {
		sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
		proved := subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(c.challenge)) == 1
		if !proved || r.PostForm.Get("redirect_uri") != c.redirect || !p.cfg.Clock().Before(c.expires) {
			return nil, errGrant
		}
		return p.mint(c.grant, bound)
	})
}

// byClient issues a token for the client itself (RFC 6749, section 4.4).
func (p *Provider) byClient(r *http.Request, client *Client, bound binding) (*issued, *oauthError) {
	scopes, openid, e := client.grantable(r.PostForm.Get("scope"), nil)
	if e != nil {
		return nil, e
	}
	if openid || len(scopes) == 0 {
		return nil, &oauthError{"invalid_scope", "A client's own token is for scopes, and has nobody to identify."}
	}
	return p.mint(grant{client: client, subject: client.ID, scopes: scopes, claims: client.Claims, at: p.cfg.Clock()}, bound)
}

// scopeText writes scopes as tokens and answers have them.
func scopeText(scopes []string) string { return strings.Join(scopes, " ") }
