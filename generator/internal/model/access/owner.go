package access

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// matches are the kinds of match in Go, by their words.
var matches = map[string]gosrc.Expr{
	"equal":  gosrc.Raw("gen.MatchOne"),
	"in":     gosrc.Raw("gen.MatchIn"),
	"prefix": gosrc.Raw("gen.MatchPrefix"),
}

// owners makes what the table shows of the operation's owner rules, and the conditions
// that its code asks for: those on parameters before the body is read, the others after.
func (b *Builder) owners(op *model.Operation, list []policy.Owner) {
	count := 0
	var params, body []ownerCondition
	for _, o := range list {
		op.Policy.Owners = append(op.Policy.Owners, ownerView(o))
		if c := b.ownerCondition(op, o, &count); c.body {
			body = append(body, c)
		} else {
			params = append(params, c)
		}
	}
	op.OwnerParams, op.OwnerBody = all(params), all(body)
	op.HasOwnerParams, op.HasOwnerBody = len(params) > 0, len(body) > 0
}

// ownerCondition is a Go condition that holds for the owner.
type ownerCondition struct {
	expr gosrc.Expr
	any  bool // it is an ||, which within an && needs parentheses
	body bool // the body has to be read for it
}

// all is the condition that all of them hold.
func all(list []ownerCondition) gosrc.Expr {
	parts := make([]gosrc.Part, len(list))
	for i, c := range list {
		parts[i] = c.expr
		if c.any && len(list) > 1 {
			parts[i] = gosrc.Raw("(%)", c.expr)
		}
	}
	return gosrc.List(" &&\n", parts...)
}

// ownerView is one rule or group as the table shows it.
func ownerView(o policy.Owner) gosrc.Expr {
	group := func(list []policy.Owner) gosrc.Expr {
		parts := make([]gosrc.Part, len(list))
		for i, o := range list {
			parts[i] = ownerView(o)
		}
		return gosrc.List(",\n", parts...)
	}
	switch {
	case len(o.Any) > 0:
		return gosrc.Raw("{Any: []gen.Owner{\n%,\n}}", group(o.Any))
	case len(o.All) > 0:
		return gosrc.Raw("{All: []gen.Owner{\n%,\n}}", group(o.All))
	}
	parts := []gosrc.Part{gosrc.Raw("In: %, Name: %", gosrc.Quote(o.In), gosrc.Quote(o.Name))}
	if o.Template != "" {
		parts = append(parts, gosrc.Raw("Template: %", gosrc.Quote(o.Template)))
	} else {
		parts = append(parts, gosrc.Raw("Claim: %", gosrc.Quote(o.Claim)))
	}
	if match, ok := matches[o.Match]; ok {
		parts = append(parts, gosrc.Raw("Match: %", match))
	}
	if o.Separator != "" {
		parts = append(parts, gosrc.Raw("Separator: %", gosrc.Quote(o.Separator)))
	}
	if o.Hide {
		parts = append(parts, gosrc.Raw("Hide: true"))
	}
	if len(o.Lift) > 0 {
		parts = append(parts, gosrc.Raw("LiftScopes: %", gosrc.Strings(o.Lift)))
	}
	if len(o.LiftRoles) > 0 {
		parts = append(parts, gosrc.Raw("LiftRoles: %", gosrc.Strings(o.LiftRoles)))
	}
	return gosrc.Raw("{%}", gosrc.List(", ", parts...))
}

// ownerCondition is the condition of a rule or group; count numbers the rules as the
// runtime does.
func (b *Builder) ownerCondition(op *model.Operation, o policy.Owner, count *int) (c ownerCondition) {
	list := append(o.Any[:len(o.Any):len(o.Any)], o.All...)
	if len(list) == 0 {
		index := *count
		*count++
		return ownerCondition{expr: gosrc.Raw("c.Owns(%, %)", gosrc.Int(int64(index)), b.owned(op, o)), body: o.In == "body"}
	}
	parts := make([]ownerCondition, len(list))
	for i, o := range list {
		parts[i] = b.ownerCondition(op, o, count)
		c.body = c.body || parts[i].body
	}
	if c.any = len(o.Any) > 1; !c.any {
		c.expr = all(parts)
		c.any = len(parts) == 1 && parts[0].any
		return c
	}
	exprs := make([]gosrc.Part, len(parts))
	for i := range parts {
		exprs[i] = parts[i].expr
	}
	c.expr = gosrc.List(" ||\n", exprs...)
	return c
}

