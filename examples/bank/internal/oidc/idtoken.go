package oidc

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"net/http"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/examples/bank/internal/jwk"
)

// An Identity is who logged in.
type Identity struct {
	// Subject is theirs at the provider, for good.
	Subject string
	// Roles and Tenant are the provider's claims of these names.
	Roles  []string
	Tenant string
	// ACR says how they authenticated.
	ACR string
}

type idClaims struct {
	jwt.RegisteredClaims
	Nonce  string   `json:"nonce"`
	ACR    string   `json:"acr"`
	Roles  []string `json:"roles"`
	Tenant string   `json:"tenant"`
}

// verify holds an ID token to OpenID Connect Core 1.0, section 3.1.3.7: signed by this provider, for this client alone, in force, and with
// the nonce that the browser's request had. The keys are fetched each time, which is as often as people log in.
func (c *Client) verify(ctx context.Context, m metadata, text, nonce string) (*Identity, error) {
	keys, err := c.keys(ctx, m)
	if err != nil {
		return nil, err
	}
	var claims idClaims
	_, err = jwt.ParseWithClaims(text, &claims, func(t *jwt.Token) (any, error) {
		kid, _ := t.Header["kid"].(string)
		if key, ok := keys[kid]; ok && t.Header["typ"] != "at+jwt" {
			return key, nil
		}
		return nil, errors.New("no such key")
	}, jwt.WithValidMethods([]string{"ES256"}), jwt.WithIssuer(c.Issuer), jwt.WithAudience(c.ID), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithTimeFunc(c.now))
	if err != nil {
		return nil, fmt.Errorf("%w: the ID token", ErrRefused)
	}
	if len(claims.Audience) != 1 || claims.Subject == "" || claims.Nonce != nonce {
		return nil, fmt.Errorf("%w: the ID token's claims", ErrRefused)
	}
	return &Identity{Subject: claims.Subject, Roles: claims.Roles, Tenant: claims.Tenant, ACR: claims.ACR}, nil
}

func (c *Client) keys(ctx context.Context, m metadata) (map[string]*ecdsa.PublicKey, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, m.Keys, nil)
	if err != nil {
		return nil, err
	}
	var set struct {
		Keys []jwk.Key
	}
	if err := c.ask(r, &set); err != nil {
		return nil, err
	}
	keys := map[string]*ecdsa.PublicKey{}
	for _, k := range set.Keys {
		if key, err := k.Public(); err == nil && k.Kid != "" { // others are left out: ES256 is all that is verified
			keys[k.Kid] = key
		}
	}
	return keys, nil
}
