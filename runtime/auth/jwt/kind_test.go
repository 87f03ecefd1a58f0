package jwt_test

import (
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/internal/mint"
	"github.com/bailey-go/bailey/runtime/principal"
)

// TestKinds: a policy that relaxes a check needs another in its place, whoever writes it.
func TestKinds(t *testing.T) {
	t.Parallel()
	_, public, err := mint.Key("ES256")
	if err != nil {
		t.Fatal(err)
	}
	values := []auth.Claim{{Name: "token_use", Type: auth.ClaimText, Values: []string{"access"}}}
	azp := []auth.Claim{{Name: "azp", Type: auth.ClaimText, Values: []string{"web"}}}
	for name, tt := range map[string]struct {
		change func(*jwt.Policy)
		want   string // in the error; "" for none
	}{
		"none alone":                       {func(p *jwt.Policy) { p.Types = []string{"none"} }, "without typ"},
		"none beside JWT":                  {func(p *jwt.Policy) { p.Types = []string{"JWT", jwt.NoType} }, "without typ"},
		"none with values":                 {func(p *jwt.Policy) { p.Types, p.Claims = []string{jwt.NoType}, values }, ""},
		"none with an audience claim":      {func(p *jwt.Policy) { p.Types, p.AudienceClaim = []string{jwt.NoType}, "cid" }, ""},
		"none with a required claim":       {func(p *jwt.Policy) { p.Types, p.Required = []string{jwt.NoType}, []string{"client_id"} }, ""},
		"none with the audience claim azp": {func(p *jwt.Policy) { p.Types, p.AudienceClaim = []string{jwt.NoType}, "azp" }, "without typ"},
		"none with azp required":           {func(p *jwt.Policy) { p.Types, p.Required = []string{jwt.NoType}, []string{"azp"} }, "without typ"},
		"none with /azp required": {func(p *jwt.Policy) {
			p.Types, p.Claims = []string{jwt.NoType}, []auth.Claim{{Name: "/azp", Type: auth.ClaimText, Required: true}}
		}, "without typ"},
		"none with values of azp": {func(p *jwt.Policy) { p.Types, p.Claims = []string{"JWT", jwt.NoType}, azp }, "without typ"},
		"none with azp and a client": {func(p *jwt.Policy) {
			p.Types, p.AudienceClaim, p.Required = []string{jwt.NoType}, "azp", []string{"cid"}
		}, ""},
		"none with azp and values":                {func(p *jwt.Policy) { p.Types, p.AudienceClaim, p.Claims = []string{jwt.NoType}, "azp", values }, ""},
		"a nonce with values of azp":              {func(p *jwt.Policy) { p.AcceptNonce, p.Claims = true, azp }, "nonce"},
		"a nonce with values of azp, and a claim": {func(p *jwt.Policy) { p.AcceptNonce, p.Claims, p.Required = true, azp, []string{"uid"} }, ""},
		"none with a claim of ID tokens":          {func(p *jwt.Policy) { p.Types, p.Required = []string{jwt.NoType}, []string{"auth_time", "/email"} }, "without typ"},
		"none with an optional claim":             {func(p *jwt.Policy) { p.Types, p.Claims = []string{jwt.NoType}, optional(values) }, "without typ"},
		"a nonce alone":                           {func(p *jwt.Policy) { p.AcceptNonce = true }, "nonce"},
		"a nonce with a client":                   {func(p *jwt.Policy) { p.AcceptNonce, p.Required = true, []string{"azp"} }, "nonce"},
		"a nonce with typ":                        {func(p *jwt.Policy) { p.AcceptNonce, p.Required = true, []string{"typ"} }, ""},
		"a nonce with values":                     {func(p *jwt.Policy) { p.AcceptNonce, p.Claims = true, values }, ""},
		"an audience claim of no client":          {func(p *jwt.Policy) { p.AudienceClaim = "sub" }, "cannot stand for aud"},
		"values that cannot be": {func(p *jwt.Policy) {
			p.Claims = []auth.Claim{{Name: "n", Type: auth.ClaimInteger, Values: []string{"07"}}}
		}, "can never hold"},
		"truths that cannot be": {func(p *jwt.Policy) {
			p.Claims = []auth.Claim{{Name: "n", Type: auth.ClaimBoolean, Values: []string{"1"}}}
		}, "can never hold"},
		"a negative bound":                  {func(p *jwt.Policy) { p.MaxToken = -1 }, "bytes"},
		"a great bound":                     {func(p *jwt.Policy) { p.MaxToken = 32<<10 + 1 }, "bytes"},
		"the greatest bound":                {func(p *jwt.Policy) { p.MaxToken = 32 << 10 }, ""},
		"another form of roles":             {func(p *jwt.Policy) { p.RolesForm = 9 }, "form"},
		"the query":                         {func(p *jwt.Policy) { p.In, p.Name = "query", "token" }, "cannot stand"},
		"a cookie without a name":           {func(p *jwt.Policy) { p.In = "cookie" }, "no name"},
		"a name alone":                      {func(p *jwt.Policy) { p.Name = "X-Token" }, "cannot stand"},
		"the field Cookie":                  {func(p *jwt.Policy) { p.In, p.Name = "header", "cookie" }, "cannot stand"},
		"the field Authorization":           {func(p *jwt.Policy) { p.In, p.Name = "header", "authorization" }, "cannot stand"},
		"the field Authorization, prefixed": {func(p *jwt.Policy) { p.In, p.Name, p.Prefix = "header", "authorization", "Bearer" }, ""},
		"a cookie with a prefix":            {func(p *jwt.Policy) { p.In, p.Name, p.Prefix = "cookie", "t", "Bearer" }, "prefix"},
		"a header with proofs": {func(p *jwt.Policy) {
			p.In, p.Name, p.DPoP = "header", "X-Token", &dpop.Policy{Setup: dpop.Setup{Origins: []string{"https://a.example"}}}
		}, "RFC 9449"},
		"an Okta token of its own": {func(p *jwt.Policy) { p.Types = []string{"application/okta-internal-at+jwt"} }, "no access token"},
	} {
		p := jwt.Policy{Scheme: "t", Issuer: "https://id.example", Audiences: []string{"api"}, Algorithms: []string{"ES256"}}
		tt.change(&p)
		a, err := jwt.New(p, jwt.Inline(public), principal.NewTable(nil, nil))
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
		if err == nil {
			a.Close()
		}
	}
}

func optional(list []auth.Claim) []auth.Claim {
	c := list[0]
	c.Optional = true
	return []auth.Claim{c}
}
