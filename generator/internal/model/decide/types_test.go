package decide_test

import (
	"testing"
)

// TestNames: what the types are called.
func TestNames(t *testing.T) {
	t.Parallel()
	tests := []decision{
		{
			name: "words that Go or the package has already",
			document: schemas(`
A:
  type: object
  properties:
    type: {$ref: '#/components/schemas/type'}
    Config: {$ref: '#/components/schemas/Config'}
    error: {$ref: '#/components/schemas/error'}
    handler: {$ref: '#/components/schemas/handler'}
    Type: {type: string}
    '': {type: string}
    2fa: {type: boolean}
type: {type: object}
Config: {type: object}
error: {type: object}
handler: {type: object}
SendRequest: {type: object}
`),
			want: `
A struct{TypeX1303 runtime.Opt[Type]; Config runtime.Opt[ConfigSchema]; Error runtime.Opt[Error]; Handler runtime.Opt[HandlerSchema]; Type runtime.Opt[string]; X runtime.Opt[string]; X2fa runtime.Opt[bool]}
Type struct{}
ConfigSchema struct{}
Error struct{}
HandlerSchema struct{}
Send(Body A!) 200 *A
`,
		},
		{
			name: "components that are spelt alike",
			document: schemas(`
A:
  type: object
  properties: {b: {$ref: '#/components/schemas/user-id'}, c: {$ref: '#/components/schemas/UserID'}, d: {$ref: '#/components/schemas/user_id'}}
user-id: {type: object}
UserID: {type: object}
user_id: {type: object}
`),
			want: `
A struct{B runtime.Opt[UserIDX80a2]; C runtime.Opt[UserID]; D runtime.Opt[UserIDX436b]}
UserIDX80a2 struct{}
UserID struct{}
UserIDX436b struct{}
Send(Body A!) 200 *A
`,
		},
		{
			name: "named after their place",
			document: schemas(`
A:
  type: object
  properties:
    b: {type: object, properties: {c: {type: object, properties: {d: {enum: [x, 'y z', '', '2']}}}}}
    list: {type: array, items: {type: object, properties: {e: {type: string}}}}
    map: {type: object, additionalProperties: {type: object, properties: {f: {type: string}}}}
ABC: {type: object}
`),
			want: `
A struct{B runtime.Opt[AB]; List []AListItem; Map map[string]AMapValue}
AB struct{C runtime.Opt[ABC]}
ABC struct{D runtime.Opt[ABCD] enum}
ABCD enum ABCDX="x" ABCDYZ="y z" ABCDEmpty="" ABCDX2="2"
AListItem struct{E runtime.Opt[string]}
AMapValue struct{F runtime.Opt[string]}
Send(Body A!) 200 *A
`,
		},
		{
			name: "chosen by the document",
			document: schemas(`
A:
  type: object
  x-bailey-go-name: Alpha
  properties:
    b: {type: object, x-bailey-go-name: Beta}
    c: {enum: [a, b], x-enum-varnames: [First, Second]}
`),
			want: `
Alpha struct{Beta runtime.Opt[Beta]; C runtime.Opt[AlphaC] enum}
Beta struct{}
AlphaC enum AlphaCFirst="a" AlphaCSecond="b"
Send(Body Alpha!) 200 *Alpha
`,
		},
		{
			name: "what is not used is not declared",
			document: schemas(`
A: {type: string}
B: {type: object}
`),
			want: `
Send(Body string!) 200 string
`,
		},
		{
			name: "enums that share a word with a type",
			document: schemas(`
A: {type: object, properties: {s: {$ref: '#/components/schemas/Status'}, t: {$ref: '#/components/schemas/StatusOpen'}}}
Status: {enum: [open, Open, OPEN]}
StatusOpen: {type: object}
`),
			want: `
A struct{S runtime.Opt[Status] enum; T runtime.Opt[StatusOpen]}
Status enum StatusOpenX2348="open" Status_Open="Open" StatusOpenX6e10="OPEN"
StatusOpen struct{}
Send(Body A!) 200 *A
`,
		},
	}
	for _, test := range tests {
		test.run(t)
	}
}

