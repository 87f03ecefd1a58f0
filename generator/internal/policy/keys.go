package policy

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/spell"
)

// prefix begins every key of the vocabulary.
const prefix = "x-bailey-"

// place is where a key can stand; a set of bits.
type place uint8

const (
	onDocument place = 1 << iota
	onPath
	onOperation
	onScheme
	onSchema
	onProperty
	onParameter
	onResponse
)

// places are the names of the bits, in order.
var places = []struct {
	bit  place
	name string
}{
	{onDocument, "document"}, {onPath, "path"}, {onOperation, "operation"}, {onScheme, "security scheme"},
	{onSchema, "schema"}, {onProperty, "property"}, {onParameter, "parameter"}, {onResponse, "response"},
}

// String lists the places: "path, operation".
func (p place) String() string {
	var names []string
	for _, x := range places {
		if p&x.bit != 0 {
			names = append(names, x.name)
		}
	}
	return strings.Join(names, ", ")
}

// first is the name of the first place.
func (p place) first() string {
	name, _, _ := strings.Cut(p.String(), ",")
	return name
}

// key is one word of the vocabulary.
type key struct {
	name string // without the prefix
	on   place
	says string // in one line: for the JSON Schema
	// schema is the JSON Schema of the value (2020-12).
	schema string
	// read reads a value and reports what is wrong with it; nil is then the result.
	// A key without read is not supported yet: it is refused wherever it stands.
	read func(r *reader, n *load.Node) any
}

func (k *key) full() string { return prefix + k.name }

// keys is the vocabulary.
func keys() []key {
	return []key{
		jwtKey(), introspectionKey(), apiKeyKey(), basicKey(), mtlsKey(), sessionKey(), publicKey(), ownerKey(), rateLimitKey(), limitsKey(),
		unknownKey(), dataKey(), maskKey(), goNameKey(), skipKey(), requireKey(), authorizeKey(),
		writableByKey(), exactKey(), readOnlyKey(), subjectKey(), namesKey(), inheritKey(), errorsKey(), deprecationKey(), modeKey(),

		{name: "quota", on: onDocument | onPath | onOperation, says: "calls per day or month"},
		{name: "concurrency", on: onDocument | onPath | onOperation, says: "calls in flight"},
		{name: "lockout", on: onOperation, says: "failures per key before a pause"},
		{name: "seal", on: onProperty, says: "stored encrypted"},
		{name: "sanitize", on: onSchema, says: "how a string is cleaned"},
		{name: "idempotency", on: onOperation, says: "Idempotency-Key and how long it is kept"},
		{name: "webhook", on: onOperation, says: "signature scheme of what comes in or goes out"},
		{name: "fetch", on: onSchema, says: "hosts that the server may call with it"},
		{name: "audit", on: onOperation, says: "always record, and which fields"},
		{name: "go-type", on: onSchema, says: "a Go type of the user's own"},
	}
}

// ours reports whether a member's name means to be a key of ours: by its prefix in
// any case, or because it is one by all but two letters.
func (r *reader) ours(name string) bool {
	lower := strings.ToLower(name)
	if len(lower) < 3 || lower[0] != 'x' {
		return false
	}
	if strings.HasPrefix(lower, "x-bailey") || strings.HasPrefix(lower, "x_bailey") {
		return true
	}
	if len(lower) <= len(prefix) || len(lower) > 40 || spell.Edits(lower[:len(prefix)], prefix) > 2 {
		return false
	}
	best, distance := r.closest(lower)
	return best != "" && distance <= 2
}

// closest is the key of the vocabulary that is most like name.
func (r *reader) closest(name string) (best string, distance int) {
	distance = 1 << 20
	for full := range r.table {
		d := spell.Edits(strings.ToLower(name), full)
		if d < distance || d == distance && full < best {
			best, distance = full, d
		}
	}
	return best, distance
}
