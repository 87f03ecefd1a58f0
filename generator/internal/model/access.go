package model

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

// Policy is what policy.gen.go says about an operation.
type Policy struct {
	Public       bool
	Reason       gosrc.Literal
	Alternatives [][]Need
	Rates        []RateView
	Require      []ConditionView
	Authorize    gosrc.Expr // a runtime.Hook
	Owners       []OwnerView
	Body, Depth  gosrc.Literal
	Timeout      gosrc.Literal
	HasBody      bool
	HasDepth     bool
	HasTimeout   bool
	HasItems     bool
	Items        gosrc.Literal
	DropUnknown  bool
	Masked       []gosrc.Comment
}

// Need is one scheme of an alternative with its scopes.
type Need struct {
	Scheme gosrc.Literal
	Scopes gosrc.Literal
	Scoped bool
}

// RateView is one rate limit.
type RateView struct {
	Name, Limit, Window, Burst, Per, Cost gosrc.Literal
}

// ConditionView is one condition of x-bailey-require: a Go list for each part of it.
type ConditionView struct {
	Roles, ACR       gosrc.Literal
	HasRoles, HasACR bool
	Claims           []ClaimView
}

// ClaimView is one claim of a condition.
type ClaimView struct{ Name, Values gosrc.Literal }

// OwnerView is one owner rule as the table shows it.
type OwnerView struct {
	In, Name, Claim, Hide, Lift gosrc.Literal
	Lifted                      bool
}

// OwnerRule is one owner rule as the code asks for it.
type OwnerRule struct {
	Index gosrc.Literal
	// Given is the condition under which the value is there at all; Value its text.
	Given gosrc.Expr
	Sure  bool
	Value gosrc.Expr
}

// Scheme is one security scheme that some operation uses.
type Scheme struct {
	Field gosrc.Ident // of Config
	Name  gosrc.Literal
	At    gosrc.Literal // its place in the document, for a comment
	JWT   *JWTView
	Key   *KeyView
	Asked *AskedView
}

// JWTView is x-bailey-jwt in Go.
type JWTView struct {
	Issuer, Audiences, Algorithms, Types, Leeway, MaxAge, ScopeClaim, RolesClaim gosrc.Literal
	Source                                                                       gosrc.Expr
	HasSource                                                                    bool
	Revocations                                                                  gosrc.Ident // of Config
	Revocable                                                                    bool
}

// AskedView is x-bailey-introspection in Go.
type AskedView struct {
	URL, Issuer, Audiences, Leeway, Cache, Negative, ScopeClaim, RolesClaim gosrc.Literal
	ClientID, SecretFile                                                    gosrc.Literal
	HasClient                                                               bool
}

// KeyView is x-bailey-api-key in Go.
type KeyView struct {
	In, Name, Prefix, MinLength gosrc.Literal
}

