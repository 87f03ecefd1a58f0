package rules

// The rules of security and policies.
const (
	AllowPublic       Rule = "allow-public"
	APIKeyInQuery     Rule = "api-key-in-query"
	Authorize         Rule = "authorize"
	DeprecationDate   Rule = "deprecation-date"
	ErrorShape        Rule = "error-shape"
	ErrorTemplate     Rule = "error-template"
	IDTokens          Rule = "id-tokens"
	MaskDropRequired  Rule = "mask-drop-required"
	MaskLifts         Rule = "mask-lifts"
	MaskNull          Rule = "mask-null"
	MaskType          Rule = "mask-type"
	ModeOver          Rule = "mode-over"
	NoPolicy          Rule = "no-policy"
	NoSecurity        Rule = "no-security"
	NotEnforced       Rule = "not-enforced"
	OpenIssuer        Rule = "open-issuer"
	OwnerBody         Rule = "owner-body"
	OwnerParameter    Rule = "owner-parameter"
	OwnerType         Rule = "owner-type"
	PolicyConflict    Rule = "policy-conflict"
	PolicyPlace       Rule = "policy-place"
	PolicyPlaceholder Rule = "policy-placeholder"
	PolicySecret      Rule = "policy-secret"
	PolicyUnknown     Rule = "policy-unknown"
	PolicyUnsupported Rule = "policy-unsupported"
	PolicyValue       Rule = "policy-value"
	RequirementNames  Rule = "requirement-names"
	Security          Rule = "security"
	SecurityPlace     Rule = "security-place"
	SecurityScheme    Rule = "security-scheme"
	SeveralSubjects   Rule = "several-subjects"
	UndeclaredScheme  Rule = "undeclared-scheme"
	UndeclaredScope   Rule = "undeclared-scope"
	UnknownScheme     Rule = "unknown-scheme"
	UnmetRequirement  Rule = "unmet-requirement"
	Unreachable       Rule = "unreachable"
	WritableBy        Rule = "writable-by"
)

