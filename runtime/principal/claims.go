package principal

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
)

// HasClaim is [Principal.HasClaim].
func (c Caller) HasClaim(name, value string) bool { return c.p.HasClaim(name, value) }

// TextClaim returns a claim that is a string, also an empty one; names are those of
// [Principal.AnyClaim].
func (c Caller) TextClaim(name string) (string, bool) {
	if c.p == nil {
		return "", false
	}
	return c.p.scalar(name)
}

// IntClaim returns a claim that is an integer of 64 bits.
func (c Caller) IntClaim(name string) (int64, bool) {
	switch v := c.principal().find(name).(type) {
	case json.Number:
		n, err := strconv.ParseInt(string(v), 10, 64)
		return n, err == nil
	case int:
		return int64(v), true
	case int64:
		return v, true
	}
	return 0, false
}

// BoolClaim returns a claim that is true or false.
func (c Caller) BoolClaim(name string) (value, ok bool) {
	value, ok = c.principal().find(name).(bool)
	return value, ok
}

// ListClaim returns a claim that is a list of at most 1024 strings, also an empty one: a copy.
func (c Caller) ListClaim(name string) ([]string, bool) {
	switch v := c.principal().find(name).(type) {
	case []string:
		if len(v) <= maxClaimValues {
			return slices.Clone(v), true
		}
	case []any:
		list := stringsOf(v)
		return list, list != nil
	}
	return nil, false
}

func stringsOf(list []any) []string {
	if len(list) > maxClaimValues {
		return nil
	}
	out := make([]string, 0, len(list))
	for _, item := range list {
		s, ok := item.(string)
		if !ok {
			return nil
		}
		out = append(out, s)
	}
	return out
}

// ClaimValue returns a claim of any kind as the authenticator decoded it: of JSON, that is a
// map[string]any, []any, string, bool, json.Number, or nothing and false for null. Objects and
// lists are copies, to a depth of 64; what is deeper, or holds what can neither be copied
// nor be handed out, is not there: pointers, functions, channels and the like.
func (c Caller) ClaimValue(name string) (any, bool) {
	if c.p == nil {
		return nil, false
	}
	if s, ok := c.p.scalar(name); ok {
		return s, true
	}
	v := c.p.find(name)
	if v == nil {
		return nil, false
	}
	return copied(v, maxClaimDepth)
}

// maxClaimDepth bounds the nesting of what ClaimValue copies.
const maxClaimDepth = 64

// copied returns a copy of a claim that shares nothing with it which can be changed.
func copied(v any, depth int) (any, bool) {
	if depth == 0 {
		return nil, false
	}
	ok := true
	part := func(v any) any {
		c, is := copied(v, depth-1)
		ok = ok && is
		return c
	}
	switch v := v.(type) {
	case nil, string, bool, json.Number, float64, int, int64:
		return v, true
	case map[string]any:
		c := maps.Clone(v)
		for name, value := range c {
			c[name] = part(value)
		}
		return c, ok
	case []any:
		c := slices.Clone(v)
		for i := range c {
			c[i] = part(c[i])
		}
		return c, ok
	case []string:
		return slices.Clone(v), true
	}
	return v, isValue(reflect.TypeOf(v))
}

// isValue reports whether all of a value of the type is in it: numbers, strings, arrays of them.
func isValue(t reflect.Type) bool {
	for t.Kind() == reflect.Array {
		t = t.Elem()
	}
	return t.Kind() == reflect.String || t.Kind() >= reflect.Bool && t.Kind() <= reflect.Complex128 && t.Kind() != reflect.Uintptr
}
