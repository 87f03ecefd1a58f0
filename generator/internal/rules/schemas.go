package rules

// The rules of schemas.
const (
	ArrayItems              Rule = "array-items"
	ChoiceCycle             Rule = "choice-cycle"
	ClosedSchema            Rule = "closed-schema"
	Default                 Rule = "default"
	DefaultNotApplied       Rule = "default-not-applied"
	Discriminator           Rule = "discriminator"
	DiscriminatorUndeclared Rule = "discriminator-undeclared"
	DuplicateEnum           Rule = "duplicate-enum"
	EnumNames               Rule = "enum-names"
	EnumType                Rule = "enum-type"
	FormatConflict          Rule = "format-conflict"
	FormatType              Rule = "format-type"
	FreeForm                Rule = "free-form"
	InertKeyword            Rule = "inert-keyword"
	InheritedChoice         Rule = "inherited-choice"
	InsideRaw               Rule = "inside-raw"
	KeywordVersion          Rule = "keyword-version"
	NullableAllOf           Rule = "nullable-allof"
	NullableEnum            Rule = "nullable-enum"
	OpenChoice              Rule = "open-choice"
	Pattern                 Rule = "pattern"
	RawValue                Rule = "raw-value"
	ReadOnly                Rule = "read-only"
	RefSiblings             Rule = "ref-siblings"
	Required                Rule = "required"
	Schema                  Rule = "schema"
	SchemaCycle             Rule = "schema-cycle"
	ShadowedBranch          Rule = "shadowed-branch"
	TooComplex              Rule = "too-complex"
	TwoChoices              Rule = "two-choices"
	UnknownFormat           Rule = "unknown-format"
	UnknownKeyword          Rule = "unknown-keyword"
	Unsatisfiable           Rule = "unsatisfiable"
	UnsupportedKeyword      Rule = "unsupported-keyword"
	UnsupportedPattern      Rule = "unsupported-pattern"
)

