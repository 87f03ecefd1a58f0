package assert

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// maxNumber is how long a number of a schema may be: wire.MaxNumber, beyond which the
// runtime compares no number. Exponents are bounded likewise.
const maxNumber = 300

// shapes describe the fault of a keyword's value, or return "".
var shapes = map[string]func(s *Set, n, v *load.Node) string{
	"allOf": schemaList, "anyOf": schemaList, "oneOf": schemaList, "prefixItems": schemaList,
	"properties": object, "patternProperties": object, "dependentSchemas": object,
	"dependentRequired": func(_ *Set, _, v *load.Node) string { return nameLists(v, false) },
	"dependencies":      func(_ *Set, _, v *load.Node) string { return nameLists(v, true) },
	"required": func(_ *Set, _, v *load.Node) string {
		if !areStrings(v) {
			return "must be a list of names"
		}
		return ""
	},
	"items": func(_ *Set, _, v *load.Node) string {
		if v.Kind == load.Array {
			return "must be a schema; lists of them are prefixItems now"
		}
		return ""
	},
	"type":    typeShape,
	"enum":    func(_ *Set, _, v *load.Node) string { return enumShape(v) },
	"const":   func(_ *Set, _, v *load.Node) string { return constShape(v) },
	"minimum": number, "maximum": number, "exclusiveMinimum": bound, "exclusiveMaximum": bound,
	"multipleOf": func(s *Set, n, v *load.Node) string {
		if r, ok := exact(v); !ok || r.Sign() <= 0 {
			return "must be a number greater than 0"
		}
		return ""
	},
	"minLength": count, "maxLength": count, "minItems": count, "maxItems": count, "minProperties": count, "maxProperties": count,
	"minContains": count, "maxContains": count,
	"uniqueItems": flag, "nullable": flag,
	"format": text, "contentEncoding": text, "pattern": text,
}

func schemaList(_ *Set, _, v *load.Node) string {
	if v.Kind != load.Array || len(v.Items) == 0 {
		return "must be a list of one schema or more"
	}
	return ""
}

func object(_ *Set, _, v *load.Node) string {
	if v.Kind != load.Object {
		return "must be an object of schemas"
	}
	return ""
}

func flag(_ *Set, _, v *load.Node) string {
	if v.Kind != load.Bool {
		return "must be true or false"
	}
	return ""
}

func text(_ *Set, _, v *load.Node) string {
	if v.Kind != load.String {
		return "must be a string"
	}
	return ""
}

func number(_ *Set, _, v *load.Node) string {
	if _, ok := exact(v); !ok {
		return "must be a number, and not too long a one"
	}
	return ""
}

// bound is a number, or where minimum and maximum are beside it, the boolean of 3.0.
func bound(s *Set, n, v *load.Node) string {
	if v.Kind == load.Bool {
		return ""
	}
	return number(s, n, v)
}

func count(_ *Set, _, v *load.Node) string {
	if r, ok := exact(v); !ok || !r.IsInt() || r.Sign() < 0 {
		return "must be a whole number of 0 or more"
	}
	return ""
}

func typeShape(_ *Set, _, v *load.Node) string {
	names := typeNames(v)
	for _, name := range names {
		if kinds[name] == "" {
			return strconv.Quote(name) + " is no type of JSON Schema"
		}
	}
	if len(names) == 0 {
		return "must be a type's name, or a list of them"
	}
	return ""
}

// typeNames are the names of a type keyword; null in YAML needs no quotes.
func typeNames(v *load.Node) []string {
	list := []*load.Node{v}
	if v.Kind == load.Array {
		list = v.Items
	}
	var names []string
	for _, n := range list {
		switch n.Kind {
		case load.String:
			names = append(names, n.Text)
		case load.Null:
			names = append(names, "null")
		default:
			names = append(names, n.Kind.String()+" value")
		}
	}
	return names
}

func enumShape(v *load.Node) string {
	if v.Kind != load.Array {
		return "must be a list of values"
	}
	for _, item := range v.Items {
		if why := constShape(item); why != "" {
			return why
		}
	}
	return ""
}

// constShape looks for numbers that the runtime does not compare.
func constShape(v *load.Node) string {
	if v.Kind == load.Number {
		if _, ok := exact(v); !ok {
			return "holds a number that is too long to be compared with"
		}
	}
	for _, item := range v.Items {
		if why := constShape(item); why != "" {
			return why
		}
	}
	for _, m := range v.Members {
		if why := constShape(m.Value); why != "" {
			return why
		}
	}
	return ""
}

func nameLists(v *load.Node, schemas bool) string {
	if v.Kind != load.Object {
		return "must be an object"
	}
	for _, m := range v.Members {
		if m.Value.Kind == load.Array || !schemas {
			if !areStrings(m.Value) {
				return "must hold lists of names"
			}
		}
	}
	return ""
}

func areStrings(v *load.Node) bool {
	if v.Kind != load.Array {
		return false
	}
	for _, item := range v.Items {
		if item.Kind != load.String {
			return false
		}
	}
	return true
}

// exact is the number that v is, if it can be written out.
func exact(v *load.Node) (*big.Rat, bool) {
	if v.Kind != load.Number || len(v.Text) > maxNumber {
		return nil, false
	}
	if i := strings.IndexAny(v.Text, "eE"); i >= 0 && len(v.Text)-i > 5 {
		return nil, false
	}
	return new(big.Rat).SetString(v.Text)
}

// length is a count as an int of any platform: no text reaches the greatest of 32 bits.
func length(v *load.Node) int64 {
	r, ok := exact(v)
	if !ok || !r.Num().IsInt64() || r.Num().Int64() > math.MaxInt32 {
		return math.MaxInt32
	}
	return r.Num().Int64()
}

// patterns says which patterns of n cannot be matched.
func (s *Set) patterns(n *load.Node) {
	try := func(source string, pos diag.Pos) {
		e, err := schema.Translate(source)
		switch {
		case err != nil:
			s.diags.Add(diag.Diagnostic{
				Pos: pos, Rule: rules.UnsupportedPattern, Message: "this pattern cannot be used: " + err.Error(),
				Advice: "patterns are ECMA 262 without back-references: they run in linear time",
			})
		case e.Warning != "":
			s.diags.Warnf(pos, rules.Pattern, "%s", e.Warning)
		}
	}
	if p := n.Get("pattern"); p != nil && p.Kind == load.String {
		try(p.Text, p.Pos)
	}
	if p := n.Get("patternProperties"); p != nil {
		for _, m := range p.Members {
			try(m.Key, m.Pos)
		}
	}
}
