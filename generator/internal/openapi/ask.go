package openapi

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/schema"
)

// IsJSON reports whether a media type without parameters is JSON.
func IsJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

// MediaTypes divides a list of media types, and drops their parameters.
func MediaTypes(list string) []string {
	types := strings.Split(list, ",")
	for i, t := range types {
		types[i] = mediaType(t)
	}
	return types
}

// IsFile reports whether the values of s are files in a part of their own.
func IsFile(s *schema.Schema) bool {
	return s.Types&schema.TypeString != 0 && (s.Format == "binary" || s.ContentMediaType != "" && s.ContentEncoding == "")
}

// OpenQuery reports whether an object is spread over the query: its members are parameters
// then, and may have names that the document does not know.
func (op *Operation) OpenQuery() bool {
	return slices.ContainsFunc(op.Parameters, func(p *Parameter) bool {
		return p.In == "query" && p.ContentType == "" && (p.Schema == nil || p.Schema.Types&schema.TypeObject != 0)
	})
}
