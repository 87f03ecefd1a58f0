package generator

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// An injection puts one key into one schema object of a golden document. What nothing enforces must
// not pass in silence: the document is refused, or the generated code is another one.
type injection struct {
	key, value string
	types      string // of the schema object: "string array"; "" for all
	property   bool   // on properties alone
	way        ways   // where it asks for something
}

type ways uint8

const (
	inRequest ways = 1 << iota
	inResponse
)

// injections are every keyword of JSON Schema that is no annotation and every policy of values, each
// with a value that no golden has, so that it has an effect where it is enforced.
var injections = []injection{
	{"minLength", `1000`, "string", false, inRequest | inResponse},
	{"maxLength", `1`, "string", false, inRequest | inResponse},
	{"pattern", `"^inj$"`, "string", false, inRequest | inResponse},
	{"format", `"ipv6"`, "string", false, inRequest | inResponse},
	{"contentEncoding", `"base64"`, "string", false, inRequest | inResponse},
	{"minimum", `1000000007`, "integer number", false, inRequest | inResponse},
	{"maximum", `-1000000007`, "integer number", false, inRequest | inResponse},
	{"exclusiveMinimum", `1000000007`, "integer number", false, inRequest | inResponse},
	{"exclusiveMaximum", `-1000000007`, "integer number", false, inRequest | inResponse},
	{"multipleOf", `1009`, "integer number", false, inRequest | inResponse},
	{"minItems", `900`, "array", false, inRequest | inResponse},
	{"maxItems", `1`, "array", false, inRequest | inResponse},
	{"uniqueItems", `true`, "array", false, inRequest | inResponse},
	{"contains", `{"const": "inj"}`, "array", false, inRequest | inResponse},
	{"prefixItems", `[{"const": "inj"}]`, "array", false, inRequest | inResponse},
	{"unevaluatedItems", `false`, "array", false, inRequest | inResponse},
	{"minProperties", `90`, "object", false, inRequest | inResponse},
	{"maxProperties", `0`, "object", false, inRequest | inResponse},
	{"required", `["inj"]`, "object", false, inRequest | inResponse},
	{"properties", `{"inj": {"type": "string"}}`, "object", false, inRequest | inResponse},
	{"additionalProperties", `{"type": "integer"}`, "object", false, inRequest | inResponse},
	{"patternProperties", `{"^inj": {"type": "integer"}}`, "object", false, inRequest | inResponse},
	{"propertyNames", `{"maxLength": 1}`, "object", false, inRequest | inResponse},
	{"dependentRequired", `{"inj": ["jni"]}`, "object", false, inRequest | inResponse},
	{"dependentSchemas", `{"inj": {"maxProperties": 1}}`, "object", false, inRequest | inResponse},
	{"unevaluatedProperties", `{"type": "integer"}`, "object", false, inRequest | inResponse},
	{"not", `{"required": ["inj"]}`, "object", false, inRequest | inResponse},
	{"not", `{"maxItems": 0}`, "array", false, inRequest | inResponse},
	{"not", `{"const": "inj"}`, "string", false, inRequest | inResponse},
	{"anyOf", `[{"required": ["inj"]}, {"required": ["jni"]}]`, "object", false, inRequest | inResponse},
	{"oneOf", `[{"required": ["inj"]}, {"required": ["jni"]}]`, "object", false, inRequest | inResponse},
	{"anyOf", `[{"maxLength": 3}, {"pattern": "^inj"}]`, "string", false, inRequest | inResponse},
	{"oneOf", `[{"maximum": 3}, {"minimum": 5}]`, "integer number", false, inRequest | inResponse},
	{"allOf", `[{"maxLength": 1}]`, "string", false, inRequest | inResponse},
	{"allOf", `[{"not": {"required": ["inj"]}}]`, "object", false, inRequest | inResponse},
	{"if", `{"required": ["inj"]}, "then": {"required": ["jni"]}`, "object", false, inRequest | inResponse},
	{"enum", `["inj"]`, "string", false, inRequest | inResponse},
	{"enum", `[1000000007]`, "integer", false, inRequest | inResponse},
	{"const", `"inj"`, "string", false, inRequest | inResponse},
	{"readOnly", `true`, "", true, inRequest},
	{"writeOnly", `true`, "", true, inResponse},

	{"x-bailey-mask", `"redact"`, "", false, inResponse},
	{"x-bailey-mask", `"drop"`, "", true, inResponse},
	{"x-bailey-data", `"secret"`, "", false, inResponse},
	{"x-bailey-writable-by", `"inj"`, "", false, inRequest},
	{"x-bailey-unknown", `"drop"`, "", false, inRequest},
	{"x-bailey-exact", `true`, "", false, inRequest | inResponse},
}

// fits reports whether an injection asks for something at a site.
func (in injection) fits(s *site) bool {
	if s.n.Get(in.key) != nil || in.way&s.way == 0 || in.property && !s.property {
		return false
	}
	if s.n.Pointer() == "/components/schemas/Doubtful/properties/inner" {
		return false // no value meets it, because of what it requires
	}
	if in.key == "contentEncoding" && s.n.StrOr("format") == "byte" || in.key == "maxProperties" && s.closed() {
		return false // the document says the same already
	}
	if how := s.n.StrOr("x-bailey-mask"); (how == "null" || how == "drop") && !strings.HasPrefix(in.key, "x-bailey-") {
		return false // nothing of the value is sent
	}
	if in.key == "x-bailey-mask" && s.n.Get("x-bailey-data") != nil {
		return false // the class of the data redacts already
	}
	if in.key == "minLength" && (strings.HasSuffix(s.n.StrOr("pattern"), "{2000}$") || strings.HasSuffix(s.n.StrOr("pattern"), "{2048}$")) {
		return false // the pattern asks for more
	}
	if in.key == "x-bailey-unknown" && strings.HasPrefix(s.n.Pointer(), "/components/schemas/DroppingPlaces/properties/merged") {
		return false // the other part of the allOf drops already
	}
	if in.key == "unevaluatedItems" && s.n.Get("items") != nil || in.key == "x-bailey-exact" && s.raw {
		return false // it says nothing there
	}
	if mask := s.n.Get("x-bailey-mask"); in.key == "x-bailey-data" && mask != nil {
		return false // the mask says how the class is shown
	}
	if in.key == "allOf" && s.n.Get("maxLength") != nil {
		return false // it may say the same
	}
	if in.types == "" {
		return true
	}
	kind := s.n.Get("type")
	if kind != nil && kind.Kind == load.Array && len(kind.Items) > 0 {
		kind = kind.Items[0]
	}
	text, ok := kind.Str()
	return ok && slices.Contains(strings.Fields(in.types), text)
}

// closed reports whether the document takes no member of an object anyhow.
func (s *site) closed() bool {
	for _, key := range []string{"properties", "patternProperties", "allOf", "oneOf", "anyOf", "unevaluatedProperties"} {
		if s.n.Get(key) != nil {
			return false
		}
	}
	rest := s.n.Get("additionalProperties")
	return rest == nil || rest.IsFalse()
}
