// Package refusals gives the server's own refusals the shape that a document declares for its errors: it
// fits a template (x-bailey-errors) into the schema of a response, and says why one does not fit.
package refusals

import (
	"fmt"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/policy"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Sent are the statuses of refusals that the runtime sends by itself.
var Sent = []int{400, 401, 403, 404, 405, 406, 408, 413, 415, 422, 429, 500, 501, 503, 505}

// Body is a template that fits a schema: the pieces of the text, in order.
type Body struct {
	Media  string // application/json
	Text   bool   // text/plain: the detail, without JSON
	Empty  bool   // no body
	Pieces []Piece
	// Codes and Docs are the tables of the parts of these names.
	Codes, Docs []policy.ErrorCode
	// From is the template, for a comment; nil for text and for none.
	From *policy.ErrorBody
	// Used are the members of the template that are sent.
	Used map[*policy.ErrorBody]bool
}

// Piece is constant text and a value behind it.
type Piece struct {
	Key      string // a member's name with its colon, "" for none
	Text     string // JSON as it is sent
	Part     string // one of policy.ErrorParts or policy.ErrorPlaces, or ""
	AsText   bool   // the part is written as a string, though it is a number
	Optional bool   // the member is left out where the part says nothing
	Min, Max int64  // characters of a part that is text; 0 for no bound
	UUID     bool   // the part is written as a UUID
	List     []Piece
	IsList   bool
	Most     int64 // items of the list; 0 for no bound
}

// Contract is a response that the document declares.
type Contract struct {
	Media    string
	Schema   *schema.Schema // nil where the document has none
	Statuses []int          // that it is sent with, after the map
	Map      []policy.ErrorStatus
	Codes    []policy.ErrorCode
	Docs     []policy.ErrorCode
}

// Misfit says why a template does not fit.
type Misfit struct {
	Pos  diag.Pos // of the template
	At   diag.Pos // of the schema
	Text string
	// Unserved is set where no template can serve the response: its media types are none of JSON and text/plain.
	Unserved bool
}

const (
	schemaNull   = schema.TypeNull
	schemaString = schema.TypeString
)

// Fit fits a template into a contract.
func Fit(t *policy.ErrorBody, c Contract, r *schema.Reader) (*Body, *Misfit) {
	f := &fitter{contract: c, reader: r, used: map[*policy.ErrorBody]bool{}}
	pieces := f.value(t, c.Schema, place{required: true})
	if f.misfit == nil && c.Schema != nil {
		f.verify(t, pieces)
	}
	if f.misfit != nil {
		return nil, f.misfit
	}
	return &Body{Media: c.Media, Pieces: pieces, Codes: c.Codes, Docs: c.Docs, From: t, Used: f.used}, nil
}

// fitter fits one template into one schema.
type fitter struct {
	contract Contract
	reader   *schema.Reader
	used     map[*policy.ErrorBody]bool
	misfit   *Misfit // the first one
	depth    int
	whole    bool // members that the schema does not name are sent
}

// place is where a value stands.
type place struct {
	path     string // /error/code
	required bool   // the member is there in each answer
	list     bool   // within a list
}

// maxDepth bounds how deep a schema is followed.
const maxDepth = 20

// no notes a misfit, and returns nothing.
func (f *fitter) no(t *policy.ErrorBody, s *schema.Schema, at place, format string, args ...any) []Piece {
	if f.misfit == nil {
		path := at.path
		if path == "" {
			path = "the body"
		}
		f.misfit = &Misfit{Pos: t.Pos, Text: path + " " + fmt.Sprintf(format, args...)}
		if s != nil {
			f.misfit.At = s.Pos
		}
	}
	return nil
}

// value fits a value of a template into a schema, nil for any.
func (f *fitter) value(t *policy.ErrorBody, s *schema.Schema, at place) []Piece {
	if f.depth++; f.depth > maxDepth {
		return f.no(t, s, at, "is nested too deep")
	}
	defer func() { f.depth-- }()
	if s == nil {
		s = anything
	}
	switch {
	case s.Never:
		return f.no(t, s, at, "can have no value")
	case len(s.Unsupported) > 0:
		return f.no(t, s, at, "has a schema that bailey cannot read")
	case len(s.Beyond) > 0:
		return f.no(t, s, at, "has a schema with %s, to which a template cannot be held", s.Beyond[0].Key)
	case len(s.OneOf)+len(s.AnyOf) > 0:
		return f.branches(t, s, at)
	}
	f.used[t] = true
	if fixed, ok := fixedValue(s); ok {
		return []Piece{{Text: JSON(fixed)}}
	}
	switch {
	case t.Object:
		return f.object(t, s, at)
	case t.Item != nil:
		return f.list(t, s, at)
	case t.Literal != nil:
		if !allows(s, t.Literal) {
			return f.no(t, s, at, "cannot be %s", JSON(t.Literal))
		}
		return []Piece{{Text: JSON(t.Literal)}}
	}
	return f.part(t, s, at)
}

// anything is the schema of a value without one.
var anything = schema.Any()

// branches takes the first branch that fits. Of a oneOf, the answers are held to the whole schema afterwards.
func (f *fitter) branches(t *policy.ErrorBody, s *schema.Schema, at place) []Piece {
	base := *s
	base.OneOf, base.AnyOf, base.Discriminator = nil, nil, nil
	var first *Misfit
	for _, b := range slices.Concat(s.OneOf, s.AnyOf) {
		try := &fitter{contract: f.contract, reader: f.reader, used: map[*policy.ErrorBody]bool{}, depth: f.depth, whole: f.whole}
		merged := f.reader.Merge(s.Pos, &base, b)
		pieces := try.value(t, merged, at)
		if try.misfit == nil && len(s.OneOf) > 0 {
			try.exclusive(t, s, b, pieces, at)
		}
		if try.misfit == nil {
			for used := range try.used {
				f.used[used] = true
			}
			return pieces
		}
		if first == nil {
			first = try.misfit
		}
	}
	f.misfit = first
	return nil
}

// fixedValue is the only value that a schema has.
func fixedValue(s *schema.Schema) (*load.Node, bool) {
	if len(s.Enum) != 1 || s.Types&schema.TypeNull != 0 && s.Enum[0].Kind != load.Null {
		return nil, false
	}
	switch s.Enum[0].Kind {
	case load.Object, load.Array:
		return nil, false
	}
	return s.Enum[0], true
}

// object fits an object: members that the schema does not name are left out, unless it names none.
func (f *fitter) object(t *policy.ErrorBody, s *schema.Schema, at place) []Piece {
	if s.Types&schema.TypeObject == 0 {
		return f.no(t, s, at, "is an object in the template, and has to be %s", s.Types)
	}
	if s.Enum != nil {
		return f.no(t, s, at, "is an object with an enum, to which a template cannot be held")
	}
	if len(s.RequiredAny)+len(s.RequiredOne) > 0 {
		return f.no(t, s, at, "asks for members by anyOf, oneOf or not, to which a template cannot be held")
	}
	out := []Piece{{Text: "{"}}
	sure, most := int64(0), int64(0)
	have := map[string]bool{}
	for _, m := range t.Members {
		p := s.Property(m.Name)
		var member *schema.Schema
		switch {
		case p != nil && (p.Schema.Never || p.Schema.WriteOnly):
			continue
		case p != nil:
			member = p.Schema
		case f.whole && (s.Extra == schema.ExtraFalse || s.Closed):
			return f.no(t, s, place{path: at.path + "/" + m.Name}, "is a member that the schema refuses")
		case s.Extra == schema.ExtraFalse || s.Closed:
			continue
		case s.Extra == schema.ExtraTyped:
			member = s.ExtraSchema
		case len(s.Properties) > 0 && !f.whole:
			continue
		}
		required := slices.Contains(s.Required, m.Name)
		below := place{path: at.path + "/" + m.Name, required: required, list: at.list}
		pieces := f.value(m.Value, member, below)
		if f.misfit != nil {
			return nil
		}
		have[m.Name] = true
		optional := !required && len(pieces) == 1 && pieces[0].Part != "" && mayBeEmpty(pieces[0].Part, at.list)
		pieces[0].Key, pieces[0].Optional = jsonText(m.Name)+":", optional
		if most++; !optional {
			sure++
		}
		out = append(out, pieces...)
	}
	for _, name := range s.Required {
		p := s.Property(name)
		if have[name] || p != nil && p.Schema.WriteOnly {
			continue
		}
		if p != nil {
			if fixed, ok := fixedValue(p.Schema); ok {
				out = append(out, Piece{Key: jsonText(name) + ":", Text: JSON(fixed)})
				sure, most = sure+1, most+1
				continue
			}
		}
		return f.no(t, s, place{path: at.path + "/" + name}, "is required, and the template has no such member")
	}
	if sure < s.MinProperties || s.MaxProperties >= 0 && most > s.MaxProperties {
		return f.no(t, s, at, "has %d to %d members in the template, and the schema bounds them otherwise", sure, most)
	}
	return append(out, Piece{Text: "}"})
}

// mayBeEmpty reports whether a part says nothing of some refusals.
func mayBeEmpty(part string, list bool) bool {
	switch part {
	case "docs", "retry-after", "place", "pointer", "in", "parameter", "keyword":
		return true
	}
	return false
}

// list fits a list, which has at least one item.
func (f *fitter) list(t *policy.ErrorBody, s *schema.Schema, at place) []Piece {
	if s.Types&schema.TypeArray == 0 {
		return f.no(t, s, at, "is a list in the template, and has to be %s", s.Types)
	}
	if s.Enum != nil || s.MinItems > 1 || s.MaxItems == 0 {
		return f.no(t, s, at, "is a list of another length than a refusal can have")
	}
	p := Piece{IsList: true, Most: max(s.MaxItems, 0)}
	if s.UniqueItems {
		p.Most = 1
	}
	p.List = f.value(t.Item, s.Items, place{path: at.path + "/0", required: true, list: true})
	return []Piece{p}
}
