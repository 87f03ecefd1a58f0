package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// A preset is what is known of the tokens of one identity provider. docs/providers.md names the source of each fact. What a
// document writes takes the place of what stands here; claims and required-claims are added to it.
type preset struct {
	name   string
	policy JWT    // the members that are not written
	issuer string // the only one, or ""
	// begins and ends are how an issuer is written; form says it for a message.
	begins, ends, form string
	jwks, metadata     string // what is appended to the issuer, or an https URL
	header             string // where the tokens stand, or "" for Authorization
	// owners are claims of which one must have values: the issuer signs tokens for anybody, for any audience.
	owners []string
	// assertions: the issuer has no access tokens. Its tokens say who the caller is, and are made for one audience.
	assertions bool
}

func text(name string, values ...string) Claim {
	return Claim{Name: name, Type: "string", Values: values}
}

const wellKnown = "/.well-known/openid-configuration"

// presets are in alphabetical order.
var presets = []preset{
	{
		name: "auth0", begins: "https://", ends: "/", form: "https://DOMAIN/ with the slash", jwks: ".well-known/jwks.json",
		policy: JWT{Algorithms: []string{"RS256"}, Types: []string{"at+jwt"}, RolesClaim: "permissions", Required: []string{"client_id"}},
	},
	{
		name: "cognito", begins: "https://cognito-idp.", form: "https://cognito-idp.REGION.amazonaws.com/POOL without a slash at its end", jwks: "/.well-known/jwks.json",
		policy: JWT{
			Algorithms: []string{"RS256"}, Types: []string{noType}, AudienceClaim: "client_id", RolesClaim: "cognito:groups",
			Claims: []Claim{text("token_use", "access")},
		},
	},
	{
		name: "entra", begins: "https://login.microsoftonline.com/", ends: "/v2.0", form: "https://login.microsoftonline.com/TENANT-UUID/v2.0",
		policy: JWT{
			Algorithms: []string{"RS256"}, Types: []string{"JWT"}, ScopeClaim: "scp", Tenant: "tid", Required: []string{"azp"}, MaxToken: 16 << 10,
			Claims: []Claim{text("ver", "2.0")},
		},
	},
	{
		name: "entra-multitenant", issuer: "https://login.microsoftonline.com/" + tenantPlace + "/v2.0", jwks: "https://login.microsoftonline.com/common/discovery/v2.0/keys",
		policy: JWT{
			Algorithms: []string{"RS256"}, Types: []string{"JWT"}, ScopeClaim: "scp", Tenant: "tid", Required: []string{"azp"}, MaxToken: 16 << 10,
			Claims: []Claim{text("ver", "2.0")},
		},
	},
	{
		name: "firebase", begins: "https://securetoken.google.com/", form: "https://securetoken.google.com/PROJECT", assertions: true,
		jwks:   "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
		policy: JWT{Algorithms: []string{"RS256"}, Types: []string{"JWT"}, Required: []string{"auth_time"}},
	},
	{
		name: "github-actions", issuer: "https://token.actions.githubusercontent.com", metadata: wellKnown, assertions: true,
		owners: []string{"repository_owner_id", "repository_id", "enterprise_id"},
		policy: JWT{Algorithms: []string{"RS256"}, Types: []string{"JWT"}, Required: []string{"jti", "iat"}},
	},
	{
		name: "gitlab-ci", begins: "https://", form: "the https URL of the instance", metadata: wellKnown, assertions: true,
		owners: []string{"namespace_id", "project_id"},
		policy: JWT{Algorithms: []string{"RS256"}, Types: []string{"JWT"}, Required: []string{"jti", "iat", "project_id"}},
	},
	{
		name: "google-iap", issuer: "https://cloud.google.com/iap", jwks: "https://www.gstatic.com/iap/verify/public_key-jwk", header: "x-goog-iap-jwt-assertion", assertions: true,
		policy: JWT{Algorithms: []string{"ES256"}, Types: []string{"JWT"}, MaxAge: 10 * time.Minute},
	},
	{
		name: "google-id-token", issuer: "https://accounts.google.com", jwks: "https://www.googleapis.com/oauth2/v3/certs", assertions: true,
		owners: []string{"sub", "hd", "email"},
		policy: JWT{Algorithms: []string{"RS256"}, Types: []string{"JWT"}},
	},
	{
		name: "keycloak", begins: "https://", form: "https://HOST/realms/REALM without a slash at its end", metadata: wellKnown,
		policy: JWT{
			Algorithms: []string{"RS256"}, Types: []string{"JWT", "at+jwt"}, Nonce: true, RolesClaim: "/realm_access/roles", Required: []string{"azp"},
			Claims: []Claim{text("typ", "Bearer")},
		},
	},
	{
		name: "okta", begins: "https://", form: "https://ORG/oauth2/ID, that of a custom authorization server", metadata: wellKnown,
		policy: JWT{Algorithms: []string{"RS256"}, Types: []string{noType}, ScopeClaim: "scp", RolesClaim: "groups", Required: []string{"cid", "jti"}},
	},
	{
		name: "zitadel", begins: "https://", form: "the https URL of the instance without a slash at its end", metadata: wellKnown,
		policy: JWT{
			Algorithms: []string{"RS256"}, Types: []string{"JWT"}, RolesClaim: "urn:zitadel:iam:org:project:roles", RolesForm: "keys", Required: []string{"client_id", "jti"},
		},
	},
}