// owned finds the value that an owner rule speaks of in the typed request: what is
// compared is what the handler gets.
func (b *Builder) owned(op *model.Operation, o policy.Owner) gosrc.Expr {
	if o.In == "body" {
		return b.ownedInBody(op, o)
	}
	for _, p := range op.Params {
		if p.In != o.In || p.Name != gosrc.Quote(o.Name) {
			continue
		}
		var given []gosrc.Part
		if p.Field.Opt {
			given = append(given, gosrc.Raw("req.%.Set", p.Field.Name))
		}
		return b.ownedValue(o, "parameter", p.Whole().At, p.Field.Type, given)
	}
	b.Errorf(o.Pos, rules.OwnerParameter, "there is no %s parameter %q to compare", o.In, o.Name)
	return gosrc.Expr{}
}

func (b *Builder) ownedInBody(op *model.Operation, o policy.Owner) gosrc.Expr {
	if len(op.Bodies) != 1 || op.Bodies[0].Text() || op.Bodies[0].Binary() {
		b.Errorf(o.Pos, rules.OwnerBody, "an owner rule on the body needs a request body with one media type, JSON or a form")
		return gosrc.Expr{}
	}
	at, t, given := gosrc.Raw("req.%", op.Bodies[0].Field.Name), op.Bodies[0].Field.Type, []gosrc.Part(nil)
	if op.Bodies[0].Field.Opt {
		given = append(given, gosrc.Raw("%.Set", at))
		at = gosrc.Raw("%.Value", at)
	}
	for _, step := range strings.Split(strings.TrimPrefix(o.Name, "/"), "/") {
		f := t.FieldNamed(strings.NewReplacer("~1", "/", "~0", "~").Replace(step))
		if f == nil {
			b.Errorf(o.Pos, rules.OwnerBody, "the request body has no member %q", o.Name)
			return gosrc.Expr{}
		}
		if f.Opt {
			given = append(given, gosrc.Raw("%.%.Set", at, f.Name))
			at = gosrc.Raw("%.%.Value", at, f.Name)
		} else {
			at = gosrc.Raw("%.%", at, f.Name)
		}
		t = f.Type
	}
	return b.ownedValue(o, "member", at, t, given)
}

// ownedValue is a value with its type, and where it can be absent, whether it is given.
func (b *Builder) ownedValue(o policy.Owner, what string, at gosrc.Expr, t *model.Type, given []gosrc.Part) gosrc.Expr {
	value, ok := ownedBy(at, t)
	if !ok {
		b.Errorf(o.Pos, rules.OwnerType, "%s %q cannot be compared with a claim: it must be a string, a uuid or an integer", what, o.Name)
		return gosrc.Expr{}
	}
	if t.Method.String() != "String" && (o.Template != "" || o.Match == "prefix") {
		b.Errorf(o.Pos, rules.OwnerType, "%s %q is no string, and only a string can have a prefix or be made from a template", what, o.Name)
	}
	if len(given) > 0 {
		return gosrc.Raw("%.If(%)", value, gosrc.List(" && ", given...))
	}
	return value
}

// ownedBy makes a gen.Owned of a value that a claim can equal.
func ownedBy(at gosrc.Expr, t *model.Type) (gosrc.Expr, bool) {
	if t == nil || t.Kind != model.Scalar || t.Opaque || t.Check != nil {
		return gosrc.Expr{}, false
	}
	switch t.Method.String() {
	case "String":
		return gosrc.Raw("gen.OwnedText(%)", at), true
	case "UUID":
		return gosrc.Raw("gen.OwnedUUID(%)", at), true
	case "Int32", "Int64":
		return gosrc.Raw("gen.OwnedInt(int64(%))", at), true
	case "Uint32", "Uint64":
		return gosrc.Raw("gen.OwnedUint(uint64(%))", at), true
	}
	return gosrc.Expr{}, false
}
