package kinview

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

const (
	maxLookups  = 20_000_000 // of one validation: it takes about 5 s
	maxFindings = 200        // the findings that are returned
	maxText     = 300        // the bytes of one finding, which can quote a whole schema
)

// Validate returns the findings of kin-openapi about the document. Every finding is a warning: that kin-openapi
// cannot load the document, too, or that it is not asked because the document is too large for it.
//
// Patterns are not validated: they are ECMA 262, and kin-openapi compiles them as Go does.
func Validate(doc *load.Document) diag.List {
	var diags diag.List
	whole := diag.Pos{File: doc.Root.Pos.File}
	view, err := View(doc)
	if err != nil {
		diags.Warnf(whole, rules.KinOpenAPI, "%s", brief(err.Error()))
		return diags
	}
	found := flatten(validate(view, maxLookups))
	for i, f := range found {
		if i == maxFindings {
			diags.Warnf(whole, rules.KinOpenAPI, "%d more findings of kin-openapi are not shown", len(found)-i)
			break
		}
		diags.Warnf(position(doc, f), rules.KinOpenAPI, "%s", brief(f.Error()))
	}
	return diags
}

// validate runs kin-openapi's validation, which panics on some documents, for at most so many lookups.
func validate(view *openapi3.T, most int) (err error) {
	defer func() {
		if p := recover(); p == errLookups {
			err = errLookups
		} else if p != nil {
			err = fmt.Errorf("kin-openapi panics on this document: %v", p)
		}
	}()
	ctx := openapi3.WithValidationOptions(context.Background(),
		openapi3.EnableMultiError(), openapi3.DisableSchemaPatternValidation())
	return view.Validate(&lookups{Context: ctx, left: most})
}

// lookups ends a validation that takes too long. kin-openapi does not heed a context's deadline, but
// asks the context for its options at each object. Counting that makes the outcome independent of the
// machine.
type lookups struct {
	context.Context
	left int
}

var errLookups = errors.New("the validation by kin-openapi was stopped: it takes too long on this document")

func (l *lookups) Value(key any) any {
	if l.left--; l.left < 0 {
		panic(errLookups)
	}
	return l.Context.Value(key)
}

// flatten lists the findings of a validation. A list below a wrapper that says where it is stays one
// finding.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	many, ok := err.(openapi3.MultiError)
	if !ok {
		return []error{err}
	}
	var list []error
	for _, e := range many {
		list = append(list, flatten(e)...)
	}
	return list
}

// position finds the place in the document that a finding names: an operation, a path, a component, or
// only a section.
func position(doc *load.Document, err error) diag.Pos {
	var (
		section   *openapi3.SectionValidationError
		path      *openapi3.PathValidationError
		operation *openapi3.OperationValidationError
		component *openapi3.ComponentValidationError
		params    *openapi3.PathParametersError
	)
	at := doc.Root
	step := func(key string) bool {
		next, err := doc.Resolve(at.Get(key))
		if err == nil && next != nil {
			at = next
		}
		return err == nil && next != nil
	}
	switch {
	case !errors.As(err, &section) || !step(section.Section):
		return diag.Pos{File: at.Pos.File}
	case errors.As(err, &path):
		if step(path.Path) && errors.As(err, &operation) {
			step(strings.ToLower(operation.Method))
		}
	case errors.As(err, &params):
		if step(params.Path) {
			step(strings.ToLower(params.Method))
		}
	case errors.As(err, &component):
		if step(sections[component.Section]) {
			step(component.Name)
		}
	}
	return at.KeyPos()
}

// sections are the sections of components, by kin-openapi's words for their objects.
var sections = map[string]string{
	"schema": "schemas", "parameter": "parameters", "header": "headers", "request body": "requestBodies",
	"response": "responses", "security scheme": "securitySchemes", "example": "examples", "link": "links",
	"callback": "callbacks",
}

// brief makes a finding one line of bounded length.
func brief(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "") + "..."
	}
	return s
}