func (b *builder) policy(op *Operation) {
	pol := b.in.Policies.Operations[op.source.Node]
	p := &op.Policy
	if pol.Public != nil {
		p.Public, p.Reason = true, gosrc.Quote(pol.Public.Reason)
	}
	for _, alt := range pol.Requirements {
		needs := make([]Need, 0, len(alt))
		for _, n := range alt {
			needs = append(needs, Need{Scheme: gosrc.Quote(n.Scheme.Name), Scopes: gosrc.Strings(n.Scopes), Scoped: len(n.Scopes) > 0})
		}
		p.Alternatives = append(p.Alternatives, needs)
	}
	if !p.Public && len(p.Alternatives) == 0 {
		b.errorf(op.source.Pos, "no-security", "no security for %s", op.source.ID)
	}
	for _, r := range pol.Rates {
		p.Rates = append(p.Rates, RateView{
			Name: gosrc.Quote(r.Name), Limit: gosrc.Int(int64(r.Limit)), Window: gosrc.Duration(r.Window),
			Burst: gosrc.Int(int64(r.Burst)), Per: gosrc.Quote(r.Per), Cost: gosrc.Int(int64(max(r.Cost, 1))),
		})
	}
	l := pol.Limits
	p.HasBody, p.Body = l.Body > 0, gosrc.Int(l.Body)
	p.HasDepth, p.Depth = l.Depth > 0, gosrc.Int(int64(l.Depth))
	p.HasItems, p.Items = l.Items > 0, gosrc.Int(int64(l.Items))
	p.HasTimeout, p.Timeout = l.Timeout > 0, gosrc.Duration(l.Timeout)
	p.DropUnknown = pol.Unknown == policy.UnknownDrop
	b.authorize(op, pol.Authorize)
	for _, c := range pol.Require {
		view := ConditionView{Roles: gosrc.Strings(c.Roles), HasRoles: len(c.Roles) > 0, ACR: gosrc.Strings(c.ACR), HasACR: len(c.ACR) > 0}
		for _, claim := range c.Claims {
			view.Claims = append(view.Claims, ClaimView{gosrc.Quote(claim.Name), gosrc.Strings(claim.Values)})
		}
		p.Require = append(p.Require, view)
	}
	for i, o := range pol.Owners {
		p.Owners = append(p.Owners, OwnerView{
			In: gosrc.Quote(o.In), Name: gosrc.Quote(o.Name), Claim: gosrc.Quote(o.Claim),
			Hide: gosrc.Bool(o.Hide), Lift: gosrc.Strings(o.Lift), Lifted: len(o.Lift) > 0,
		})
		b.owner(op, i, o)
	}
}

// owner finds the value that an owner rule speaks of in the typed request: what is
// compared is what the handler gets.
func (b *builder) owner(op *Operation, i int, o policy.Owner) {
	rule := OwnerRule{Index: gosrc.Int(int64(i)), Sure: true}
	if o.In != "body" {
		for _, p := range op.Params {
			if p.In != o.In || p.Name != gosrc.Quote(o.Name) {
				continue
			}
			if !ownable(p.Field.Type) {
				b.errorf(o.Pos, "owner-type", "parameter %q cannot be compared with a claim: it must be a string, a uuid or an integer", o.Name)
				return
			}
			rule.Value = textOf(p.Whole().At, p.Field.Type)
			if p.Field.Opt {
				rule.Sure, rule.Given = false, gosrc.Raw("req.%.Set", p.Field.Name)
			}
			op.OwnerParams = append(op.OwnerParams, rule)
			return
		}
		b.errorf(o.Pos, "owner-parameter", "there is no %s parameter %q to compare", o.In, o.Name)
		return
	}
	if len(op.Bodies) != 1 || !op.Bodies[0].JSON() {
		b.errorf(o.Pos, "owner-body", "an owner rule on the body needs a request body with one JSON media type")
		return
	}
	at, t, given := gosrc.Raw("req.Body"), op.Bodies[0].Field.Type, []gosrc.Expr(nil)
	if op.Bodies[0].Field.Opt {
		given = append(given, gosrc.Raw("req.Body.Set"))
		at = gosrc.Raw("req.Body.Value")
	}
	for _, step := range strings.Split(strings.TrimPrefix(o.Name, "/"), "/") {
		f := t.fieldNamed(strings.NewReplacer("~1", "/", "~0", "~").Replace(step))
		if f == nil {
			b.errorf(o.Pos, "owner-body", "the request body has no member %q", o.Name)
			return
		}
		if f.Opt {
			given = append(given, gosrc.Raw("%.%.Set", at, f.Name))
			at = gosrc.Raw("%.%.Value", at, f.Name)
		} else {
			at = gosrc.Raw("%.%", at, f.Name)
		}
		t = f.Type
	}
	if !ownable(t) {
		b.errorf(o.Pos, "owner-type", "member %q cannot be compared with a claim: it must be a string, a uuid or an integer", o.Name)
		return
	}
	rule.Value = textOf(at, t)
	for i, g := range given {
		rule.Sure = false
		if i == 0 {
			rule.Given = g
		} else {
			rule.Given = gosrc.Raw("% && %", rule.Given, g)
		}
	}
	op.OwnerBody = append(op.OwnerBody, rule)
}

