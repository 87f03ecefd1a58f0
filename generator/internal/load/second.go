package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/bailey-go/bailey/generator/internal/diag"
)

// What kin-openapi's second opinion may cost. It has no limits of its own: a dense
// graph of 300 schemas takes it minutes and gigabytes to load, a chain of 20,000
// minutes to validate. Within these it takes about 1.5 s and 100 MB at most. Of real
// documents only Stripe's is beyond one of them.
const (
	maxKinBytes   = 3 << 20   // of the bundle: loading GitHub's, 2.3 MB, takes 0.6 s
	maxKinRefs    = 15_000    // the most in a real document: 8500
	maxKinPaths   = 2_000_000 // references times the longest path: Elasticsearch's 1.4 million
	maxKinKnots   = 1_000_000 // see tangle: Elasticsearch's 50,000
	maxKinLookups = 4_000_000 // see lookups: validating takes 1 s; Kubernetes' core needs 0.5
)

// maxOpinions is how many of its findings are shown.
const maxOpinions = 50

// secondOpinion asks kin-openapi what it thinks of the document. All it finds is a
// warning, even that it cannot load the document: its reading is a second opinion,
// and this package's decides. Validate refuses what real documents do and nobody is
// hurt by (an array without items, two paths that differ in a parameter's name).
//
// It is asked only about documents that passed the limits, the references and the
// check for cycles here, since nested and cyclic documents cost it gigabytes.
func (d *Document) secondOpinion(diags *diag.List) {
	b := newBundler(d)
	text := b.run()
	for _, f := range b.diags {
		if f.Rule == ruleRecursion {
			f.Severity = diag.Warning // it is only kin-openapi that cannot be shown this
		}
		diags.Add(f)
	}
	if b.diags.HasErrors() {
		return
	}
	skip := func(why string) {
		diags.Warnf(diag.Pos{File: d.Root.Pos.File}, "kin-openapi", "kin-openapi was not asked for its opinion: %s", why)
	}
	if len(text) > maxKinBytes {
		skip("the document is too large for it")
		return
	}
	refs := len(d.order)
	if knots, length := tangle(b.edges); refs > maxKinRefs || refs*length > maxKinPaths || knots > maxKinKnots {
		skip("too much of the document refers to too much of it")
		return
	}
	found := flatten(kinFindings(text))
	found = slices.DeleteFunc(found, func(f error) bool { return idle(f.Error()) })
	for i, f := range found {
		if i == maxOpinions {
			diags.Warnf(diag.Pos{File: d.Root.Pos.File}, "kin-openapi", "%d more findings of kin-openapi are not shown", len(found)-i)
			return
		}
		diags.Warnf(b.position(f), "kin-openapi", "%s", brief(f.Error()))
	}
}

// kinFindings returns what kin-openapi says. It panics on some documents, which
// says something too.
func kinFindings(text []byte) (err error) {
	defer func() {
		if p := recover(); p == errLookups {
			err = errLookups
		} else if p != nil {
			err = fmt.Errorf("kin-openapi panics on this document: %v", p)
		}
	}()
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = false
	doc, err := loader.LoadFromData(text)
	if err != nil {
		return fmt.Errorf("kin-openapi cannot load this document: %w", err)
	}
	ctx := openapi3.WithValidationOptions(context.Background(),
		openapi3.EnableMultiError(),
		// Patterns are ECMA 262, which Go's regexp is not; examples and defaults of
		// real documents do not fit their schemas, and are checked where they are used.
		openapi3.DisableSchemaPatternValidation(),
		openapi3.DisableExamplesValidation(),
		openapi3.DisableSchemaDefaultsValidation(),
		// What may stand where is checked by the stages after this one.
		openapi3.AllowExtraSiblingFields(siblingFields...),
	)
	return doc.Validate(&lookups{Context: ctx})
}

// lookups ends a validation that takes too long. Validate does not heed a context's
// deadline, but asks it for its options at each object: that is counted, so that the
// outcome does not depend on the machine.
type lookups struct {
	context.Context
	n int
}

var errLookups = errors.New("kin-openapi was stopped: it takes too long on this document")

func (l *lookups) Value(key any) any {
	if l.n++; l.n > maxKinLookups {
		panic(errLookups)
	}
	return l.Context.Value(key)
}

// siblingFields are the members that may stand beside others or beside a `$ref`
// without a finding: kin-openapi does not know all of JSON Schema 2020-12.
var siblingFields = func() []string {
	fields := []string{"summary", "description"}
	for key := range places[roleSchema] {
		fields = append(fields, key)
	}
	return append(fields, "$schema", "$comment", "$dynamicRef", "$dynamicAnchor", "$vocabulary",
		"type", "enum", "const", "default", "example", "examples", "deprecated", "readOnly", "writeOnly",
		"nullable", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
		"exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minContains", "maxContains",
		"minProperties", "maxProperties", "required", "dependentRequired", "contentEncoding", "contentMediaType",
		"xml", "externalDocs")
}()

// flatten lists the findings of Validate. A list below a wrapper that says where it
// is stays one finding.
func flatten(err error) []error {
	var many openapi3.MultiError
	switch m := err.(type) {
	case nil:
		return nil
	case openapi3.MultiError:
		many = m
	default:
		return []error{err}
	}
	var list []error
	for _, e := range many {
		list = append(list, flatten(e)...)
	}
	return list
}

// position finds the place in the document that a finding speaks of, as far as it
// says: an operation, a path, a component, or only a section.
func (b *bundler) position(err error) diag.Pos {
	var (
		section   *openapi3.SectionValidationError
		path      *openapi3.PathValidationError
		operation *openapi3.OperationValidationError
		component *openapi3.ComponentValidationError
		webhook   *openapi3.WebhookValidationError
		params    *openapi3.PathParametersError
		conflict  *openapi3.ConflictingPathsError
	)
	at := b.doc.Root
	step := func(key string) bool {
		next := at.Get(key)
		if next == nil {
			return false
		}
		if r, err := b.doc.Resolve(next); err == nil {
			at = r
		}
		return true
	}
	if errors.As(err, &section) && step(section.Section) {
		switch {
		case errors.As(err, &path):
			if step(path.Path) && errors.As(err, &operation) {
				step(strings.ToLower(operation.Method))
			}
		case errors.As(err, &params):
			if step(params.Path) {
				step(strings.ToLower(params.Method))
			}
		case errors.As(err, &conflict):
			step(conflict.Path1)
		case errors.As(err, &webhook):
			step(webhook.Name)
		case errors.As(err, &component):
			if n := b.added[kinSections[component.Section]+"/"+component.Name]; n != nil {
				return n.KeyPos()
			}
		}
		return at.KeyPos()
	}
	return diag.Pos{File: at.Pos.File}
}

// kinSections are the sections of components by kin-openapi's words for what is in them.
var kinSections = map[string]string{
	"schema": "schemas", "parameter": "parameters", "header": "headers", "request body": "requestBodies",
	"response": "responses", "security scheme": "securitySchemes", "example": "examples", "link": "links",
	"callback": "callbacks",
}

// brief cuts a finding, which can quote a whole schema.
func brief(s string) string {
	const most = 300
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}
