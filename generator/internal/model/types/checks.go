package types

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// formatCheck is the function of package wire that holds for the texts of a format. One that may
// allocate is costly: the decoder charges it.
type formatCheck struct {
	function string
	costly   bool
}

// formatChecks are the formats that are checked on the text of a string.
var formatChecks = map[string]formatCheck{
	"email":                 {"IsEmail", true},
	"idn-email":             {"IsIDNEmail", true},
	"idn-hostname":          {"IsIDNHostname", true},
	"iri":                   {"IsIRI", false},
	"iri-reference":         {"IsIRIReference", false},
	"relative-json-pointer": {"IsRelativeJSONPointer", false},
	"uri-template":          {"IsURITemplate", false},
	"hostname":              {"IsHostname", true},
	"hostname of draft 4":   {"IsHostname1123", true},
	"ipv4":                  {"IsIPv4", false},
	"ipv6":                  {"IsIPv6", false},
	"uri":                   {"IsURI", false},
	"uri-reference":         {"IsURIReference", false},
	"time":                  {"IsTime", false},
	"duration":              {"IsDuration", false},
	"json-pointer":          {"IsJSONPointer", false},
	"regex":                 {"IsRegex", true},
	"uuid":                  {"IsUUID", false},
	"date":                  {"IsDate", false},
	"date-time":             {"IsDateTime", false},
	"byte":                  {"IsByte", false},
}

// stringChecks are the keywords that hold for a string's text, cheapest first.
func (b *Builder) stringChecks(s *schema.Schema, format string, at Place) []model.Check {
	var out []model.Check
	if s.MinLength > 0 {
		out = append(out, b.counted(model.Check{Op: model.MinRunes}, "minLength", "is shorter than", s.MinLength, "character"))
	}
	if s.MaxLength >= 0 {
		out = append(out, b.counted(model.Check{Op: model.MaxRunes}, "maxLength", "is longer than", s.MaxLength, "character"))
	}
	refusal := b.refusal("format", "does not have the format "+format)
	if format == "hostname" && b.In.Doc.Version == "3.0" {
		format = "hostname of draft 4"
	}
	if check, ok := formatChecks[format]; ok {
		out = append(out, model.Check{Keyword: gosrc.Quote("format"), Refusal: refusal, Op: model.IsFormat, Name: b.Word(check.function), Costly: check.costly})
	}
	for _, p := range s.Patterns {
		out = append(out, model.Check{Keyword: gosrc.Quote("pattern"), Refusal: b.refusal("pattern", patternDetail(p)), Op: model.Matches, Name: b.pattern(p, at)})
	}
	return out
}

// pattern returns the variable of a compiled pattern, one for each distinct source.
func (b *Builder) pattern(p schema.Pattern, at Place) gosrc.Ident {
	if known, ok := b.patterns[p.RE2]; ok {
		return known
	}
	name := b.Names.Take(gosrc.Unexported("pattern " + at.Name.String()))
	b.patterns[p.RE2] = name
	b.API.Patterns = append(b.API.Patterns, &model.Pattern{Name: name, RE2: gosrc.Quote(p.RE2)})
	return name
}

// ArrayChecks are the keywords of an array but maxItems, which the decoder stops at.
func (b *Builder) ArrayChecks(t *model.Type, s *schema.Schema, dir Direction) []model.Check {
	out := refuseAny(s.Items, dir)
	t.Hold(s, "type", "items", "minItems", "maxItems", "uniqueItems")
	if s.MinItems > 0 {
		out = append(out, b.counted(model.Check{Op: model.MinLength}, "minItems", "has fewer than", s.MinItems, "item"))
	}
	if s.MaxItems >= 0 {
		out = append(out, model.Check{Keyword: gosrc.Quote("maxItems"), Op: model.MaxLength, N: gosrc.Int(s.MaxItems), WireDoes: true})
	}
	if s.UniqueItems {
		if t.Elem.Const != nil { // the zero value and the only one are the same
			out = append(out, model.Check{Keyword: gosrc.Quote("uniqueItems"), Op: model.MaxLength, N: gosrc.Int(1)})
		} else if t.Elem.Comparable() {
			out = append(out, model.Check{Keyword: gosrc.Quote("uniqueItems"), Op: model.IsUnique})
		} else {
			out = append(out, model.Check{Keyword: gosrc.Quote("uniqueItems"), Op: model.IsUniqueBy, Of: t.Elem})
			b.encodedItems = append(b.encodedItems, t.Elem)
		}
	}
	return out
}

