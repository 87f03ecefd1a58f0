package claims

import (
	"maps"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/runtime/auth"
)

// Roles reads the roles in a claim that is there, in the form that the policy names. A claim in another form is refused.
func Roles(v any, form auth.RolesForm) ([]string, bool) {
	switch form {
	case auth.RolesList:
		return Strings(v)
	case auth.RolesKeys:
		object, ok := v.(map[string]any)
		return slices.Sorted(maps.Keys(object)), ok
	case auth.RolesCommas:
		text, ok := v.(string)
		var list []string
		for role := range strings.SplitSeq(text, ",") {
			if role = strings.Trim(role, " "); role != "" {
				list = append(list, role)
			}
		}
		return list, ok
	}
	return nil, false
}
