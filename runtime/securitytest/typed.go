package securitytest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/bailey-go/bailey/runtime/auth"
)

// typed gives the claims that a policy knows the types of values of these types: those that the
// caller has as text, and those that have to be there, unless they were taken away.
func (c Caller) typed(claims []auth.Claim, tenant string) Caller {
	c.Claims = maps.Clone(c.Claims)
	if c.Claims == nil {
		c.Claims = map[string]any{}
	}
	for _, claim := range claims {
		value, there := c.Claims[claim.Name]
		if !there && len(claim.Values) > 0 && !claim.Optional {
			value, there = claim.Values[0], true // written as its type below
			c.Claims[claim.Name] = value
		}
		if !there && claim.Required {
			c.Claims[claim.Name] = map[auth.ClaimType]any{
				auth.ClaimText: "attack", auth.ClaimInteger: json.Number("1"), auth.ClaimBoolean: true, auth.ClaimTextList: []any{"attack"},
			}[claim.Type]
		}
		text, ok := value.(string)
		if !ok {
			continue
		}
		switch claim.Type {
		case auth.ClaimInteger:
			if _, err := strconv.ParseInt(text, 10, 64); err == nil {
				c.Claims[claim.Name] = json.Number(text)
			}
		case auth.ClaimBoolean:
			if b, err := strconv.ParseBool(text); err == nil {
				c.Claims[claim.Name] = b
			}
		case auth.ClaimTextList:
			c.Claims[claim.Name] = []any{text}
		}
	}
	if _, there := c.Claims[tenant]; tenant != "" && !there {
		c.Claims[tenant] = "attack"
	}
	return c
}

// wrongTypes are credentials whose claims do not hold what the policy says that they do.
func wrongTypes(claims []auth.Claim, tenant string, make func(claim string, value any) fields) []bad {
	var out []bad
	for _, c := range claims {
		if c.Name == "sub" {
			continue // which is no claim of the caller here: see issuer.bad
		}
		out = append(out, bad{name: "a credential with an object for the claim " + c.Name, fields: make(c.Name, map[string]any{"a": 1})})
		if len(c.Values) > 0 {
			other := any("attack: another value")
			if c.Type == auth.ClaimTextList {
				other = []any{other}
			}
			out = append(out, bad{name: "a credential with another value of the claim " + c.Name, fields: make(c.Name, other)})
		}
		if c.Needed() {
			out = append(out, bad{name: "a credential without the claim " + c.Name, fields: make(c.Name, nil)})
		}
	}
	if tenant != "" {
		out = append(out, bad{name: "a credential without a tenant", fields: make(tenant, nil)},
			bad{name: "a credential with an empty tenant", fields: make(tenant, "")})
	}
	return out
}

// declared reports whether some scheme checks the type of one of the claims: a credential
// with another value may then be refused with it.
func (c *Credentials) declared(names []string) bool {
	has := func(claims []auth.Claim, tenant string) bool {
		return tenant != "" && slices.Contains(names, tenant) ||
			slices.ContainsFunc(claims, func(claim auth.Claim) bool { return slices.Contains(names, claim.Name) })
	}
	for _, i := range c.schemes {
		if has(i.policy.Claims, i.policy.TenantClaim) {
			return true
		}
	}
	for _, e := range c.asked {
		if has(e.policy.Claims, e.policy.TenantClaim) {
			return true
		}
	}
	return false
}

// or401 lets 401 pass too.
func or401(want judge) judge {
	return func(status int) string {
		if status == 401 {
			return ""
		}
		return want(status)
	}
}
