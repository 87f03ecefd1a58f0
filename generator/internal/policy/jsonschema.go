package policy

import (
	"bytes"
	"encoding/json"
	"strings"
)

// parts are the schemas that several keys refer to.
var parts = []struct{ name, schema string }{
	{"text", `{"type": "string", "minLength": 1, "maxLength": 500, "pattern": "\\S"}`},
	{"texts", `{
		"oneOf": [
			{"$ref": "#/$defs/text"},
			{"type": "array", "minItems": 1, "uniqueItems": true, "items": {"$ref": "#/$defs/text"}}
		]
	}`},
	{"duration", `{"type": "string", "pattern": "^([0-9]+d|0|([0-9]*\\.?[0-9]+(ns|us|µs|ms|s|m|h))+)$", "description": "such as 30s, 5m, 1h30m or 7d"}`},
	{"settable-text", settable(`{"$ref": "#/$defs/text"}`)},
	{"settable-texts", settable(`{"$ref": "#/$defs/texts"}`)},
	{"settable-url", settable(urlSchema)},
	{"settable-discovery", `{"oneOf": [` + urlSchema + `, {
		"type": "object", "additionalProperties": false, "required": ["config"],
		"properties": {"config": {"enum": ["required", "optional"]}, "default": ` + urlSchema + `},
		"if": {"properties": {"config": {"const": "required"}}},
		"then": {"not": {"required": ["default"]}}
	}]}`},
	{"error-codes", errorCodesSchema},
	{"owner", ownerSchema},
	{"owners", ownersSchema},
	{"owner-groups", ownerGroupsSchema},
	{"callers", callersSchema},
	{"claims", claimsSchema},
	{"condition", conditionSchema},
	{"rate", rateSchema},
	{"rates", ratesSchema},
}

const urlSchema = `{"type": "string", "format": "uri", "minLength": 1, "maxLength": 500}`

// JSONSchema returns the JSON Schema (2020-12) of the vocabulary, which docs
// publishes for editors. It describes the values of all supported keys, in
// #/$defs/KEY, and what can stand where, in #/$defs/on-PLACE: there any other key of
// ours is refused, and what is not ours is let through. What a schema cannot say, such as
// that a parameter exists, only Read checks.
func JSONSchema() ([]byte, error) {
	var b strings.Builder
	b.WriteString(`{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title": "The x-bailey- vocabulary",
		"description": "Values of the keys (#/$defs/x-bailey-NAME), and which may stand where (#/$defs/on-PLACE). Made from generator/internal/policy.",
		"$defs": {`)
	for _, p := range parts {
		b.WriteString(quoted(p.name) + ": " + p.schema + ",")
	}
	var known []key
	for _, k := range keys() {
		if k.read == nil {
			continue
		}
		known = append(known, k)
		b.WriteString(quoted(k.full()) + `: {"description": ` + quoted(k.says+" (on: "+k.on.String()+")") + "," +
			strings.TrimPrefix(strings.TrimSpace(k.schema), "{") + ",")
	}
	for i, p := range places {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quoted("on-"+strings.ReplaceAll(p.name, " ", "-")) + ": " + placeSchema(p.bit, known))
	}
	b.WriteString("}}")
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(b.String()), "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// placeSchema is the schema of an object in a place, as far as our keys go.
func placeSchema(bit place, known []key) string {
	var properties, names []string
	for _, k := range known {
		if k.on&bit != 0 {
			properties = append(properties, quoted(k.full())+`: {"$ref": `+quoted("#/$defs/"+k.full())+`}`)
			names = append(names, quoted(k.full()))
		}
	}
	return `{
		"propertyNames": {"if": {"pattern": "^[xX][-_][bB][aA][iI][lL][eE][yY]"}, "then": {"enum": [` + strings.Join(names, ", ") + `]}},
		"properties": {` + strings.Join(properties, ", ") + `}
	}`
}

func quoted(s string) string {
	b, _ := json.Marshal(s) // a string always can
	return string(b)
}
