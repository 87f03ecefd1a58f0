package schema

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// Ask is a keyword of a schema object to which values must be held: an enforcer has to claim it.
type Ask struct {
	Node *load.Node
	Key  string
	Pos  diag.Pos // of the keyword
}

// Claim says that an enforcer holds the values of a schema to some of its keywords. It speaks of
// every schema object that the schema is merged from. Who claims a keyword that holds other
// schemas, such as items, sees to it that these have an enforcer.
type Claim struct {
	Schema *Schema
	Keys   []string
}

// Asks are the keywords of s itself, in the order of the document: those that the table of keywords
// has as asserted or refused, and of which the normal form keeps something. What the Reader has
// settled is none: $ref and allOf, which are merged; choices of one branch; keywords for types
// that s does not have. Nor are annotations, which the table lists.
func (r *Reader) Asks(s *Schema) []Ask {
	if s.Never || s.Types == 0 {
		return nil // who takes no value at all needs no keyword
	}
	var out []Ask
	for _, n := range s.Nodes {
		reference, _ := n.Get("$ref").Str()
		if n.Kind != load.Object || reference != "" && r.doc.Version == "3.0" {
			continue // beside a $ref of 3.0, keywords say nothing, with a warning
		}
		for _, m := range n.Members {
			if use := keywords[m.Key]; (use == asserted || use == refused) && s.keeps(n, m.Key) {
				out = append(out, Ask{n, m.Key, m.Pos})
			}
		}
	}
	return out
}

// keeps reports whether the normal form has something of a keyword of the schema object n.
func (s *Schema) keeps(n *load.Node, key string) bool {
	types := s.Types
	if possible := types &^ s.Impossible; possible != 0 {
		types = possible // no value of the others passes, whatever their keywords say
	}
	text, number := types&TypeString != 0, types&(TypeInteger|TypeNumber) != 0
	list, object := types&TypeArray != 0, types&TypeObject != 0
	switch key {
	case "type":
		return s.Types != TypeAny
	case "enum", "const":
		return s.Enum != nil
	case "format":
		return formatTypes[s.Format]&types != 0 && s.Format != "password" // others are documentation, with a warning
	case "contentEncoding":
		return text && s.Format == "byte"
	case "minLength":
		return text && s.MinLength > 0
	case "maxLength":
		return text && s.MaxLength >= 0
	case "pattern":
		return text && len(s.Patterns) > 0
	case "minimum":
		return number && s.Minimum != ""
	case "maximum":
		return number && s.Maximum != ""
	case "exclusiveMinimum":
		return number && s.Minimum != "" && !n.Get(key).IsFalse()
	case "exclusiveMaximum":
		return number && s.Maximum != "" && !n.Get(key).IsFalse()
	case "multipleOf":
		return number && len(s.MultipleOf) > 0
	case "items":
		return list && s.Items != nil || s.beyond(n, key)
	case "minItems":
		return list && s.MinItems > 0
	case "maxItems":
		return list && s.MaxItems >= 0
	case "uniqueItems":
		return list && s.UniqueItems
	case "properties":
		return object && len(s.Properties) > 0
	case "required":
		return object && len(s.Required) > 0
	case "additionalProperties":
		return object && s.Extra != ExtraSilent
	case "minProperties":
		return object && s.MinProperties > 0
	case "maxProperties":
		return object && s.MaxProperties >= 0
	case "oneOf", "anyOf":
		return len(s.OneOf)+len(s.AnyOf) > 0 || object && len(s.RequiredAny)+len(s.RequiredOne) > 0 || s.beyond(n, key)
	case "not":
		return object && len(s.RequiredOne) > 0 || s.beyond(n, key)
	case "unevaluatedProperties":
		return object && (s.Closed || s.Extra == ExtraFalse) || s.beyond(n, key)
	}
	return s.beyond(n, key)
}

// beyond reports whether a keyword of n is one that the normal form lacks.
func (s *Schema) beyond(n *load.Node, key string) bool {
	return slices.ContainsFunc(s.Beyond, func(k Keyword) bool { return k.Node == n && k.Key == key })
}
