package claims

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
)

// maxDate is the last second of the year 9999.
const maxDate = 253402300799

// Date returns a NumericDate (RFC 7519, section 2), which is a number and nothing that looks like one.
func Date(v any) (time.Time, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return time.Time{}, false
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || !(f >= 0 && f <= maxDate) {
		return time.Time{}, false
	}
	whole, part := math.Modf(f)
	return time.Unix(int64(whole), int64(part*1e9)), true
}

// Subject returns a sub that can be compared and logged.
func Subject(v any) (string, bool) {
	sub, _ := v.(string)
	for i := range len(sub) {
		if sub[i] < ' ' || sub[i] == 0x7f {
			return "", false
		}
	}
	return sub, sub != ""
}

// Scopes takes a string with spaces between (RFC 6749, section 3.3) or a list of strings.
func Scopes(v any) ([]string, bool) {
	var list []string
	if s, isText := v.(string); isText {
		list = strings.FieldsFunc(s, func(r rune) bool { return r == ' ' })
	} else {
		var ok bool
		if list, ok = Strings(v); !ok {
			return nil, false
		}
	}
	for _, scope := range list {
		if !auth.IsScopeToken(scope) {
			return nil, false
		}
	}
	return list, true
}

// Strings takes a string or a list of strings.
func Strings(v any) ([]string, bool) {
	switch v := v.(type) {
	case string:
		return []string{v}, true
	case []any:
		list := make([]string, 0, len(v))
		for _, item := range v {
			s, ok := item.(string)
			if !ok {
				return nil, false
			}
			list = append(list, s)
		}
		return list, true
	}
	return nil, false
}

// AnyOf reports whether a string is one of the wanted ones, or a list of strings holds one.
func AnyOf(v any, wanted []string) bool {
	list, ok := Strings(v)
	return ok && slices.ContainsFunc(list, func(s string) bool { return slices.Contains(wanted, s) })
}

// Find returns a claim by name, or by JSON pointer (RFC 6901) through objects.
func Find(members map[string]any, name string) (any, bool) {
	if !strings.HasPrefix(name, "/") {
		v, ok := members[name]
		return v, ok
	}
	var v any = members
	for step := range strings.SplitSeq(name[1:], "/") {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		if v, ok = object[step]; !ok {
			return nil, false
		}
	}
	return v, true
}
