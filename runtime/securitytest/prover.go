package securitytest

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/internal/mint"
)

// proofField carries to prove the scheme whose proof a request needs, and how the proof is wrong, if it is.
const proofField = "Attack-Proof"

// home is the origin of the server under attack.
const home = "https://attack.example"

// prover makes the DPoP proofs (RFC 9449) of the callers of one scheme.
type prover struct {
	scheme     string
	policy     dpop.Policy
	method     gojwt.SigningMethod
	key, other crypto.Signer
	checker    *dpop.Checker // for its nonces
}

// newProver returns nil where the scheme takes no proofs.
func newProver(scheme string, p *dpop.Policy) (*prover, error) {
	if p == nil {
		return nil, nil
	}
	m := &prover{scheme: scheme, policy: *p}
	m.policy.Setup = setup()
	algorithm := "ES256"
	if len(p.Algorithms) > 0 {
		algorithm = p.Algorithms[0]
	}
	m.method = mint.Method(algorithm)
	for _, into := range []*crypto.Signer{&m.key, &m.other} {
		key, _, err := mint.Key(algorithm)
		if err != nil {
			return nil, err
		}
		*into, _ = key.(crypto.Signer)
	}
	var err error
	m.checker, err = dpop.New(m.policy, nil)
	return m, err
}

func setup() dpop.Setup {
	return dpop.Setup{Origins: []string{home}, NonceKey: []byte("securitytest: a key for nonces, as long as it has to be")}
}

// DPoP is where the callers of a scheme believe the server to be.
func (c *Credentials) DPoP(string) dpop.Setup { return setup() }

// cnf is what a good token of a scheme is bound to; nil for a bearer token.
func cnf(certificate bool, m *prover) map[string]any {
	if !certificate && m == nil {
		return nil
	}
	out := map[string]any{}
	if certificate {
		out = boundTo(ours)
	}
	if m != nil {
		print := dpop.Thumbprint(m.key.Public())
		out["jkt"] = base64.RawURLEncoding.EncodeToString(print[:])
	}
	return out
}

// place puts a token where the scheme looks for it, with a good proof and the certificate that it may be bound to.
func place(certificate bool, m *prover, token string) fields {
	f := fields{"Authorization": {"Bearer " + token}}
	if certificate {
		f[certificateField] = []string{ours}
	}
	if m != nil {
		f["Authorization"], f[proofField] = []string{"DPoP " + token}, []string{m.scheme, ""}
	}
	return f
}

// bad are good tokens with proofs that are wrong in one way each. Free makes a token that is bound to nothing of ours.
func (m *prover) bad(good fields, free func() fields) []bad {
	if m == nil {
		return nil
	}
	_, token, _ := strings.Cut(good["Authorization"][0], " ")
	list := []bad{
		{name: "a token for the holder of a key, as a bearer token", fields: fields{"Authorization": {"Bearer " + token}}},
		{name: "a token that anybody may bear, with a proof", fields: free()},
	}
	for _, kind := range proofKinds {
		if kind != noNonce || m.policy.Nonce {
			list = append(list, bad{name: kind, fields: with(good, fields{proofField: {m.scheme, kind}})})
		}
	}
	return list
}

// The ways in which a proof is wrong.
const (
	noProof      = "no proof"
	twoProofs    = "two proofs"
	otherMethod  = "a proof for another method"
	otherAddress = "a proof for another address"
	otherServer  = "a proof for another server"
	otherKey     = "a proof by another key"
	foreignKey   = "a proof that another key signed"
	otherToken   = "a proof for another token"
	oldProof     = "an old proof"
	earlyProof   = "a proof of the future"
	otherType    = "a proof of another type"
	unsigned     = "an unsigned proof"
	shared       = "a proof signed with the public key"
	tampered     = "a proof with its signature changed"
	noID         = "a proof without an identifier"
	secretKey    = "a proof that shows its key"
	noNonce      = "a proof without a nonce"
)

var proofKinds = []string{
	noProof, twoProofs, otherMethod, otherAddress, otherServer, otherKey, foreignKey, otherToken, oldProof, earlyProof, otherType, unsigned, shared,
	tampered, noID, secretKey, noNonce,
}

// prove writes the proof that a request needs.
func (c *Credentials) prove(r *http.Request) {
	asked := r.Header[proofField]
	delete(r.Header, proofField)
	if len(asked) != 2 || c.provers[asked[0]] == nil {
		return
	}
	m := c.provers[asked[0]]
	_, token, _ := strings.Cut(r.Header["Authorization"][0], " ")
	switch asked[1] {
	case noProof:
	case twoProofs:
		r.Header["Dpop"] = []string{m.proof(r, token, ""), m.proof(r, token, "")}
	default:
		r.Header["Dpop"] = []string{m.proof(r, token, asked[1])}
	}
}

// proof makes one for a request and a token, which is wrong in the way that kind says.
func (m *prover) proof(r *http.Request, token, kind string) string {
	now := time.Now()
	sum := sha256.Sum256([]byte(token))
	claims := gojwt.MapClaims{
		"jti": rand.Text(), "htm": r.Method, "htu": home + r.URL.EscapedPath(), "iat": now.Unix(), "ath": base64.RawURLEncoding.EncodeToString(sum[:]),
	}
	if m.policy.Nonce {
		claims["nonce"] = m.checker.Nonce(now)
	}
	method, typ, key, jwk := m.method, "dpop+jwt", any(m.key), mint.JWK(m.key.Public())
	switch kind {
	case otherMethod:
		claims["htm"] = "ATTACK"
	case otherAddress:
		claims["htu"] = home + r.URL.EscapedPath() + "/attack"
	case otherServer:
		claims["htu"] = "https://evil.example" + r.URL.EscapedPath()
	case otherKey:
		key, jwk = m.other, mint.JWK(m.other.Public())
	case foreignKey:
		key = m.other
	case otherToken:
		claims["ath"] = base64.RawURLEncoding.EncodeToString(make([]byte, sha256.Size))
	case oldProof:
		claims["iat"] = now.Add(-time.Hour).Unix()
	case earlyProof:
		claims["iat"] = now.Add(time.Hour).Unix()
	case otherType:
		typ = "at+jwt"
	case unsigned:
		method, key = gojwt.SigningMethodNone, gojwt.UnsafeAllowNoneSignatureType
	case shared:
		method, key = gojwt.SigningMethodHS256, []byte(jwk["x"]+jwk["n"])
	case noID:
		delete(claims, "jti")
	case secretKey:
		jwk["d"] = "AAAA"
	case noNonce:
		delete(claims, "nonce")
	}
	text, err := mint.Sign(method, key, map[string]any{"typ": typ, "jwk": jwk}, claims)
	if err != nil {
		return "unsigned"
	}
	if kind == tampered {
		i := strings.LastIndexByte(text, '.') + 1
		text = text[:i] + flip(text[i:])
	}
	return text
}

// replay sends one proof twice.
func (a *attacker) replay(f fields) {
	if len(f[proofField]) == 0 {
		return
	}
	r, err := http.NewRequest(a.op.Method, a.op.Target, nil)
	if err != nil {
		return
	}
	for k, v := range f {
		r.Header[k] = v
	}
	a.credentials.prove(r)
	a.wants("the right credentials", fields(r.Header), a.passes)
	a.wants("a proof that was used", fields(r.Header), is(401))
}
