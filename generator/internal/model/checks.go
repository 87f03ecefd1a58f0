package model

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
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
func (b *builder) stringChecks(s *schema.Schema, format string, at place) []Check {
	var out []Check
	if s.MinLength > 0 {
		out = append(out, Check{Keyword: gosrc.Quote("minLength"), Op: MinRunes, N: gosrc.Int(s.MinLength)})
	}
	if s.MaxLength >= 0 {
		out = append(out, Check{Keyword: gosrc.Quote("maxLength"), Op: MaxRunes, N: gosrc.Int(s.MaxLength)})
	}
	if format == "hostname" && b.in.Doc.Version == "3.0" {
		format = "hostname of draft 4"
	}
	if check, ok := formatChecks[format]; ok {
		out = append(out, Check{Keyword: gosrc.Quote("format"), Op: IsFormat, Name: b.word(check.function), Costly: check.costly})
	}
	for _, p := range s.Patterns {
		out = append(out, Check{Keyword: gosrc.Quote("pattern"), Op: Matches, Name: b.pattern(p, at)})
	}
	return out
}

// pattern returns the variable of a compiled pattern, one for each distinct source.
func (b *builder) pattern(p schema.Pattern, at place) gosrc.Ident {
	if known, ok := b.patterns[p.RE2]; ok {
		return known
	}
	name := b.names.Take(gosrc.Unexported("pattern " + at.name.String()))
	b.patterns[p.RE2] = name
	b.api.Patterns = append(b.api.Patterns, &Pattern{Name: name, RE2: gosrc.Quote(p.RE2)})
	return name
}

// arrayChecks are the keywords of an array but maxItems, which the decoder stops at.
func (b *builder) arrayChecks(t *Type, s *schema.Schema, dir direction) []Check {
	out := refuseAny(s.Items, dir)
	t.hold(s, "type", "items", "minItems", "maxItems", "uniqueItems")
	if s.MinItems > 0 {
		out = append(out, Check{Keyword: gosrc.Quote("minItems"), Op: MinLength, N: gosrc.Int(s.MinItems)})
	}
	if s.MaxItems >= 0 {
		out = append(out, Check{Keyword: gosrc.Quote("maxItems"), Op: MaxLength, N: gosrc.Int(s.MaxItems), WireDoes: true})
	}
	if s.UniqueItems {
		if t.Elem.comparable() {
			out = append(out, Check{Keyword: gosrc.Quote("uniqueItems"), Op: IsUnique})
		} else {
			out = append(out, Check{Keyword: gosrc.Quote("uniqueItems"), Op: IsUniqueBy, Of: t.Elem})
			b.encodedItems = append(b.encodedItems, t.Elem)
		}
	}
	return out
}

// comparable reports whether equal values of the type are equal in JSON and the
// other way round, so that Go's == decides uniqueness.
func (t *Type) comparable() bool {
	if t.Kind != Scalar {
		return false
	}
	switch t.Method.String() {
	case "Raw", "Bytes", "Time", "Date":
		return false
	}
	return true
}

// numberChecks compare in the type's own arithmetic; bounds that the type cannot
// hold are rounded inwards for integers, or need no check.
func (b *builder) numberChecks(t *Type, s *schema.Schema) []Check {
	var out []Check
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

var intRange = map[string][2]string{
	"Int32": {"-2147483648", "2147483647"}, "Uint32": {"0", "4294967295"},
	"Int64": {"-9223372036854775808", "9223372036854775807"}, "Uint64": {"0", "18446744073709551615"},
}

// held reports whether an integer is one of the type's values.
func held(method string, n *big.Int) bool {
	r, ok := intRange[method]
	if !ok {
		return true
	}
	least, _ := new(big.Int).SetString(r[0], 10)
	most, _ := new(big.Int).SetString(r[1], 10)
	return n.Cmp(least) >= 0 && n.Cmp(most) <= 0
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
func (b *builder) bound(s *schema.Schema, text string, integral, lower, exclusive bool, method string) (Check, bool) {
	keyword := "maximum"
	if lower {
		keyword = "minimum"
	}
	if exclusive {
		keyword = "exclusive" + strings.ToUpper(keyword[:1]) + keyword[1:]
	}
	word := gosrc.Quote(keyword)
	if !integral {
		lit, err := gosrc.Float(text)
		if err != nil {
			b.errorf(s.At(keyword), rules.Bound, "%s %s is outside of what a float64 can hold", keyword, shorten(text))
			return Check{}, false
		}
		if beyondFloat32(method, text) {
			return Check{}, false // the type says it already
		}
		check := Check{Keyword: word, N: lit}
		if !exclusive { // what was rounded to an exclusive bound is refused
			check.Text = gosrc.Quote(text)
		}
		switch {
		case lower && exclusive:
			check.Op = Above
		case lower:
			check.Op = AtLeast
		case exclusive:
			check.Op = Below
		default:
			check.Op = AtMost
		}
		return check, true
	}
	limit, ok := inwards(text, lower, exclusive)
	if !ok {
		b.errorf(s.At(keyword), rules.Bound, "%s %s is too long a number to be compared with", keyword, shorten(text))
		return Check{}, false
	}
	least, _ := new(big.Int).SetString(intRange[method][0], 10)
	most, _ := new(big.Int).SetString(intRange[method][1], 10)
	if lower && limit.Cmp(least) <= 0 || !lower && limit.Cmp(most) >= 0 {
		return Check{}, false // the type says it already
	}
	if lower && limit.Cmp(most) > 0 || !lower && limit.Cmp(least) < 0 {
		b.errorf(s.At(keyword), rules.Unsatisfiable, "%s %s leaves no value of this integer's format", keyword, text)
		return Check{}, false
	}
	lit, err := gosrc.Number(limit.String())
	if err != nil {
		return Check{}, false
	}
	if lower {
		return Check{Keyword: word, Op: AtLeast, N: lit}, true
	}
	return Check{Keyword: word, Op: AtMost, N: lit}, true
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
	r, ok := exactly(text)
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

// exactly parses a decimal whose exponent is small enough to be written out.
func exactly(text string) (*big.Rat, bool) {
	if i := strings.IndexAny(text, "eE"); i >= 0 && len(text)-i > 5 || len(text) > 400 {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

func beyondInt64(text string) bool {
	r, ok := exactly(text)
	most, _ := new(big.Rat).SetString(intRange["Int64"][1])
	return ok && r.Cmp(most) > 0
}

func (b *builder) multipleOf(text string, integral bool, method gosrc.Ident) Check {
	word := gosrc.Quote("multipleOf")
	if r, ok := exactly(text); ok && integral && method.String() != "Uint64" && r.IsInt() && r.Num().IsInt64() && r.Sign() > 0 {
		return Check{Keyword: word, Op: MultipleOfN, N: gosrc.Int(r.Num().Int64())}
	}
	return Check{Keyword: word, Op: MultipleOf, Name: method, Text: gosrc.Quote(text)}
}
