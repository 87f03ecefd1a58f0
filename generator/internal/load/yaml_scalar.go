package load

import (
	"math/big"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// scalar reads a scalar by YAML 1.2's core schema (10.3.2). What the library thinks
// it is, by YAML 1.1, does not count: yes, no, on, off, dates and 1_000 are strings.
func (r *yamlReader) scalar(n *Node, y *yaml.Node) *diag.Diagnostic {
	n.Text = r.unslash(y)
	if y.Style&yaml.TaggedStyle != 0 {
		return r.taggedScalar(n, y)
	}
	if y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		n.Kind = String
		return nil
	}
	return r.plain(n)
}

// plain gives n, whose Text is a plain scalar, its kind and its JSON text.
func (r *yamlReader) plain(n *Node) *diag.Diagnostic {
	s := n.Text
	switch s {
	case "", "~", "null", "Null", "NULL":
		n.Kind, n.Text = Null, ""
		return nil
	case "true", "True", "TRUE":
		n.Kind, n.Text = Bool, "true"
		r.b.spell(n, s)
		return nil
	case "false", "False", "FALSE":
		n.Kind, n.Text = Bool, "false"
		r.b.spell(n, s)
		return nil
	}
	switch strings.ToLower(strings.TrimLeft(s, "+-")) {
	case ".inf", ".nan":
		return problem(n.Pos, rules.YAMLNumber, "%s is not a number that JSON has", short(s))
	}
	text, ok := coreNumber(s)
	if !ok {
		n.Kind = String
		return nil
	}
	if len(s) > maxNumberLen {
		n.Text = s
		return checkNumber(n)
	}
	digits := strings.TrimLeft(s, "+-")
	if len(digits) > 1 && digits[0] == '0' && '0' <= digits[1] && digits[1] <= '9' && !inExample(n) {
		r.diags.Add(diag.Diagnostic{
			Pos: n.Pos, Severity: diag.Warning, Rule: rules.YAMLNumber,
			Message: s + " is read as the decimal number " + text + "; other tools read it as an octal one",
			Advice:  "write it without the leading zero, or in quotes if it is a string",
		})
	}
	n.Kind, n.Text = Number, text
	r.b.spell(n, s)
	return checkNumber(n)
}

// inExample reports whether n stands in an example, where it matters to nobody what
// it is read as.
func inExample(n *Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Key == "example" || n.Key == "examples" || strings.HasPrefix(n.Key, "x-") {
			return true
		}
	}
	return false
}

// coreNumber returns the JSON text of a number of the core schema: decimal, octal
// as 0o17, hexadecimal as 0x1F, and decimals whose point may stand at either end.
func coreNumber(s string) (string, bool) {
	if len(s) > 2 && s[0] == '0' && (s[1] == 'o' || s[1] == 'x') {
		return radix(s)
	}
	sign := ""
	digits := s
	if s != "" && (s[0] == '+' || s[0] == '-') {
		digits = s[1:]
		if s[0] == '-' {
			sign = "-"
		}
	}
	whole, rest := cutDigits(digits)
	fraction, exponent := "", ""
	if strings.HasPrefix(rest, ".") {
		fraction, rest = cutDigits(rest[1:])
	}
	if whole == "" && fraction == "" {
		return "", false
	}
	if rest != "" {
		if rest[0] != 'e' && rest[0] != 'E' {
			return "", false
		}
		e := rest[1:]
		if e != "" && (e[0] == '+' || e[0] == '-') {
			e = e[1:]
		}
		if d, after := cutDigits(e); d == "" || after != "" {
			return "", false
		}
		exponent = rest
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return sign + whole + fraction + exponent, true
}

// cutDigits splits s after its leading decimal digits.
func cutDigits(s string) (digits, rest string) {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return s[:i], s[i:]
}

// radix returns the decimal text of 0o17 or 0x1F.
func radix(s string) (string, bool) {
	base, set := 8, "01234567"
	if s[1] == 'x' {
		base, set = 16, "0123456789abcdefABCDEF"
	}
	if strings.Trim(s[2:], set) != "" {
		return "", false
	}
	if len(s) > maxNumberLen {
		return s, true // refused by its length; not worth computing
	}
	v, ok := new(big.Int).SetString(s[2:], base)
	if !ok {
		return "", false
	}
	return v.String(), true
}

// taggedScalar reads a scalar whose type is written, by a tag of the core schema
// that fits.
func (r *yamlReader) taggedScalar(n *Node, y *yaml.Node) *diag.Diagnostic {
	if y.Tag == "!!str" || y.Tag == "!" {
		n.Kind = String
		return nil
	}
	want := map[string]Kind{"!!int": Number, "!!float": Number, "!!bool": Bool, "!!null": Null}[y.Tag]
	if want == Invalid {
		return badTag(n.Pos, y.Tag)
	}
	if err := r.plain(n); err != nil {
		return err
	}
	if n.Kind != want || y.Tag == "!!int" && strings.ContainsAny(n.Text, ".eE") {
		return badTag(n.Pos, y.Tag)
	}
	return nil
}
