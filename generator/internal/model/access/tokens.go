package access

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

// members are Go members of a literal, those that are there, and whether there is one.
func members(list ...gosrc.Expr) (gosrc.Expr, bool) {
	var parts []gosrc.Part
	for _, e := range list {
		if e.String() != "" {
			parts = append(parts, e)
		}
	}
	return gosrc.List(", ", parts...), len(parts) > 0
}

// placeOf is where the tokens of a scheme stand; none for the field Authorization.
func placeOf(s *policy.Scheme) (gosrc.Expr, bool) {
	if s.Type != "apiKey" {
		return gosrc.Expr{}, false
	}
	before := gosrc.Expr{}
	if s.JWT.Prefix != "" {
		before = gosrc.Raw("Prefix: %", gosrc.Quote(s.JWT.Prefix))
	}
	return members(gosrc.Raw("In: %, Name: %", gosrc.Quote(s.In), gosrc.Quote(s.Param)), before)
}

// kindOf is how the tokens of a policy differ from RFC 9068.
func kindOf(j *policy.JWT) (gosrc.Expr, bool) {
	var nonce, most gosrc.Expr
	if j.Nonce {
		nonce = gosrc.Raw("AcceptNonce: true")
	}
	if j.MaxToken > 0 {
		most = gosrc.Raw("MaxToken: %", gosrc.Int(int64(j.MaxToken)))
	}
	var tenants gosrc.Expr
	if len(j.Tenants) > 0 {
		ids := make([]gosrc.Part, len(j.Tenants))
		for i, id := range j.Tenants {
			ids[i] = gosrc.Quote(id)
		}
		tenants = gosrc.Raw("Tenants: jwt.TenantList(%)", gosrc.List(", ", ids...))
	}
	return members(audienceOf(j.AudienceClaim), nonce, rolesOf(j.RolesForm), most, tenants)
}

func audienceOf(claim string) gosrc.Expr {
	if claim == "" {
		return gosrc.Expr{}
	}
	return gosrc.Raw("AudienceClaim: %", gosrc.Quote(claim))
}

func rolesOf(form string) gosrc.Expr {
	switch form {
	case "keys":
		return gosrc.Raw("RolesForm: auth.RolesKeys")
	case "commas":
		return gosrc.Raw("RolesForm: auth.RolesCommas")
	}
	return gosrc.Expr{}
}

// noteTokens writes into policy.gen.go how the tokens of a scheme differ from RFC 9068.
func (b *Builder) noteTokens(s *policy.Scheme) {
	j := s.JWT
	var parts []string
	if j.Provider != "" {
		parts = append(parts, b.expansion(j)...)
	}
	say := func(name string, there bool, value string) {
		if there {
			parts = append(parts, name+": "+value)
		}
	}
	say("trust-domain", j.TrustDomain != "", j.TrustDomain)
	say("profile", j.Profile != "", j.Profile)
	say(s.In, s.Type == "apiKey", s.Param)
	say("prefix", j.Prefix != "", j.Prefix)
	say("cookie-without-host-prefix", j.PlainCookie != "", j.PlainCookie)
	say("types", !slices.Equal(j.Types, []string{"at+jwt"}), strings.Join(j.Types, ", "))
	say("tenants", len(j.Tenants) > 0, strings.Join(j.Tenants, ", "))
	say("tenants", j.AskTenants, "those of Config")
	say("audience-claim", j.AudienceClaim != "", j.AudienceClaim)
	say("nonce", j.Nonce, "accepted")
	say("roles-form", j.RolesForm != "" && j.RolesForm != "list", j.RolesForm)
	say("max-token", j.MaxToken > 0, size(j.MaxToken))
	for _, c := range j.Claims {
		say(c.Name, len(c.Values) > 0, values(c))
	}
	if len(parts) == 0 {
		return
	}
	say("required-claims", len(j.Required) > 0, strings.Join(j.Required, ", "))
	b.API.Tokens = append(b.API.Tokens, gosrc.NewComment("  - "+s.Name+" ("+s.Pos.String()+"):\n      "+strings.Join(parts, "\n      ")))
}

// noteAsked writes into policy.gen.go which profile the answers about the tokens of a scheme are held to.
func (b *Builder) noteAsked(s *policy.Scheme) {
	if i := s.Introspection; i.Profile != "" {
		b.API.Tokens = append(b.API.Tokens, gosrc.NewComment("  - "+s.Name+" ("+s.Pos.String()+"):\n      profile: "+i.Profile))
	}
}

// triedTenant is a tenant for generated tests.
func triedTenant(j *policy.JWT) (gosrc.Literal, bool) {
	switch {
	case j.AskTenants:
		return gosrc.Quote("00000000-0000-4000-8000-00000000a77c"), true
	case len(j.Tenants) > 0:
		return gosrc.Quote(j.Tenants[0]), true
	}
	return gosrc.Quote(""), false
}

// expansion is what a preset stands for, beside what every scheme says of its tokens.
func (b *Builder) expansion(j *policy.JWT) []string {
	parts := []string{"provider: " + j.Provider, "issuer: " + j.Issuer, "algorithms: " + strings.Join(j.Algorithms, ", ")}
	for _, m := range []struct{ name, value string }{
		{"jwks", j.JWKS}, {"discovery", j.Discovery}, {"key-file", j.KeyFile}, {"scope-claim", j.ScopeClaim}, {"roles-claim", j.RolesClaim}, {"tenant-claim", j.Tenant},
	} {
		if m.value != "" {
			parts = append(parts, m.name+": "+m.value)
		}
	}
	if j.MaxAge > 0 {
		parts = append(parts, "max-age: "+j.MaxAge.String())
	}
	return parts
}

// values writes what a claim may hold.
func values(c policy.Claim) string {
	text := strings.Join(c.Values, " or ")
	if c.Optional {
		text += ", or absent"
	}
	return text
}

// size writes a number of bytes as a document does.
func size(n int) string {
	if n%(1<<10) == 0 {
		return strconv.Itoa(n>>10) + "KiB"
	}
	return strconv.Itoa(n)
}
