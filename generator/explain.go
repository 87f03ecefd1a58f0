package generator

import (
	"fmt"

	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/spell"
)

// ExplainRule returns what the rule of a diagnostic, or the rule or the type of a security event means, with an example and advice, as
// docs/diagnostics.md and docs/events.md have it. The error of an unknown name suggests the rule that was meant.
func ExplainRule(name string) (string, error) {
	var out string
	if text, ok := rules.Explain(name); ok {
		out = explained(name, text)
	}
	if e, ok := rules.ExplainEvent(name); ok {
		if out != "" {
			out += "\nThe rule of events of the same name:\n\n"
		}
		out += explained(name, rules.Text{Meaning: e.Meaning, Example: e.Example(rules.EventRule(name)), Advice: e.Advice})
	}
	if text, ok := rules.ExplainEventType(rules.EventType(name)); ok {
		out = explained(name, text)
	}
	if out != "" {
		return out, nil
	}
	var names []string
	for _, g := range rules.Groups() {
		for _, r := range g.Rules {
			names = append(names, string(r))
		}
	}
	for _, g := range rules.EventGroups() {
		for _, r := range g.Rules {
			names = append(names, string(r))
		}
	}
	if best := spell.Like(name, names); best != "" {
		return "", fmt.Errorf("there is no rule %q; did you mean %s?", name, best)
	}
	return "", fmt.Errorf("there is no rule %q; docs/diagnostics.md and docs/events.md list them", name)
}

// explained is the text of a rule under its name.
func explained(name string, text rules.Text) string {
	out := name + "\n\n" + text.Meaning + "\n"
	if text.Example != "" {
		out += "\n    " + text.Example + "\n"
	}
	return out + "\n" + text.Advice + "\n"
}
