package idp

import (
	"maps"
	"net/http"

	"github.com/golang-jwt/jwt/v5"
)

// opaqueToken is what a token stands for that only this provider can read.
type opaqueToken struct {
	claims map[string]any
	kind   string // Bearer or DPoP
}

// introspect tells a resource server what a token stands for (RFC 7662). About one that is not good it says just that.
func (p *Provider) introspect(w http.ResponseWriter, r *http.Request, client *Client) {
	if !client.Introspects {
		p.fail(w, r, client, http.StatusForbidden, &oauthError{"unauthorized_client", "The client may not ask about tokens."})
		return
	}
	token := r.PostForm.Get("token")
	if token == "" {
		p.fail(w, r, client, http.StatusBadRequest, &oauthError{"invalid_request", "Which token?"})
		return
	}
	found, ok := p.find(token)
	if !ok {
		answer(w, http.StatusOK, map[string]any{"active": false})
		return
	}
	claims := maps.Clone(found.claims)
	claims["active"], claims["token_type"] = true, found.kind
	answer(w, http.StatusOK, claims)
}

// find returns what an access token of ours stands for that is good now, opaque or not.
func (p *Provider) find(token string) (opaqueToken, bool) {
	now := p.cfg.Clock()
	if found, ok := p.opaque.get(digestOf(token), now); ok {
		return found, true
	}
	claims, err := p.cfg.Keys.verify(token, jwt.WithIssuer(p.cfg.Issuer), jwt.WithAudience(p.cfg.Audience), jwt.WithTimeFunc(p.cfg.Clock))
	if err != nil {
		return opaqueToken{}, false
	}
	id, _ := claims["jti"].(string)
	if _, ended := p.ended.get(id, now); ended || id == "" {
		return opaqueToken{}, false
	}
	kind := "Bearer"
	if cnf, ok := claims["cnf"].(map[string]any); ok && cnf["jkt"] != nil {
		kind = "DPoP"
	}
	return opaqueToken{claims: claims, kind: kind}, true
}
