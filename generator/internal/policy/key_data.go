package policy

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// classes of data, the least sensitive first.
var classes = []string{"public", "internal", "confidential", "pii", "phi", "pci", "secret"}

// sensitive reports whether a class of data is masked unless the document says how
// it may be shown.
func sensitive(class string) bool {
	return slices.Contains([]string{"pii", "phi", "pci", "secret"}, class)
}

func dataKey() key {
	words := `{"enum": ["` + strings.Join(classes, `", "`) + `"]}`
	return key{
		name: "data", on: onProperty | onParameter, read: readData,
		says: "what kind of data it is, for which purpose it is kept and for how long",
		schema: `{
	"oneOf": [
		` + words + `,
		{
			"type": "object",
			"additionalProperties": false,
			"required": ["class"],
			"properties": {
				"class": ` + words + `,
				"purpose": {"$ref": "#/$defs/text"},
				"retention": {"$ref": "#/$defs/text"}
			}
		}
	]
}`,
	}
}

func readData(r *reader, n *load.Node) any {
	const what = "x-bailey-data"
	d := &Data{Pos: n.KeyPos()}
	if n.Kind != load.Object {
		var ok bool
		if d.Class, ok = r.choice(n, what, classes...); !ok {
			return nil
		}
		return d
	}
	before := len(r.diags)
	if !r.members(n, what, "class", "purpose", "retention") {
		return nil
	}
	if v := n.Get("class"); v != nil {
		d.Class, _ = r.choice(v, what+".class", classes...)
	} else {
		r.missing(n, what, "class")
	}
	d.Purpose, d.Retention = r.textAt(n, what, "purpose"), r.textAt(n, what, "retention")
	if len(r.diags) > before {
		return nil
	}
	return d
}