func providerNames() (names []string) {
	for _, p := range presets {
		names = append(names, p.name)
	}
	return names
}

// provider fills j in from the preset that n names; nil where it names none.
func (r *reader) provider(n *load.Node, what string, j *JWT) *preset {
	v := n.Get("provider")
	if v == nil {
		return nil
	}
	name, _ := r.choice(v, what+".provider", providerNames()...)
	at := slices.IndexFunc(presets, func(p preset) bool { return p.name == name })
	if at < 0 {
		return nil
	}
	p := &presets[at]
	scope, roles, pos := j.ScopeClaim, j.RolesClaim, j.Pos
	*j = p.policy
	j.Pos, j.Provider, j.Issuer = pos, name, p.issuer
	j.Required, j.Claims = slices.Clone(j.Required), slices.Clone(j.Claims)
	for i := range j.Claims {
		j.Claims[i].Pos = v.Pos
	}
	if j.ScopeClaim == "" {
		j.ScopeClaim = scope
	}
	if j.RolesClaim == "" {
		j.RolesClaim = roles
	}
	return p
}

// checkProvider derives where the keys are, and holds a document to what the provider's tokens need.
func (r *reader) checkProvider(n *load.Node, what string, j *JWT, p *preset) {
	if p == nil {
		return
	}
	given := slices.ContainsFunc(j.Settings, func(s Setting) bool { return s.Member == "issuer" })
	own := n.Get("issuer")
	switch {
	case own == nil, given:
	case p.begins != "" && !strings.HasPrefix(j.Issuer, p.begins), p.ends != "" && !strings.HasSuffix(j.Issuer, p.ends),
		p.ends == "" && strings.HasSuffix(j.Issuer, "/"), p.name == "okta" && !strings.Contains(j.Issuer, "/oauth2/"),
		p.name == "entra" && !uuid.MatchString(strings.TrimSuffix(strings.TrimPrefix(j.Issuer, p.begins), p.ends)), p.issuer != "" && p.begins == "" && j.Issuer != p.issuer && p.name != "github-actions":
		r.wrong(own, what+".issuer of "+p.name, cmpOr(p.form, p.issuer))
		return
	}
	if p.name == "firebase" && !given && len(j.Audiences) > 0 && !slices.Equal(j.Audiences, []string{strings.TrimPrefix(j.Issuer, p.begins)}) {
		r.fail(n.KeyPos(), rules.PolicyValue, what+" of firebase has another audience than the project of its issuer", "write the project's ID as audience")
	}
	if j.JWKS+j.KeyFile+j.Keys+j.Discovery == "" && !slices.ContainsFunc(j.Settings, func(s Setting) bool { return s.Member == "jwks" || s.Member == "discovery" }) && !given {
		switch {
		case strings.HasPrefix(p.jwks, "https://"):
			j.JWKS = p.jwks
		case p.name == "entra":
			j.JWKS = strings.TrimSuffix(j.Issuer, p.ends) + "/discovery/v2.0/keys"
		case p.jwks != "":
			j.JWKS = j.Issuer + p.jwks
		default:
			j.Discovery = j.Issuer + p.metadata
		}
	}
	if len(p.owners) > 0 && !slices.ContainsFunc(j.Claims, func(c Claim) bool { return len(c.Values) > 0 && !c.Optional && slices.Contains(p.owners, c.Name) }) {
		r.fail(n.PosOf("provider"), rules.PolicyValue, fmt.Sprintf("%s takes tokens of %s, which signs them for anybody and for any audience", what, p.name),
			"write claims with values of "+strings.Join(p.owners, ", or "))
	}
}

// cmpOr is the first that is not empty.
func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// providerPlace holds a scheme to where the provider's tokens stand.
func (r *reader) providerPlace(s *Scheme) {
	j := s.JWT
	if j == nil || j.Provider == "" {
		return
	}
	for _, p := range presets {
		if p.name == j.Provider && p.header != "" && (s.Type != "apiKey" || s.In != "header" || !strings.EqualFold(s.Param, p.header)) {
			r.fail(s.Pos, rules.PolicyPlace, fmt.Sprintf("the tokens of %s do not stand where the scheme %s has them", p.name, short(s.Name)), "write type: apiKey, in: header, name: "+p.header)
		}
	}
}

// mergeClaims are the claims of a preset with those of the document, which take the place of those with the same name.
func mergeClaims(preset, written []Claim) []Claim {
	preset = slices.DeleteFunc(preset, func(c Claim) bool {
		return slices.ContainsFunc(written, func(w Claim) bool { return w.Name == c.Name })
	})
	return append(preset, written...)
}
