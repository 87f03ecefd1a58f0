// Package kin gives tools kin-openapi's view of the documents that bailey reads.
//
// A tool that is written for kin-openapi then sees a document as the generator does: Swagger 2.0 converted
// to OpenAPI 3.0, the same bounds, and of other files only those below one folder.
package kin

import (
	"errors"
	"path/filepath"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/kinview"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// ErrTooLarge is returned for documents that kin-openapi would need minutes or gigabytes for.
var ErrTooLarge = kinview.ErrTooLarge

// Load reads the OpenAPI document at path as the generator does, and returns kin-openapi's view of it.
// root is the folder below which all of the document's files must be; "" means the document's own folder.
// Nothing else is read, and nothing from the network.
//
// The error joins everything that is wrong with the document, one line each with file, line and column.
// The view is not validated: call its Validate for that. References to maps, lists and operations, which
// kin-openapi does not follow, are replaced by their targets.
//
// Load may be called concurrently; the caller may change the view that it returns.
func Load(path, root string) (*openapi3.T, error) {
	folder := filepath.Dir(path)
	var doc *load.Document
	var found diag.List
	if root == "" {
		doc, found = load.Load(path, load.Limits{})
	} else {
		var err error
		if doc, found, err = load.LoadBelow(root, path, load.Limits{}); err != nil {
			return nil, err
		}
		folder = root
	}
	var errs []error
	for _, d := range found {
		if d.Severity == diag.Error {
			d.Pos.File = filepath.Join(folder, filepath.FromSlash(d.Pos.File))
			errs = append(errs, errors.New(d.String()))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return kinview.View(doc)
}
