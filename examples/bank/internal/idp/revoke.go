package idp

import (
	"net/http"
	"time"
)

// revoke ends a token for the client that it was issued to (RFC 7009). One that is not good any more has nothing to end, which is no error.
func (p *Provider) revoke(w http.ResponseWriter, r *http.Request, client *Client) {
	token := r.PostForm.Get("token")
	if token == "" {
		p.fail(w, r, client, http.StatusBadRequest, &oauthError{"invalid_request", "Which token?"})
		return
	}
	found, ok := p.find(token)
	if !ok {
		w.WriteHeader(http.StatusOK)
		return
	}
	if found.claims["client_id"] != client.ID {
		p.fail(w, r, client, http.StatusBadRequest, &oauthError{"unauthorized_client", "The token is another client's."})
		return
	}
	id, _ := found.claims["jti"].(string)
	if err := p.end(&issued{jti: id, client: client, opaque: digestOf(token), until: p.cfg.Clock().Add(accessLife)}); err != nil {
		p.fail(w, r, client, http.StatusServiceUnavailable, &oauthError{"temporarily_unavailable", "Try again later."})
		return
	}
	p.cfg.Log.Info("revoked", "client", client.ID, "jti", id)
	w.WriteHeader(http.StatusOK)
}

// end ends a token here, and tells the resource servers of one that they do not ask about. It may be remembered somewhat longer than the
// token would have lived.
func (p *Provider) end(t *issued) error {
	p.opaque.delete(t.opaque)
	if t.client.Opaque {
		return nil
	}
	until := t.until.Add(time.Minute) // clocks differ
	if err := p.ended.put(t.jti, struct{}{}, until, p.cfg.Clock()); err != nil {
		return err
	}
	if p.cfg.Revoked == nil {
		return nil
	}
	return p.cfg.Revoked(t.jti, until)
}
