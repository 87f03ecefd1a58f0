package access

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

// claimGo is how a claim of each type is read in Go.
var claimGo = map[string]struct {
	kind, read string
	typ        gosrc.Expr
}{
	"string":  {"ClaimText", "TextClaim", gosrc.Raw("string")},
	"integer": {"ClaimInteger", "IntClaim", gosrc.Raw("int64")},
	"boolean": {"ClaimBoolean", "BoolClaim", gosrc.Raw("bool")},
	"array":   {"ClaimTextList", "ListClaim", gosrc.Raw("[]string")},
}

// callerNames are the methods of a principal.Caller, and its own name as the field that is embedded:
// no claim takes them.
var callerNames = []string{
	"Caller", "Anonymous", "Subject", "Issuer", "Scheme", "Tenant", "Expires", "HasScope", "HasRole", "Scopes", "Roles", "Fingerprint",
	"HasClaim", "TextClaim", "IntClaim", "BoolClaim", "ListClaim", "ClaimValue", "String", "Format", "LogValue",
}

var callerChoices = []gosrc.Ident{gosrc.Exported("caller"), gosrc.Exported("authenticated caller")}

// CallerField gives the request of an operation that asks who calls a field for it. Its name is
// the last one taken: it renames no parameter.
func (b *Builder) CallerField(op *model.Operation, used *naming.Scope) {
	if len(op.Policy.Alternatives) == 0 {
		return
	}
	doc := "The caller."
	if slices.ContainsFunc(op.Policy.Alternatives, func(alt []model.Need) bool { return len(alt) == 0 }) {
		doc = "The caller; Anonymous where the request has no credential."
	}
	op.Caller = &model.CallerField{Doc: gosrc.NewComment(doc), Name: used.Take(callerChoices...)}
}

// Caller decides the names that stand for callers, after all types have theirs.
func (b *Builder) Caller() {
	if !slices.ContainsFunc(b.API.Operations, func(op *model.Operation) bool { return op.Caller != nil || op.Authorizer != nil }) {
		return
	}
	c := &model.Caller{}
	c.Name = b.Names.Take(callerChoices...)
	c.Of = b.Names.Take(c.Name.Plus("Of"))
	for _, op := range b.API.Operations {
		if op.Caller != nil {
			op.Caller.Type = c.Name
		}
		if op.Authorizer != nil {
			op.Authorizer.Caller = c.Name
		}
	}
	methods := naming.NewScope(callerNames...)
	seen := map[string]bool{}
	for _, s := range b.In.Policies.Schemes {
		for _, claim := range s.Claims() {
			if !b.usedSchemes[s.Name] || seen[claim.Name] {
				continue
			}
			seen[claim.Name] = true
			c.Claims = append(c.Claims, b.callerClaim(claim, methods))
		}
	}
	constants := func(word string, list []string) (out []model.NameConst) {
		for _, name := range list {
			out = append(out, model.NameConst{Name: b.Names.Take(gosrc.Exported(word + " " + name)), Value: gosrc.Quote(name)})
		}
		return out
	}
	c.Scopes, c.Roles = constants("scope", b.Callers.Scopes()), constants("role", b.Callers.Roles())
	b.API.Caller = c
}

func (b *Builder) callerClaim(claim policy.Claim, methods *naming.Scope) model.CallerClaim {
	name := gosrc.Exported(claim.Name)
	if claim.GoName != "" {
		name = naming.IdentOf(claim.GoName)
	}
	method := methods.Take(name, name.Plus("Claim"))
	how := claimGo[claim.Type]
	return model.CallerClaim{
		Doc:    gosrc.NewComment(method.String() + " is the claim " + claim.Name + "; false where the credential has none."),
		Method: method, Go: how.typ, Read: b.Word(how.read), Name: gosrc.Quote(claim.Name),
	}
}

// typedClaims is what a scheme's policy says of the claims' types, as Go members.
func (b *Builder) typedClaims(claims []policy.Claim, tenant string) (members gosrc.Expr, any bool) {
	var parts []gosrc.Part
	if len(claims) > 0 {
		var list []gosrc.Part
		for _, c := range claims {
			required, values := gosrc.Raw(""), gosrc.Raw("")
			switch {
			case c.Required:
				required = gosrc.Raw(", Required: true")
			case c.Optional:
				required = gosrc.Raw(", Optional: true")
			}
			if len(c.Values) > 0 {
				values = gosrc.Raw(", Values: %", gosrc.Strings(c.Values))
			}
			list = append(list, gosrc.Raw("{Name: %, Type: auth.%%%}", gosrc.Quote(c.Name), b.Word(claimGo[c.Type].kind), required, values))
		}
		parts = append(parts, gosrc.Raw("Claims: []auth.Claim{%}", gosrc.List(", ", list...)))
	}
	if tenant != "" {
		parts = append(parts, gosrc.Raw("TenantClaim: %", gosrc.Quote(tenant)))
	}
	return gosrc.List(", ", parts...), len(parts) > 0
}
