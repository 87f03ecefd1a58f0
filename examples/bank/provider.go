package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"
)

// signer is one key of the issuer.
type signer struct {
	kid string
	key *ecdsa.PrivateKey
}

func newSigner() (signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return signer{rand.Text(), key}, err
}

// jwk is what the issuer publishes of it.
func (s signer) jwk() (map[string]string, error) {
	point, err := s.key.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	b64 := base64.RawURLEncoding.EncodeToString
	return map[string]string{"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": s.kid, "x": b64(point[1:33]), "y": b64(point[33:])}, nil
}

// newProvider makes an issuer and has it publish.
func newProvider() (*issuer, error) {
	i, err := newIssuer()
	if err != nil {
		return nil, err
	}
	return i, i.start()
}

// start publishes the issuer's metadata and keys (OpenID Connect Discovery 1.0) on a free port of this machine, until close. The name in
// it is that of the document: where a provider is reached and what it is called are two things, and only the second one is believed.
func (i *issuer) start() error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	i.url = "http://" + ln.Addr().String()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		i.publish(w, r, map[string]any{
			"issuer": issuerName, "jwks_uri": i.url + "/keys", "authorization_endpoint": issuerName + "/authorize", "token_endpoint": issuerName + "/token",
			"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
			"id_token_signing_alg_values_supported": []string{"ES256"}, "dpop_signing_alg_values_supported": []string{"ES256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, r *http.Request) {
		keys, err := i.published()
		if err != nil {
			http.Error(w, "no keys", http.StatusInternalServerError)
			return
		}
		i.publish(w, r, map[string]any{"keys": keys})
	})
	i.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = i.server.Serve(ln) }()
	return nil
}

// close ends what start began.
func (i *issuer) close() {
	if i.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = i.server.Shutdown(ctx)
		_ = i.server.Close()
	}
}

// published are the keys that tokens may be signed with: the one in use, and the one before it, until its tokens have expired.
func (i *issuer) published() ([]map[string]string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	var list []map[string]string
	for _, s := range i.signers {
		jwk, err := s.jwk()
		if err != nil {
			return nil, err
		}
		list = append(list, jwk)
	}
	return list, nil
}

// publish answers with JSON, or that it did not change.
func (i *issuer) publish(w http.ResponseWriter, r *http.Request, v any) {
	i.asked.Add(1)
	if i.broken.Load() {
		http.Error(w, "<html>down for maintenance</html>", http.StatusServiceUnavailable)
		return
	}
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

// rotate signs with a new key from now on, without a word to anybody.
func (i *issuer) rotate() error {
	next, err := newSigner()
	if err != nil {
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.signers = []signer{next, i.signers[0]}
	return nil
}

// current is the key in use.
func (i *issuer) current() signer {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.signers[0]
}
