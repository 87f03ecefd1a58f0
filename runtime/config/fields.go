package config

import (
	"encoding"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/basic"
	"github.com/bailey-go/bailey/runtime/auth/introspect"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
)

// kind is how a field is read.
type kind uint8

const (
	kindNone   kind = iota // no text can hold it
	kindObject             // a struct
	kindMade               // made from the texts below it: see made
	kindText
	kindBool
	kindInt
	kindSize // bytes
	kindDuration
	kindMarshaled // encoding.TextUnmarshaler
	kindList
	kindSecret // from a file
)

// field is a key of the file.
type field struct {
	key   string // of its object
	path  string // from the root, with dots
	kind  kind
	index []int // of the struct's field, from the root
	typ   reflect.Type
	kids  []*field
}

// made are the types that texts make: their keys, and whether one or all of them are needed.
var made = map[reflect.Type]struct {
	keys []string
	one  bool
	make func(texts map[string]string) (any, error)
}{
	reflect.TypeFor[jwt.KeySource](): {[]string{"jwks-url", "discovery-url", "file"}, true, func(t map[string]string) (any, error) {
		switch {
		case t["jwks-url"] != "":
			return jwt.JWKS(t["jwks-url"]), nil
		case t["discovery-url"] != "":
			return jwt.Discovery(t["discovery-url"]), nil
		}
		return jwt.File(t["file"]), nil
	}},
	reflect.TypeFor[introspect.Client](): {[]string{"id", "secret-file"}, false, func(t map[string]string) (any, error) {
		return introspect.SecretFile(t["id"], t["secret-file"]), nil
	}},
	reflect.TypeFor[apikey.Store]():     {[]string{"file"}, false, func(t map[string]string) (any, error) { return apikey.File(t["file"]) }},
	reflect.TypeFor[*apikey.HashKeys](): {[]string{"file"}, false, func(t map[string]string) (any, error) { return apikey.HashKeyFile(t["file"]) }},
	reflect.TypeFor[basic.Users]():      {[]string{"file"}, false, func(t map[string]string) (any, error) { return basic.File(t["file"]) }},
}

// deepest bounds objects in objects.
const deepest = 4

// tree lists the keys of a Config.
func tree(t reflect.Type) *field {
	root := &field{kind: kindObject, typ: t}
	root.members(t, nil, 0)
	return root
}

// members adds the fields of a struct. Those of an embedded one come after its own, which hide them.
func (f *field) members(t reflect.Type, index []int, depth int) {
	var embedded []reflect.StructField
	for i := range t.NumField() {
		switch m := t.Field(i); {
		case !m.IsExported():
		case m.Anonymous && m.Type.Kind() == reflect.Struct:
			embedded = append(embedded, m)
		default:
			f.member(m, index, depth)
		}
	}
	for _, m := range embedded {
		f.members(m.Type, append(slices.Clone(index), m.Index...), depth)
	}
}

func (f *field) member(m reflect.StructField, index []int, depth int) {
	k := &field{key: kebab(m.Name), index: append(slices.Clone(index), m.Index...), typ: m.Type, kind: kindOf(m.Type)}
	if k.kind == kindSecret {
		k.key += "-file"
	}
	if slices.ContainsFunc(f.kids, func(other *field) bool { return other.key == k.key }) {
		return
	}
	k.path = k.key
	if f.path != "" {
		k.path = f.path + "." + k.key
	}
	switch {
	case k.kind == kindObject && depth >= deepest:
		k.kind = kindNone
	case k.kind == kindObject:
		k.members(m.Type, k.index, depth+1)
		if !slices.ContainsFunc(k.kids, func(kid *field) bool { return kid.kind != kindNone }) {
			k.kind = kindNone
		}
	case k.kind == kindMade:
		for _, key := range made[m.Type].keys {
			k.kids = append(k.kids, &field{key: key, path: k.path + "." + key, kind: kindText, typ: reflect.TypeFor[string]()})
		}
	}
	f.kids = append(f.kids, k)
}

func kindOf(t reflect.Type) kind {
	_, isMade := made[t]
	switch {
	case isMade:
		return kindMade
	case t == reflect.TypeFor[time.Duration]():
		return kindDuration
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return kindMarshaled
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return kindSecret
	case t.Kind() == reflect.Slice && (t.Elem().Kind() == reflect.String || kindOf(t.Elem()) == kindMarshaled):
		return kindList
	case t.Kind() == reflect.Struct:
		return kindObject
	case t.PkgPath() != "": // a type of its own: its values have names
		return kindNone
	}
	switch t.Kind() {
	case reflect.String:
		return kindText
	case reflect.Bool:
		return kindBool
	case reflect.Int:
		return kindInt
	case reflect.Int64:
		return kindSize
	}
	return kindNone
}

// each calls f for the fields that one value fills.
func (f *field) each(call func(*field)) {
	for _, k := range f.kids {
		switch k.kind {
		case kindNone:
		case kindObject, kindMade:
			k.each(call)
		default:
			call(k)
		}
	}
}

// variable is the name of the field's environment variable, without prefix.
func (f *field) variable() string {
	return strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(f.path))
}

// kebab writes a name of Go with hyphens: LoginJWKS is login-jwks, and CAFile ca-file.
func kebab(name string) string {
	runes := []rune(strings.ReplaceAll(name, "DPoP", "Dpop"))
	var b strings.Builder
	for i, c := range runes {
		if i > 0 && unicode.IsUpper(c) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) && runes[i-1] != '_' {
			b.WriteByte('-')
		}
		if c == '_' {
			c = '-'
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