// TestViews: where requests and responses see a schema differently, there are two types.
func TestViews(t *testing.T) {
	t.Parallel()
	tests := []decision{
		{
			name: "one type where nothing differs",
			document: schemas(`
A: {type: object, required: [b], properties: {b: {$ref: '#/components/schemas/B'}}}
B: {type: object, properties: {c: {type: string}}}
`),
			want: `
A struct{B B!}
B struct{C runtime.Opt[string]}
Send(Body A!) 200 *A
`,
		},
		{
			name: "readOnly and writeOnly, required or not",
			document: schemas(`
A:
  type: object
  required: [id, secret, name]
  properties: {id: {type: string, readOnly: true}, secret: {type: string, writeOnly: true}, name: {type: string}}
`),
			want: `
AInput struct{Secret string!; Name string!}
A struct{ID string!; Name string!}
Send(Body AInput!) 200 *A
`,
		},
		{
			name: "what holds such a schema differs, too; what does not, does not",
			document: schemas(`
A: {type: object, properties: {b: {type: array, items: {$ref: '#/components/schemas/B'}}, d: {$ref: '#/components/schemas/D'}}}
B: {type: object, properties: {c: {type: object, additionalProperties: {$ref: '#/components/schemas/C'}}}}
C: {type: object, properties: {id: {type: string, readOnly: true}}}
D: {type: object, properties: {id: {type: string}}}
`),
			want: `
AInput struct{B []BInput; D runtime.Opt[D]}
BInput struct{C map[string]CInput}
CInput struct{}
D struct{ID runtime.Opt[string]}
A struct{B []B; D runtime.Opt[D]}
B struct{C map[string]C}
C struct{ID runtime.Opt[string]}
Send(Body AInput!) 200 *A
`,
		},
		{
			name: "recursion",
			document: schemas(`
A: {type: object, properties: {next: {$ref: '#/components/schemas/A'}, id: {type: string, readOnly: true}}}
`),
			want: `
AInput struct{Next *AInput}
A struct{Next *A; ID runtime.Opt[string]}
Send(Body AInput!) 200 *A
`,
		},
		{
			name: "masks are of responses",
			document: schemas(`
A: {type: object, properties: {card: {type: string, maxLength: 19, x-bailey-mask: last4}, pin: {type: integer, x-bailey-mask: drop}}}
`),
			want: `
AInput struct{Card runtime.Opt[string] maxLength; Pin runtime.Opt[int64]}
A struct{Card runtime.Opt[mask.String] maxLength; Pin runtime.Opt[mask.Value[int64]]}
Send(Body AInput!) 200 *A
`,
		},
		{
			name: "beside a $ref",
			document: schemas(`
A: {type: object, properties: {b: {$ref: '#/components/schemas/B', readOnly: true}, c: {$ref: '#/components/schemas/B'}}}
B: {type: object, properties: {c: {type: string}}}
`),
			want: `
AInput struct{C runtime.Opt[B]}
B struct{C runtime.Opt[string]}
A struct{B runtime.Opt[B]; C runtime.Opt[B]}
Send(Body AInput!) 200 *A
`,
		},
	}
	for _, test := range tests {
		test.run(t)
	}
}

