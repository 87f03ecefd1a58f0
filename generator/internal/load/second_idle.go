package load

import "regexp"

// idleFindings are what kin-openapi says and nobody needs to hear, by what the messages hold: what this
// generator says itself, at the line, and what is not so.
var idleFindings = map[string]*regexp.Regexp{
	// Said by the stages after this one, or by this package.
	"path-conflict":          regexp.MustCompile(`conflicting paths `),
	"duplicate-operation-id": regexp.MustCompile(`have the same operation id `),
	"undeclared-scheme":      regexp.MustCompile(`security requirement `),
	"path-parameter":         regexp.MustCompile(`must define exactly all path parameters`),
	"unknown-member":         regexp.MustCompile(`extra sibling fields: `),
	"keyword-version":        regexp.MustCompile(` is for OpenAPI (<|>=)`),
	"schema-type":            regexp.MustCompile(`unsupported 'type' value `),
	"document-shape":         regexp.MustCompile(`^invalid info: `),
	// Not so: patterns are ECMA 262, and examples hold no value back. What it cannot load is a limit of
	// its own: the document has passed all checks of this package.
	"pattern": regexp.MustCompile(`error parsing regexp: `),
	"example": regexp.MustCompile(`invalid example: |: example .* validation failed`),
	"load":    regexp.MustCompile(`^kin-openapi cannot load this document: `),
}

// idle reports whether a finding of kin-openapi is one of idleFindings.
func idle(finding string) bool {
	for _, r := range idleFindings {
		if r.MatchString(finding) {
			return true
		}
	}
	return false
}
