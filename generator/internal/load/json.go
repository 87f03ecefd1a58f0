package load

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// problem makes an error.
func problem(pos diag.Pos, rule rules.Rule, format string, args ...any) *diag.Diagnostic {
	return &diag.Diagnostic{Pos: pos, Rule: rule, Message: fmt.Sprintf(format, args...)}
}

// jsonReader reads one JSON text (RFC 8259, nothing beyond it) into nodes. It
// stops at the first error of syntax; duplicate names are collected. Strings
// without escapes share the text's memory.
type jsonReader struct {
	file  string
	text  string
	at    int // next byte
	line  int // of at, from 1
	start int // offset of the line's first byte
	b     *budget
	diags *diag.List
}

// readJSON reads text, which must be one value. It returns nil if the text is
// refused, and has said why in diags.
func readJSON(file, text string, b *budget, diags *diag.List) *Node {
	r := &jsonReader{file: file, text: strings.TrimPrefix(text, "\ufeff"), line: 1, b: b, diags: diags}
	n := &Node{}
	err := r.value(n, 1)
	if err == nil {
		if r.space(); r.at < len(r.text) {
			err = r.syntax("%s after the end of the document", r.found())
		}
	}
	if err != nil {
		diags.Add(*err)
		return nil
	}
	return n
}

func (r *jsonReader) pos() diag.Pos {
	return diag.Pos{File: r.file, Line: r.line, Col: r.at - r.start + 1}
}

func (r *jsonReader) syntax(format string, args ...any) *diag.Diagnostic {
	return problem(r.pos(), rules.JSONSyntax, format, args...)
}

// found describes the next character.
func (r *jsonReader) found() string {
	if r.at >= len(r.text) {
		return "the end of the file"
	}
	c, n := utf8.DecodeRuneInString(r.text[r.at:])
	if c == utf8.RuneError && n <= 1 {
		return "invalid UTF-8"
	}
	return fmt.Sprintf("%q", c)
}

// space skips white space. It is the only place where lines are counted: a JSON
// string cannot hold a line break.
func (r *jsonReader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case '\n':
			r.line++
			r.start = r.at + 1
		case ' ', '\t', '\r':
		default:
			return
		}
		r.at++
	}
}

// value reads the next value into n. The recursion is bounded by the budget's depth.
func (r *jsonReader) value(n *Node, depth int) *diag.Diagnostic {
	r.space()
	n.Pos = r.pos()
	if err := r.b.node(n.Pos, depth); err != nil {
		return err
	}
	if r.at >= len(r.text) {
		return r.syntax("unexpected end of the file")
	}
	switch c := r.text[r.at]; {
	case c == '{':
		return r.object(n, depth)
	case c == '[':
		return r.array(n, depth)
	case c == '"':
		n.Kind = String
		var err *diag.Diagnostic
		n.Text, err = r.str()
		return err
	case c == '-' || '0' <= c && c <= '9':
		n.Kind = Number
		return r.number(n)
	}
	for _, w := range [...]struct {
		text string
		kind Kind
	}{{"true", Bool}, {"false", Bool}, {"null", Null}} {
		if strings.HasPrefix(r.text[r.at:], w.text) {
			n.Kind = w.kind
			if w.kind == Bool {
				n.Text = w.text
			}
			r.at += len(w.text)
			return nil
		}
	}
	return r.syntax("expected a value, found %s", r.found())
}

func (r *jsonReader) object(n *Node, depth int) *diag.Diagnostic {
	n.Kind = Object
	r.at++
	if r.space(); r.peek('}') {
		return nil
	}
	for {
		r.space()
		if r.at >= len(r.text) || r.text[r.at] != '"' {
			return r.syntax("expected a member's name in double quotes, found %s", r.found())
		}
		pos := r.pos()
		key, err := r.str()
		if err != nil {
			return err
		}
		if r.space(); !r.peek(':') {
			return r.syntax("expected ':' after the member's name, found %s", r.found())
		}
		child := &Node{Parent: n, Key: key}
		if err := r.value(child, depth+1); err != nil {
			return err
		}
		if first := n.add(Member{Key: key, Pos: pos, Value: child}); first != nil {
			if len(*r.diags) >= maxFindings {
				return problem(pos, rules.TooMany, "more than %d findings", maxFindings)
			}
			r.diags.Add(*duplicate(pos, key, first.Pos))
		}
		r.space()
		if r.peek('}') {
			return nil
		}
		if !r.peek(',') {
			return r.syntax("expected ',' or '}', found %s", r.found())
		}
	}
}

