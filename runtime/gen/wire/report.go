package wire

import (
	"slices"
	"strconv"
	"strings"
)

// The reasons of a SyntaxError.
const (
	reasonEnd       = "the text ends too early"
	reasonTrailing  = "something follows the value"
	reasonValue     = "this is not a JSON value"
	reasonName      = "a member name is expected here"
	reasonColon     = "a colon is expected here"
	reasonComma     = "a comma or a closing bracket is expected here"
	reasonControl   = "a control character stands in a string"
	reasonUTF8      = "the text is not valid UTF-8"
	reasonEscape    = "an escape is not valid"
	reasonSurrogate = "a surrogate stands alone"
	reasonDuplicate = "a member name occurs twice"
	reasonDepth     = "the value is nested too deeply"
	reasonNumber    = "a number is not valid"
	reasonLong      = "a number has too many digits"
	reasonMemory    = "the value takes more memory than is allowed"
	reasonSteps     = "the value takes more steps to be checked than are allowed"
)

// SyntaxError says that a text is not well-formed.
type SyntaxError struct {
	Offset  int    // in bytes
	Pointer string // RFC 6901; the innermost value that was being read
	Reason  string // fixed text
	// Memory is set for a text that takes more than [Limits].Memory, be it well-formed or not.
	Memory bool
	// Steps is set for a text that takes more steps than it may, be it well-formed or not: see
	// [StepFactor].
	Steps bool
}

// Error returns the reason and the offset.
func (e *SyntaxError) Error() string {
	return "wire: " + e.Reason + ", at offset " + strconv.Itoa(e.Offset)
}

// Violation is one way in which a value breaks its schema.
type Violation struct {
	Pointer string // RFC 6901; names longer than 64 characters are shortened
	Keyword string // JSON Schema keyword
	Detail  string // text for the keyword, of the document at the most, never the value
}

// Invalid lists the violations of a text, in the order of the text.
type Invalid struct {
	Violations []Violation
	More       bool // there were more than the limit
}

// Error returns the pointers and keywords.
func (e *Invalid) Error() string {
	var b strings.Builder
	b.WriteString("wire: the value breaks its schema")
	for i, v := range e.Violations {
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Quote(v.Pointer) + " " + v.Keyword)
	}
	if e.More {
		b.WriteString(", and more")
	}
	return b.String()
}

// Err returns nil, a [*SyntaxError], or an [*Invalid]. It walks the text once
// to find the pointers.
func (d *Decoder) Err() error {
	if d.Broken() {
		return &SyntaxError{Offset: d.failAt, Pointer: locate(d.s, []int{d.failAt})[0], Reason: d.reason, Memory: d.reason == reasonMemory, Steps: d.reason == reasonSteps}
	}
	if len(d.violations)+len(d.withheld) == 0 {
		return nil
	}
	return d.invalid()
}

// Broken reports whether Err is a [*SyntaxError], and costs nothing.
func (d *Decoder) Broken() bool { return d.reason != "" }

func (d *Decoder) invalid() error {
	if len(d.violations) == 1 && len(d.withheld) == 0 { // as most often
		if p, ok := d.pointerOf(0); ok {
			v := &d.violations[0]
			return &Invalid{Violations: []Violation{v.report(p)}, More: d.more}
		}
	}
	vs := d.violations
	byPlace := func(a, b violation) int { return a.at - b.at }
	if len(d.withheld) > 0 || !slices.IsSortedFunc(vs, byPlace) {
		vs = slices.Clone(vs)
		for _, at := range d.withheld {
			vs = append(vs, violation{at: at, keyword: KeywordWritable})
		}
		slices.SortStableFunc(vs, byPlace)
	}
	at := make([]int, 0, DefaultViolations) // which is room on the stack
	for i := range vs {
		at = append(at, vs[i].at)
	}
	e := &Invalid{Violations: make([]Violation, len(vs)), More: d.more}
	for i, p := range locate(d.s, at) {
		e.Violations[i] = vs[i].report(p)
	}
	return e
}

// report is the violation at a pointer. Its name comes from the schema.
func (v *violation) report(pointer string) Violation {
	if v.keyword == "required" && v.name != "" {
		return Violation{Pointer: pointer, Keyword: v.keyword, Detail: "lacks the member " + strconv.Quote(v.name)}
	}
	keyword, detail := Keyword(v.keyword)
	return Violation{Pointer: pointer, Keyword: keyword, Detail: detail}
}

// Keyword takes the argument of a Refuse apart: the keyword, and the detail that follows it behind a space, which
// names what the document asks for ("maximum is greater than 9"). Of a keyword alone it is that of [Detail].
func Keyword(refusal string) (keyword, detail string) {
	if keyword, detail, ok := strings.Cut(refusal, " "); ok {
		return keyword, detail
	}
	return refusal, Detail(refusal)
}

// Detail returns the fixed sentence that explains a violation of a keyword. It
// completes a sentence whose subject is the value.
func Detail(keyword string) string {
	if s, ok := details[keyword]; ok {
		return s
	}
	return "does not satisfy the schema"
}

var details = map[string]string{
	"type":                  "is not of the type that the schema asks for",
	"format":                "does not have the format that the schema asks for",
	"enum":                  "is not one of the values that the schema allows",
	"const":                 "is not the value that the schema asks for",
	"minimum":               "is less than the schema allows",
	"maximum":               "is greater than the schema allows",
	"exclusiveMinimum":      "is less than the schema allows, or equal to the bound",
	"exclusiveMaximum":      "is greater than the schema allows, or equal to the bound",
	"multipleOf":            "is not a multiple of what the schema asks for",
	"minLength":             "is shorter than the schema allows",
	"maxLength":             "is longer than the schema allows",
	"pattern":               "does not match the pattern of the schema",
	"contentMediaType":      "is not of a media type that is allowed here",
	"minItems":              "has fewer items than the schema allows",
	"maxItems":              "has more items than the schema allows",
	"uniqueItems":           "has items that are equal",
	"contains":              "does not contain what the schema asks for",
	"minContains":           "contains too few of what the schema asks for",
	"maxContains":           "contains too many of what the schema asks for",
	"required":              "lacks a required member",
	"minProperties":         "has fewer members than the schema allows",
	"maxProperties":         "has more members than the schema allows",
	"additionalProperties":  "is not a member that the schema names",
	"unevaluatedProperties": "is not a member that the schema names",
	"propertyNames":         "has a name that the schema does not allow",
	"dependentRequired":     "lacks a member that another one requires",
	"oneOf":                 "does not match exactly one of the alternatives",
	"anyOf":                 "matches none of the alternatives",
	"allOf":                 "does not match all of the schemas",
	"not":                   "matches a schema that it must not match",
	"discriminator":         "does not say which alternative it is",
	KeywordWritable:         "may not be set by this caller",
	KeywordSteps:            "takes more steps to be checked than are allowed",
	"readOnly":              "cannot be set by a request",
	"writeOnly":             "cannot be part of a response",
}
