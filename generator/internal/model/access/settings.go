package access

import (
	"fmt"
	"strings"
	"time"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/naming"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

// settingNames are the ends of the names of a scheme's settings, and of those that a name has which is taken.
var settingNames = map[string]struct {
	end, other, says string
	list             bool
}{
	"issuer":    {"Issuer", "SchemeIssuer", "is the issuer of the scheme at %s, an https URL.", false},
	"audiences": {"Audiences", "SchemeAudiences", "are the audiences of the scheme at %s: a token must name one of them.", true},
	"jwks":      {"JWKS", "SchemeJWKS", "is the https URL of the issuer's keys, for the scheme at %s.", false},
	"discovery": {"Discovery", "SchemeDiscovery", "is the https URL of the issuer's metadata, for the scheme at %s.", false},
	"url":       {"URL", "SchemeURL", "is the https URL that is asked about the tokens of the scheme at %s.", false},
}

// schemeSettings gives the settings of a scheme their fields of Config, and returns them by member.
func (b *Builder) schemeSettings(view *model.Scheme, s *policy.Scheme, list []policy.Setting, fields *naming.Scope) map[string]*model.Setting {
	out := map[string]*model.Setting{}
	for _, given := range list {
		name := settingNames[given.Member]
		field := fields.Take(view.Field.Plus(name.end), view.Field.Plus(name.other))
		fallback, unless := s.Defaults(given.Member), ""
		doc := field.String() + " " + fmt.Sprintf(name.says, s.Pos)
		if given.Member == "jwks" || given.Member == "discovery" {
			unless = view.Field.String()
			doc += " Leave it empty where " + unless + " is set."
		}
		print := []gosrc.Part{
			gosrc.Raw("Field: %", gosrc.Quote(field.String())), gosrc.Raw("Scheme: %", gosrc.Quote(s.Name)),
			gosrc.Raw("Member: %", gosrc.Quote(given.Member)), gosrc.Raw("At: %", gosrc.Quote(given.Pos.String())),
		}
		v := &model.Setting{Field: field, Type: gosrc.Raw("string")}
		if name.list {
			v.Type = gosrc.Raw("[]string")
		}
		switch {
		case given.Required:
			print = append(print, gosrc.Raw("Required: true"))
			doc += " Required."
			if unless != "" {
				doc = strings.TrimSuffix(doc, " Required.") + " Required otherwise."
			}
			v.Tried, v.HasTried = b.tried(given.Member), unless == "" // tests have keys of their own
		case name.list:
			print = append(print, gosrc.Raw("Texts: %", gosrc.Strings(fallback)))
			doc += " Empty: " + strings.Join(fallback, ", ") + "."
		default:
			print = append(print, gosrc.Raw("Text: %", gosrc.Quote(fallback[0])))
			doc += " Empty: " + fallback[0] + "."
		}
		if unless != "" {
			print = append(print, gosrc.Raw("Unless: %", gosrc.Quote(unless)))
		}
		v.Doc, v.Print = gosrc.NewComment(doc), gosrc.List(", ", print...)
		view.Settings = append(view.Settings, v)
		b.API.Settings = append(b.API.Settings, v)
		out[given.Member] = v
	}
	return out
}

// tried is what generated tests give for a setting without default. Each scheme has an issuer of its own.
func (b *Builder) tried(member string) gosrc.Literal {
	issuer := fmt.Sprintf("https://issuer-%d.invalid", len(b.API.Schemes)+1) // RFC 6761, section 6.4
	switch member {
	case "issuer":
		return gosrc.Quote(issuer)
	case "audiences":
		return gosrc.Strings([]string{"https://api.invalid"})
	case "discovery":
		return gosrc.Quote(issuer + "/.well-known/openid-configuration")
	}
	return gosrc.Quote(issuer + "/" + member)
}

// value is how generated code reads a member of a scheme's policy, and what tests of it believe: the setting's value
// where there is one.
func value(set *model.Setting, written gosrc.Literal) (code gosrc.Expr, tried gosrc.Literal) {
	if set == nil {
		return gosrc.Raw("%", written), written
	}
	read := gosrc.Raw("b.Text(%)", gosrc.Quote(set.Field.String()))
	if set.Type.String() == "[]string" {
		read = gosrc.Raw("b.Texts(%)", gosrc.Quote(set.Field.String()))
	}
	if set.HasTried {
		return read, set.Tried
	}
	return read, written
}

// limitNames are the ends of the names of limits' settings, and their types in Go.
var limitNames = map[string]struct {
	end string
	typ gosrc.Expr
}{
	"body": {"BodyLimit", gosrc.Raw("int64")}, "inflated": {"InflatedLimit", gosrc.Raw("int64")}, "parts": {"PartsLimit", gosrc.Raw("int")},
	"fields": {"FieldsLimit", gosrc.Raw("int64")}, "item": {"ItemLimit", gosrc.Raw("int64")}, "depth": {"DepthLimit", gosrc.Raw("int")},
	"items": {"ItemsLimit", gosrc.Raw("int")}, "memory": {"MemoryLimit", gosrc.Raw("int64")}, "timeout": {"TimeoutLimit", gosrc.Raw("time.Duration")},
	"requests": {"RateRequests", gosrc.Raw("int")}, "burst": {"RateBurst", gosrc.Raw("int")},
}

// limits gives the settings of limits and rates their fields of Config, each once, however many operations share it.
type limits struct {
	*Builder
	fields *naming.Scope
	known  map[limitKey]gosrc.Literal
}

// limitKey is the place of a setting: a mark stands for one member of one place of the document.
type limitKey struct{ at, member string }

// limitSettings are the settings of limits. They come after those of the schemes, whose fields have the better names.
func (b *Builder) limitSettings(fields *naming.Scope) {
	l := &limits{b, fields, map[limitKey]gosrc.Literal{}}
	b.API.Rates = l.rates(b.In.Policies.Rates, "")
	for _, op := range b.API.Operations {
		pol := b.In.Policies.Operations[op.Source.Node]
		op.Policy.Rates = l.rates(pol.Rates, op.Name.String())
		for _, s := range pol.Limits.Settings {
			op.Policy.Settings = append(op.Policy.Settings, l.field(s, "", op.Name.String(), limitNames[s.Member].end))
		}
	}
}

// rates are the rules with the settings of their numbers.
func (l *limits) rates(rates []policy.Rate, operation string) []model.RateView {
	out := RatesOf(rates)
	for i, r := range rates {
		for _, s := range r.Settings {
			v := &out[i]
			field := l.field(s, r.Name, operation, limitNames[s.Member].end)
			if s.Member == "burst" {
				v.BurstFrom, v.HasBurstFrom = field, true
			} else {
				v.LimitFrom, v.HasLimitFrom = field, true
			}
		}
		if r.Follows {
			out[i].Burst = gosrc.Int(0)
		}
	}
	return out
}

// field is the field of Config for a setting, made where it is met first.
func (l *limits) field(s policy.Setting, rule, operation, end string) gosrc.Literal {
	key := limitKey{s.Pos.String(), s.Member}
	if known, ok := l.known[key]; ok {
		return known
	}
	text, on := end, "the document"
	if rule != "" {
		text = gosrc.Exported(rule).String() + end
	}
	switch {
	case s.Operation:
		text, on = operation+text, s.On
	case s.On != "":
		text, on = gosrc.Exported(s.On).String()+text, s.On
	}
	field := l.fields.Take(naming.IdentOf(text), naming.IdentOf(text).Plus("Setting"))
	what := "x-bailey-limits." + s.Member
	if rule != "" {
		what = fmt.Sprintf("x-bailey-rate-limit.%s of the rule %s", s.Member, rule)
	}
	doc := fmt.Sprintf("%s is %s on %s, at %s: at most %s.", field, what, on, s.Pos, s.Greatest())
	print := []gosrc.Part{
		gosrc.Raw("Field: %", gosrc.Quote(field.String())), gosrc.Raw("Member: %", gosrc.Quote(s.Member)), gosrc.Raw("At: %", gosrc.Quote(s.Pos.String())),
	}
	most := gosrc.Int(s.Most)
	if s.Member == "timeout" {
		most = gosrc.Duration(time.Duration(s.Most))
	}
	v := &model.Setting{Field: field, Type: limitNames[s.Member].typ}
	if s.Required {
		print = append(print, gosrc.Raw("Required: true"))
		doc += " Required."
		v.Tried, v.HasTried = most, true
	} else {
		doc += " 0: what the document says."
	}
	if s.Member == "timeout" {
		print = append(print, gosrc.Raw("Most: int64(%)", most))
	} else {
		print = append(print, gosrc.Raw("Most: %", most))
	}
	v.Doc, v.Print = gosrc.NewComment(doc), gosrc.List(", ", print...)
	l.API.Settings, l.API.Limits = append(l.API.Settings, v), append(l.API.Limits, v)
	l.known[key] = gosrc.Quote(field.String())
	return l.known[key]
}
