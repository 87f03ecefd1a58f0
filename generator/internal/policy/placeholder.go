package policy

import (
	"fmt"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// placeholders begin what other tools replace before a program reads a file: shells and Compose, Kubernetes, Helm.
var placeholders = []string{"${", "$(", "{{"}

// placeholder is the beginning of a placeholder in s, or "".
func placeholder(s string) string {
	for _, begin := range placeholders {
		if strings.Contains(s, begin) {
			return begin
		}
	}
	return ""
}

// noPlaceholders refuses each text and name below n that holds a placeholder. The generator replaces none, and a
// policy would compare the placeholder itself.
func (r *reader) noPlaceholders(n *load.Node, what string) {
	refuse := func(at *load.Node, s string) {
		if begin := placeholder(s); begin != "" {
			pos := at.Pos
			if at.Kind != load.String || at.Text != s {
				pos = at.KeyPos()
			}
			r.fail(pos, rules.PolicyPlaceholder, fmt.Sprintf("%s has %s, which nothing replaces", what, short(s)),
				"write the value; or {config: required}, where the key takes it, and give the value in Config")
		}
	}
	switch n.Kind {
	case load.String:
		refuse(n, n.Text)
	case load.Object:
		for i := range n.Members {
			m := &n.Members[i]
			if placeholder(m.Key) != "" {
				refuse(m.Value, m.Key)
			}
			r.noPlaceholders(m.Value, what)
		}
	case load.Array:
		for _, item := range n.Items {
			r.noPlaceholders(item, what)
		}
	}
}
