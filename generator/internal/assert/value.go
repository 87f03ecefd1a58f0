package assert

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// kinds are the names of types, and the runtime's words for them.
var kinds = map[string]string{
	"null": "Null", "boolean": "Bool", "integer": "Integer", "number": "Number", "string": "String", "array": "Array", "object": "Object",
}

var kindWords = map[string]gosrc.Expr{
	"null": gosrc.Raw("check.Null"), "boolean": gosrc.Raw("check.Bool"), "integer": gosrc.Raw("check.Integer"), "number": gosrc.Raw("check.Number"),
	"string": gosrc.Raw("check.String"), "array": gosrc.Raw("check.Array"), "object": gosrc.Raw("check.Object"),
}

// formats are the formats that are checked (JSON Schema validation, 7.3, and the
// registry of OpenAPI). All others are documentation: package schema warns of them.
var formats = map[string]gosrc.Expr{
	"date": gosrc.Raw("v.Format(wire.IsDate)"), "time": gosrc.Raw("v.Format(wire.IsTime)"), "date-time": gosrc.Raw("v.Format(wire.IsDateTime)"),
	"duration": gosrc.Raw("v.Format(wire.IsDuration)"),
	"email":    gosrc.Raw("v.Format(wire.IsEmail)"), "idn-email": gosrc.Raw("v.Format(wire.IsIDNEmail)"),
	"hostname": gosrc.Raw("v.Format(wire.IsHostname)"), "idn-hostname": gosrc.Raw("v.Format(wire.IsIDNHostname)"),
	"ipv4": gosrc.Raw("v.Format(wire.IsIPv4)"), "ipv6": gosrc.Raw("v.Format(wire.IsIPv6)"),
	"uri": gosrc.Raw("v.Format(wire.IsURI)"), "uri-reference": gosrc.Raw("v.Format(wire.IsURIReference)"),
	"iri": gosrc.Raw("v.Format(wire.IsIRI)"), "iri-reference": gosrc.Raw("v.Format(wire.IsIRIReference)"),
	"uri-template": gosrc.Raw("v.Format(wire.IsURITemplate)"), "uuid": gosrc.Raw("v.Format(wire.IsUUID)"),
	"json-pointer": gosrc.Raw("v.Format(wire.IsJSONPointer)"), "relative-json-pointer": gosrc.Raw("v.Format(wire.IsRelativeJSONPointer)"),
	"regex": gosrc.Raw("v.Format(wire.IsRegex)"), "byte": gosrc.Raw("v.Format(wire.IsByte)"),
	"int32": gosrc.Raw(`v.Whole("-2147483648", "2147483647")`), "int64": gosrc.Raw(`v.Whole("-9223372036854775808", "9223372036854775807")`),
	"uint32": gosrc.Raw(`v.Whole("0", "4294967295")`), "uint64": gosrc.Raw(`v.Whole("0", "18446744073709551615")`),
	"float": gosrc.Raw("v.Float(32)"), "double": gosrc.Raw("v.Float(64)"),
}

// uncheckedFormats say how a text is treated, not how it looks.
var uncheckedFormats = map[string]bool{"password": true, "binary": true}

// costs are the keywords of a value by itself that are asked behind the others, the cheaper ones
// first.
var costs = map[string]int{"type": -1, "enum": 1, "const": 1, "format": 2, "contentEncoding": 2, "pattern": 3, "multipleOf": 4, "uniqueItems": 5}

// value writes the keywords of JSON Schema validation, section 6: those of a value by
// itself, in the order of their costs, and else in the order of the document.
func (w *writer) value() {
	validates := w.s.validates(w.n)
	members := slices.Clone(w.n.Members)
	slices.SortStableFunc(members, func(a, b load.Member) int { return costs[a.Key] - costs[b.Key] })
	for _, m := range members {
		v := m.Value
		if !validates && m.Key != "format" && m.Key != "contentEncoding" {
			continue
		}
		switch m.Key {
		case "type":
			var parts []gosrc.Part
			for _, name := range typeNames(v) {
				parts = append(parts, kindWords[name])
			}
			w.want(m.Key, gosrc.Raw("v.Is(%)", gosrc.List("|", parts...)))
		case "enum":
			w.want(m.Key, isOneOf(w.listed(v.Items)))
		case "const":
			w.want(m.Key, isOneOf(w.listed([]*load.Node{v})))
		case "format":
			w.format(v)
		case "contentEncoding":
			if v.Text == "base64" && w.n.Get("format") == nil {
				w.want("format", formats["byte"])
			}
		case "pattern":
			w.pattern(v.Text)
		case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
			w.bound(m)
		case "multipleOf":
			w.want(m.Key, gosrc.Raw("v.MultipleOf(%)", gosrc.Quote(v.Text)))
		case "uniqueItems":
			if v.IsTrue() {
				w.want(m.Key, gosrc.Raw("c.Unique(v)"))
			}
		case "required":
			w.required(v.Items)
		case "dependentRequired", "dependencies":
			for _, d := range v.Members {
				if d.Value.Kind == load.Array && len(d.Value.Items) > 0 {
					w.dependentRequired(d.Key, d.Value.Items)
				}
			}
		default:
			w.count(m)
		}
	}
}

// listed are the values of an enum or const, as package schema reads them.
func (w *writer) listed(list []*load.Node) []*load.Node {
	if w.s.Exact {
		return list
	}
	return schema.Texts(w.s.doc, w.n, list)
}

