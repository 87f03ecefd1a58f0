// Package kinview shows a loaded document to kin-openapi, and returns kin-openapi's findings about it.
//
// kin-openapi reads the files that this generator read, as this generator read them, and nothing else:
// no path, no network. The generator never reads a document through this package.
package kinview

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// kin-openapi has no limits of its own: it takes minutes and gigabytes to load a dense graph of 300
// schemas. Within these it takes 5 s and 150 MB at most.
const (
	maxBytes = 16 << 20 // of all files: Stripe's document has 8 MB
	maxRefs  = 15_000   // the most in a real document: 8500
)

// ErrTooLarge is returned for a document that kin-openapi is not shown.
var ErrTooLarge = errors.New("the document is too large for kin-openapi")

// View returns kin-openapi's view of a document without errors. It is made anew at each call.
func View(doc *load.Document) (view *openapi3.T, err error) {
	// kin-openapi panics on some documents.
	defer func() {
		if p := recover(); p != nil {
			view, err = nil, fmt.Errorf("kin-openapi panics on this document: %v", p)
		}
	}()
	texts, err := print(doc)
	if err != nil {
		return nil, err
	}
	entry := doc.Root.Pos.File
	loader := openapi3.NewLoader()
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, u *url.URL) ([]byte, error) {
		name := u.Path
		if u.Scheme != "" {
			name = u.String()
		}
		if text, ok := texts[name]; ok {
			return text, nil
		}
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	view, err = loader.LoadFromDataWithPath(texts[entry], &url.URL{Path: entry})
	if err != nil {
		return nil, fmt.Errorf("kin-openapi cannot load this document: %w", err)
	}
	return view, nil
}

// print returns the files of a document as JSON texts.
func print(doc *load.Document) (map[string][]byte, error) {
	texts := map[string][]byte{}
	size, refs := 0, 0
	for _, root := range doc.Roots() {
		name := root.Pos.File
		text, err := doc.JSON(name)
		if err != nil {
			return nil, err
		}
		texts[name] = text
		size += len(text)
		if refs += bytes.Count(text, []byte(`"$ref":`)); size > maxBytes || refs > maxRefs {
			return nil, ErrTooLarge
		}
	}
	return texts, nil
}
