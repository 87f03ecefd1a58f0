package access

import (
	"fmt"
	"strings"

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
