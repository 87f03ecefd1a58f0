package rules

// The rules of operations, parameters and bodies.
const (
	BodyContent          Rule = "body-content"
	BodyOnGet            Rule = "body-on-get"
	Callbacks            Rule = "callbacks"
	DuplicateOperationID Rule = "duplicate-operation-id"
	DuplicateParameter   Rule = "duplicate-parameter"
	FormEncoding         Rule = "form-encoding"
	FormExtra            Rule = "form-extra"
	FormField            Rule = "form-field"
	FormSchema           Rule = "form-schema"
	Header               Rule = "header"
	HeaderType           Rule = "header-type"
	MediaType            Rule = "media-type"
	NameTaken            Rule = "name-taken"
	NoOperations         Rule = "no-operations"
	NoSuccess            Rule = "no-success"
	Operation            Rule = "operation"
	Package              Rule = "package"
	Parameter            Rule = "parameter"
	ParameterCollision   Rule = "parameter-collision"
	ParameterContent     Rule = "parameter-content"
	ParameterStyle       Rule = "parameter-style"
	ParameterType        Rule = "parameter-type"
	Path                 Rule = "path"
	PathAlias            Rule = "path-alias"
	PathConflict         Rule = "path-conflict"
	PathItem             Rule = "path-item"
	PathOverlap          Rule = "path-overlap"
	PathParameter        Rule = "path-parameter"
	PathRef              Rule = "path-ref"
	PathVariants         Rule = "path-variants"
	ReservedHeader       Rule = "reserved-header"
	Response             Rule = "response"
	Sequence             Rule = "sequence"
	Servers              Rule = "servers"
	SkipUnknown          Rule = "skip-unknown"
	Skipped              Rule = "skipped"
	Status               Rule = "status"
	Trace                Rule = "trace"
	UncheckedBody        Rule = "unchecked-body"
	UnknownMember        Rule = "unknown-member"
	Webhooks             Rule = "webhooks"
	WriteOnly            Rule = "write-only"
)

