package introspect

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/bound"
	"github.com/bailey-go/bailey/runtime/auth/internal/claims"
	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
	"github.com/bailey-go/bailey/runtime/principal"
)

// Bounds of an answer.
const (
	maxAnswer       = 64 << 10 // bytes
	maxAnswerValues = 512
)

// Refusals. Each names the check for the security event; the caller is told none.
var (
	errInactive = &auth.Refused{Rule: "introspection-inactive"}
	errIssuer   = &auth.Refused{Rule: "introspection-issuer", Foreign: true}
	errAudience = &auth.Refused{Rule: "introspection-audience"}
	errExpired  = &auth.Refused{Rule: "introspection-expired"}
	errNotYet   = &auth.Refused{Rule: "introspection-not-yet-valid"}
	errFuture   = &auth.Refused{Rule: "introspection-issued-in-future"}
	errKind     = &auth.Refused{Rule: "introspection-not-an-access-token"}
	errSubject  = &auth.Refused{Rule: "introspection-subject"}
	errScope    = &auth.Refused{Rule: "introspection-scope"}
	errRoles    = &auth.Refused{Rule: "introspection-roles"}
	errTyped    = &auth.Refused{Rule: "introspection-claim-type"}
	errTenant   = &auth.Refused{Rule: "introspection-tenant"}
	errClaims   = &auth.Refused{Rule: "introspection-claims"}
)

// A verdict is a good answer.
type verdict struct {
	known  // may be remembered so long
	weight int
}

// judge reads an answer (RFC 7662, section 2.2). What is not one, is no *auth.Refused.
func (a *Authenticator) judge(body []byte, token string, now time.Time) (verdict, error) {
	answer, values, err := claims.Decode(string(body), maxAnswerValues)
	if err != nil {
		return verdict{}, fmt.Errorf("not an introspection response: %w", err)
	}
	active, ok := answer["active"].(bool)
	switch {
	case !ok:
		return verdict{}, errors.New("not an introspection response: it has no active that is true or false")
	case !active:
		return verdict{}, errInactive
	}
	if err := a.checkKind(answer); err != nil {
		return verdict{}, err
	}
	if iss, ok := answer["iss"].(string); a.policy.Issuer != "" && (!ok || iss != a.policy.Issuer) {
		return verdict{}, errIssuer
	}
	if !a.forUs(answer) {
		return verdict{}, errAudience
	}
	v := verdict{known: known{until: now.Add(a.policy.Cache)}, weight: remember.Weight(len(body), values)}
	if v.key, ok = bound.Read(answer); !ok {
		return verdict{}, bound.ErrUnknown
	}
	expires, err := a.checkTimes(answer, now)
	if err != nil {
		return verdict{}, err
	}
	if !expires.IsZero() && expires.Before(v.until) {
		v.until = expires
	}
	v.caller, err = a.caller(answer, token, expires)
	return v, err
}

// forUs reports whether the token is for one of the policy's audiences, by aud, or by the member that stands for it. An aud
// that is there must be good in any case.
func (a *Authenticator) forUs(answer map[string]any) bool {
	aud, there := answer["aud"]
	if a.policy.AudienceClaim == "" {
		return claims.AnyOf(aud, a.policy.Audiences)
	}
	return (!there || claims.AnyOf(aud, a.policy.Audiences)) && claims.AnyOf(answer[a.policy.AudienceClaim], a.policy.Audiences)
}

// checkTimes checks exp, nbf and iat where they are there, and returns when the token ends: exp and
// the leeway, or zero.
func (a *Authenticator) checkTimes(answer map[string]any, now time.Time) (expires time.Time, err error) {
	for _, claim := range [...]struct {
		name string
		bad  func(time.Time) bool
		err  error
	}{
		{"exp", func(t time.Time) bool { expires = t.Add(a.policy.Leeway); return !now.Before(expires) }, errExpired},
		{"nbf", func(t time.Time) bool { return now.Add(a.policy.Leeway).Before(t) }, errNotYet},
		{"iat", func(t time.Time) bool { return now.Add(a.policy.Leeway).Before(t) }, errFuture},
	} {
		v, ok := answer[claim.name]
		if !ok {
			continue
		}
		t, ok := claims.Date(v)
		switch {
		case !ok:
			return time.Time{}, errClaims
		case claim.bad(t):
			return time.Time{}, claim.err
		}
	}
	return expires, nil
}

// kinds are the values by which issuers tell an access token from others that they confirm too: token_type is RFC 7662's and
// RFC 6749's, section 7.1; the others are not registered, and refresh tokens bear "refresh_token" and "Refresh" there.
var kinds = []struct {
	member  string
	allowed []string
}{
	{"token_type", []string{"bearer"}},
	{"token_use", []string{"access_token", "access"}},
	{"typ", []string{"bearer", "at+jwt", "application/at+jwt", "jwt"}},
}

// checkKind refuses what is no bearer access token.
func (a *Authenticator) checkKind(answer map[string]any) error {
	for _, k := range kinds {
		v, ok := answer[k.member]
		if !ok {
			continue
		}
		s, ok := v.(string)
		s = strings.ToLower(s)
		if k.member == "token_type" && s == "dpop" && a.bound.Proofs != nil { // RFC 9449, section 6.2
			continue
		}
		if !ok || !slices.Contains(k.allowed, s) {
			return errKind
		}
	}
	return nil
}

// caller makes the principal.
func (a *Authenticator) caller(answer map[string]any, token string, expires time.Time) (*principal.Principal, error) {
	subject, ok := claims.Subject(answer["sub"])
	if !ok {
		return nil, errSubject
	}
	p := &principal.Principal{Subject: subject, Issuer: a.issuer, Scheme: a.policy.Scheme, Claims: answer, Expires: expires}
	if v, there := claims.Find(answer, a.policy.ScopeClaim); there {
		if p.Scopes, ok = claims.Scopes(v); !ok {
			return nil, errScope
		}
	}
	if v, there := claims.Find(answer, a.policy.RolesClaim); there {
		if p.Roles, ok = claims.Roles(v, a.policy.RolesForm); !ok {
			return nil, errRoles
		}
	}
	if typed, _ := claims.Typed(answer, a.policy.Claims); !typed {
		return nil, errTyped
	}
	if p.Tenant, ok = claims.Tenant(answer, a.policy.TenantClaim); !ok {
		return nil, errTenant
	}
	for name, v := range answer { // a principal never holds the credential
		if v == any(token) {
			delete(answer, name)
		}
	}
	p.Bind(a.table)
	return p, nil
}
