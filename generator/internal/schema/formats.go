package schema

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// formatTypes are the known formats, with the types that they say something of.
// Formats of the OpenAPI format registry and of JSON Schema 2020-12.
var formatTypes = map[string]Types{
	"int32": TypeInteger | TypeNumber, "int64": TypeInteger | TypeNumber, "uint32": TypeInteger | TypeNumber, "uint64": TypeInteger | TypeNumber,
	"float": TypeInteger | TypeNumber, "double": TypeInteger | TypeNumber,

	"date": TypeString, "time": TypeString, "date-time": TypeString, "duration": TypeString, "email": TypeString, "hostname": TypeString,
	"ipv4": TypeString, "ipv6": TypeString, "uri": TypeString, "uri-reference": TypeString, "uuid": TypeString, "json-pointer": TypeString,
	"regex": TypeString, "byte": TypeString, "binary": TypeString, "password": TypeString,
	"idn-email": TypeString, "idn-hostname": TypeString, "iri": TypeString, "iri-reference": TypeString,
	"relative-json-pointer": TypeString, "uri-template": TypeString,
}

// wholeNumbers are formats that only integers have.
var wholeNumbers = map[string]bool{"int32": true, "int64": true, "uint32": true, "uint64": true}

// narrower says which of two formats implies the other.
var narrower = map[[2]string]string{
	{"int32", "int64"}: "int32", {"uint32", "uint64"}: "uint32", {"uint32", "int64"}: "uint32", {"float", "double"}: "float",
	{"int32", "double"}: "int32", {"int32", "float"}: "int32", {"int64", "double"}: "int64", {"int64", "float"}: "int64",
	{"uri", "uri-reference"}: "uri", {"uri", "iri"}: "uri", {"uri", "iri-reference"}: "uri", {"email", "idn-email"}: "email",
	{"hostname", "idn-hostname"}: "hostname", {"uri-reference", "iri-reference"}: "uri-reference",
}

// absorbFormat takes the format of one atom: it adds to what is there.
func (s *Schema) absorbFormat(o *Schema) {
	old, format := s.Format, o.Format
	if formatTypes[old] == 0 && formatTypes[format] != 0 {
		s.Format = format // a format that nobody knows is documentation
		return
	}
	if formatTypes[format] == 0 && old != "" || old == format || format == "" {
		return
	}
	if n, ok := narrower[[2]string{old, format}]; ok {
		s.Format = n
		return
	}
	if n, ok := narrower[[2]string{format, old}]; ok {
		s.Format = n
		return
	}
	switch {
	case old == "":
		s.Format = format
	case old == "password" || format == "password" || old == "binary" || format == "binary":
		if old == "password" || old == "binary" {
			s.Format = format // these say how the text is treated, the other how it looks
		}
	case formatTypes[old]&formatTypes[format] != 0:
		s.refuse(place(o, "format"), rules.FormatConflict, "format %q meets format %q of a schema that is merged with this one", format, old)
	}
}

// format settles what the format means for the types that s has.
func (r *Reader) format(s *Schema) {
	if s.Format == "" {
		if s.ContentEncoding == "base64" && s.Types&TypeString != 0 {
			s.Format = "byte"
		}
		if s.ContentEncoding != "" && s.ContentEncoding != "base64" {
			r.unknownFormat(s, "contentEncoding", s.ContentEncoding)
		}
		return
	}
	if s.ContentEncoding == "base64" && s.Format != "byte" && s.Types&TypeString != 0 {
		r.warn(s.At("contentEncoding"), rules.UnknownFormat, "contentEncoding is not checked beside the format %q", s.Format)
	}
	types, known := formatTypes[s.Format]
	switch {
	case !known:
		r.unknownFormat(s, "format", s.Format)
	case types&s.Types == 0:
		if !s.Never {
			r.warn(s.At("format"), rules.FormatType, "format %q says nothing of a value of type %v", s.Format, s.Types)
		}
		s.Format = ""
	case wholeNumbers[s.Format]:
		s.Types &^= TypeNumber
	}
}

// unknownFormat warns once for each name.
func (r *Reader) unknownFormat(s *Schema, keyword, name string) {
	if r.formats == nil {
		r.formats = map[string]bool{}
	}
	if key := keyword + " " + name; !r.formats[key] {
		r.formats[key] = true
		r.warn(s.At(keyword), rules.UnknownFormat, "%s %q is not checked, here and wherever it stands: it is documentation", keyword, name)
	}
}

// implied is the type of a schema that says nothing about its type but has
// keywords for one.
func (s *Schema) implied() Types {
	if s.reader.Exact {
		return TypeAny
	}
	var kinds []Types
	if s.hasObject() {
		kinds = append(kinds, TypeObject)
	}
	if s.hasArray() {
		kinds = append(kinds, TypeArray)
	}
	format := formatTypes[s.Format]
	if s.hasString() || format == TypeString || s.ContentEncoding != "" || s.ContentMediaType != "" {
		kinds = append(kinds, TypeString)
	}
	if s.hasNumber() || format&TypeNumber != 0 {
		kinds = append(kinds, TypeInteger|TypeNumber)
	}
	listed := func(v *load.Node) bool { return TypesOf(v)&kinds[0] != 0 }
	if len(kinds) != 1 || len(s.Enum) > 0 && !slices.ContainsFunc(s.Enum, listed) { // an enum says its types itself
		return TypeAny
	}
	return kinds[0]
}

func (s *Schema) hasObject() bool {
	return len(s.Properties) > 0 || len(s.Required) > 0 || s.Extra != ExtraSilent && s.Kept != KeptFree || s.Closed ||
		s.MinProperties > 0 || s.MaxProperties >= 0 || len(s.RequiredAny) > 0 || len(s.RequiredOne) > 0
}

func (s *Schema) hasArray() bool {
	return s.Items != nil || s.MinItems > 0 || s.MaxItems >= 0 || s.UniqueItems
}

func (s *Schema) hasString() bool {
	return s.MinLength > 0 || s.MaxLength >= 0 || len(s.Patterns) > 0
}

func (s *Schema) hasNumber() bool {
	return s.Minimum != "" || s.Maximum != "" || len(s.MultipleOf) > 0
}

// plain reports whether s says nothing but its types.
func (s *Schema) plain() bool {
	return !s.hasObject() && !s.hasArray() && !s.hasString() && !s.hasNumber() && s.Enum == nil && !s.Never &&
		formatTypes[s.Format] == 0 && s.ContentEncoding == "" &&
		len(s.OneOf) == 0 && len(s.AnyOf) == 0 && len(s.Unsupported) == 0
}

// At is where one of the objects that s consists of has a keyword.
func (s *Schema) At(keyword string) diag.Pos {
	for _, n := range s.Nodes {
		if v := n.Get(keyword); v != nil {
			return v.Pos
		}
	}
	return s.Pos
}
