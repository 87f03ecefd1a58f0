package access

import (
	"time"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

func (b *Builder) Policy(op *model.Operation) {
	pol := b.In.Policies.Operations[op.Source.Node]
	p := &op.Policy
	if pol.Public != nil {
		p.Public, p.Reason = true, gosrc.Quote(pol.Public.Reason)
	}
	for _, alt := range pol.Requirements {
		needs := make([]model.Need, 0, len(alt))
		for _, n := range alt {
			b.Callers.Name(n.Scopes, n.Roles)
			needs = append(needs, model.Need{
				Scheme: gosrc.Quote(n.Scheme.Name), Scopes: gosrc.Strings(n.Scopes), HasScopes: len(n.Scopes) > 0,
				Roles: gosrc.Strings(n.Roles), HasRoles: len(n.Roles) > 0,
				Client: n.Scheme.Client && len(alt) > 1,
			})
		}
		p.Alternatives = append(p.Alternatives, needs)
	}
	if !p.Public && len(p.Alternatives) == 0 {
		b.Errorf(op.Source.Pos, rules.NoSecurity, "no security for %s", op.Source.ID)
	}
	p.Rates = RatesOf(pol.Rates)
	l := pol.Limits
	p.HasBody, p.Body = l.Body > 0, gosrc.Int(l.Body)
	p.HasInflated, p.Inflated = l.Inflated > 0 && len(l.Encodings) > 0, gosrc.Int(l.Inflated)
	p.HasEncodings, p.Encodings = len(l.Encodings) > 0, gosrc.Strings(l.Encodings)
	p.HasParts, p.Parts = l.Parts > 0, gosrc.Int(int64(l.Parts))
	p.HasFields, p.Fields = l.Fields > 0, gosrc.Int(l.Fields)
	p.HasItem, p.Item = l.Item > 0, gosrc.Int(l.Item)
	p.HasDepth, p.Depth = l.Depth > 0, gosrc.Int(int64(l.Depth))
	p.HasItems, p.Items = l.Items > 0, gosrc.Int(int64(l.Items))
	inflated := l.Inflated
	if s := policy.SettingOf(l.Settings, "inflated"); s != nil {
		inflated = max(inflated, s.Most)
	}
	memory := l.Memory
	if memory == 0 && p.HasInflated && inflated > defaultBody {
		memory = defaultMemory + textCost*inflated
	}
	p.HasMemory, p.Memory = memory > 0, gosrc.Int(memory)
	p.HasTimeout, p.Timeout = l.Timeout > 0, gosrc.Duration(l.Timeout)
	p.DropUnknown = pol.Unknown == policy.UnknownDrop
	p.DropReadOnly = pol.DropReadOnly
	if d := pol.Deprecation; d != nil {
		p.Deprecation = &model.DeprecationView{
			Since: gosrc.Quote(d.Since.Format(time.RFC3339)), Sunset: gosrc.Quote(d.Sunset.Format(time.RFC3339)), HasSunset: !d.Sunset.IsZero(),
			Link: gosrc.Quote(d.Link), HasLink: d.Link != "",
		}
	}
	if m := pol.Mode; m != nil {
		p.Detects, p.DetectUntil, p.DetectReason = m.Limits, gosrc.Quote(m.Until), gosrc.Quote(m.Reason)
	}
	b.credentials(op, pol)
	b.authorize(op, pol.Authorize)
	b.Callers.NameOwners(pol.Owners)
	for _, c := range pol.Require {
		b.Callers.Name(c.Scopes, c.Roles)
		view := model.ConditionView{
			Scopes: gosrc.Strings(c.Scopes), HasScopes: len(c.Scopes) > 0, Roles: gosrc.Strings(c.Roles), HasRoles: len(c.Roles) > 0,
			ACR: gosrc.Strings(c.ACR), HasACR: len(c.ACR) > 0, MaxAge: gosrc.Duration(c.MaxAge), HasMaxAge: c.MaxAge > 0,
		}
		for _, claim := range c.Claims {
			view.Claims = append(view.Claims, model.ClaimView{Name: gosrc.Quote(claim.Name), Values: gosrc.Strings(claim.Values)})
		}
		p.Require = append(p.Require, view)
	}
	b.owners(op, pol.Owners)
}

// Schemes lists the schemes that the operations use, in document order.
func (b *Builder) Schemes() {
	used := b.usedSchemes
	for _, op := range b.API.Operations {
		for _, alt := range b.In.Policies.Operations[op.Source.Node].Requirements {
			for _, n := range alt {
				used[n.Scheme.Name] = true
			}
		}
	}
	fields, named := b.schemeFields()
	for i, s := range b.In.Policies.Schemes {
		if !used[s.Name] {
			continue
		}
		view := &model.Scheme{
			Field: named[i].Name,
			Name:  gosrc.Quote(s.Name), At: gosrc.Quote(s.Pos.String()),
		}
		given := b.schemeSettings(view, s, s.Settings(), fields)
		if j := s.JWT; j != nil {
			view.JWT = jwtView(j, given)
			view.JWT.Place, view.JWT.HasPlace = placeOf(s)
			view.JWT.Tried, view.JWT.HasTried = triedTenant(j)
			if view.JWT.AskTenants = j.AskTenants; j.AskTenants {
				view.JWT.Tenants = fields.Take(view.Field.Plus("Tenants"), view.Field.Plus("SchemeTenants"))
			}
			b.noteTokens(s)
			view.JWT.Typed, view.JWT.HasTyped = b.typedClaims(j.Claims, j.Tenant)
			if view.JWT.Revocable = j.Revocation; j.Revocation {
				view.JWT.Revocations = fields.Take(view.Field.Plus("Revocations"), view.Field.Plus("SchemeRevocations"))
			}
		}
		if i := s.Introspection; i != nil {
			view.Asked = &model.AskedView{
				Leeway: gosrc.Duration(i.Leeway),
				Cache:  gosrc.Duration(i.Cache), Negative: gosrc.Duration(i.Negative), ScopeClaim: gosrc.Quote(i.ScopeClaim), RolesClaim: gosrc.Quote(i.RolesClaim),
				ClientID: gosrc.Quote(i.ClientID), SecretFile: gosrc.Quote(i.SecretFile), HasClient: i.ClientID != "", Certificate: i.Certificate,
				CAFile: gosrc.Quote(i.CAFile), HasCAFile: i.CAFile != "",
			}
			view.Asked.URL, _ = value(given["url"], gosrc.Quote(i.URL))
			view.Asked.Issuer, view.Asked.TriedIssuer = value(given["issuer"], gosrc.Quote(i.Issuer))
			view.Asked.Audiences, view.Asked.TriedAudiences = value(given["audiences"], gosrc.Strings(i.Audiences))
			b.noteAsked(s)
			view.Asked.Kind, view.Asked.HasKind = members(audienceOf(i.AudienceClaim), rolesOf(i.RolesForm))
			view.Asked.Typed, view.Asked.HasTyped = b.typedClaims(i.Claims, i.Tenant)
		}
		if d := s.DPoP(); d != nil {
			view.Proof = &model.ProofView{
				Field:    fields.Take(view.Field.Plus("DPoP"), view.Field.Plus("SchemeDPoP")),
				Required: d.Required, Nonce: d.Nonce, Algorithms: gosrc.Strings(d.Algorithms), HasAlgorithms: len(d.Algorithms) > 0,
				MaxAge: gosrc.Duration(d.MaxAge), HasAge: d.MaxAge > 0, Origins: gosrc.Strings(d.Origins), HasOrigins: len(d.Origins) > 0,
			}
		}
		view.Others(s)
		b.API.KeyLines = append(b.API.KeyLines, model.KeyLine(s).Lines()...)
		b.API.Schemes = append(b.API.Schemes, view)
	}
	b.limitSettings(fields)
}

// schemeFields gives each security scheme, used or not, its field of Config.
func (b *Builder) schemeFields() (*naming.Scope, []*naming.Claim) {
	fields := naming.NewScope("Config", "MaskKey", types.AuthorizerName)
	var claims []*naming.Claim
	for _, s := range b.In.Policies.Schemes {
		field := gosrc.Exported(s.Name)
		c := &naming.Claim{ID: s.Name, Rank: types.RankSchema, Exact: field.String() == s.Name, Pos: s.Pos}
		if b.usedSchemes[s.Name] {
			c.What = "security scheme " + s.Name
		}
		if s.GoName != "" {
			field, c.Rank, c.Exact = naming.IdentOf(s.GoName), types.RankChosen, true
		}
		c.Choices = []gosrc.Ident{field, field.Plus("Scheme")}
		claims = append(claims, c)
	}
	fields.Settle(claims)
	b.WarnRenamed(claims)
	return fields, claims
}

func jwtView(j *policy.JWT, given map[string]*model.Setting) *model.JWTView {
	v := &model.JWTView{
		Algorithms: gosrc.Strings(j.Algorithms),
		Types:      gosrc.Strings(j.Types), Leeway: gosrc.Duration(j.Leeway), MaxAge: gosrc.Duration(j.MaxAge),
		ScopeClaim: gosrc.Quote(j.ScopeClaim), RolesClaim: gosrc.Quote(j.RolesClaim),
		Required: gosrc.Strings(j.Required), HasRequired: len(j.Required) > 0, Keep: gosrc.Duration(j.Keep), HasKeep: j.Keep > 0, Certificate: j.Certificate,
	}
	v.Issuer, v.TriedIssuer = value(given["issuer"], gosrc.Quote(j.Issuer))
	v.TrustDomain, v.HasDomain = gosrc.Quote(j.TrustDomain), j.TrustDomain != ""
	v.Audiences, v.TriedAudiences = value(given["audiences"], gosrc.Strings(j.Audiences))
	jwks, _ := value(given["jwks"], gosrc.Quote(j.JWKS))
	discovery, _ := value(given["discovery"], gosrc.Quote(j.Discovery))
	v.Kind, v.HasKind = kindOf(j)
	switch {
	case j.JWKS != "" || given["jwks"] != nil:
		v.Source, v.HasSource = gosrc.Raw("jwt.JWKS(%)", jwks), true
		if j.CAFile != "" {
			v.Source = gosrc.Raw("jwt.RemoteSource{URL: %, CAFile: %}", jwks, gosrc.Quote(j.CAFile))
		}
	case j.KeyFile != "":
		v.Source, v.HasSource = gosrc.Raw("jwt.File(%)", gosrc.Quote(j.KeyFile)), true
	case j.Keys != "":
		v.Source, v.HasSource = gosrc.Raw("jwt.Inline(%)", gosrc.Quote(j.Keys)), true
	case j.Discovery != "" || given["discovery"] != nil:
		v.Source, v.HasSource = gosrc.Raw("jwt.Discovery(%)", discovery), true
		if j.CAFile != "" {
			v.Source = gosrc.Raw("jwt.DiscoverySource{URL: %, CAFile: %}", discovery, gosrc.Quote(j.CAFile))
		}
	}
	return v
}

// Where `inflated` allows more than the runtime's default of a body and `memory` is not written, an operation gets the
// runtime's allowance of memory, and what it takes to inflate a body: gen.DefaultMemory, and the runtime's textCost for
// each byte.
const (
	defaultBody   = 1 << 20
	defaultMemory = 4 << 20
	textCost      = 4
)
