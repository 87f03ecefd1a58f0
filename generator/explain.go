package generator

import (
	"fmt"

	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/spell"
)

// ExplainRule returns what the rule of a diagnostic means, with an example and advice, as
// docs/diagnostics.md has it. The error of an unknown name suggests the rule that was meant.
func ExplainRule(name string) (string, error) {
	if text, ok := rules.Explain(name); ok {
		out := name + "\n\n" + text.Meaning + "\n"
		if text.Example != "" {
			out += "\n    " + text.Example + "\n"
		}
		return out + "\n" + text.Advice + "\n", nil
	}
	var names []string
	for _, g := range rules.Groups() {
		for _, r := range g.Rules {
			names = append(names, string(r))
		}
	}
	if best := spell.Like(name, names); best != "" {
		return "", fmt.Errorf("there is no rule %q; did you mean %s?", name, best)
	}
	return "", fmt.Errorf("there is no rule %q; docs/diagnostics.md lists them", name)
}
