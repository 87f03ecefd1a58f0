package decide_test

import "testing"

// TestSums: how the branch of a oneOf or anyOf is found. The cheapest way that is sound.
func TestSums(t *testing.T) {
	t.Parallel()
	const cats = `
Cat: {type: object, required: [kind], properties: {kind: {type: string}, lives: {type: integer}}}
Dog: {type: object, required: [kind], properties: {kind: {enum: [dog, puppy]}, bark: {type: string}}}
`
	tests := []decision{
		{
			name: "discriminator",
			document: schemas(`
A: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}` + cats),
			want: `
A sum by "kind" Cat:Cat="Cat" Dog:Dog="dog"="puppy"
Cat struct{Kind string!; Lives runtime.Opt[int64]}
Dog struct{Kind DogKind! enum; Bark runtime.Opt[string]}
DogKind enum DogKindDog="dog" DogKindPuppy="puppy"
Send(Body A!) 200 *A
`,
		},
		{
			name: "discriminator with a mapping",
			document: schemas(`
A: {anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind, mapping: {tom: Cat, rex: '#/components/schemas/Dog'}}}` + cats),
			want: `
A sum by "kind" Cat:Cat="tom"="Cat" Dog:Dog="rex"="dog"="puppy"
Cat struct{Kind string!; Lives runtime.Opt[int64]}
Dog struct{Kind DogKind! enum; Bark runtime.Opt[string]}
DogKind enum DogKindDog="dog" DogKindPuppy="puppy"
Send(Body A!) 200 *A
`,
		},
		{
			name: "discriminator of what is no object is tried",
			document: schemas(`
A: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: string}], discriminator: {propertyName: kind}}` + cats),
			want: `
A sum by kind Cat:Cat=KindObject String:string=KindString
Cat struct{Kind string!; Lives runtime.Opt[int64]}
Send(Body A!) 200 *A
`,
		},
		{
			name: "types",
			document: schemas(`
A: {oneOf: [{type: string}, {type: integer}, {type: boolean}, {type: array, items: {type: string}}, {$ref: '#/components/schemas/Cat'}]}` + cats),
			want: `
A sum by kind String:string=KindString Int:int64=KindNumber Bool:bool=KindBool List:[]string=KindArray Cat:Cat=KindObject
Cat struct{Kind string!; Lives runtime.Opt[int64]}
Send(Body A!) 200 *A
`,
		},
		{
			name: "a list of types",
			document: schemas(`
A: {type: [string, number, 'null'], maxLength: 3, minimum: 1}`),
			want: `
A sum by kind Number:float64=KindNumber String:string=KindString
Send(Body runtime.Null[A]!) 200 runtime.Null[A]
`,
		},
		{
			name: "integer and number are one kind",
			document: schemas(`
A: {oneOf: [{type: integer}, {type: number, minimum: 1000.5}]}`),
			want: `
A sum by trying one Int:int64 Number:float64
Send(Body A!) 200 *A
`,
		},
		{
			name: "objects without a discriminator, one of",
			document: schemas(`
A: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}` + cats),
			want: `
A sum by trying one Cat:Cat Dog:Dog
Cat struct{Kind string!; Lives runtime.Opt[int64]}
Dog struct{Kind DogKind! enum; Bark runtime.Opt[string]}
DogKind enum DogKindDog="dog" DogKindPuppy="puppy"
Send(Body A!) 200 *A
`,
		},
		{
			name: "objects without a discriminator, any of",
			document: schemas(`
A: {anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}` + cats),
			want: `
A sum by trying any Cat:Cat Dog:Dog
Cat struct{Kind string!; Lives runtime.Opt[int64]}
Dog struct{Kind DogKind! enum; Bark runtime.Opt[string]}
DogKind enum DogKindDog="dog" DogKindPuppy="puppy"
Send(Body A!) 200 *A
`,
		},
		{
			name: "what stands beside holds for each branch",
			document: schemas(`
A: {type: object, required: [id], properties: {id: {type: string}}, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}` + cats),
			want: `
A sum by trying one Cat:ACat Dog:ADog
ACat struct{ID string!; Kind string!; Lives runtime.Opt[int64]}
ADog struct{ID string!; Kind DogKind! enum; Bark runtime.Opt[string]}
DogKind enum DogKindDog="dog" DogKindPuppy="puppy"
Send(Body A!) 200 *A
`,
		},
		{
			name: "titles, and branches without a name",
			document: schemas(`
A: {oneOf: [{title: By name, type: object, required: [a], properties: {a: {type: string}}}, {type: object, required: [b], properties: {b: {type: string}}}]}`),
			want: `
A sum by trying one ByName:AByName Option2:AOption2
AByName struct{A string!}
AOption2 struct{B string!}
Send(Body A!) 200 *A
`,
		},
		{
			name: "strings are strings, whatever tells them apart",
			document: schemas(`
A: {type: object, properties: {b: {oneOf: [{type: string, format: uuid}, {type: string, maxLength: 3}]}, c: {anyOf: [{enum: [x]}, {type: string, pattern: '^y'}]}}}`),
			want: `
A struct{B runtime.Opt[string] oneOf; C runtime.Opt[string] anyOf}
Send(Body A!) 200 *A
`,
		},
		{
			name: "enums are one enum",
			document: schemas(`
A: {type: object, properties: {b: {anyOf: [{enum: [x, y]}, {enum: [y, z]}]}}}`),
			want: `
A struct{B runtime.Opt[AB] enum}
AB enum ABX="x" ABY="y" ABZ="z"
Send(Body A!) 200 *A
`,
		},
		{
			name: "null beside a branch is no branch",
			document: schemas(`
A: {type: object, properties: {b: {anyOf: [{$ref: '#/components/schemas/Cat'}, {type: 'null'}]}}}` + cats),
			want: `
A struct{B runtime.Opt[runtime.Null[Cat]]}
Cat struct{Kind string!; Lives runtime.Opt[int64]}
Send(Body A!) 200 *A
`,
		},
		{
			name: "closed",
			document: schemas(`
A: {type: object, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], unevaluatedProperties: false}` + cats),
			want: `
A sum by trying one Cat:ACat Dog:ADog
ACat struct{Kind string!; Lives runtime.Opt[int64]} wire.Refuse
ADog struct{Kind DogKind! enum; Bark runtime.Opt[string]} wire.Refuse
DogKind enum DogKindDog="dog" DogKindPuppy="puppy"
Send(Body A!) 200 *A
`,
		},
		{
			name: "in two directions",
			document: schemas(`
A: {oneOf: [{$ref: '#/components/schemas/B'}, {type: string}]}
B: {type: object, properties: {id: {type: string, readOnly: true}}}`),
			want: `
AInput sum by kind B:BInput=KindObject String:string=KindString
BInput struct{}
A sum by kind B:B=KindObject String:string=KindString
B struct{ID runtime.Opt[string]}
Send(Body AInput!) 200 *A
`,
		},
	}
	for _, test := range tests {
		test.run(t)
	}
}
