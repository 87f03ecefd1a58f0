package param

import "github.com/bailey-go/bailey/runtime/gen/wire"

// Text is a set of the JSON types that a text without quotes may stand for. A null
// has no text.
type Text uint8

// The types, in the order in which they are tried: of two readings of one text, the
// first that the schema accepts is taken.
const (
	AsBool    Text = 1 << iota // true and false
	AsInteger                  // decimal digits without leading zeros, and a minus
	AsNumber                   // what JSON calls a number; integers as well
	AsString                   // every text
)

// Style is how the texts of one parameter are put together (OpenAPI, Style Values).
type Style uint8

// The styles. The first five are of pairs of a query, a form or of cookies; the others
// of one text, as Delimited is, too.
const (
	Exploded       Style = iota // name=value, a pair for each item
	Delimited                   // one text: items, or names and values in turn
	Deep                        // name[member]=value, name[]=item, name[0]=item
	Spread                      // the members of an object are pairs of their own
	JSON                        // the value is JSON text
	Assigned                    // member=value, between separators; items as in Delimited
	Label                       // Delimited behind a point
	LabelExploded               // Assigned behind a point, points between
	Matrix                      // Delimited behind ;name=
	MatrixExploded              // ;name=item;name=item, ;member=value;member=value
)

// Shape is what a value looks like as text: how to write it as JSON, which generated
// code then decodes and checks as it does a body. It is one of: a scalar, an array, an
// object, JSON, a choice. A Shape is not changed, and may be shared.
type Shape struct {
	// Text are the readings of a scalar.
	Text Text
	// Items are the items of an array.
	Items *Shape
	// Separator stands between the items of an array inside of another.
	Separator byte
	// Object is set for objects. Members with a name are in Members; the others are
	// of the shape Rest, or strings without one: to be refused, or dropped.
	Object  bool
	Members []Member
	Rest    *Shape
	// Value is set for a value that is JSON text.
	Value bool
	// Choices are alternatives: the first that Accepts takes is it.
	Choices []*Shape
	// Accepts reads and judges what Text or Choices leave open; nil takes the first.
	Accepts func(*wire.Decoder)
}

// Member is a parameter, a form's field or an object's member.
type Member struct {
	Name  string
	Style Style // of an object's member: where the object is Spread
	// Separator stands between items, of Delimited and Assigned.
	Separator byte
	Shape     *Shape
	// Names are the names of the pairs that Spread takes; Open takes all others, too.
	Names []string
	Open  bool
	// Empty is set where an empty value says nothing: allowEmptyValue.
	Empty bool
	// Escaped is set for cookies that are percent-encoded. A & in them is refused: it
	// would stand between the parts for who reads style form to the letter.
	Escaped bool
}

// The scalars of one type, and JSON. Generated code takes their addresses, so that its
// tables are data that the linker lays out, and nothing runs when a program starts.
var (
	BoolText    = Shape{Text: AsBool}
	IntegerText = Shape{Text: AsInteger}
	NumberText  = Shape{Text: AsNumber}
	StringText  = Shape{Text: AsString}
	JSONText    = Shape{Value: true}
)

// simple reports whether s is read from one text that is not taken apart.
func (s *Shape) simple() bool { return s.Text != 0 }

func (s *Shape) member(name string) *Member {
	for i := range s.Members {
		if s.Members[i].Name == name {
			return &s.Members[i]
		}
	}
	return nil
}
