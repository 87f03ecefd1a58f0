package dpop

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/claims"
	"github.com/bailey-go/bailey/runtime/auth/internal/jwk"
)

const (
	maxProof   = 4 << 10 // bytes
	maxValues  = 64      // in the header, and in the claims
	maxJTI     = 256     // bytes
	maxRSABits = 4096    // the key is the caller's choice: what it costs is not
	proofType  = "dpop+jwt"
)

const invalidProof = "invalid_dpop_proof"

// Refusals. Each names the check for the security event; the caller is told that it is the proof, and no more.
var (
	errMissing   = &auth.Refused{Rule: "dpop-missing", Code: invalidProof}
	errRepeated  = &auth.Refused{Rule: "dpop-repeated", Code: invalidProof}
	errForm      = &auth.Refused{Rule: "dpop-malformed", Code: invalidProof}
	errHeader    = &auth.Refused{Rule: "dpop-header", Code: invalidProof}
	errType      = &auth.Refused{Rule: "dpop-type", Code: invalidProof}
	errAlgorithm = &auth.Refused{Rule: "dpop-algorithm", Code: invalidProof}
	errJWK       = &auth.Refused{Rule: "dpop-jwk", Code: invalidProof}
	errClaims    = &auth.Refused{Rule: "dpop-claims", Code: invalidProof}
	errMethod    = &auth.Refused{Rule: "dpop-method", Code: invalidProof}
	errAddress   = &auth.Refused{Rule: "dpop-address", Code: invalidProof}
	errTime      = &auth.Refused{Rule: "dpop-time", Code: invalidProof}
	errToken     = &auth.Refused{Rule: "dpop-token", Code: invalidProof}
	errSignature = &auth.Refused{Rule: "dpop-signature", Code: invalidProof}
	errReplay    = &auth.Refused{Rule: "dpop-replayed", Code: invalidProof}
	errKey       = &auth.Refused{Rule: "dpop-key", Code: "invalid_token"} // the token's binding: invalid_token (RFC 9449, section 7.1)
)

const ruleNonce = "dpop-nonce"

// A proof is what its text says, before its signature is checked.
type proof struct {
	algorithm *algorithm
	key       any // *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey
	print     [sha256.Size]byte
	claims    map[string]any
	input     string
	signature []byte
}

// Check judges the request's proof (RFC 9449, section 4.3) for a token that is bound to the key of a thumbprint. Where the proof is good, and its nonce is of
// an earlier span of 5 minutes than this one, next is the nonce that the caller is to take from now on (section 8.2).
func (c *Checker) Check(r *http.Request, token string, thumbprint *[sha256.Size]byte, now time.Time) (next string, err error) {
	fields := r.Header["Dpop"]
	switch {
	case len(fields) == 0:
		return "", errMissing
	case len(fields) > 1:
		return "", errRepeated
	}
	p, err := c.read(fields[0])
	if err != nil {
		return "", err
	}
	if subtle.ConstantTimeCompare(p.print[:], thumbprint[:]) != 1 {
		return "", errKey
	}
	id, until, next, err := c.checkClaims(p, r, token, now)
	if err != nil {
		return "", err
	}
	if !p.algorithm.verify(p.key, p.input, p.signature) {
		return "", errSignature
	}
	ctx, cancel := context.WithTimeout(r.Context(), replayTimeout)
	defer cancel()
	fresh, err := c.replays.Use(ctx, id, until)
	switch {
	case err != nil:
		return "", &auth.Unavailable{Rule: "dpop-replay-store", Err: err}
	case !fresh:
		return "", errReplay
	}
	return next, nil
}

// read checks everything about a proof's text that needs neither the request nor a signature.
func (c *Checker) read(text string) (*proof, error) {
	if len(text) > maxProof {
		return nil, errForm
	}
	head, rest, _ := strings.Cut(text, ".")
	body, tail, _ := strings.Cut(rest, ".")
	if !jwk.IsBase64URL(head) || !jwk.IsBase64URL(body) || !jwk.IsBase64URL(tail) {
		return nil, errForm
	}
	header, err := decode(head)
	if err != nil {
		return nil, errHeader
	}
	p := &proof{input: text[:len(head)+1+len(body)]}
	if err := c.readHeader(p, header); err != nil {
		return nil, err
	}
	if p.claims, err = decode(body); err != nil {
		return nil, errClaims
	}
	if p.signature, err = base64.RawURLEncoding.Strict().DecodeString(tail); err != nil {
		return nil, errForm
	}
	return p, nil
}

