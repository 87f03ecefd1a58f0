package emit

import (
	"fmt"
	"text/template/parse"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// src is the last step of every print in every template: it lets nothing through
// but Go source made by package gosrc, and numbers. A print of anything else, such
// as a string of the document, is an error, not code.
func src(v any) (string, error) {
	switch v := v.(type) {
	case gosrc.Source:
		if text, ok := gosrc.Text(v); ok {
			return text, nil
		}
	case int:
		return fmt.Sprint(v), nil
	}
	return "", fmt.Errorf("emit: a template prints a %T, which did not pass through gosrc", v)
}

// guard appends src to each print below n, as html/template does with its escapers.
func guard(n parse.Node) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, c := range n.Nodes {
			guard(c)
		}
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{
				NodeType: parse.NodeCommand, Pos: n.Pos,
				Args: []parse.Node{parse.NewIdentifier("src").SetPos(n.Pos)},
			})
		}
	case *parse.IfNode:
		guard(n.List)
		guardElse(n.ElseList)
	case *parse.RangeNode:
		guard(n.List)
		guardElse(n.ElseList)
	case *parse.WithNode:
		guard(n.List)
		guardElse(n.ElseList)
	}
}

func guardElse(l *parse.ListNode) {
	if l != nil {
		guard(l)
	}
}
