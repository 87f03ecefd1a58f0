package securitytest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/gen"
)

// owned is an owner rule, none of a group's own, with the value that it compares.
type owned struct {
	rule  gen.Owner
	value string // "" where no request could be made
}

// flat lists the rules below list as the values of Operation.Owners count them.
func (a *attacker) flat(list []gen.Owner, next *int) []owned {
	var out []owned
	for _, rule := range list {
		if len(rule.Any)+len(rule.All) > 0 {
			out = append(append(out, a.flat(rule.Any, next)...), a.flat(rule.All, next)...)
			continue
		}
		o := owned{rule: rule}
		if *next < len(a.op.Owners) {
			o.value = a.op.Owners[*next]
		}
		*next++
		out = append(out, o)
	}
	return out
}

// claims are what the caller's claims must be, so that the rule holds; none where that is not known.
func (o owned) claims() map[string]any {
	switch {
	case o.value == "":
		return nil
	case o.rule.Template != "":
		return fromTemplate(o.rule.Template, o.value)
	case o.rule.Match == gen.MatchIn:
		return map[string]any{o.rule.Claim: []any{o.value}}
	}
	return map[string]any{o.rule.Claim: o.value}
}

// names are the claims that the rule compares.
func (o owned) names() []string {
	if o.rule.Template == "" {
		return []string{o.rule.Claim}
	}
	var out []string
	for rest := o.rule.Template; ; {
		_, behind, more := strings.Cut(rest, "{")
		if !more {
			return out
		}
		var claim string
		claim, rest, _ = strings.Cut(behind, "}")
		out = append(out, claim)
	}
}

// fromTemplate finds the claims that make value of a template.
func fromTemplate(template, value string) map[string]any {
	out := map[string]any{}
	text, rest, more := strings.Cut(template, "{")
	value, ok := strings.CutPrefix(value, text)
	for more && ok {
		var claim, held string
		claim, rest, _ = strings.Cut(rest, "}")
		text, rest, more = strings.Cut(rest, "{")
		if text == "" {
			held, value = value, ""
		} else {
			held, value, ok = strings.Cut(value, text)
		}
		if held == "" || out[claim] != nil && out[claim] != held {
			return nil
		}
		out[claim] = held
	}
	if !ok || value != "" {
		return nil
	}
	return out
}

// agree adds the claims that make the rules hold to what callers must have. It reports
// whether they do: a rule whose value is not known holds for nobody, and one claim has one value.
func (a *attacker) agree(list []gen.Owner, next *int, claims map[string]any) bool {
	all := true
	for _, rule := range list {
		holds := false
		switch {
		case len(rule.All) > 0:
			holds = a.agree(rule.All, next, claims)
		case len(rule.Any) > 0:
			for _, one := range rule.Any { // the more of them hold, the better
				holds = a.agree([]gen.Owner{one}, next, claims) || holds
			}
		default:
			o := owned{rule: rule}
			if *next < len(a.op.Owners) {
				o.value = a.op.Owners[*next]
			}
			*next++
			wants := o.claims()
			holds = len(wants) > 0
			for name, value := range wants {
				if have, ok := claims[name]; ok && fmt.Sprint(have) != fmt.Sprint(value) {
					holds = false
					continue
				}
				claims[name] = value
			}
		}
		all = all && holds
	}
	return all
}

// owner has the claims that the owner rules ask for, and reports whether they can hold.
func (a *attacker) owner(who Caller) (Caller, bool) {
	claims, next := map[string]any{}, 0
	ok := a.agree(a.op.Owner, &next, claims)
	for name, value := range claims {
		who = who.with(name, value)
	}
	return who, ok
}

// foreigners are callers who own something else: by each rule or group of rules for itself.
func (a *attacker) foreigners(alt gen.Requirement, who Caller) {
	next := 0
	for _, rule := range a.op.Owner {
		rules := a.flat([]gen.Owner{rule}, &next)
		unknown := slices.ContainsFunc(rules, func(o owned) bool { return o.value == "" })
		if slices.ContainsFunc(rules, func(o owned) bool {
			return overlap(o.rule.LiftScopes, alt[0].Scopes) || overlap(o.rule.LiftRoles, who.by(alt[0]).Roles)
		}) {
			a.t.Logf("NOT TRIED: the owner rule on %s, from which every caller is exempt", placesOf(rules))
			continue
		}
		inBody := slices.ContainsFunc(rules, func(o owned) bool { return o.rule.In == "body" })
		if unknown || inBody && !a.op.Complete {
			a.t.Logf("NOT TRIED: the owner rule on %s, for which no request could be made", placesOf(rules))
			continue
		}
		want := a.deniedBy(rules)
		for _, o := range rules {
			if a.credentials.declared(o.names()) {
				want = or401(want)
			}
		}
		for _, way := range ways {
			if way.alone && len(rules) > 1 {
				continue
			}
			other, differs := who, true
			for _, o := range rules {
				value, ok := way.value(o)
				differs = differs && ok // else it may be the owner by that one
				for _, name := range o.names() {
					other = other.with(name, value)
				}
			}
			if differs {
				a.wants(fmt.Sprintf("%s (%s)", way.name, placesOf(rules)), a.credentials.good(alt, other), want)
			}
		}
	}
}

// ways are the claims of somebody else's.
var ways = []struct {
	name  string
	value func(o owned) (any, bool)
	alone bool // it may be the owner by another rule of a group
}{
	{name: "the owner of something else", value: func(o owned) (any, bool) {
		if _, err := strconv.ParseInt(o.value, 10, 32); err == nil {
			return o.value + "1", true // the claim may have to be a number
		}
		return "somebody else", true
	}},
	{name: "a caller without the claim", value: func(owned) (any, bool) { return nil, true }},
	{name: "a caller whose claim is an object", value: func(o owned) (any, bool) { return map[string]any{o.value: o.value}, !isFixed(o) }},
	{name: "a caller whose claim is a list with null", value: func(o owned) (any, bool) { return []any{o.value, nil}, !isFixed(o) }},
	{name: "the owner of what its name begins with", alone: true, value: func(o owned) (any, bool) {
		_, last := utf8.DecodeLastRuneInString(o.value)
		return o.value[:len(o.value)-last], len(o.value) > last && o.rule.Template == ""
	}},
}

// isFixed reports whether the rule compares what every credential has as a text.
func isFixed(o owned) bool {
	return slices.ContainsFunc(o.names(), func(name string) bool {
		return slices.Contains([]string{"sub", "/sub", "iss", "/iss"}, name)
	})
}

// deniedBy is the answer to who is no owner by these rules: 404 where they hide, or where
// another rule that the same claims break does.
func (a *attacker) deniedBy(rules []owned) judge {
	var names []string
	for _, o := range rules {
		names = append(names, o.names()...)
	}
	hidden, open := false, false
	next := 0
	for _, o := range a.flat(a.op.Owner, &next) {
		if slices.ContainsFunc(o.names(), func(n string) bool { return slices.Contains(names, n) }) {
			hidden, open = hidden || o.rule.Hide, open || !o.rule.Hide
		}
	}
	switch {
	case hidden && open:
		return func(status int) string {
			if status != 403 && status != 404 {
				return "want 403 or 404"
			}
			return ""
		}
	case hidden:
		return is(404)
	}
	return is(403)
}

func placesOf(rules []owned) string {
	var out []string
	for _, o := range rules {
		out = append(out, o.rule.In+" "+o.rule.Name)
	}
	return strings.Join(out, ", ")
}