func (c *Checker) readHeader(p *proof, header map[string]any) error {
	for _, name := range [...]string{"crit", "b64", "zip"} {
		if _, ok := header[name]; ok {
			return errHeader
		}
	}
	if typ, _ := header["typ"].(string); !strings.EqualFold(typ, proofType) {
		return errType
	}
	name, _ := header["alg"].(string)
	for _, allowed := range c.algorithms {
		if allowed.name == name {
			p.algorithm = allowed
		}
	}
	if p.algorithm == nil {
		return errAlgorithm
	}
	key, ok := header["jwk"].(map[string]any)
	if !ok {
		return errJWK
	}
	if p.key, p.print, ok = readKey(key, p.algorithm); !ok {
		return errJWK
	}
	return nil
}

// private are the members of secret keys (RFC 7518, section 6): who shows one has lost it.
var private = [...]string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"}

// readKey reads a public key that is good for an algorithm, and its thumbprint.
func readKey(members map[string]any, a *algorithm) (key any, print [sha256.Size]byte, ok bool) {
	for _, name := range private {
		if _, has := members[name]; has {
			return nil, print, false
		}
	}
	for name, want := range map[string]string{"alg": a.name, "use": "sig"} {
		if v, has := members[name]; has && v != any(want) {
			return nil, print, false
		}
	}
	if ops, has := members["key_ops"]; has {
		list, isList := claims.Strings(ops)
		if !isList || len(list) != 1 || list[0] != "verify" {
			return nil, print, false
		}
	}
	var err error
	switch kty, _ := members["kty"].(string); kty {
	case "EC":
		key, err = jwk.EC(members)
	case "OKP":
		key, err = jwk.OKP(members)
	case "RSA":
		var pub *rsa.PublicKey
		if pub, err = jwk.RSA(members); err == nil {
			if err = jwk.CheckRSA(pub); pub.N.BitLen() > maxRSABits {
				err = errors.New("too long")
			}
		}
		key = pub
	default:
		return nil, print, false
	}
	if err != nil || !a.fits(key) {
		return nil, print, false
	}
	return key, Thumbprint(key), true
}

// Thumbprint is the JWK thumbprint (RFC 7638, section 3) of a public key: *rsa.PublicKey, *ecdsa.PublicKey on a NIST curve or ed25519.PublicKey; of
// anything else it is zero, which is no key's. It is made from the key and not from the text that it came in, so that one key has
// one thumbprint.
func Thumbprint(key any) [sha256.Size]byte {
	b64 := base64.RawURLEncoding.EncodeToString
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		point, err := key.Bytes()
		if err != nil {
			return [sha256.Size]byte{}
		}
		half := (len(point) - 1) / 2
		return sha256.Sum256([]byte(`{"crv":"` + key.Curve.Params().Name + `","kty":"EC","x":"` + b64(point[1:1+half]) + `","y":"` + b64(point[1+half:]) + `"}`))
	case ed25519.PublicKey:
		return sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + b64(key) + `"}`))
	case *rsa.PublicKey:
		e := big.NewInt(int64(key.E)).Bytes()
		return sha256.Sum256([]byte(`{"e":"` + b64(e) + `","kty":"RSA","n":"` + b64(key.N.Bytes()) + `"}`))
	}
	return [sha256.Size]byte{}
}

// checkClaims holds the claims against the request, and returns under what the proof is remembered, and until when, and the next
// nonce.
func (c *Checker) checkClaims(p *proof, r *http.Request, token string, now time.Time) (id ID, until time.Time, next string, err error) {
	text := func(name string) string { s, _ := p.claims[name].(string); return s }
	jti := text("jti")
	if jti == "" || len(jti) > maxJTI {
		return id, until, "", errClaims
	}
	if text("htm") != r.Method {
		return id, until, "", errMethod
	}
	if !c.isFor(text("htu"), r) {
		return id, until, "", errAddress
	}
	issued, ok := claims.Date(p.claims["iat"])
	if _, isNumber := p.claims["iat"].(json.Number); !ok || !isNumber {
		return id, until, "", errClaims
	}
	until = issued.Add(c.policy.MaxAge + c.policy.Leeway)
	if issued.After(now.Add(c.policy.Leeway)) || !now.Before(until) {
		return id, until, "", errTime
	}
	sum := sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare([]byte(text("ath")), []byte(base64.RawURLEncoding.EncodeToString(sum[:]))) != 1 {
		return id, until, "", errToken
	}
	if c.policy.Nonce {
		if next, ok = c.nonces.judge(text("nonce"), now); !ok {
			return id, until, "", &auth.Refused{Rule: ruleNonce, Code: "use_dpop_nonce", Nonce: c.nonces.now(now)}
		}
	}
	return sha256.Sum256(append(p.print[:], jti...)), until, next, nil
}

func decode(part string) (map[string]any, error) {
	text, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return nil, err
	}
	members, _, err := claims.Decode(string(text), maxValues)
	return members, err
}
