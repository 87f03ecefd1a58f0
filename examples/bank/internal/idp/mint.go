package idp

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"time"
)

// A grant is what tokens are made from.
type grant struct {
	client  *Client
	subject string
	scopes  []string
	openid  bool
	claims  map[string]any
	acr     string // "" for a client's own token
	nonce   string
	at      time.Time // of the authentication
}

// A binding is whom a token is for alone: the holder of a certificate, of a key, of both, or nobody in particular.
type binding struct {
	certificate string // x5t#S256 (RFC 8705, section 3.1)
	key         string // jkt (RFC 9449, section 6.1)
}

// binding is that of a request for a token: whoever comes with a certificate or a proof gets tokens that are good with it alone.
func (p *Provider) binding(r *http.Request) (binding, *oauthError) {
	var b binding
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 { // who signed it does not matter, the client has authenticated (RFC 8705, section 3)
		sum := sha256.Sum256(r.TLS.PeerCertificates[0].Raw)
		b.certificate = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if len(r.Header.Values("DPoP")) > 0 {
		print, err := p.proof(r)
		if err != nil {
			return b, &oauthError{"invalid_dpop_proof", "The proof is not good."}
		}
		b.key = print
	}
	return b, nil
}

func (b binding) cnf() map[string]string {
	cnf := map[string]string{}
	if b.certificate != "" {
		cnf["x5t#S256"] = b.certificate
	}
	if b.key != "" {
		cnf["jkt"] = b.key
	}
	return cnf
}

// issued is a token with its answer (RFC 6749, section 5.1).
type issued struct {
	jti, subject, scope string
	client              *Client
	opaque              digest // where the token is opaque
	until               time.Time
	response            map[string]any
}

// mint makes an access token (RFC 9068, section 2), or an opaque one that stands for the same claims, and an ID token where one was asked for.
func (p *Provider) mint(g grant, b binding) (*issued, *oauthError) {
	now := p.cfg.Clock()
	out := &issued{jti: rand.Text(), subject: g.subject, scope: scopeText(g.scopes), client: g.client, until: now.Add(accessLife)}
	claims := maps.Clone(g.claims)
	if claims == nil {
		claims = map[string]any{}
	}
	maps.Copy(claims, map[string]any{
		"iss": p.cfg.Issuer, "aud": p.cfg.Audience, "sub": g.subject, "client_id": g.client.ID, "jti": out.jti,
		"iat": now.Unix(), "exp": out.until.Unix(), "scope": out.scope,
	})
	if g.acr != "" {
		claims["acr"], claims["auth_time"] = g.acr, g.at.Unix()
	}
	kind := "Bearer"
	if b != (binding{}) {
		claims["cnf"] = b.cnf()
	}
	if b.key != "" {
		kind = "DPoP"
	}
	access, err := p.cfg.Keys.Sign("at+jwt", claims)
	if g.client.Opaque {
		access = rand.Text() + rand.Text()
		out.opaque = digestOf(access)
		err = p.opaque.put(out.opaque, opaqueToken{claims: claims, kind: kind}, out.until, now)
	}
	if err != nil {
		return nil, &oauthError{"temporarily_unavailable", "Try again later."}
	}
	out.response = map[string]any{"access_token": access, "token_type": kind, "expires_in": int(accessLife / time.Second), "scope": out.scope}
	if g.openid {
		if out.response["id_token"], err = p.idToken(g, access, now); err != nil {
			return nil, &oauthError{"temporarily_unavailable", "Try again later."}
		}
	}
	return out, nil
}

// idToken says who logged in, to the client alone (OpenID Connect Core 1.0, sections 2 and 3.1.3.6).
func (p *Provider) idToken(g grant, access string, now time.Time) (string, error) {
	claims := maps.Clone(g.claims)
	if claims == nil {
		claims = map[string]any{}
	}
	sum := sha256.Sum256([]byte(access))
	maps.Copy(claims, map[string]any{
		"iss": p.cfg.Issuer, "aud": g.client.ID, "sub": g.subject, "iat": now.Unix(), "exp": now.Add(idLife).Unix(),
		"auth_time": g.at.Unix(), "acr": g.acr, "at_hash": base64.RawURLEncoding.EncodeToString(sum[:16]),
	})
	if g.nonce != "" {
		claims["nonce"] = g.nonce
	}
	return p.cfg.Keys.Sign("JWT", claims)
}
