package jwt

import (
	"encoding/base64"
	"strings"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/jwk"
	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
)

// Refusals. Each names the check for the security event; the caller is told none.
var (
	errLength    = &auth.Refused{Rule: "jwt-too-long"}
	errForm      = &auth.Refused{Rule: "jwt-malformed"}
	errHeader    = &auth.Refused{Rule: "jwt-header"}
	errAlgorithm = &auth.Refused{Rule: "jwt-algorithm"}
	errType      = &auth.Refused{Rule: "jwt-type"}
	errCritical  = &auth.Refused{Rule: "jwt-critical-header"}
	errKeyID     = &auth.Refused{Rule: "jwt-key-unknown"}
	errAmbiguous = &auth.Refused{Rule: "jwt-key-ambiguous"}
	errSignature = &auth.Refused{Rule: "jwt-signature"}
	errClaims    = &auth.Refused{Rule: "jwt-claims"}
	errExpired   = &auth.Refused{Rule: "jwt-expired"}
	errNotYet    = &auth.Refused{Rule: "jwt-not-yet-valid"}
	errFuture    = &auth.Refused{Rule: "jwt-issued-in-future"}
	errAge       = &auth.Refused{Rule: "jwt-too-old"}
	errIssuer    = &auth.Refused{Rule: "jwt-issuer", Foreign: true}
	errAudience  = &auth.Refused{Rule: "jwt-audience"}
	errSubject   = &auth.Refused{Rule: "jwt-subject"}
	errRequired  = &auth.Refused{Rule: "jwt-claim-missing"}
	errScope     = &auth.Refused{Rule: "jwt-scope"}
	errRoles     = &auth.Refused{Rule: "jwt-roles"}
	errTyped     = &auth.Refused{Rule: "jwt-claim-type"}
	errTenant    = &auth.Refused{Rule: "jwt-tenant"}
	errRevoked   = &auth.Refused{Rule: "jwt-revoked"}
	errKind      = &auth.Refused{Rule: "jwt-not-an-access-token"}
)

// A token is what the checks before the signature make of a token's text.
type token struct {
	algorithm *algorithm
	typ       string // in the form of mediaType
	kid       string
	issuer    string // that it must have
	tenant    string // "" where the issuer has one alone
	claims    *claims
}

// read checks everything about text that needs no key.
func (a *Authenticator) read(text string) (*token, error) {
	if len(text) > a.policy.MaxToken {
		return nil, errLength
	}
	head, rest, _ := strings.Cut(text, ".")
	body, signature, _ := strings.Cut(rest, ".")
	if !jwk.IsBase64URL(head) || !jwk.IsBase64URL(body) || !jwk.IsBase64URL(signature) {
		return nil, errForm
	}
	t, err := a.readHeader(head)
	if err != nil {
		return nil, err
	}
	members, values, err := decodePart(body)
	if err != nil {
		return nil, errClaims
	}
	t.claims = &claims{members: members, weight: remember.Weight(len(text), values), policy: &a.policy}
	if a.policy.TrustDomain != "" {
		t.issuer = a.policy.Issuer
		if err := a.policy.checkSVID(t.claims); err != nil {
			return nil, err
		}
		return t, nil
	}
	// Another issuer's token needs no key of ours, and must not make us fetch them: another scheme may be its own.
	var known bool
	t.issuer, t.tenant, known = a.policy.issuerOf(members)
	if iss, ok := members["iss"].(string); !known || t.tenant != "" && !ok || ok && iss != t.issuer {
		return nil, errIssuer
	}
	return t, nil
}

// readHeader checks the JOSE header (RFC 7515, section 4). jku, jwk, x5u, x5c and x5t are ignored:
// a token does not say which key it is to be believed with.
func (a *Authenticator) readHeader(part string) (*token, error) {
	header, _, err := decodePart(part)
	if err != nil {
		return nil, errHeader
	}
	for _, name := range [...]string{"crit", "b64", "zip"} {
		if _, ok := header[name]; ok {
			return nil, errCritical
		}
	}
	t := new(token)
	name, _ := header["alg"].(string)
	for _, allowed := range a.algorithms {
		if allowed.name == name {
			t.algorithm = allowed
		}
	}
	if t.algorithm == nil {
		return nil, errAlgorithm
	}
	var good bool
	if t.typ, good = a.policy.accepts(header); !good {
		return nil, errType
	}
	if kid, ok := header["kid"]; ok {
		if t.kid, ok = kid.(string); !ok || t.kid == "" || len(t.kid) > maxKID {
			return nil, errHeader
		}
	}
	return t, nil
}

func decodePart(part string) (map[string]any, int, error) {
	text, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return nil, 0, err
	}
	return decodeObject(string(text), maxTokenValues)
}