// numberChecks compare in the type's own arithmetic; bounds that the type cannot
// hold are rounded inwards for integers, or need no check.
func (b *Builder) numberChecks(t *model.Type, s *schema.Schema) []model.Check {
	var out []model.Check
	method := t.Method.String()
	integral := method != "Float64" && method != "Float32"
	if s.Minimum != "" {
		if c, ok := b.bound(s, s.Minimum, integral, true, s.ExclusiveMinimum, method); ok {
			out = append(out, c)
		}
	}
	if s.Maximum != "" {
		if c, ok := b.bound(s, s.Maximum, integral, false, s.ExclusiveMaximum, method); ok {
			out = append(out, c)
		}
	}
	for _, m := range s.MultipleOf {
		out = append(out, b.multipleOf(m, integral, t.Method))
	}
	return out
}

// beyondFloat32 reports whether a number is too large for the type float32. Go refuses
// to compile a comparison with it.
func beyondFloat32(method, text string) bool {
	if method != "Float32" {
		return false
	}
	_, err := strconv.ParseFloat(text, 32)
	return err != nil
}

// bound is one of minimum and maximum, or false when every value of the type meets it.
func (b *Builder) bound(s *schema.Schema, text string, integral, lower, exclusive bool, method string) (model.Check, bool) {
	keyword := "maximum"
	if lower {
		keyword = "minimum"
	}
	if exclusive {
		keyword = "exclusive" + strings.ToUpper(keyword[:1]) + keyword[1:]
	}
	if !integral {
		lit, err := gosrc.Float(text)
		if err != nil {
			b.Errorf(s.At(keyword), rules.Bound, "%s %s is outside of what a float64 can hold", keyword, shorten(text))
			return model.Check{}, false
		}
		if beyondFloat32(method, text) {
			return model.Check{}, false // the type says it already
		}
		check := b.bounded(model.Check{N: lit}, keyword, text)
		if !exclusive { // what was rounded to an exclusive bound is refused
			check.Text = gosrc.Quote(text)
		}
		switch {
		case lower && exclusive:
			check.Op = model.Above
		case lower:
			check.Op = model.AtLeast
		case exclusive:
			check.Op = model.Below
		default:
			check.Op = model.AtMost
		}
		return check, true
	}
	limit, ok := inwards(text, lower, exclusive)
	if !ok {
		b.Errorf(s.At(keyword), rules.Bound, "%s %s is too long a number to be compared with", keyword, shorten(text))
		return model.Check{}, false
	}
	least, _ := new(big.Int).SetString(model.IntRange[method][0], 10)
	most, _ := new(big.Int).SetString(model.IntRange[method][1], 10)
	if lower && limit.Cmp(least) <= 0 || !lower && limit.Cmp(most) >= 0 {
		return model.Check{}, false // the type says it already
	}
	if lower && limit.Cmp(most) > 0 || !lower && limit.Cmp(least) < 0 {
		b.Errorf(s.At(keyword), rules.Unsatisfiable, "%s %s leaves no value of this integer's format", keyword, text)
		return model.Check{}, false
	}
	lit, err := gosrc.Number(limit.String())
	if err != nil {
		return model.Check{}, false
	}
	if lower {
		return b.bounded(model.Check{Op: model.AtLeast, N: lit}, keyword, text), true
	}
	return b.bounded(model.Check{Op: model.AtMost, N: lit}, keyword, text), true
}

// shorten makes a number fit in a message.
func shorten(text string) string {
	if len(text) > 40 {
		return text[:40] + "..."
	}
	return text
}

// inwards is the outermost integer within a decimal bound.
func inwards(text string, lower, exclusive bool) (*big.Int, bool) {
	r, ok := model.Exactly(text)
	if !ok {
		return nil, false
	}
	n := new(big.Int)
	floor := new(big.Int).Div(r.Num(), r.Denom()) // Euclidean: rounds down, the denominator is positive
	n.Set(floor)
	if r.IsInt() {
		if exclusive && lower {
			n.Add(n, big.NewInt(1))
		}
		if exclusive && !lower {
			n.Sub(n, big.NewInt(1))
		}
		return n, true
	}
	if lower {
		n.Add(n, big.NewInt(1))
	}
	return n, true
}

func beyondInt64(text string) bool {
	r, ok := model.Exactly(text)
	most, _ := new(big.Rat).SetString(model.IntRange["Int64"][1])
	return ok && r.Cmp(most) > 0
}

func (b *Builder) multipleOf(text string, integral bool, method gosrc.Ident) model.Check {
	if r, ok := model.Exactly(text); ok && integral && method.String() != "Uint64" && r.IsInt() && r.Num().IsInt64() && r.Sign() > 0 {
		return b.bounded(model.Check{Op: model.MultipleOfN, N: gosrc.Int(r.Num().Int64())}, "multipleOf", text)
	}
	return b.bounded(model.Check{Op: model.MultipleOf, Name: method, Text: gosrc.Quote(text)}, "multipleOf", text)
}
