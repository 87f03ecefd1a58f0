package securitytest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/introspect"
)

// endpoint is an introspection endpoint (RFC 7662) in place of the policy's: it knows the tokens that it issued.
type endpoint struct {
	policy  introspect.Policy
	begin   string // of its tokens: another scheme's are not known here
	answers []map[string]any
	prover  *prover
}

// Client reaches the endpoint of an introspection scheme.
func (c *Credentials) Client(scheme string) introspect.Client {
	return introspect.Via(introspect.Secret("attack", "attack"), c.asked[scheme])
}

// RoundTrip implements [http.RoundTripper].
func (e *endpoint) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	answer := map[string]any{"active": false}
	number, own := strings.CutPrefix(r.PostForm.Get("token"), e.begin)
	n, err := strconv.Atoi(number)
	if own && err == nil && n >= 0 && n < len(e.answers) {
		answer = e.answers[n]
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(text)), Request: r}, nil
}

// issue makes a token about which the answer has some members replaced.
func (e *endpoint) issue(who Caller, scopes []string, change map[string]any) fields {
	now := time.Now()
	all := who.typed(e.policy.Claims, e.policy.TenantClaim)
	if _, taken := who.Claims[e.policy.ScopeClaim]; !taken {
		all = all.with(e.policy.ScopeClaim, strings.Join(scopes, " "))
	}
	if _, taken := who.Claims[e.policy.RolesClaim]; !taken && len(who.Roles) > 0 {
		all = all.with(e.policy.RolesClaim, rolesIn(e.policy.RolesForm, who.Roles))
	}
	answer := claimsOf(all)
	for _, set := range []map[string]any{{
		"active": true, "aud": e.policy.Audiences[0], "sub": who.Subject, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}, change} {
		for name, value := range set {
			if answer[name] = value; value == nil {
				delete(answer, name)
			}
		}
	}
	if e.policy.AudienceClaim != "" {
		if _, changed := change["aud"]; !changed {
			delete(answer, "aud")
		}
		if _, changed := change[e.policy.AudienceClaim]; !changed {
			answer[e.policy.AudienceClaim] = e.policy.Audiences[0]
		}
	}
	if _, changed := change["cnf"]; !changed {
		if held := cnf(e.policy.CertificateBound, e.prover); held != nil {
			answer["cnf"] = held
		}
	}
	if _, changed := change["iss"]; !changed && e.policy.Issuer != "" {
		answer["iss"] = e.policy.Issuer
	}
	e.answers = append(e.answers, answer)
	return place(e.policy.CertificateBound, e.prover, e.begin+strconv.Itoa(len(e.answers)-1))
}

// bad makes the tokens that must be refused.
func (e *endpoint) bad(who Caller, scopes []string) []bad {
	hourAgo := time.Now().Add(-time.Hour).Unix()
	list := []bad{{name: "a token that the issuer does not know", fields: place(e.policy.CertificateBound, e.prover, "unknown")}}
	for _, b := range []struct {
		name   string
		change map[string]any
	}{
		{"an inactive token", map[string]any{"active": false}},
		{"an expired token", map[string]any{"exp": hourAgo}},
		{"a token for another audience", map[string]any{"aud": "attack-" + e.policy.Audiences[0]}},
		{"a refresh token", map[string]any{"token_use": "refresh_token"}},
	} {
		list = append(list, bad{name: b.name, fields: e.issue(who, scopes, b.change)})
	}
	for _, c := range confirmations(e.policy.CertificateBound) {
		list = append(list, bad{name: c.name, fields: with(e.issue(who, scopes, map[string]any{"cnf": c.cnf}), fields{certificateField: c.certificate})})
	}
	list = append(list, wrongTypes(e.policy.Claims, e.policy.TenantClaim, func(claim string, value any) fields {
		return e.issue(who.with(claim, value), scopes, nil)
	})...)
	if e.policy.AudienceClaim != "" {
		list = append(list, bad{name: "a token of another client", fields: e.issue(who, scopes, map[string]any{e.policy.AudienceClaim: "attack"})})
	}
	if e.policy.Issuer != "" {
		list = append(list, bad{name: "a token of another issuer", fields: e.issue(who, scopes, map[string]any{"iss": "attack-" + e.policy.Issuer})})
	}
	return append(list, e.prover.bad(e.issue(who, scopes, nil), func() fields { return e.issue(who, scopes, map[string]any{"cnf": nil}) })...)
}
