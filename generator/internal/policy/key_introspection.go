package policy

import (
	"strings"
	"time"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

func introspectionKey() key {
	return key{
		name: "introspection", on: onScheme, read: readIntrospection,
		says: "who is asked about opaque tokens (RFC 7662), and which answers are good",
		schema: `{
	"type": "object",
	"additionalProperties": false,
	"required": ["url"],
	"oneOf": [{"required": ["audiences"]}, {"required": ["audience"]}],
	"dependentRequired": {"client-id": ["client-secret-file"], "client-secret-file": ["client-id"]},
	"properties": {
		"url": {"$ref": "#/$defs/settable-url", "description": "the end point: an https URL; http on the same machine"},
		"issuer": {"$ref": "#/$defs/settable-text", "description": "must equal iss, byte by byte"},
		"audiences": {"$ref": "#/$defs/settable-texts", "description": "aud must hold one of them"},
		"audience": {"$ref": "#/$defs/settable-text"},
		"ca-file": {"$ref": "#/$defs/text", "description": "a file with the certificate authorities of url, instead of the system's"},
		"client-id": {"$ref": "#/$defs/text", "description": "whom the server authenticates as"},
		"client-secret-file": {"$ref": "#/$defs/text", "description": "a file with the client's secret"},
		"leeway": {"$ref": "#/$defs/duration", "description": "tolerated difference between clocks, at most 5m; 0s is none"},
		"cache": {"$ref": "#/$defs/duration", "description": "how long a good answer counts, at most 1h; 1m unless written, 0s is not at all"},
		"negative-cache": {"$ref": "#/$defs/duration", "description": "how long a bad answer counts, at most 1m; 10s unless written, 0s is not at all"},
		"certificate-bound": {"type": "boolean", "description": "tokens must be bound to a client certificate (RFC 8705)"},
		"dpop": ` + dpopSchema + `,
		"scope-claim": {"$ref": "#/$defs/text", "description": "the member with the scopes, or a JSON pointer to it"},
		"profile": {"enum": ["fapi2"], "description": "refuses what is weaker than the FAPI 2.0 Security Profile"},
		"audience-claim": {"enum": ["client_id"], "description": "the member that stands for aud in answers without it"},
		"roles-form": {"enum": ["list", "keys", "commas"], "description": "how roles are written: a list or one string, the keys of an object, or a string with commas"},
		"claims": {"$ref": "#/$defs/claims"},
		"tenant-claim": {"$ref": "#/$defs/text", "description": "the member that names the caller's tenant, or a JSON pointer to it: a string that must be there"},
		"roles-claim": {"$ref": "#/$defs/text", "description": "the member with the roles, or a JSON pointer to it"}
	}
}`,
	}
}

func readIntrospection(r *reader, n *load.Node) any {
	const what = "x-bailey-introspection"
	before := len(r.diags)
	if !r.members(n, what, "url", "issuer", "audiences", "audience", "client-id", "client-secret-file", "leeway",
		"cache", "negative-cache", "certificate-bound", "dpop", "scope-claim", "roles-claim", "claims", "tenant-claim", "audience-claim", "roles-form", "ca-file", "profile") {
		return nil
	}
	i := &Introspection{
		Pos:      n.KeyPos(),
		ClientID: r.textAt(n, what, "client-id"), SecretFile: r.textAt(n, what, "client-secret-file"), ScopeClaim: "scope", RolesClaim: "roles",
		Leeway: r.spanAt(n, what, "leeway", 5*time.Minute), Cache: r.spanAt(n, what, "cache", time.Hour), Negative: r.spanAt(n, what, "negative-cache", time.Minute),
	}
	i.URL, i.Issuer = r.address(n, what, "url", &i.Settings), r.textSetting(n, what, "issuer", &i.Settings)
	i.Audiences = r.audiences(n, what, &i.Settings)
	i.Certificate = r.flag(n, what, "certificate-bound")
	i.DPoP = r.dpop(n, what)
	if i.CAFile = r.caFile(n, what); i.CAFile != "" && strings.HasPrefix(i.URL, "http:") {
		r.fail(n.PosOf("ca-file"), rules.PolicyValue, what+".ca-file stands beside a url without TLS", "leave it out, or write an https URL")
	}
	if n.Get("url") == nil {
		r.missing(n, what, "url")
	}
	id, file := n.Get("client-id"), n.Get("client-secret-file")
	switch {
	case id != nil && file == nil:
		r.missing(n, what, "client-secret-file")
	case file != nil && id == nil:
		r.missing(n, what, "client-id")
	}
	if strings.IndexFunc(i.ClientID, func(c rune) bool { return c < ' ' || c > '~' }) >= 0 {
		r.wrong(id, what+".client-id", "printable ASCII")
	}
	if strings.ContainsRune(i.SecretFile, 0) {
		r.wrong(file, what+".client-secret-file", "a path")
	}
	if s := r.claim(n, what, "scope-claim"); s != "" {
		i.ScopeClaim = s
	}
	if s := r.claim(n, what, "roles-claim"); s != "" {
		i.RolesClaim = s
	}
	i.Claims, i.Tenant = r.typedClaims(n, what), r.claim(n, what, "tenant-claim")
	i.RolesForm = r.rolesForm(n, what, "")
	if v := n.Get("audience-claim"); v != nil {
		i.AudienceClaim, _ = r.choice(v, what+".audience-claim", "client_id")
	}
	r.fapi2Asked(n, what, i)
	if len(r.diags) > before {
		return nil
	}
	return i
}

// spanAt reads a time span of which zero means none, given back as -1; 0 is one that is not written.
func (r *reader) spanAt(n *load.Node, what, member string, most time.Duration) time.Duration {
	v := n.Get(member)
	if v == nil {
		return 0
	}
	d, _ := r.duration(v, what+"."+member, 0, most)
	if d == 0 {
		return -1
	}
	return d
}