func (t *Type) fieldNamed(name string) *Field {
	if t.Kind != Struct {
		return nil
	}
	for _, f := range t.Fields {
		if f.JSON == gosrc.Quote(name) {
			return f
		}
	}
	return nil
}

// ownable reports whether a value of the type has one text that a claim can equal.
func ownable(t *Type) bool {
	if t == nil || t.Kind != Scalar || t.opaque {
		return false
	}
	switch t.Method.String() {
	case "String", "UUID", "Int32", "Int64", "Uint32", "Uint64":
		return true
	}
	return false
}

// schemes lists the schemes that the operations use, in document order.
func (b *builder) schemes() {
	used := map[string]bool{}
	for _, op := range b.api.Operations {
		for _, alt := range b.in.Policies.Operations[op.source.Node].Requirements {
			for _, n := range alt {
				used[n.Scheme.Name] = true
			}
		}
	}
	fields := newFieldNames()
	for _, fixed := range configFields {
		fields.taken[fixed] = true
	}
	if len(b.api.Authorized) > 0 {
		fields.taken[authorizerName] = true
	}
	for _, s := range b.in.Policies.Schemes {
		if !used[s.Name] {
			continue
		}
		field := gosrc.Exported(s.Name)
		if s.GoName != "" {
			field = identOf(s.GoName)
		}
		view := &Scheme{
			Field: fields.take(field, field.Plus("Scheme")),
			Name:  gosrc.Quote(s.Name), At: gosrc.Quote(s.Pos.String()),
		}
		if j := s.JWT; j != nil {
			view.JWT = jwtView(j)
			if view.JWT.Revocable = j.Revocation; j.Revocation {
				view.JWT.Revocations = fields.take(view.Field.Plus("Revocations"), view.Field.Plus("SchemeRevocations"))
			}
		}
		if i := s.Introspection; i != nil {
			view.Asked = &AskedView{
				URL: gosrc.Quote(i.URL), Issuer: gosrc.Quote(i.Issuer), Audiences: gosrc.Strings(i.Audiences), Leeway: gosrc.Duration(i.Leeway),
				Cache: gosrc.Duration(i.Cache), Negative: gosrc.Duration(i.Negative), ScopeClaim: gosrc.Quote(i.ScopeClaim), RolesClaim: gosrc.Quote(i.RolesClaim),
				ClientID: gosrc.Quote(i.ClientID), SecretFile: gosrc.Quote(i.SecretFile), HasClient: i.ClientID != "",
			}
		}
		if k := s.APIKey; k != nil {
			view.Key = &KeyView{
				In: gosrc.Quote(s.In), Name: gosrc.Quote(s.Param), Prefix: gosrc.Quote(k.Prefix), MinLength: gosrc.Int(int64(k.MinLength)),
			}
		}
		b.api.Schemes = append(b.api.Schemes, view)
	}
}

// configFields are the fields that Config has in every package.
var configFields = []string{"Config", "MaskKey"}

func jwtView(j *policy.JWT) *JWTView {
	v := &JWTView{
		Issuer: gosrc.Quote(j.Issuer), Audiences: gosrc.Strings(j.Audiences), Algorithms: gosrc.Strings(j.Algorithms),
		Types: gosrc.Strings(j.Types), Leeway: gosrc.Duration(j.Leeway), MaxAge: gosrc.Duration(j.MaxAge),
		ScopeClaim: gosrc.Quote(j.ScopeClaim), RolesClaim: gosrc.Quote(j.RolesClaim),
	}
	switch {
	case j.JWKS != "":
		v.Source, v.HasSource = gosrc.Raw("jwt.JWKS(%)", gosrc.Quote(j.JWKS)), true
	case j.KeyFile != "":
		v.Source, v.HasSource = gosrc.Raw("jwt.File(%)", gosrc.Quote(j.KeyFile)), true
	case j.Keys != "":
		v.Source, v.HasSource = gosrc.Raw("jwt.Inline(%)", gosrc.Quote(j.Keys)), true
	case j.Discovery != "":
		v.Source, v.HasSource = gosrc.Raw("jwt.Discovery(%)", gosrc.Quote(j.Discovery)), true
	}
	return v
}
