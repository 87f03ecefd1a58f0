package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// MTLS is x-bailey-mtls.
type MTLS struct {
	Pos             diag.Pos
	Identity        string // one of identities
	TrustDomain     string // with spiffe
	CAFile, CRLFile string // or ""
	Callers         []MTLSCaller
}

// MTLSCaller is one entry of the allow-list.
type MTLSCaller struct {
	ID, Subject   string
	Scopes, Roles []string
}

// identities are what of a certificate can name its holder.
var identities = []string{"spiffe", "dns", "email", "common-name", "serial"}

const maxMTLSCallers = 1000

func mtlsKey() key {
	return key{
		name: "mtls", on: onScheme, read: readMTLS,
		says: "which client certificates are good, and whom they name",
		schema: `{
	"type": "object",
	"additionalProperties": false,
	"required": ["identity", "callers"],
	"if": {"properties": {"identity": {"const": "spiffe"}}},
	"then": {"required": ["trust-domain"]},
	"else": {"not": {"required": ["trust-domain"]}},
	"properties": {
		"identity": {"enum": ["spiffe", "dns", "email", "common-name", "serial"], "description": "what of a certificate names its holder"},
		"trust-domain": {"type": "string", "pattern": "^[a-z0-9._-]{1,255}$", "description": "of the SPIFFE IDs"},
		"ca-file": {"$ref": "#/$defs/text", "description": "a PEM file of certificate authorities"},
		"crl-file": {"$ref": "#/$defs/text", "description": "a file of certificate revocation lists"},
		"callers": {
			"type": "array", "minItems": 1, "maxItems": 1000, "description": "who is let in",
			"items": {
				"type": "object",
				"additionalProperties": false,
				"required": ["id"],
				"properties": {
					"id": {"$ref": "#/$defs/text", "description": "the identity; a SPIFFE ID may end in /*, a DNS name begin with *."},
					"subject": {"$ref": "#/$defs/text", "description": "whom it stands for; the identity unless written"},
					"scopes": {"$ref": "#/$defs/texts"},
					"roles": {"$ref": "#/$defs/texts"}
				}
			}
		}
	}
}`,
	}
}

func readMTLS(r *reader, n *load.Node) any {
	const what = "x-bailey-mtls"
	before := len(r.diags)
	if !r.members(n, what, "identity", "trust-domain", "ca-file", "crl-file", "callers") {
		return nil
	}
	m := &MTLS{Pos: n.KeyPos(), TrustDomain: r.textAt(n, what, "trust-domain"), CAFile: r.textAt(n, what, "ca-file"), CRLFile: r.textAt(n, what, "crl-file")}
	if v := n.Get("identity"); v == nil {
		r.missing(n, what, "identity")
	} else {
		m.Identity, _ = r.choice(v, what+".identity", identities...)
	}
	switch v := n.Get("trust-domain"); {
	case m.Identity == "spiffe" && v == nil:
		r.missing(n, what, "trust-domain")
	case m.Identity != "spiffe" && v != nil && m.Identity != "":
		r.fail(v.Pos, rules.PolicyValue, what+".trust-domain means nothing with the identity "+m.Identity, "leave it out")
	case m.TrustDomain != "" && !isTrustDomain(m.TrustDomain):
		r.wrong(v, what+".trust-domain", "a trust domain: small letters, digits and . _ -")
	}
	for _, member := range []string{"ca-file", "crl-file"} {
		if v := n.Get(member); v != nil && strings.ContainsRune(v.Text, 0) {
			r.wrong(v, what+"."+member, "a path")
		}
	}
	r.mtlsCallers(n, what, m)
	if len(r.diags) > before {
		return nil
	}
	return m
}

func (r *reader) mtlsCallers(n *load.Node, what string, m *MTLS) {
	list := n.Get("callers")
	switch {
	case list == nil:
		r.missing(n, what, "callers")
		return
	case list.Kind == load.Array && len(list.Items) == 0:
		r.fail(list.Pos, rules.PolicyValue, what+".callers is empty", "nobody could call: name who may")
		return
	case list.Kind != load.Array || len(list.Items) > maxMTLSCallers:
		r.wrong(list, what+".callers", fmt.Sprintf("a list of 1 to %d callers", maxMTLSCallers))
		return
	}
	var seen []string
	for _, item := range list.Items {
		const one = "a caller of x-bailey-mtls"
		if !r.members(item, one, "id", "subject", "scopes", "roles") {
			continue
		}
		c := MTLSCaller{ID: r.textAt(item, one, "id"), Subject: r.textAt(item, one, "subject"), Scopes: r.texts(item.Get("scopes"), "scopes"), Roles: r.texts(item.Get("roles"), "roles")}
		id := item.Get("id")
		switch {
		case id == nil:
			r.missing(item, one, "id")
			continue
		case c.ID == "":
		case slices.Contains(seen, c.ID):
			r.fail(id.Pos, rules.PolicyValue, fmt.Sprintf("%s is there twice", short(c.ID)), "")
		case m.Identity != "" && !isIdentity(m, c.ID):
			r.wrong(id, "the id of "+one, identityForm[m.Identity])
		case c.Subject != "" && strings.Contains(c.ID, "*"):
			r.fail(item.PosOf("subject"), rules.PolicyValue, "several callers would have one subject", "leave it out: the subject is the identity that was matched")
		}
		seen = append(seen, c.ID)
		for _, s := range c.Scopes {
			if !isScope(s) {
				r.fail(item.PosOf("scopes"), rules.PolicyValue, short(s)+" is no scope", "a scope is visible ASCII without spaces, quotes and backslashes (RFC 6749, 3.3)")
			}
		}
		m.Callers = append(m.Callers, c)
	}
}

// identityForm is what an identity has to be, for a message.
var identityForm = map[string]string{
	"spiffe": "a SPIFFE ID of the trust domain with a path, or such with /* at its end", "dns": "a DNS name in small letters, or *. and one",
	"email": "an e-mail address", "common-name": "printable ASCII", "serial": "small hexadecimal digits without a zero at the beginning",
}

// isIdentity reports whether id can be an entry of the allow-list; the runtime demands the same.
func isIdentity(m *MTLS, id string) bool {
	only := func(s, characters string) bool { return s != "" && strings.Trim(s, characters) == "" }
	const small, rest = "abcdefghijklmnopqrstuvwxyz0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_"
	host := func(s string) bool {
		for label := range strings.SplitSeq(s, ".") {
			if !only(label, small+"-_") || len(label) > 63 {
				return false
			}
		}
		return len(s) <= 253
	}
	switch m.Identity {
	case "spiffe":
		path, ok := strings.CutPrefix(strings.TrimSuffix(id, "/*")+"/", "spiffe://"+m.TrustDomain+"/")
		if path = strings.TrimSuffix(path, "/"); !ok || path == "" {
			return ok && strings.HasSuffix(id, "/*")
		}
		for segment := range strings.SplitSeq(path, "/") {
			if !only(segment, small+rest) || segment == "." || segment == ".." {
				return false
			}
		}
		return true
	case "dns":
		return host(strings.TrimPrefix(id, "*."))
	case "email":
		local, domain, ok := strings.Cut(id, "@")
		return ok && local != "" && !strings.ContainsFunc(local, func(c rune) bool { return c <= ' ' || c > '~' }) && host(strings.ToLower(domain))
	case "serial":
		return only(id, "0123456789abcdef") && id[0] != '0'
	}
	return !strings.ContainsFunc(id, func(c rune) bool { return c < ' ' || c > '~' })
}
