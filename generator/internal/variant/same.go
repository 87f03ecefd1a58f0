package variant

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// sameSchema reports whether two schemas say the same in every respect, policies too.
func sameSchema(x, y *schema.Schema) bool {
	switch {
	case x == y:
		return true
	case x == nil || y == nil:
		return false
	case x.Node == nil && y.Node == nil: // what the path says: text, or one text
		return x.Types == y.Types && slices.EqualFunc(x.Enum, y.Enum, func(a, b *load.Node) bool { return a.Kind == b.Kind && a.Text == b.Text })
	}
	return x.Node != nil && y.Node != nil && load.Equal(x.Node, y.Node, isText)
}

func sameNodes(x, y []*load.Node) bool {
	return slices.EqualFunc(x, y, func(a, b *load.Node) bool { return load.Equal(a, b, isText) })
}

// texts are the members of a schema object that say nothing to a machine.
var texts = []string{"title", "description", "example", "examples", "externalDocs", "$comment"}

// isText lets the texts of two schema objects differ.
func isText(key string, _, _ *load.Node) bool { return slices.Contains(texts, key) }

// samePolicies compares the policies that stand on two objects themselves.
func samePolicies(x, y *load.Node) bool {
	if x == y {
		return true
	}
	for _, side := range [][2]*load.Node{{x, y}, {y, x}} {
		if side[0] == nil {
			continue
		}
		for _, m := range side[0].Members {
			if strings.HasPrefix(m.Key, "x-bailey-") && !load.Equal(m.Value, side[1].Get(m.Key), nil) {
				return false
			}
		}
	}
	return true
}
