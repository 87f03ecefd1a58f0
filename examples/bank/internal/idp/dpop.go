package idp

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/examples/bank/internal/jwk"
	"github.com/bailey-go/bailey/runtime/auth/dpop"
)

// proofAge is how old a proof may be, and how far ahead its clock.
const proofAge = time.Minute

var errProof = errors.New("idp: the proof is not good")

// proof returns the thumbprint of the key whose holder signed this request for a token (RFC 9449, sections 4.3 and 5). There is no token
// yet that the proof could name, so that dpop.Checker, which judges requests with a token, cannot be asked.
func (p *Provider) proof(r *http.Request) (string, error) {
	fields := r.Header.Values("DPoP")
	if len(fields) != 1 || len(fields[0]) > 4<<10 {
		return "", errProof
	}
	var claims struct {
		jwt.RegisteredClaims
		Method  string `json:"htm"`
		Address string `json:"htu"`
	}
	var key *ecdsa.PublicKey
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"ES256"}), jwt.WithoutClaimsValidation())
	if _, err := parser.ParseWithClaims(fields[0], &claims, func(t *jwt.Token) (any, error) {
		header, err := json.Marshal(t.Header["jwk"])
		var k jwk.Key
		if err != nil || json.Unmarshal(header, &k) != nil || t.Header["typ"] != "dpop+jwt" {
			return nil, errProof
		}
		key, err = k.Public()
		return key, err
	}); err != nil {
		return "", errProof
	}
	now := p.cfg.Clock()
	if claims.Method != http.MethodPost || claims.Address != p.cfg.Issuer+"/token" || claims.ID == "" || len(claims.ID) > 256 ||
		claims.IssuedAt == nil || now.Sub(claims.IssuedAt.Time).Abs() > proofAge {
		return "", errProof
	}
	print := dpop.Thumbprint(key)
	id := sha256.Sum256(append(print[:], claims.ID...))
	if fresh, err := p.proofs.Use(r.Context(), dpop.ID(id), now.Add(2*proofAge)); err != nil || !fresh {
		return "", errProof
	}
	return base64.RawURLEncoding.EncodeToString(print[:]), nil
}
