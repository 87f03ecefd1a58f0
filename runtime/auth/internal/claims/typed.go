package claims

import (
	"encoding/json"
	"strconv"

	"github.com/bailey-go/bailey/runtime/auth"
)

// Typed reports whether the claims hold what they are said to; missing is a claim that has
// to be there and is not.
func Typed(members map[string]any, want []auth.Claim) (ok, missing bool) {
	for _, c := range want {
		v, there := Find(members, c.Name)
		if !there && c.Required {
			return false, true
		}
		if there && !holds(v, c.Type) {
			return false, false
		}
	}
	return true, false
}

func holds(v any, t auth.ClaimType) bool {
	switch t {
	case auth.ClaimText:
		_, ok := v.(string)
		return ok
	case auth.ClaimInteger:
		n, ok := v.(json.Number)
		_, err := strconv.ParseInt(string(n), 10, 64)
		return ok && err == nil
	case auth.ClaimBoolean:
		_, ok := v.(bool)
		return ok
	case auth.ClaimTextList:
		if _, ok := v.([]any); !ok {
			return false
		}
		_, ok := Strings(v)
		return ok
	}
	return false
}

// Tenant returns the claim that names the caller's tenant, which is a text that can be
// compared and logged; "" where the policy has none.
func Tenant(members map[string]any, name string) (string, bool) {
	if name == "" {
		return "", true
	}
	v, _ := Find(members, name)
	return Subject(v)
}
