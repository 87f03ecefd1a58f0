package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// schemes reads components.securitySchemes.
func (r *reader) schemes() {
	components := r.resolve(r.doc.Root.Get("components"))
	section := r.resolve(components.Get("securitySchemes"))
	if section == nil || section.Kind != load.Object {
		return
	}
	for i := range section.Members {
		m := &section.Members[i]
		n := r.resolve(m.Value)
		if r.doc.Faulty(m.Value) || r.doc.Faulty(n) { // no operation that asks for it is generated
			s := &Scheme{Name: m.Key, Pos: m.Pos}
			r.set.Schemes, r.byName[s.Name] = append(r.set.Schemes, s), s
			continue
		}
		if n == nil || n.Kind != load.Object {
			r.diags.Errorf(m.Value.Pos, rules.SecurityScheme, "security scheme %s is no object", short(m.Key))
			continue
		}
		s := &Scheme{
			Name: m.Key, Pos: m.Pos, Type: n.StrOr("type"), In: n.StrOr("in"), Param: n.StrOr("name"),
			HTTP: strings.ToLower(n.StrOr("scheme")),
		}
		s.JWT, _ = at[*JWT](r, n, "jwt")
		s.APIKey, _ = at[*APIKey](r, n, "api-key")
		s.Introspection, _ = at[*Introspection](r, n, "introspection")
		s.Basic, _ = at[*Basic](r, n, "basic")
		s.MTLS, _ = at[*MTLS](r, n, "mtls")
		s.Session, _ = at[*Session](r, n, "session")
		s.Client, s.SaysSubject = at[bool](r, n, "subject")
		s.Names, _ = at[string](r, n, "names")
		s.GoName, _ = at[string](r, n, "go-name")
		r.declared(s, n)
		r.checkScheme(s, n)
		r.discovery(s, n)
		r.jwtPlace(s, n)
		r.checkCAFile(s, n)
		r.checkNames(s, n)
		r.checkSession(s, n)
		r.checkAPIKey(s, n)
		r.set.Schemes = append(r.set.Schemes, s)
		r.byName[s.Name] = s
	}
	r.claimsAgree()
}

// declared collects the scopes that an oauth2 scheme lists.
func (r *reader) declared(s *Scheme, n *load.Node) {
	flows := n.Get("flows")
	if s.Type != "oauth2" || flows == nil {
		return
	}
	for i := range flows.Members {
		if scopes := flows.Members[i].Value.Get("scopes"); scopes != nil {
			for k := range scopes.Members {
				s.Declared = append(s.Declared, scopes.Members[k].Key)
			}
		}
	}
}

// resolve is what n stands for, nil where there is nothing. What is wrong with the
// reference has been reported by load.
func (r *reader) resolve(n *load.Node) *load.Node {
	if n == nil {
		return nil
	}
	target, err := r.doc.Resolve(n)
	if err != nil {
		return nil
	}
	return target
}

// checkScheme checks that a scheme is complete and that our keys fit its type.
func (r *reader) checkScheme(s *Scheme, n *load.Node) {
	incomplete := func(format string, args ...any) {
		r.diags.Errorf(s.Pos, rules.SecurityScheme, "security scheme %s "+format, append([]any{short(s.Name)}, args...)...)
	}
	switch s.Type {
	case "apiKey":
		if !slices.Contains([]string{"header", "query", "cookie"}, s.In) || s.Param == "" {
			incomplete("needs in (header, query or cookie) and name")
		}
		if s.In == "query" {
			r.diags.Warnf(n.PosOf("in"), rules.APIKeyInQuery, "the keys of %s stand in URLs, which end up in logs, histories and Referer fields; use a header", short(s.Name))
		}
	case "http":
		if s.HTTP == "" {
			incomplete("needs scheme, such as bearer")
		}
	case "oauth2", "openIdConnect", "mutualTLS":
	case "":
		incomplete("has no type")
	default:
		incomplete("has the unknown type %s", short(s.Type))
	}
	for _, k := range []struct {
		name, on string
		fits     bool
	}{
		{"jwt", "http bearer, oauth2, openIdConnect, and apiKey in a header or cookie", s.Type == "apiKey"},
		{"introspection", "http bearer, oauth2 and openIdConnect", false},
	} {
		if v := n.Get(prefix + k.name); v != nil && !k.fits && s.Type != "oauth2" && s.Type != "openIdConnect" && (s.Type != "http" || s.HTTP != "bearer") {
			r.fail(v.KeyPos(), rules.PolicyPlace, fmt.Sprintf("x-bailey-%s means nothing on %s", k.name, s.kind()), "it can stand on "+k.on)
		}
	}
	if v := n.Get(prefix + "introspection"); v != nil && n.Get(prefix+"jwt") != nil {
		r.fail(v.KeyPos(), rules.PolicyValue, "x-bailey-introspection stands beside x-bailey-jwt", "a token is judged in one way: leave one out")
	}
	for _, k := range []struct {
		name, on string
		fits     bool
	}{
		{"basic", "http basic", s.Type == "http" && s.HTTP == "basic"},
		{"mtls", "mutualTLS", s.Type == "mutualTLS"},
		{"session", "apiKey in a cookie", s.Type == "apiKey" && s.In == "cookie"},
	} {
		if v := n.Get(prefix + k.name); v != nil && !k.fits {
			r.fail(v.KeyPos(), rules.PolicyPlace, fmt.Sprintf("x-bailey-%s means nothing on %s", k.name, s.kind()), "it can stand on "+k.on)
		}
	}
}

// kind is the scheme's type for a message.
func (s *Scheme) kind() string {
	if s.Type == "http" {
		return "an http scheme of the kind " + short(s.HTTP)
	}
	return "a scheme of the type " + short(s.Type)
}

// Ambient reports whether browsers send the scheme's credential by themselves, with whatever page makes
// the request. Of a scheme that nobody declared that is not known, and so assumed.
func (s *Scheme) Ambient() bool {
	switch s.Type {
	case "apiKey":
		return s.In == "cookie"
	case "http":
		return s.HTTP == "basic" || s.HTTP == "digest" || s.HTTP == "negotiate"
	}
	return s.Type == "mutualTLS" || s.Type == ""
}
