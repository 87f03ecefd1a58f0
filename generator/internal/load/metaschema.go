package load

import (
	"embed"
	"strings"
)

// metaSchemas are the meta-schemas of JSON Schema, under LICENSE beside them. A
// reference to one needs no network.
//
//go:embed metaschema
var metaSchemas embed.FS

// The vocabulary without which a dialect has no keywords of JSON Schema validation,
// and what the addresses of those that bailey knows begin with.
const (
	vocabularies         = "https://json-schema.org/draft/2020-12/vocab/"
	vocabularyValidation = vocabularies + "validation"
)

// metaSchema returns the file that holds the meta-schema at a URI without fragment, or
// "". It is the URI itself: no path that a document can name has a scheme.
func metaSchema(uri string) string {
	if metaSchemaPath(uri) == "" {
		return ""
	}
	return uri
}

func metaSchemaPath(uri string) string {
	if uri == "http://json-schema.org/draft-04/schema" {
		return "metaschema/draft-04.json"
	}
	name, ok := strings.CutPrefix(uri, "https://json-schema.org/draft/2020-12/")
	if !ok {
		return ""
	}
	path := "metaschema/2020-12/" + name + ".json"
	if f, err := metaSchemas.Open(path); err != nil || f.Close() != nil {
		return ""
	}
	return path
}

// Dialect is what a schema's $schema says of its keywords.
type Dialect struct {
	// Known is set where a meta-schema of the document says it.
	Known bool
	// Validation is set where the keywords of JSON Schema validation hold: type, enum,
	// minimum and the like.
	Validation bool
	// Unknown is a vocabulary that must be understood and is not, or "".
	Unknown string
}

// Dialect returns the dialect of the schema at n, as far as the document has it: where
// the nearest $schema names a meta-schema among its files that lists its vocabularies
// (JSON Schema core, 8.1.2). All others are JSON Schema 2020-12.
func (d *Document) Dialect(n *Node) Dialect {
	usual := Dialect{Validation: true}
	if !d.vocabularies {
		return usual
	}
	for ; n != nil; n = n.Parent {
		uri, ok := n.Get("$schema").Str()
		if !ok {
			continue
		}
		list := d.ids[strings.TrimSuffix(uri, "#")].Get("$vocabulary")
		if list == nil || list.Kind != Object {
			return usual
		}
		found := Dialect{Known: true, Validation: list.Get(vocabularyValidation) != nil}
		for _, m := range list.Members {
			if m.Value.IsTrue() && metaSchemaPath(strings.Replace(m.Key, "/vocab/", "/meta/", 1)) == "" {
				found.Unknown = m.Key
			}
		}
		return found
	}
	return usual
}