// TestObjects: members, those that are not named, and recursion.
func TestObjects(t *testing.T) {
	t.Parallel()
	tests := []decision{
		{
			name: "members without a name",
			document: schemas(`
A:
  type: object
  properties:
    closed: {type: object, additionalProperties: false, properties: {a: {type: string}}}
    open: {type: object, additionalProperties: true, properties: {a: {type: string}}}
    typed: {type: object, additionalProperties: {type: integer}, properties: {a: {type: string}}}
    silent: {type: object, properties: {a: {type: string}}}
    dropping: {type: object, x-bailey-unknown: drop, properties: {a: {type: string}}}
    free: {type: object, additionalProperties: true}
    empty: {type: object}
`),
			want: `
A struct{Closed runtime.Opt[AClosed]; Open runtime.Opt[AOpen]; Typed runtime.Opt[ATyped]; Silent runtime.Opt[ASilent]; Dropping runtime.Opt[ADropping]; Free map[string]wire.Raw; Empty runtime.Opt[AEmpty]}
AClosed struct{A runtime.Opt[string]} wire.Closed
AOpen struct{A runtime.Opt[string]} + map[string]wire.Raw wire.Keep
ATyped struct{A runtime.Opt[string]} + map[string]int64 wire.Keep
ASilent struct{A runtime.Opt[string]}
ADropping struct{A runtime.Opt[string]} wire.Drop
AEmpty struct{}
Send(Body A!) 200 *A
`,
		},
		{
			name: "required without a schema, and choices of members",
			document: schemas(`
A:
  type: object
  required: [a, x]
  properties: {a: {type: string}, b: {type: string}, gone: false}
  oneOf: [{required: [b]}, {required: [c]}, {required: [gone]}]
`),
			want: `
A struct{A string!; B runtime.Opt[string]; X wire.Raw!; C runtime.Opt[wire.Raw]; gone runtime.Opt[wire.Raw] additionalProperties} oneOf[[2] [8]]
Send(Body A!) 200 *A
`,
		},
		{
			name: "members that may not be there, though others may",
			document: schemas(`
A:
  type: object
  properties: {a: false, type: {type: string, readOnly: true}, c: {type: string, writeOnly: true}}
  additionalProperties: true
`),
			want: `
AInput struct{C runtime.Opt[string]; a runtime.Opt[wire.Raw] additionalProperties} + map[string]wire.Raw wire.Keep
A struct{Type runtime.Opt[string]; a runtime.Opt[wire.Raw] additionalProperties; c runtime.Opt[wire.Raw] additionalProperties} + map[string]wire.Raw wire.Keep
Send(Body AInput!) 200 *A
`,
		},
		{
			name: "a member that additionalProperties refuses already",
			document: schemas(`
A: {type: object, properties: {a: false, b: {type: string}}, additionalProperties: false}
`),
			want: `
A struct{B runtime.Opt[string]} wire.Closed
Send(Body A!) 200 *A
`,
		},
		{
			name: "a struct that holds itself",
			document: schemas(`
A: {type: object, required: [b], properties: {b: {$ref: '#/components/schemas/B'}, n: {oneOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]}}}
B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}, list: {type: array, items: {$ref: '#/components/schemas/B'}}}}
`),
			want: `
A struct{B B!; N runtime.Opt[runtime.Null[*A]]}
B struct{A *A; List []B}
Send(Body A!) 200 *A
`,
		},
		{
			name: "merged",
			document: schemas(`
A:
  allOf:
    - {type: object, required: [a], properties: {a: {type: string, maxLength: 5}}}
    - {type: object, properties: {a: {type: string, minLength: 1}, b: {type: integer}}}
`),
			want: `
A struct{A string! minLength,maxLength; B runtime.Opt[int64]}
Send(Body A!) 200 *A
`,
		},
	}
	for _, test := range tests {
		test.run(t)
	}
}

// TestSharedTypes: what only annotates a component, or makes it nullable, is no type of
// its own, and the component keeps its name.
func TestSharedTypes(t *testing.T) {
	t.Parallel()
	for _, d := range []decision{
		{
			name: "annotated",
			document: schemas(`
A: {type: object, properties: {b: {$ref: '#/components/schemas/B', description: of A}, c: {allOf: [{$ref: '#/components/schemas/B'}], title: of A}}}
B: {type: object, properties: {c: {type: string}}}
`),
			want: "A struct{B runtime.Opt[B]; C runtime.Opt[B]}\nB struct{C runtime.Opt[string]}\nSend(Body A!) 200 *A\n",
		},
		{
			name: "nullable",
			document: schemas(`
A: {type: object, properties: {b: {oneOf: [{$ref: '#/components/schemas/B'}, {type: 'null'}]}, c: {anyOf: [{type: 'null'}, {$ref: '#/components/schemas/C'}]}}}
B: {type: object, properties: {c: {type: string}}}
C: {enum: [x, y]}
`),
			want: `A struct{B runtime.Opt[runtime.Null[B]]; C runtime.Opt[runtime.Null[C]] enum}
B struct{C runtime.Opt[string]}
C enum CX="x" CY="y"
Send(Body A!) 200 *A
`,
		},
	} {
		d.run(t)
	}
}
