package policy

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// algorithms are those that the runtime verifies; none is not one.
var algorithms = []string{
	"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519", "HS256", "HS384", "HS512",
}

func jwtKey() key {
	return key{
		name: "jwt", on: onScheme, read: readJWT,
		says: "which JSON Web Tokens are good: issuer, audiences, algorithms, and where the keys are",
		schema: `{
	"type": "object",
	"additionalProperties": false,
	"if": {"not": {"required": ["provider"]}},
	"then": {"required": ["algorithms"], "oneOf": [{"required": ["issuer"]}, {"required": ["trust-domain"]}]},
	"else": {"not": {"required": ["trust-domain"]}},
	"oneOf": [{"required": ["audiences"]}, {"required": ["audience"]}],
	"properties": {
		"issuer": {"$ref": "#/$defs/settable-text", "description": "must equal iss, byte by byte"},
		"audiences": {"$ref": "#/$defs/settable-texts", "description": "aud must hold one of them"},
		"audience": {"$ref": "#/$defs/settable-text"},
		"algorithms": {
			"description": "which may sign; HS* cannot be mixed with others",
			"type": "array", "minItems": 1, "uniqueItems": true,
			"items": {"enum": ["` + strings.Join(algorithms, `", "`) + `"]}
		},
		"types": {"$ref": "#/$defs/texts", "description": "accepted typ headers, at+jwt unless written; none stands for tokens without one"},
` + tokenSchema + `
		"leeway": {"$ref": "#/$defs/duration", "description": "tolerated difference between clocks, at most 5m; 0s is none"},
		"max-age": {"$ref": "#/$defs/duration", "description": "refuses tokens issued longer ago, at most 31d"},
		"scope-claim": {"$ref": "#/$defs/text", "description": "the claim with the scopes, or a JSON pointer to it"},
		"claims": {"$ref": "#/$defs/claims"},
		"tenant-claim": {"$ref": "#/$defs/text", "description": "the claim that names the caller's tenant, or a JSON pointer to it: a string that must be there"},
		"roles-claim": {"$ref": "#/$defs/text", "description": "the claim with the roles, or a JSON pointer to it"},
		"required-claims": {"$ref": "#/$defs/texts", "description": "claims that a token must have beside iss, aud, sub and exp"},
		"keep-keys": {"$ref": "#/$defs/duration", "description": "how long keys stay in force when they cannot be had again, at most 31d; 6h unless written"},
		"certificate-bound": {"type": "boolean", "description": "tokens must be bound to a client certificate (RFC 8705)"},
		"dpop": ` + dpopSchema + `,
		"revocation": {"type": "boolean", "description": "a store in Config is asked whether a token was revoked, by its jti or its subject"},
		"jwks": {"$ref": "#/$defs/settable-url", "description": "an https URL; http on the same machine"},
		"discovery": {"$ref": "#/$defs/settable-discovery", "description": "the URL of the issuer's metadata, which names the keys' address; openIdConnectUrl unless written"},
		"ca-file": {"$ref": "#/$defs/text", "description": "a file with the certificate authorities of that address, instead of the system's"},
		"key-file": {"$ref": "#/$defs/text", "description": "a file with public keys, PEM or JWKS"},
		"keys": {"type": "string", "minLength": 1, "maxLength": 65536, "description": "public keys, PEM or JWKS text"}
	}
}`,
	}
}

