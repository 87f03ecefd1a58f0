package policy

import (
	"go/token"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
)

func goNameKey() key {
	return key{
		name: "go-name", on: onSchema | onProperty | onParameter | onOperation | onScheme,
		says:   "the name in Go, instead of the one made from the document's",
		schema: `{"type": "string", "pattern": "^\\p{Lu}[\\p{L}\\p{Nd}_]*$", "maxLength": 120}`,
		read:   readGoName,
	}
}

func readGoName(r *reader, n *load.Node) any {
	s, _ := n.Str()
	if _, err := gosrc.NewIdent(s); err != nil || !token.IsExported(s) {
		r.wrong(n, "x-bailey-go-name", "an exported identifier of Go, such as "+suggest(s))
		return nil
	}
	return s
}

// suggest makes an exported name of what was written.
func suggest(s string) string {
	if strings.TrimSpace(s) == "" {
		return "User"
	}
	return gosrc.Exported(s).String()
}
