package rules

// The rules of reading a document.
const (
	Bound         Rule = "bound"
	Config        Rule = "config"
	DanglingRef   Rule = "dangling-ref"
	Document      Rule = "document"
	DocumentCost  Rule = "document-cost"
	DocumentShape Rule = "document-shape"
	DuplicateKey  Rule = "duplicate-key"
	File          Rule = "file"
	JSONSyntax    Rule = "json-syntax"
	KinOpenAPI    Rule = "kin-openapi"
	LimitAliases  Rule = "limit-aliases"
	LimitDepth    Rule = "limit-depth"
	LimitNodes    Rule = "limit-nodes"
	LimitNumber   Rule = "limit-number"
	RecursiveRef  Rule = "recursive-ref"
	RefCycle      Rule = "ref-cycle"
	RefFile       Rule = "ref-file"
	RefOutside    Rule = "ref-outside"
	RefPlace      Rule = "ref-place"
	RefRemote     Rule = "ref-remote"
	SchemaAnchor  Rule = "schema-anchor"
	SchemaID      Rule = "schema-id"
	Self          Rule = "self"
	Shape         Rule = "shape"
	TooMany       Rule = "too-many"
	UTF8          Rule = "utf8"
	Version       Rule = "version"
	YAMLAlias     Rule = "yaml-alias"
	YAMLDocuments Rule = "yaml-documents"
	YAMLKey       Rule = "yaml-key"
	YAMLMerge     Rule = "yaml-merge"
	YAMLNumber    Rule = "yaml-number"
	YAMLSyntax    Rule = "yaml-syntax"
	YAMLTag       Rule = "yaml-tag"
)

var reading = map[Rule]Text{
	Bound: {
		Meaning: "A bound such as minLength or maximum has a value that no check can compare with.",
		Advice:  "Write a number that a float64 holds.",
	},
	Config: {
		Meaning: "The configuration file bailey.yaml has an unknown member, a value of another type, or two members that contradict each other.",
		Advice:  "Compare it with docs/cli.md.",
	},
	DanglingRef: {
		Meaning: "A reference leads to no value of its file, or into a file that cannot be read.",
		Advice:  "Correct the pointer behind the #, or the name of the file.",
	},
	Document: {
		Meaning: "The file is empty, or its root is no object.",
		Advice:  "Name the file with the member openapi.",
	},
	DocumentCost: {
		Meaning: "A stage of the generator needs more steps or bytes than a document of this size may cost.",
		Advice:  "Split the document, or take the deeply merged schemas apart; docs/document-cost.md has the budgets.",
	},
	DocumentShape: {
		Meaning: "A member of the document's root, of info or of paths is missing or of another type.",
		Advice:  "Write the member as the OpenAPI specification has it.",
	},
	DuplicateKey: {
		Meaning: "An object has a member twice, and each reader would take another one of them.",
		Advice:  "Delete one of the two.",
	},
	File: {
		Meaning: "The document cannot be read from its file.",
		Advice:  "Check the name and the permissions of the file.",
	},
	JSONSyntax: {
		Meaning: "A JSON file is no JSON text (RFC 8259).",
		Advice:  "Correct the text at the place that the message names.",
	},
	KinOpenAPI: {
		Meaning: "kin-openapi, which --validate asks, finds fault with the document, or cannot be asked.",
		Advice:  "Read the finding: bailey's own checks passed.",
	},
	LimitAliases: {
		Meaning: "The aliases and merge keys of a YAML file stand for more values than the limit.",
		Advice:  "Write the values out, or use $ref.",
	},
	LimitDepth: {
		Meaning: "The values of a file are nested deeper than the limit.",
		Advice:  "Take the inner values apart with $ref.",
	},
	LimitNodes: {
		Meaning: "A file has more values than the limit.",
		Advice:  "Split the file.",
	},
	LimitNumber: {
		Meaning: "A number has more characters, or a greater exponent, than the limit.",
		Advice:  "Write a shorter number.",
	},
	RecursiveRef: {
		Meaning: "$recursiveRef is a keyword of JSON Schema 2019-09. It is read as a reference to the schema around it.",
		Advice:  "Write $dynamicRef, or a plain $ref.",
	},
	RefCycle: {
		Meaning: "A reference leads only to other references, and back to itself.",
		Advice:  "Let one of the references lead to a value.",
	},
	RefFile: {
		Meaning: "The file of a reference cannot be read.",
		Advice:  "Correct the name, or put the file beside the document.",
	},
	RefOutside: {
		Meaning: "The file of a reference is outside of the document's folder, and of the folder that --root names.",
		Advice:  "Move the file, or name a folder above both with --root (root in bailey.yaml).",
	},
	RefPlace: {
		Meaning: "A reference stands at a place where OpenAPI has none. It is followed.",
		Advice:  "Write the content out, or move the reference to an object that can have one.",
	},
	RefRemote: {
		Meaning: "A reference leads to a network address. The generator opens no connection.",
		Advice:  "Copy the file beside the document, and refer to the copy.",
	},
	SchemaAnchor: {
		Meaning: "Two schemas of one resource have the same $anchor or $dynamicAnchor.",
		Advice:  "Rename one of them.",
	},
	SchemaID: {
		Meaning: "An $id is no URI reference without a fragment, or stands in the document twice.",
		Advice:  "Write a URI of its own for each schema.",
	},
	Self: {
		Meaning: "The base address that $self gives is not used: references lead to files by their place.",
		Advice:  "Write references relative to the file.",
	},
	Shape: {
		Meaning: "A member has a value of a type that OpenAPI does not have at this place.",
		Advice:  "Write an object, a list or a boolean, as the message says.",
	},
	TooMany: {
		Meaning: "A file has more findings than the limit, and the rest is not shown.",
		Advice:  "Repair the first findings, and run the generator again.",
	},
	UTF8: {
		Meaning: "A file holds bytes that are no UTF-8, or half of a surrogate pair in a string.",
		Advice:  "Save the file as UTF-8.",
	},
	Version: {
		Meaning: "The document's version is none of OpenAPI 3.0, 3.1, 3.2 and Swagger 2.0, or there is none.",
		Advice:  "Write the version as a string: openapi: 3.1.0.",
	},
	YAMLAlias: {
		Meaning: "An alias of a YAML file stands inside the value that it names.",
		Advice:  "Use $ref for schemas that contain themselves.",
	},
	YAMLDocuments: {
		Meaning: "A YAML file holds a second document.",
		Advice:  "Keep one document in a file.",
	},
	YAMLKey: {
		Meaning: "A member of a YAML object has no name, or a name that is no string.",
		Advice:  "Put the name in quotes.",
	},
	YAMLMerge: {
		Meaning: "A merge key of a YAML file takes a value that is no object and no list of objects.",
		Advice:  "Merge an object, or write the members out.",
	},
	YAMLNumber: {
		Meaning: "A YAML file has a value such as .inf or 0x1F at the place of a number, which JSON does not have.",
		Advice:  "Write the number in decimal, or put a text in quotes.",
	},
	YAMLSyntax: {
		Meaning: "A YAML file cannot be read.",
		Advice:  "Correct the text at the place that the message names.",
	},
	YAMLTag: {
		Meaning: "A value of a YAML file has a tag that is not of YAML's core schema, or does not fit the value.",
		Advice:  "Delete the tag.",
	},
}