func readJWT(r *reader, n *load.Node) any {
	const what = "x-bailey-jwt"
	before := len(r.diags)
	if !r.members(n, what, append([]string{"issuer", "audiences", "audience", "algorithms", "types", "leeway", "max-age",
		"claims", "tenant-claim", "scope-claim", "roles-claim", "required-claims", "keep-keys", "certificate-bound", "dpop", "revocation", "jwks", "discovery", "ca-file", "key-file", "keys"}, tokenMembers...)...) {
		return nil
	}
	j := &JWT{Pos: n.KeyPos(), Types: []string{"at+jwt"}, ScopeClaim: "scope", RolesClaim: "roles"}
	preset := r.provider(n, what, j)
	if preset == nil || n.Get("algorithms") != nil {
		j.Algorithms = r.jwtAlgorithms(n, what)
	}
	if preset == nil || preset.issuer == "" || n.Get("issuer") != nil {
		if j.Issuer = r.textSetting(n, what, "issuer", &j.Settings); n.Get("issuer") == nil && n.Get("trust-domain") == nil {
			r.missing(n, what, "issuer")
		}
	}
	j.Audiences = r.audiences(n, what, &j.Settings)
	r.trustDomain(n, what, j)
	if v := n.Get("types"); v != nil {
		j.Types = r.texts(v, what+".types")
		r.accessTypes(v, what, j.Types)
	}
	if v := n.Get("required-claims"); v != nil {
		if j.Required = union(j.Required, r.texts(v, what+".required-claims")); len(j.Required) > maxRequired {
			r.wrong(v, what+".required-claims", fmt.Sprintf("a list of at most %d claims", maxRequired))
		}
	}
	if v := n.Get("keep-keys"); v != nil {
		j.Keep, _ = r.duration(v, what+".keep-keys", time.Minute, 31*24*time.Hour)
	}
	if v := n.Get("leeway"); v != nil {
		if j.Leeway, _ = r.duration(v, what+".leeway", 0, 5*time.Minute); j.Leeway == 0 {
			j.Leeway = -1
		}
	}
	if v := n.Get("max-age"); v != nil {
		j.MaxAge, _ = r.duration(v, what+".max-age", time.Second, 31*24*time.Hour)
	}
	if s := r.claim(n, what, "scope-claim"); s != "" {
		j.ScopeClaim = s
	}
	if s := r.claim(n, what, "roles-claim"); s != "" {
		j.RolesClaim = s
	}
	j.Certificate = r.flag(n, what, "certificate-bound")
	j.Claims = mergeClaims(j.Claims, r.typedClaims(n, what))
	if s := r.claim(n, what, "tenant-claim"); s != "" {
		j.Tenant = s
	}
	j.DPoP = r.dpop(n, what)
	j.Revocation = r.flag(n, what, "revocation")
	r.jwtKeys(n, what, j)
	r.jwtTokens(n, what, j)
	j.CAFile = r.caFile(n, what)
	r.tenants(n, what, j)
	r.checkProvider(n, what, j, preset)
	r.fapi2(n, what, j)
	r.svids(n, what, j)
	if len(r.diags) > before {
		return nil
	}
	if preset == nil || !preset.assertions {
		r.warnIDTokens(n, what, j)
	}
	if preset == nil {
		r.warnOpenIssuer(n, what, j)
	}
	return j
}

// maxRequired is the runtime's bound on required claims.
const maxRequired = 16

// otherTypes are the typ headers of tokens that are made for something else than access (RFC 8725, section 3.12).
var otherTypes = []string{
	"logout+jwt", "secevent+jwt", "dpop+jwt", "token-introspection+jwt", "oauth-authz-req+jwt", "client-authentication+jwt", "id+jwt",
	"okta-internal-at+jwt", "global-token-revocation+jwt",
}

func (r *reader) accessTypes(n *load.Node, what string, types []string) {
	for _, typ := range types {
		if slices.Contains(otherTypes, strings.TrimPrefix(strings.ToLower(typ), "application/")) {
			r.fail(n.Pos, rules.PolicyValue, fmt.Sprintf("%s accepts %s, which no access token is", what, short(typ)), "RFC 8725, 3.12: leave it out")
		}
	}
}

func (r *reader) audiences(n *load.Node, what string, list *[]Setting) []string {
	several, single := n.Get("audiences"), n.Get("audience")
	switch {
	case several != nil && single != nil:
		r.fail(single.KeyPos(), rules.PolicyValue, what+" has both audience and audiences", "leave one out")
	case several != nil:
		v, s := r.setting(n, what, "audiences")
		s.add(list)
		return r.texts(v, what+".audiences")
	case single != nil:
		v, s := r.setting(n, what, "audience")
		if s != nil {
			s.Member = "audiences"
			s.add(list)
		}
		if v != nil {
			if s, ok := r.text(v, what+".audience", maxReason); ok {
				return []string{s}
			}
		}
	default:
		r.missing(n, what, "audiences")
	}
	return nil
}

func (r *reader) jwtAlgorithms(n *load.Node, what string) []string {
	v := n.Get("algorithms")
	if v == nil {
		r.missing(n, what, "algorithms")
		return nil
	}
	list := r.texts(v, what+".algorithms")
	mac := 0
	for _, name := range list {
		if !slices.Contains(algorithms, name) {
			r.fail(v.Pos, rules.PolicyValue, fmt.Sprintf("%s cannot be verified with the algorithm %s", what, short(name)),
				"it can be: "+strings.Join(algorithms, ", "))
		}
		if strings.HasPrefix(name, "HS") {
			mac++
		}
	}
	if mac > 0 && mac < len(list) {
		r.fail(v.Pos, rules.PolicyValue, what+" mixes HS* with signatures, so that a public key could be taken for a secret",
			"RFC 8725, 2.1: allow one kind")
	}
	return list
}

