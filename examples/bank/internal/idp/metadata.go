package idp

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
)

// metadata answers with what OpenID Connect Discovery 1.0, section 3, and RFC 8414, section 2, have a provider say of itself.
func (p *Provider) metadata(w http.ResponseWriter, r *http.Request) {
	at := p.cfg.Issuer
	basic := []string{"client_secret_basic"}
	publish(w, r, map[string]any{
		"issuer":                                         at,
		"authorization_endpoint":                         at + "/authorize",
		"token_endpoint":                                 at + "/token",
		"introspection_endpoint":                         at + "/introspect",
		"revocation_endpoint":                            at + "/revoke",
		"jwks_uri":                                       at + "/keys",
		"response_types_supported":                       []string{"code"},
		"response_modes_supported":                       []string{"query"},
		"grant_types_supported":                          []string{"authorization_code", "client_credentials"},
		"subject_types_supported":                        []string{"public"},
		"id_token_signing_alg_values_supported":          []string{"ES256"},
		"code_challenge_methods_supported":               []string{"S256"},
		"token_endpoint_auth_methods_supported":          basic,
		"introspection_endpoint_auth_methods_supported":  basic,
		"revocation_endpoint_auth_methods_supported":     basic,
		"dpop_signing_alg_values_supported":              []string{"ES256"},
		"tls_client_certificate_bound_access_tokens":     true,
		"authorization_response_iss_parameter_supported": true,
		"acr_values_supported":                           []string{acrPassword, acrSecond},
		"claims_supported":                               []string{"sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "at_hash"},
		"prompt_values_supported":                        []string{"none", "login"},
		"claims_parameter_supported":                     false,
		"request_parameter_supported":                    false,
		"request_uri_parameter_supported":                false,
		"scopes_supported":                               []string{"openid"},
	})
}

// keys answers with the keys that tokens may be signed with.
func (p *Provider) keys(w http.ResponseWriter, r *http.Request) {
	set, err := p.cfg.Keys.jwks()
	if err != nil {
		http.Error(w, "no keys", http.StatusInternalServerError)
		return
	}
	publish(w, r, set)
}

// publish answers with JSON, or that it did not change.
func publish(w http.ResponseWriter, r *http.Request, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "no answer", http.StatusInternalServerError)
		return
	}
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(body))
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "max-age=300")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}