func (w *writer) count(m load.Member) {
	n := gosrc.Int(length(m.Value))
	switch m.Key {
	case "minLength":
		w.want(m.Key, gosrc.Raw("v.MinLength(%)", n))
	case "maxLength":
		w.want(m.Key, gosrc.Raw("v.MaxLength(%)", n))
	case "minItems":
		w.want(m.Key, gosrc.Raw("v.MinItems(%)", n))
	case "maxItems":
		w.want(m.Key, gosrc.Raw("v.MaxItems(%)", n))
	case "minProperties":
		w.want(m.Key, gosrc.Raw("v.MinProperties(%)", n))
	case "maxProperties":
		w.want(m.Key, gosrc.Raw("v.MaxProperties(%)", n))
	}
}

// bound writes a numeric bound. Exclusive bounds are booleans in 3.0, which say how
// minimum and maximum are meant, and numbers of their own in 3.1.
func (w *writer) bound(m load.Member) {
	if m.Value.Kind == load.Bool {
		return
	}
	n := gosrc.Quote(m.Value.Text)
	switch {
	case m.Key == "exclusiveMinimum" || m.Key == "minimum" && w.n.Get("exclusiveMinimum").IsTrue():
		w.want("exclusiveMinimum", gosrc.Raw("v.Above(%)", n))
	case m.Key == "exclusiveMaximum" || m.Key == "maximum" && w.n.Get("exclusiveMaximum").IsTrue():
		w.want("exclusiveMaximum", gosrc.Raw("v.Below(%)", n))
	case m.Key == "minimum":
		w.want(m.Key, gosrc.Raw("v.AtLeast(%)", n))
	default:
		w.want(m.Key, gosrc.Raw("v.AtMost(%)", n))
	}
}

func (w *writer) format(v *load.Node) {
	is, ok := formats[v.Text]
	if v.Text == "hostname" && w.s.doc.Version == "3.0" {
		is = gosrc.Raw("v.Format(wire.IsHostname1123)") // of draft 4, before there were A-labels
	}
	if ok {
		w.want("format", is)
	}
}

func (w *writer) pattern(source string) {
	e, err := schema.Translate(source)
	if err != nil {
		w.want("pattern", gosrc.Raw("false")) // refused by problems
		return
	}
	if e.Min > 0 {
		w.want("pattern", gosrc.Raw("v.MinLength(%)", gosrc.Int(e.Min)))
	}
	if e.Max >= 0 {
		w.want("pattern", gosrc.Raw("v.MaxLength(%)", gosrc.Int(e.Max)))
	}
	w.want("pattern", gosrc.Raw("c.Matches(v, %)", w.s.namer.Pattern(e.RE2, w.f.Name)))
}

// isOneOf is the condition under which v is one of the values.
func isOneOf(list []*load.Node) gosrc.Expr {
	var texts, numbers, trees, parts []gosrc.Part
	for _, n := range list {
		switch n.Kind {
		case load.Null:
			parts = append(parts, gosrc.Raw("v.IsNull()"))
		case load.Bool:
			parts = append(parts, gosrc.Raw("v.IsBool(%)", gosrc.Bool(n.IsTrue())))
		case load.Number:
			numbers = append(numbers, gosrc.Quote(n.Text))
		case load.String:
			texts = append(texts, gosrc.Quote(n.Text))
		default:
			var b strings.Builder
			jsonText(&b, n)
			trees = append(trees, gosrc.Quote(b.String()))
		}
	}
	switch {
	case len(texts) > manyTexts:
		parts = append(parts, gosrc.Raw("v.IsText(func(s string) bool {\nswitch s {\ncase %:\nreturn true\n}\nreturn false\n})", gosrc.List(", ", distinct(texts)...)))
	case len(texts) > 0:
		parts = append(parts, gosrc.Raw("v.IsString(%)", gosrc.List(", ", texts...)))
	}
	if len(numbers) > 0 {
		parts = append(parts, gosrc.Raw("c.IsNumber(v, %)", gosrc.List(", ", numbers...)))
	}
	if len(trees) > 0 {
		parts = append(parts, gosrc.Raw("c.IsJSON(v, %)", gosrc.List(", ", trees...)))
	}
	if len(parts) == 0 {
		return gosrc.Raw("false")
	}
	return gosrc.List(" || ", parts...)
}

// manyTexts is from how many texts on a switch, which finds one by halves, is written in place of
// a list.
const manyTexts = 16

// distinct returns each part once, as a switch asks for.
func distinct(list []gosrc.Part) []gosrc.Part {
	seen := map[gosrc.Part]bool{}
	return slices.DeleteFunc(list, func(p gosrc.Part) bool {
		before := seen[p]
		seen[p] = true
		return before
	})
}

func quoted(list []*load.Node) gosrc.Expr {
	var parts []gosrc.Part
	for _, n := range list {
		parts = append(parts, gosrc.Quote(n.Text))
	}
	return gosrc.List(", ", parts...)
}

// jsonText writes a node as JSON: numbers as they are written.
func jsonText(b *strings.Builder, n *load.Node) {
	switch n.Kind {
	case load.Null:
		b.WriteString("null")
	case load.String:
		jsonString(b, n.Text)
	case load.Array:
		for i, item := range n.Items {
			b.WriteString(comma(i, "["))
			jsonText(b, item)
		}
		b.WriteString(closing(len(n.Items), "[]"))
	case load.Object:
		for i, m := range n.Members {
			b.WriteString(comma(i, "{"))
			jsonString(b, m.Key)
			b.WriteByte(':')
			jsonText(b, m.Value)
		}
		b.WriteString(closing(len(n.Members), "{}"))
	default:
		b.WriteString(n.Text)
	}
}

func jsonString(b *strings.Builder, s string) {
	text, _ := json.Marshal(s) // a string always has one
	b.Write(text)
}

func comma(i int, open string) string {
	if i == 0 {
		return open
	}
	return ","
}

func closing(n int, brackets string) string {
	if n == 0 {
		return brackets
	}
	return brackets[1:]
}