var schemas = map[Rule]Text{
	ArrayItems: {
		Meaning: "An array has no items, so that its items are not checked.",
		Advice:  "Write items with the schema of an item.",
	},
	ChoiceCycle: {
		Meaning: "A oneOf or anyOf has itself as a branch, without a property or an item between.",
		Advice:  "Put the inner schema below a property, or take the branch out.",
	},
	ClosedSchema: {
		Meaning: "A property can never be there, because additionalProperties: false of a schema merged with it refuses the property.",
		Advice:  "Write unevaluatedProperties: false at the outermost schema instead (OpenAPI 3.1).",
	},
	Default: {
		Meaning: "The default of a schema is not valid, and is passed over.",
		Advice:  "Write a value that the schema accepts.",
	},
	DefaultNotApplied: {
		Meaning: "The default of a schema is documentation: the server does not set it.",
		Advice:  "Give it to a property that is a string, number or boolean, and not counted by oneOf, not or maxProperties.",
	},
	Discriminator: {
		Meaning: "A discriminator selects no schema, or a schema that cannot be selected.",
		Advice:  "Name each branch in the mapping, or declare the property with a const in each branch.",
	},
	DiscriminatorUndeclared: {
		Meaning: "The property of a discriminator is declared by no branch, or by a branch that refuses members that it does not name.",
		Advice:  "Add the property to each branch.",
	},
	DuplicateEnum: {
		Meaning: "A value stands in an enum twice.",
		Advice:  "Delete one of the two.",
	},
	EnumNames: {
		Meaning: "x-enum-varnames or x-enumNames has not one name for each value, and is passed over.",
		Advice:  "List as many names as values.",
	},
	EnumType: {
		Meaning: "A value of an enum is of a type that the schema excludes.",
		Advice:  "Correct the type, or put texts in quotes.",
	},
	FormatConflict: {
		Meaning: "Two schemas that are merged have different formats, neither of which is part of the other.",
		Advice:  "Keep one format.",
	},
	FormatType: {
		Meaning: "A format says nothing of values of the schema's type.",
		Advice:  "Correct the type, or delete the format.",
	},
	FreeForm: {
		Meaning: "A document says of an object only that it is one. The object has no members then.",
		Advice:  "Name its properties, or write x-bailey-unknown: keep or additionalProperties.",
	},
	InertKeyword: {
		Meaning: "A keyword says nothing of values of the schema's type.",
		Advice:  "Delete the keyword, or correct the type.",
	},
	InheritedChoice: {
		Meaning: "A branch of a oneOf extends the schema that the oneOf stands in. The other branches are not asked where the branch is used by itself.",
		Advice:  "Let the branches extend a schema of their own, which has no oneOf.",
	},
	InsideRaw: {
		Meaning: "A policy or a keyword cannot be enforced in values that stay JSON text.",
		Advice:  "Describe the values with properties, or move the key to the schema around them.",
	},
	KeywordVersion: {
		Meaning: "A keyword is of another version of OpenAPI. It is read as there, where that is possible.",
		Advice:  "Write the keyword of the document's own version.",
	},
	NullableAllOf: {
		Meaning: "nullable stands beside an allOf that refuses null, so that null is refused (OpenAPI 3.0).",
		Advice:  "Write oneOf with a schema for null, or nullable: true in the schemas of the allOf.",
	},
	NullableEnum: {
		Meaning: "nullable stands beside an enum that does not list null, so that null is refused (OpenAPI 3.0).",
		Advice:  "Add null to the enum.",
	},
	OpenChoice: {
		Meaning: "A branch of an anyOf accepts everything, and so does the whole anyOf.",
		Advice:  "Take the branch out, or say more in it.",
	},
	Pattern: {
		Meaning: "A pattern matches other texts than its author may think.",
		Advice:  "Read the message; the pattern is that of ECMA 262.",
	},
	RawValue: {
		Meaning: "No Go type says what a schema does. Its values are checked keyword by keyword, and handed to the handler as JSON text.",
		Advice:  "Describe an object, a list or a choice of them, if the handler should get Go values.",
	},
	ReadOnly: {
		Meaning: "A request body is readOnly as a whole, and is read as any other; or a branch is readOnly where readOnly members are dropped, and values of it are refused.",
		Advice:  "Write readOnly on the properties that the server sets.",
	},
	RefSiblings: {
		Meaning: "A keyword beside a $ref says nothing in OpenAPI 3.0.",
		Advice:  "Write allOf around the $ref.",
	},
	Required: {
		Meaning: "required is a boolean, which says nothing.",
		Advice:  "List the names of required properties beside properties.",
	},
	Schema: {
		Meaning: "A schema, or a keyword of one, has a value of another type than JSON Schema has for it.",
		Advice:  "Correct the value.",
	},
	SchemaCycle: {
		Meaning: "A schema consists of itself, so that it says nothing.",
		Advice:  "Put the inner schema below a property or an item.",
	},
	ShadowedBranch: {
		Meaning: "No value can match a branch of a oneOf or anyOf, or a value that matches is refused because another branch matches too.",
		Advice:  "Take the branch out, or write anyOf for oneOf.",
	},
	TooComplex: {
		Meaning: "The schemas that are merged or nested here pass a limit of the generator.",
		Advice:  "Split the schema, or name fewer combinations.",
	},
	TwoChoices: {
		Meaning: "A oneOf and an anyOf hold for one value, which no Go type says.",
		Advice:  "Write one of them, or one inside of the other.",
	},
	UnknownFormat: {
		Meaning: "A format is not one that bailey checks: it is documentation.",
		Advice:  "Write a pattern, if the values must be checked.",
	},
	UnknownKeyword: {
		Meaning: "A member of a schema is no keyword of JSON Schema.",
		Advice:  "Correct the spelling, or write x- before the name.",
	},
	Unsatisfiable: {
		Meaning: "No value can match a schema.",
		Advice:  "Correct the schema, or allow it with allow-unsatisfiable.",
	},
	UnsupportedKeyword: {
		Meaning: "A keyword cannot be enforced here, so that the operations which use the schema are refused.",
		Advice:  "Say it with other keywords, or skip the operation.",
	},
	UnsupportedPattern: {
		Meaning: "A pattern is no ECMA 262 pattern, or needs features that cannot be matched in linear time.",
		Advice:  "Write the pattern without back references.",
	},
}
