package jwt

import (
	"slices"
	"strings"

	read "github.com/bailey-go/bailey/runtime/auth/internal/claims"
)

// Tenants reports whether the server serves a tenant of the issuer. The identifier is a UUID (RFC 9562) in the text that the token
// has. It is asked with each request, also for tokens that are remembered, from many goroutines, and must answer from memory.
type Tenants func(tenant string) bool

// TenantList are the tenants of a list, compared byte by byte.
func TenantList(ids ...string) Tenants {
	ids = slices.Clone(ids)
	return func(tenant string) bool { return slices.Contains(ids, tenant) }
}

// tenantPlace stands in an issuer for the tenant's identifier. Providers write their metadata and the issuers of keys with another one.
const (
	tenantPlace   = "{tenant}"
	providerPlace = "{tenantid}"
)

func (p *Policy) manyTenants() bool { return strings.Contains(p.Issuer, tenantPlace) }

// checkTenants says what is wrong with an issuer of many tenants. There are no other patterns.
func (p *Policy) checkTenants(bad func(format string, args ...any)) {
	before, after, many := strings.Cut(p.Issuer, tenantPlace)
	switch {
	case !many && p.Tenants != nil:
		bad("the policy has tenants, and its issuer has no %s", tenantPlace)
	case strings.ContainsAny(before+after, "{}"):
		bad("the issuer has braces in it: one %s is the only place for a value", tenantPlace)
	case !many:
		return
	case p.Tenants == nil || p.TenantClaim == "":
		bad("the issuer has %s in it, and the policy has no list of tenants, or no claim that names one", tenantPlace)
	case !strings.HasPrefix(before, "https://") || !strings.HasSuffix(before, "/") || strings.Count(before, "/") < 3 || after != "" && after[0] != '/':
		bad("the issuer is no https URL with %s as one segment of its path", tenantPlace)
	}
}

// issuerOf returns the issuer that a token with these claims must have, and its tenant. It reports false where the policy has
// tenants and the token has none of them.
func (p *Policy) issuerOf(members map[string]any) (issuer, tenant string, ok bool) {
	if !p.manyTenants() {
		return p.Issuer, "", true
	}
	v, _ := read.Find(members, p.TenantClaim)
	tenant, _ = v.(string)
	if !isUUID(tenant) || !p.Tenants(tenant) {
		return "", "", false
	}
	return strings.Replace(p.Issuer, tenantPlace, tenant, 1), tenant, true
}

// signsFor reports whether k may sign a token of this issuer and tenant. A key of an issuer of many tenants says which it signs for: where it was
// fetched, it must say so, and otherwise a key that says nothing was written down for all of them.
func (k *key) signsFor(issuer, tenant string) bool {
	switch {
	case tenant == "":
		return true
	case k.issuer == "":
		return !k.fetched
	}
	return strings.NewReplacer(providerPlace, tenant, tenantPlace, tenant).Replace(k.issuer) == issuer
}

// isMetadataOf reports whether the issuer of metadata is the policy's, with the provider's own place for the tenant.
func isMetadataOf(claimed, issuer string) bool {
	return claimed == issuer && !strings.Contains(issuer, tenantPlace) || strings.Contains(issuer, tenantPlace) && claimed == strings.Replace(issuer, tenantPlace, providerPlace, 1)
}

// isUUID reports whether s is the text of a UUID: 8-4-4-4-12 hexadecimal digits.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
			return false
		}
	}
	return true
}
