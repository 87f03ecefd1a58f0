package claims

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/bailey-go/bailey/runtime/auth"
)

// Typed reports whether the claims hold what they are said to; missing is a claim that has
// to be there and is not.
func Typed(members map[string]any, want []auth.Claim) (ok, missing bool) {
	for _, c := range want {
		v, there := Find(members, c.Name)
		if !there && c.Needed() {
			return false, true
		}
		if there && (!holds(v, c.Type) || !among(v, c.Values)) {
			return false, false
		}
	}
	return true, false
}

// among reports whether a claim of a known type holds one of the values; any will do where there are none.
func among(v any, values []string) bool {
	if len(values) == 0 {
		return true
	}
	switch v := v.(type) {
	case string:
		return slices.Contains(values, v)
	case bool:
		return slices.Contains(values, strconv.FormatBool(v))
	case json.Number:
		n, err := strconv.ParseInt(string(v), 10, 64)
		return err == nil && slices.Contains(values, strconv.FormatInt(n, 10))
	case []any:
		return slices.ContainsFunc(v, func(item any) bool {
			s, ok := item.(string)
			return ok && slices.Contains(values, s)
		})
	}
	return false
}

// CheckClaims says what is wrong with typed claims as a policy has them; each text begins with the claim's name.
func CheckClaims(list []auth.Claim) (wrong []string) {
	for _, c := range list {
		for _, value := range c.Values {
			switch n, err := strconv.ParseInt(value, 10, 64); {
			case c.Type == auth.ClaimInteger && (err != nil || strconv.FormatInt(n, 10) != value),
				c.Type == auth.ClaimBoolean && value != "true" && value != "false":
				wrong = append(wrong, strconv.Quote(c.Name)+" can never hold "+strconv.Quote(value))
			}
		}
	}
	return wrong
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
