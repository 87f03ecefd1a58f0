package gen

// stage is one of the stages that a request passes. Either pass runs it, or, where it needs the types
// of the operation, Mount does.
type stage struct {
	pass func(*Call) bool // reports whether the request goes on; otherwise it has answered
	step step
	// asks and refused are the row of README's table.
	asks, refused string
}

// step is a stage that knows the types of the operation.
type step uint8

const (
	stepNone step = iota
	stepParams
	stepWriteParams
	stepParamsHold
	stepOwner
	stepBody
	stepWriteBody
	stepBodyHolds
	stepOwnerBody
	stepAuthorize
	stepHandler
	stepFilter
	stepResponse
)

// stages are those that every request passes, in this order, the cheapest first. It is the only place that
// says the order: ServeHTTP and Mount follow it, and README's table is made from it. The first row
// surrounds them all (see begin and end).
var stages = [...]stage{
	{asks: "request id, deadline, panic barrier", refused: "500 without details"},
	{pass: (*Call).admit, asks: "room for one more request, in all and for one address ([floods](docs/overload.md))", refused: "503"},
	{pass: (*Call).match}, // which operation is asked for, if any; refuses nothing
	{pass: (*Call).limitDocument, asks: "rate limit of the document by network address, for requests to no operation too", refused: "429; 503 when its store fails"},
	{pass: (*Call).route, asks: "one message, one meaning; route: the path as it was written", refused: "400; 404, 405"},
	{pass: (*Call).limitAddress, asks: "rate limits of the path and the operation by network address", refused: "429; 503 when its store fails"},
	{pass: (*Call).sameOrigin, asks: "same origin, for credentials that browsers add", refused: "403"},
	{pass: (*Call).authenticate, asks: "authentication: JSON Web Tokens, API keys (hashed, in a file or a database), HTTP Basic (argon2id, over TLS), client certificates, cookie sessions, or your own authenticator. Each is asked once", refused: "401; 503 when it has no keys"},
	{pass: (*Call).authorise, asks: "scopes, roles, claims, authentication class of one of the alternatives: settles the caller", refused: "403, 401"},
	{pass: (*Call).limitPrincipal, asks: "rate limits by principal, charged to that caller", refused: "429; 503 when its store fails"},
	{pass: (*Call).negotiate, asks: "media type, encoding and length of the body, before a byte of it is read", refused: "415, 413; 400 when it is missing"},
	{step: stepParams, asks: "parameters: read within the budgets of memory and of steps", refused: "413"},
	{step: stepWriteParams, asks: "members of parameters that only some callers may set (`x-bailey-writable-by`)", refused: "403"},
	{step: stepParamsHold, asks: "parameters: unknown, repeated and malformed ones", refused: "400"},
	{step: stepOwner, asks: "owner rules on parameters", refused: "403 or 404"},
	{step: stepBody, asks: "body: read and decoded in one pass, within its budgets of memory and of steps ([what requests cost](docs/request-cost.md))", refused: "400; 413 when it grows too long or costs too much; 408 when it stops coming; 503 when all bodies together take too much memory"},
	{step: stepWriteBody, asks: "members of the body that only some callers may set (`x-bailey-writable-by`)", refused: "403"},
	{step: stepBodyHolds, asks: "body: held to its schema, which the same pass has checked", refused: "422"},
	{step: stepOwnerBody, asks: "owner rules on the body", refused: "403 or 404"},
	{step: stepAuthorize, asks: "your authorizer, where `x-bailey-authorize` asks for one", refused: "403 or 404"},
	{step: stepHandler, asks: "your handler", refused: "its own responses"},
	{step: stepFilter, asks: "your authorizer again, with the result, where `x-bailey-authorize` says so", refused: "403 or 404"},
	{step: stepResponse, asks: "response: checked against its schema, masked for this caller", refused: "500 rather than a leak"},
}

// untyped are the stages that ServeHTTP runs, typed those that Mount runs after them.
var untyped, typed = split(stages[:])

func split(stages []stage) (untyped []func(*Call) bool, typed []step) {
	for _, s := range stages {
		switch {
		case s.pass != nil:
			untyped = append(untyped, s.pass)
		case s.step != stepNone:
			typed = append(typed, s.step)
		}
	}
	return untyped, typed
}
