package load

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// yamlReader turns one YAML text into nodes: the library's tree for the syntax,
// everything that gives it meaning here (YAML 1.2's core schema, aliases, merge
// keys, duplicate keys).
type yamlReader struct {
	file  string
	text  string
	b     *budget
	diags *diag.List
	// slash stands for each \/ in text, if it is not "": see hideSlashes.
	slash string
	// anchored are the finished nodes that have an anchor.
	anchored map[*yaml.Node]*Node

	// A cursor that turns the library's line and column, which counts characters,
	// into one that counts bytes. Nodes come in the text's order, so it only goes
	// forwards: a long line does not cost its length for each node.
	line, col, at, lineAt int
}

// readYAML reads text, which must be one YAML document. It returns nil if the text
// is refused, and has said why in diags.
func readYAML(file, text string, b *budget, diags *diag.List) *Node {
	r := &yamlReader{
		file: file, text: text, b: b, diags: diags,
		anchored: map[*yaml.Node]*Node{},
		line:     1, col: 1,
	}
	if err := r.prescan(); err != nil {
		diags.Add(*err)
		return nil
	}
	r.declare11()
	r.hideSlashes()
	tree, err := r.parse()
	if err != nil {
		diags.Add(*err)
		return nil
	}
	n := &Node{}
	if err := r.value(n, tree, 1); err != nil {
		diags.Add(*err)
		return nil
	}
	return n
}

// maxTabbed is how many comments behind tabs a file may have: the text is read again for each.
const maxTabbed = 16

// parse has the library read the text. It does not allow a tab before a comment and on a line
// without anything, which YAML does (1.2.2, 6.6): there, spaces say the same.
func (r *yamlReader) parse() (tree *yaml.Node, problem *diag.Diagnostic) {
	for tried := 0; ; tried++ {
		if tree, problem = r.parseOnce(); problem == nil || tried == maxTabbed || !r.blankTabs(problem) {
			return tree, problem
		}
	}
}

// blankTabs replaces the tabs before the comment at which reading ended, if that is what it
// ended at: between two tokens, or behind a plain scalar, which a comment ends.
func (r *yamlReader) blankTabs(problem *diag.Diagnostic) bool {
	line := problem.Pos.Line
	switch {
	case strings.Contains(problem.Message, cannotStart):
	case strings.Contains(problem.Message, "tab character that violates indentation"):
		line++ // it names the line before
	default:
		return false
	}
	text := r.lineText(line)
	rest := strings.TrimLeft(text, " \t\r")
	indent := text[:len(text)-len(rest)]
	if rest != "" && rest[0] != '#' || !strings.Contains(indent, "\t") {
		return false
	}
	at := 0
	for ; line > 1; line-- {
		at += strings.IndexByte(r.text[at:], '\n') + 1
	}
	r.text = r.text[:at] + strings.ReplaceAll(indent, "\t", " ") + r.text[at+len(indent):]
	return true
}

func (r *yamlReader) parseOnce() (tree *yaml.Node, problem *diag.Diagnostic) {
	defer func() {
		// The library panics on what its authors did not think of. Whatever it was,
		// the text could not be read.
		if p := recover(); p != nil {
			tree, problem = nil, r.syntax(fmt.Errorf("yaml: %v", p))
		}
	}()
	dec := yaml.NewDecoder(strings.NewReader(r.text))
	var doc, second yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, r.error(1, 1, rules.Document, "the file is empty")
	case err != nil:
		return nil, r.syntax(err)
	}
	switch err := dec.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		return nil, r.syntax(err)
	default:
		return nil, r.error(second.Line, second.Column, rules.YAMLDocuments, "a second YAML document begins here: one file is one document")
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		return nil, r.error(1, 1, rules.Document, "the file is empty")
	}
	return doc.Content[0], nil
}

func (r *yamlReader) error(line, col int, rule rules.Rule, format string, args ...any) *diag.Diagnostic {
	return problem(diag.Pos{File: r.file, Line: line, Col: col}, rule, format, args...)
}

// pos returns the position of y in bytes.
func (r *yamlReader) pos(y *yaml.Node) diag.Pos {
	p := diag.Pos{File: r.file, Line: y.Line, Col: y.Column}
	if y.Line < r.line || y.Line == r.line && y.Column < r.col {
		return p // behind the cursor, which the library's odd places can be
	}
	for r.line < y.Line {
		i := strings.IndexByte(r.text[r.at:], '\n')
		if i < 0 {
			return p
		}
		r.at += i + 1
		r.line++
		r.col = 1
		r.lineAt = r.at
	}
	for r.col < y.Column && r.at < len(r.text) && r.text[r.at] != '\n' {
		r.at++
		for r.at < len(r.text) && r.text[r.at]&0xC0 == 0x80 {
			r.at++
		}
		r.col++
	}
	if r.col == y.Column {
		p.Col = r.at - r.lineAt + 1
	}
	return p
}