// claim reads the name of a claim, or a JSON pointer to one.
func (r *reader) claim(n *load.Node, what, member string) string {
	s := r.textAt(n, what, member)
	if strings.HasPrefix(s, "/") && !isPointer(s) {
		r.wrongMember(n, member, what+"."+member, "the name of a claim, or a JSON pointer (RFC 6901)")
		return ""
	}
	return s
}

// jwtKeys reads where the keys are.
func (r *reader) jwtKeys(n *load.Node, what string, j *JWT) {
	sources := 0
	for _, member := range []string{"jwks", "discovery", "key-file", "keys"} {
		if n.Get(member) == nil {
			continue
		}
		if sources++; sources == 2 {
			r.fail(n.KeyPosOf(member), rules.PolicyValue, what+" names more than one source of keys", "keep one of: jwks, discovery, key-file, keys")
		}
	}
	j.JWKS, j.KeyFile = r.address(n, what, "jwks", &j.Settings), r.textAt(n, what, "key-file")
	if v := n.Get("discovery"); isSetting(v) && v.StrOr("config") == "optional" && v.Get("default") == nil {
		r.members(v, what+".discovery", "config", "default")
		j.Settings = append(j.Settings, Setting{Pos: v.Pos, Member: "discovery"}) // openIdConnectUrl is the default
	} else {
		j.Discovery = r.address(n, what, "discovery", &j.Settings)
	}
	mac := j.mac()
	for _, member := range []string{"jwks", "discovery"} {
		if n.Get(member) != nil && mac {
			r.fail(n.PosOf(member), rules.PolicyValue, what+" takes the secrets of HS* from an address", "secrets are not published: use key-file, or Config at run time")
		}
	}
	if strings.ContainsRune(j.KeyFile, 0) {
		r.wrongMember(n, "key-file", what+".key-file", "a path")
	}
	v := n.Get("keys")
	if v == nil {
		return
	}
	j.Keys, _ = r.text(v, what+".keys", 64<<10)
	if mac || strings.Contains(j.Keys, "PRIVATE KEY") || secretJWK.MatchString(j.Keys) {
		r.fail(v.Pos, rules.PolicySecret, what+" has a secret key in the document", "put public keys there, or name a key-file")
	}
}

// discovery has the keys of an openIdConnect scheme, where the policy names none, come from where the provider's
// metadata says. Secrets are not published, so that HS* has to have them from Config.
func (r *reader) discovery(s *Scheme, n *load.Node) {
	j := s.JWT
	if j == nil || j.JWKS+j.KeyFile+j.Keys+j.Discovery != "" || j.mac() || SettingOf(j.Settings, "jwks") != nil {
		return
	}
	if given := SettingOf(j.Settings, "discovery"); given != nil && given.Required {
		return
	} else if given != nil && s.Type != "openIdConnect" {
		r.fail(given.Pos, rules.PolicyValue, "x-bailey-jwt.discovery has no default", "write one, or {config: required}")
		return
	}
	if s.Type != "openIdConnect" {
		return
	}
	v := n.Get("openIdConnectUrl")
	if v == nil {
		r.fail(s.Pos, rules.SecurityScheme, fmt.Sprintf("security scheme %s has no openIdConnectUrl to find the keys with", short(s.Name)),
			"write it, or one of jwks, discovery, key-file and keys under x-bailey-jwt")
		return
	}
	if j.Discovery = v.Text; v.Kind != load.String || !fetchable(v.Text) {
		r.wrong(v, "openIdConnectUrl", "an https URL without user or fragment (http only for this machine: localhost, 127.0.0.1), or x-bailey-jwt has to name jwks, discovery, key-file or keys")
	}
	r.noPlaceholders(v, "openIdConnectUrl")
}

func (j *JWT) mac() bool {
	return slices.ContainsFunc(j.Algorithms, func(a string) bool { return strings.HasPrefix(a, "HS") })
}

// fetchable reports whether keys may be fetched from a URL.
func fetchable(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.User != nil || u.Fragment != "" || u.Hostname() == "" {
		return false
	}
	if u.Scheme == "https" {
		return true
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && addr.IsLoopback())
}