// duplicate is the error of a name that an object has twice.
func duplicate(pos diag.Pos, key string, first diag.Pos) *diag.Diagnostic {
	return problem(pos, rules.DuplicateKey, "%q stands here a second time, the first is at %d:%d", short(key), first.Line, first.Col)
}

// short cuts a text that goes into a message.
func short(s string) string {
	const most = 100
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

func (r *jsonReader) array(n *Node, depth int) *diag.Diagnostic {
	n.Kind = Array
	r.at++
	if r.space(); r.peek(']') {
		return nil
	}
	for {
		child := &Node{Parent: n, Key: decimal(len(n.Items))}
		if err := r.value(child, depth+1); err != nil {
			return err
		}
		n.Items = append(n.Items, child)
		r.space()
		if r.peek(']') {
			return nil
		}
		if !r.peek(',') {
			return r.syntax("expected ',' or ']', found %s", r.found())
		}
	}
}

// peek consumes c if it is next.
func (r *jsonReader) peek(c byte) bool {
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

// str reads a string; the cursor is at its opening quote.
func (r *jsonReader) str() (string, *diag.Diagnostic) {
	r.at++
	from := r.at
	var b []byte // the value so far, once there was an escape
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '"':
			part := r.text[from:r.at]
			r.at++
			if b == nil {
				return part, nil
			}
			return string(append(b, part...)), nil
		case c == '\\':
			b = append(b, r.text[from:r.at]...)
			var err *diag.Diagnostic
			if b, err = r.escape(b); err != nil {
				return "", err
			}
			from = r.at
		case c < 0x20:
			return "", r.syntax("control character %U in a string", c)
		case c < utf8.RuneSelf:
			r.at++
		default:
			c, n := utf8.DecodeRuneInString(r.text[r.at:])
			if c == utf8.RuneError && n == 1 {
				return "", problem(r.pos(), rules.UTF8, "invalid UTF-8")
			}
			r.at += n
		}
	}
	return "", r.syntax("the file ends inside a string")
}

// escape reads one escape sequence, two for a surrogate pair, and appends its character.
func (r *jsonReader) escape(b []byte) ([]byte, *diag.Diagnostic) {
	const plain = `"\/bfnrt`
	const means = "\"\\/\b\f\n\r\t"
	rest := r.text[r.at+1:]
	if rest == "" {
		return nil, r.syntax("the file ends inside a string")
	}
	if i := strings.IndexByte(plain, rest[0]); i >= 0 {
		r.at += 2
		return append(b, means[i]), nil
	}
	c, ok := hex4(rest)
	if !ok {
		return nil, r.syntax("invalid escape sequence in a string")
	}
	size := 6
	if utf16.IsSurrogate(c) {
		low, ok := rune(0), false
		if len(rest) > 5 && rest[5] == '\\' {
			low, ok = hex4(rest[6:])
		}
		if c = utf16.DecodeRune(c, low); !ok || c == utf8.RuneError {
			return nil, problem(r.pos(), rules.UTF8, "half of a surrogate pair in a string")
		}
		size = 12
	}
	r.at += size
	return utf8.AppendRune(b, c), nil
}

// hex4 reads uXXXX.
func hex4(s string) (rune, bool) {
	if len(s) < 5 || s[0] != 'u' {
		return 0, false
	}
	var v rune
	for _, c := range []byte(s[1:5]) {
		switch {
		case '0' <= c && c <= '9':
			v = v<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			v = v<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return v, true
}

func (r *jsonReader) number(n *Node) *diag.Diagnostic {
	size := numberLen(r.text[r.at:])
	if size == 0 {
		return r.syntax("malformed number")
	}
	n.Text = r.text[r.at : r.at+size]
	r.at += size
	if r.at < len(r.text) && strings.IndexByte("0123456789.eE+-", r.text[r.at]) >= 0 {
		return r.syntax("malformed number")
	}
	return checkNumber(n)
}