// value turns y into n. The recursion is bounded by the budget's depth.
func (r *yamlReader) value(n *Node, y *yaml.Node, depth int) *diag.Diagnostic {
	n.Pos = r.pos(y)
	if y.Kind == yaml.AliasNode {
		return r.alias(n, y, depth)
	}
	if err := r.b.node(n.Pos, depth); err != nil {
		return err
	}
	var err *diag.Diagnostic
	switch y.Kind {
	case yaml.ScalarNode:
		err = r.scalar(n, y)
	case yaml.SequenceNode:
		if err = r.tagged(n, y, "!!seq"); err == nil {
			err = r.sequence(n, y, depth)
		}
	case yaml.MappingNode:
		if err = r.tagged(n, y, "!!map"); err == nil {
			err = r.mapping(n, y, depth)
		}
	default:
		err = problem(n.Pos, rules.YAMLSyntax, "not a value")
	}
	if err == nil && y.Anchor != "" {
		r.anchored[y] = n
	}
	return err
}

// tagged refuses a tag other than the one that a collection has anyway.
func (r *yamlReader) tagged(n *Node, y *yaml.Node, tag string) *diag.Diagnostic {
	if y.Style&yaml.TaggedStyle == 0 || y.Tag == tag || y.Tag == "!" {
		return nil
	}
	return badTag(n.Pos, y.Tag)
}

func badTag(pos diag.Pos, tag string) *diag.Diagnostic {
	return problem(pos, rules.YAMLTag, "the tag %s is not one of YAML's core schema, or does not fit", short(tag))
}

func (r *yamlReader) sequence(n *Node, y *yaml.Node, depth int) *diag.Diagnostic {
	n.Kind = Array
	n.Items = make([]*Node, 0, len(y.Content))
	for i, c := range y.Content {
		child := &Node{Parent: n, Key: decimal(i)}
		if err := r.value(child, c, depth+1); err != nil {
			return err
		}
		n.Items = append(n.Items, child)
		y.Content[i] = nil // both trees at once would be the reader's peak
	}
	return nil
}

func (r *yamlReader) mapping(n *Node, y *yaml.Node, depth int) *diag.Diagnostic {
	n.Kind = Object
	n.Members = make([]Member, 0, len(y.Content)/2)
	var merges []*Node
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		pos := r.pos(k)
		if isMergeKey(k) {
			from := &Node{Parent: n, Key: "<<"}
			if err := r.value(from, v, depth+1); err != nil {
				return err
			}
			merges = append(merges, from)
			continue
		}
		key, err := r.key(k, pos)
		if err != nil {
			return err
		}
		child := &Node{Parent: n, Key: key}
		if err := r.value(child, v, depth+1); err != nil {
			return err
		}
		y.Content[i], y.Content[i+1] = nil, nil
		if first := n.add(Member{Key: key, Pos: pos, Value: child}); first != nil {
			if len(*r.diags) >= maxFindings {
				return problem(pos, rules.TooMany, "more than %d findings", maxFindings)
			}
			r.diags.Add(*duplicate(pos, key, first.Pos))
		}
	}
	if len(merges) > 1 {
		return problem(merges[1].Pos, rules.DuplicateKey, "a second merge key: write << once, with a list")
	}
	for _, from := range merges {
		return r.merge(n, from, depth)
	}
	return nil
}

// key returns the text of a member's name: as it is written, so that 1.50 and 200
// stay what they are, and are never numbers.
func (r *yamlReader) key(k *yaml.Node, pos diag.Pos) (string, *diag.Diagnostic) {
	if k.Kind == yaml.AliasNode && k.Alias != nil {
		k = k.Alias
	}
	if k.Kind != yaml.ScalarNode {
		return "", problem(pos, rules.YAMLKey, "a member's name must be a string")
	}
	if k.Style&yaml.TaggedStyle != 0 && k.Tag != "!!str" && k.Tag != "!" {
		return "", badTag(pos, k.Tag)
	}
	if k.Style == 0 && k.Value == "" { // `: value`
		return "", problem(pos, rules.YAMLKey, "a member without a name")
	}
	return r.unslash(k), nil
}