var operations = map[Rule]Text{
	BodyContent: {
		Meaning: "A request body has no media type, and cannot be read.",
		Advice:  "Write content with a media type.",
	},
	BodyOnGet: {
		Meaning: "An operation with GET, HEAD, DELETE or TRACE has a body, which says nothing or is not read.",
		Advice:  "Use POST, or QUERY of OpenAPI 3.2.",
	},
	Callbacks: {
		Meaning: "Callbacks are requests that the API makes. The generated server does not make them.",
		Advice:  "No action is needed.",
	},
	DuplicateOperationID: {
		Meaning: "Two operations have one operationId.",
		Advice:  "Rename one of them.",
	},
	DuplicateParameter: {
		Meaning: "A parameter stands in a list twice.",
		Advice:  "Delete one of the two.",
	},
	FormEncoding: {
		Meaning: "The encoding of a form's field cannot be used, or says nothing.",
		Advice:  "Write contentType as JSON or text/plain, and name fields that the form has.",
	},
	FormExtra: {
		Meaning: "Fields that the document does not name are refused beside files.",
		Advice:  "Name the fields.",
	},
	FormField: {
		Meaning: "A field of a form is of a type that cannot be read from a form.",
		Advice:  "Give it contentType: application/json below encoding, or describe a scalar.",
	},
	FormSchema: {
		Meaning: "The schema of a form does not name the form's fields.",
		Advice:  "Describe an object with properties.",
	},
	Header: {
		Meaning: "The name of a header is no header name, stands twice, or its content is not checked.",
		Advice:  "Correct the name, or describe the header with a schema.",
	},
	HeaderType: {
		Meaning: "A response header is an object or a mixture of types.",
		Advice:  "Declare it as a string.",
	},
	MediaType: {
		Meaning: "The key of a content map is no media type that can be served as it stands.",
		Advice:  "Write type/subtype with printable parameters.",
	},
	NameTaken: {
		Meaning: "Two parts of a document have the same name in Go.",
		Advice:  "Write x-bailey-go-name on one of them.",
	},
	NoOperations: {
		Meaning: "The document has no operation that can be served.",
		Advice:  "Add a path with an operation, or skip fewer operations.",
	},
	NoSuccess: {
		Meaning: "No response describes a success. The operation is answered with 204 and no body.",
		Advice:  "Describe a response with a status from 200 to 299.",
	},
	Operation: {
		Meaning: "An operation is no object.",
		Advice:  "Write an object with responses.",
	},
	Package: {
		Meaning: "The name of the generated package is no Go package name.",
		Advice:  "Name the package with package in bailey.yaml or --package.",
	},
	Parameter: {
		Meaning: "A parameter lacks its name, place or schema, or has two of them.",
		Advice:  "Write name, in, and one of schema and content.",
	},
	ParameterCollision: {
		Meaning: "Two parameters of an operation claim the same pairs of the query.",
		Advice:  "Rename one, or write style: deepObject.",
	},
	ParameterContent: {
		Meaning: "A parameter has content of a media type that is not read.",
		Advice:  "Use application/json, or text/plain with a string.",
	},
	ParameterStyle: {
		Meaning: "A style does not fit a parameter's schema. The message says how the parameter is read.",
		Advice:  "Write a style that OpenAPI has for the schema.",
	},
	ParameterType: {
		Meaning: "A parameter's values have no form in its style.",
		Advice:  "Write content: {application/json: ...}, if clients can send JSON.",
	},
	Path: {
		Meaning: "A path cannot be matched with requests.",
		Advice:  "Correct the path as the message says.",
	},
	PathAlias: {
		Meaning: "A path is a second name for a path item. Its operations are named by method and path.",
		Advice:  "No action is needed, or give it operations of its own.",
	},
	PathConflict: {
		Meaning: "No request can tell two operations apart.",
		Advice:  "Change one of the paths, or the constants of their query parameters.",
	},
	PathItem: {
		Meaning: "A member of a path item is not served as it stands.",
		Advice:  "Write methods in lower case, beside each other.",
	},
	PathOverlap: {
		Meaning: "Two paths match the same requests. The narrower one is served where both match.",
		Advice:  "Change one of the paths, if clients must reach the other with the same values.",
	},
	PathParameter: {
		Meaning: "A path and its parameters do not have the same names.",
		Advice:  "Declare each name in braces as a parameter in: path, with required: true.",
	},
	PathVariants: {
		Meaning: "Two operations differ in their bodies only. They are served as one operation.",
		Advice:  "No action is needed, or give the two different paths.",
	},
	PathRef: {
		Meaning: "The $ref of a path item is no reference, or has members beside it that contradict its target.",
		Advice:  "Move the members to one of the two places.",
	},
	ReservedHeader: {
		Meaning: "A header parameter has a name that OpenAPI reserves: it is ignored.",
		Advice:  "Describe it with content or security.",
	},
	Response: {
		Meaning: "A response of an operation says nothing.",
		Advice:  "Write a description and content, or delete it.",
	},
	Sequence: {
		Meaning: "A member of a stream or of its items is not checked.",
		Advice:  "Leave the member out, or use another media type.",
	},
	Servers: {
		Meaning: "A server's path, or the servers of one operation, do not change the routes.",
		Advice:  "Mount the generated handler below the path.",
	},
	SkipUnknown: {
		Meaning: "The configuration skips an operation that the document does not have.",
		Advice:  "Correct the name, or delete it from skip.",
	},
	Skipped: {
		Meaning: "An operation is left out of the generated server.",
		Advice:  "Name it under skip in bailey.yaml to accept that.",
	},
	Status: {
		Meaning: "The key of a response is no status that a handler can send.",
		Advice:  "Write 200, 4XX or default.",
	},
	Trace: {
		Meaning: "TRACE echoes credentials. It is not served.",
		Advice:  "Skip the operation.",
	},
	UncheckedBody: {
		Meaning: "The schema of a body in this media type is not checked. The handler reads and writes it as it is.",
		Advice:  "Use JSON or a form, if the server should check the body.",
	},
	UnknownMember: {
		Meaning: "A member is not known at its place, and says nothing.",
		Advice:  "Correct the spelling, or write x- before the name.",
	},
	Webhooks: {
		Meaning: "Webhooks are requests that the API makes. The generated server does not make them.",
		Advice:  "No action is needed.",
	},
	WriteOnly: {
		Meaning: "The whole content of a response is writeOnly and can never be sent.",
		Advice:  "Write the keyword on a property of the content.",
	},
}