var policies = map[Rule]Text{
	AllowPublic: {
		Meaning: "allow-public lets operations without security be served to any client.",
		Advice:  "Give each operation security, or x-bailey-public with a reason.",
	},
	APIKeyInQuery: {
		Meaning: "An API key stands in the query of URLs, which logs, histories and Referer fields keep.",
		Advice:  "Send the key in a header.",
	},
	Authorize: {
		Meaning: "x-bailey-authorize asks about a result that the operation does not have.",
		Advice:  "Leave after out.",
	},
	DeprecationDate: {
		Meaning: "A deprecated operation has no date, so that its answers send no Deprecation field (RFC 9745).",
		Advice:  "Write x-bailey-deprecation on the operation, its path or the document.",
	},
	ErrorShape: {
		Meaning: "A declared error schema has another shape than the problem documents (RFC 9457) that the server sends for its own refusals.",
		Advice:  "Write x-bailey-errors, which gives refusals the declared shape; bailey errors DOCUMENT proposes it.",
	},
	ErrorTemplate: {
		Meaning: "A template of x-bailey-errors does not fit a declared error schema, or is of no use.",
		Advice:  "Change the template or its codes, or write x-bailey-errors on the schema or the response that needs another one.",
	},
	IDTokens: {
		Meaning: "x-bailey-jwt takes tokens of the type JWT, and names no claim that access tokens alone have, so that an ID token for the same audience could pass.",
		Advice:  "Write required-claims with the claim that names the client in the issuer's access tokens.",
	},
	MaskDropRequired: {
		Meaning: "x-bailey-mask: drop stands on a required property, without which a response would be invalid.",
		Advice:  "Mask in another way, or take the property out of required.",
	},
	MaskLifts: {
		Meaning: "Too many different sets of callers see masked values in clear.",
		Advice:  "Give more properties the same set.",
	},
	MaskNull: {
		Meaning: "x-bailey-mask: null stands on a property that cannot be null.",
		Advice:  "Make it nullable, or use drop.",
	},
	MaskType: {
		Meaning: "x-bailey-mask stands on a value of a type that this way of masking cannot change.",
		Advice:  "Use drop or null.",
	},
	ModeOver: {
		Meaning: "The last day of x-bailey-mode is over: its rules were recorded and not enforced for a time that the document bounds.",
		Advice:  "Leave x-bailey-mode out, so that the rules are enforced, or write a later day.",
	},
	NoPolicy: {
		Meaning: "An operation reached the generator's last stages without a policy. It is refused.",
		Advice:  "Report this as a fault of bailey.",
	},
	NoSecurity: {
		Meaning: "An operation has no security, so that any client could call it.",
		Advice:  "Write security, or x-bailey-public with a reason.",
	},
	NotEnforced: {
		Meaning: "A key of the vocabulary stands at a place where the generated server would not enforce it.",
		Advice:  "Move the key to the place that the message names, or leave it out.",
	},
	OpenIssuer: {
		Meaning: "The issuer signs tokens for every account that asks, and the account chooses their aud. No claim has to name the account, its organization or its project, so that every account of the issuer can call.",
		Advice:  "Write provider, which asks for the claim, or claims with values of an owner: its ID, since names can change hands.",
	},
	OwnerBody: {
		Meaning: "An owner rule compares a member of the request body that does not exist, or a body that cannot be compared.",
		Advice:  "Name a member of a JSON or form body.",
	},
	OwnerParameter: {
		Meaning: "An owner rule compares a parameter or body that the operation does not have.",
		Advice:  "Correct the name.",
	},
	OwnerType: {
		Meaning: "An owner rule compares a value that cannot equal a claim.",
		Advice:  "Compare a string, uuid or integer.",
	},
	PolicyConflict: {
		Meaning: "Two policies contradict each other.",
		Advice:  "Keep one of them.",
	},
	PolicyPlace: {
		Meaning: "A key of the vocabulary stands at a place where it means nothing.",
		Advice:  "Move it to a place that the message names.",
	},
	PolicyPlaceholder: {
		Meaning: "A policy holds a placeholder of another tool, such as ${ISSUER}. The generator replaces none: the server would compare the placeholder itself.",
		Advice:  "Write the value, or mark the member with {config: required} and give the value in Config.",
	},
	PolicySecret: {
		Meaning: "The document holds a secret key.",
		Advice:  "Name a key-file, and replace the key, which is not secret any more.",
	},
	PolicyUnknown: {
		Meaning: "A name that begins with x-bailey- is no key of the vocabulary.",
		Advice:  "Correct the spelling; docs/policy.md lists the keys.",
	},
	PolicyUnsupported: {
		Meaning: "A key of the vocabulary is reserved, and nothing enforces it yet.",
		Advice:  "Leave it out.",
	},
	PolicyValue: {
		Meaning: "A key of the vocabulary has a value that it cannot have.",
		Advice:  "Write a value of the kind that the message names.",
	},
	RequirementNames: {
		Meaning: "A security requirement lists names for a scheme whose type has no scopes. They are asked for as scopes: OpenAPI 3.0 gives them no meaning, and 3.1 calls them roles.",
		Advice:  "Write x-bailey-names on the scheme: scopes or roles.",
	},
	Security: {
		Meaning: "A security requirement has not the shape that OpenAPI has for it.",
		Advice:  "Write a list of objects with the names of schemes.",
	},
	SecurityPlace: {
		Meaning: "security stands on a path, where OpenAPI has none.",
		Advice:  "Write it on each operation, or on the document.",
	},
	SecurityScheme: {
		Meaning: "A security scheme cannot be enforced as it is declared.",
		Advice:  "Correct it as the message says.",
	},
	SeveralSubjects: {
		Meaning: "A caller needs several credentials, which must name one subject.",
		Advice:  "Write x-bailey-subject on the scheme that names an application.",
	},
	UndeclaredScheme: {
		Meaning: "A requirement names a scheme that no scheme of the document declares. The server asks for an authenticator in its Config.",
		Advice:  "Declare the scheme below components.securitySchemes.",
	},
	UndeclaredScope: {
		Meaning: "A requirement asks for a scope that its scheme does not list.",
		Advice:  "List the scope at the scheme, or correct its name.",
	},
	UnknownScheme: {
		Meaning: "A requirement names a scheme that is not declared, and resembles one that is.",
		Advice:  "Correct the name.",
	},
	UnmetRequirement: {
		Meaning: "No caller of a scheme that lists its callers can meet a requirement.",
		Advice:  "Give a caller the scope or role.",
	},
	Unreachable: {
		Meaning: "No caller could ever call an operation.",
		Advice:  "Give a caller what the operation asks for, or ask for less.",
	},
	WritableBy: {
		Meaning: "x-bailey-writable-by cannot be enforced at its place.",
		Advice:  "Write it on a property of a JSON or form body.",
	},
}
