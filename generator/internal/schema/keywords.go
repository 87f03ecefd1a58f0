package schema

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// use says what bailey does with a keyword.
type use uint8

const (
	unknown    use = iota
	annotation     // documentation, or read by another stage
	noted          // an annotation that the normal form keeps
	asserted       // checked
	refused        // cannot be checked yet
)

// keywords is the table of all keywords of OpenAPI 3.0's schema object and of JSON
// Schema 2020-12, with those of older drafts that documents still use.
var keywords = map[string]use{
	"example": annotation, "examples": annotation, "externalDocs": annotation, "xml": annotation,
	"$comment": annotation, "$schema": annotation, "$id": annotation, "id": annotation, "$anchor": annotation, "$dynamicAnchor": annotation,
	"$recursiveAnchor": annotation, "$defs": annotation, "definitions": annotation, "$vocabulary": annotation,
	"contentSchema": annotation, // JSON Schema 2020-12 validation, 8.1: never asserted by default
	"discriminator": annotation, // read with oneOf and anyOf

	"title": noted, "description": noted, "deprecated": noted, "default": noted, "readOnly": noted, "writeOnly": noted,

	"$ref": asserted, "type": asserted, "nullable": asserted, "enum": asserted, "const": asserted, "format": asserted,
	"minimum": asserted, "maximum": asserted, "exclusiveMinimum": asserted, "exclusiveMaximum": asserted, "multipleOf": asserted,
	"minLength": asserted, "maxLength": asserted, "pattern": asserted,
	"items": asserted, "minItems": asserted, "maxItems": asserted, "uniqueItems": asserted,
	"properties": asserted, "required": asserted, "additionalProperties": asserted, "minProperties": asserted, "maxProperties": asserted,
	"allOf": asserted, "oneOf": asserted, "anyOf": asserted,
	"contentEncoding": asserted, "contentMediaType": asserted,

	"not": refused, "if": refused, "then": refused, "else": refused, "contains": refused, "minContains": refused, "maxContains": refused,
	"prefixItems": refused, "additionalItems": refused, "patternProperties": refused, "propertyNames": refused,
	"dependentRequired": refused, "dependentSchemas": refused, "dependencies": refused,
	"unevaluatedProperties": refused, "unevaluatedItems": refused,
	"$dynamicRef": refused, "$recursiveRef": refused,
}

// since31 are the keywords that 3.0 does not have. There they are read as in 3.1, with
// a warning: whoever wrote them meant them.
var since31 = map[string]bool{"const": true, "contentEncoding": true, "contentMediaType": true}

// harmless reports whether a refused keyword says nothing in the form it is written:
// n is the schema object, v the keyword's value.
func harmless(n *load.Node, key string, v *load.Node) bool {
	switch key {
	case "if":
		return n.Get("then") == nil && n.Get("else") == nil
	case "then", "else":
		return n.Get("if") == nil || acceptsAll(v)
	case "contains":
		return false
	case "minContains", "maxContains":
		return n.Get("contains") == nil
	case "additionalItems":
		return n.Get("items") == nil || n.Get("items").Kind != load.Array || acceptsAll(v)
	case "prefixItems":
		return v.Kind == load.Array && len(v.Items) == 0
	case "patternProperties", "dependentRequired", "dependentSchemas", "dependencies":
		return v.Kind == load.Object && len(v.Members) == 0
	case "propertyNames", "unevaluatedProperties":
		return acceptsAll(v)
	case "unevaluatedItems":
		return acceptsAll(v) || n.Get("items") != nil // items has evaluated them all
	}
	return false
}

// acceptsAll reports whether v is written as the schema that accepts everything.
func acceptsAll(v *load.Node) bool {
	return v.IsTrue() || v != nil && v.Kind == load.Object && len(v.Members) == 0
}

// unknownKeyword warns of members that no version knows: in 3.0, where none may be,
// and in 3.1, where they are annotations, when they look like a slip.
func (r *Reader) unknownKeyword(m load.Member) {
	if strings.HasPrefix(m.Key, "x-") {
		return
	}
	for known := range keywords {
		if len(known) > 3 && near(known, m.Key) {
			r.warn(m.Pos, rules.UnknownKeyword, "%q is no keyword of a schema; is %s meant?", m.Key, known)
			return
		}
	}
	if r.doc.Version == "3.0" {
		r.warn(m.Pos, rules.UnknownKeyword, "%q is no keyword of a schema in OpenAPI 3.0: it says nothing", m.Key)
	}
}

// near reports whether two words differ in case, or by one letter that is missing,
// added or replaced.
func near(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return a[i+1:] == b[i+1:]
	}
	return a[i+1:] == b[i:]
}

// typeNames are the values of `type`.
var typeNames = map[string]Types{
	"null": TypeNull, "boolean": TypeBool, "integer": TypeInteger, "number": TypeInteger | TypeNumber,
	"string": TypeString, "array": TypeArray, "object": TypeObject,
}

// String lists the names of the types, for messages.
func (t Types) String() string {
	var names []string
	for _, one := range []struct {
		bits Types
		name string
	}{
		{TypeNull, "null"}, {TypeBool, "boolean"}, {TypeInteger | TypeNumber, "number"}, {TypeInteger, "integer"},
		{TypeString, "string"}, {TypeArray, "array"}, {TypeObject, "object"},
	} {
		if t&one.bits == one.bits && (one.name != "integer" || t&TypeNumber == 0) {
			names = append(names, one.name)
		}
	}
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, " or ")
}
