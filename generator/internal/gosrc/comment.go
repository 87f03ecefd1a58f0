package gosrc

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// commentWidth is the width of a comment line in runes, without its slashes.
	commentWidth = 94
	// maxCommentLines bounds a comment; maxCommentText the text that is read for one.
	maxCommentLines = 40
	maxCommentText  = 16 << 10
	// maxIndent is how much of a line's own indentation is kept.
	maxIndent = 8
)

// Comment is lines of comment, each starting with two slashes.
type Comment struct{ text string }

// NewComment returns text as comment lines: wrapped at 97 columns, at most 40 of
// them, then "...". Control characters, line separators, bidirectional and other
// invisible controls are dropped, invalid UTF-8 becomes U+FFFD. No line is a directive
// of the go command, the compiler, cgo or a linter. Text without anything to print
// gives the zero Comment.
func NewComment(text string) Comment {
	cut := len(text) > maxCommentText
	if cut {
		text = text[:maxCommentText]
	}
	var lines []string
	for line := range strings.SplitSeq(breaks.Replace(text), "\n") {
		if len(lines) > maxCommentLines {
			break
		}
		lines = wrap(lines, cleanLine(line))
	}
	if cut || len(lines) > maxCommentLines {
		lines = append(lines[:min(len(lines), maxCommentLines)], "...")
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	for i, line := range lines {
		if line == "" {
			lines[i] = "//"
		} else {
			lines[i] = "// " + defuse(line)
		}
	}
	return Comment{strings.Join(lines, "\n")}
}

// Doc returns the doc comment of a declaration: text, starting with the name as Go's
// habit is. "A postal address." for Address gives "Address is a postal address."
// Without text there is no comment, and none that only repeats the name.
func Doc(name Ident, text string) Comment {
	text = text[:min(len(text), 2*maxCommentText)] // dropped characters make it no longer than that
	text = strings.TrimSpace(cleanText(text))
	first, rest, _ := strings.Cut(text, " ")
	switch {
	case text == "" || name.text == "":
	case strings.EqualFold(strings.TrimRight(text, ":,."), name.text):
		return Comment{}
	case strings.EqualFold(strings.TrimRight(first, ":,."), name.text):
		text = name.text + first[len(strings.TrimRight(first, ":,.")):] + " " + rest
	case articles[first] && rest != "":
		text = name.text + " is " + strings.ToLower(first) + " " + rest
	case verbs[first]:
		text = name.text + " " + strings.ToLower(first) + " " + rest
	case unicode.IsLower(firstRune(text)):
		text = name.text + " " + text
	default:
		text = name.text + ": " + text
	}
	return NewComment(text)
}

var articles = map[string]bool{"A": true, "An": true, "The": true}

// verbs are the first words with which descriptions go on where a name should stand.
var verbs = func() map[string]bool {
	m := map[string]bool{}
	const list = "Accepts Adds Allows Answers Applies Archives Assigns Cancels Changes Checks Clears Closes Completes " +
		"Confirms Contains Creates Defines Deletes Describes Disables Downloads Enables Exports Fetches Finds Gets Gives " +
		"Holds Imports Indicates Lists Locks Looks Marks Merges Moves Opens Provides Publishes Reads Receives Registers " +
		"Rejects Removes Renames Replaces Represents Requests Resets Restores Retrieves Returns Revokes Runs Says " +
		"Searches Sends Sets Shows Specifies Starts Stops Stores Submits Takes Tells Tests Transfers Triggers Unlocks " +
		"Updates Uploads Uses Validates Verifies Writes"
	for _, v := range strings.Fields(list) {
		m[v] = true
	}
	return m
}()

// Deprecate returns the comment, if deprecated is set with a last paragraph that marks the declaration as
// deprecated for Go's tools. It stands behind the bound of lines, so that a long text does not push it out.
func (c Comment) Deprecate(deprecated bool) Comment {
	const paragraph = "// Deprecated: the API document marks this as deprecated."
	switch {
	case !deprecated:
		return c
	case c.text == "":
		return Comment{paragraph}
	}
	return Comment{c.text + "\n//\n" + paragraph}
}

// Lines returns the lines, each a Comment of its own; none for the zero Comment.
func (c Comment) Lines() []Comment {
	if c.text == "" {
		return nil
	}
	texts := strings.Split(c.text, "\n")
	lines := make([]Comment, len(texts))
	for i, t := range texts {
		lines[i] = Comment{t}
	}
	return lines
}

// Indent returns the comment with n tabs before each line.
func (c Comment) Indent(n int) Comment {
	if c.text == "" || n <= 0 {
		return c
	}
	tabs := strings.Repeat("\t", n)
	return Comment{tabs + strings.ReplaceAll(c.text, "\n", "\n"+tabs)}
}

// String returns the lines, without a newline after the last.
func (c Comment) String() string { return c.text }

func (Comment) source() {}

// breaks are the ways of ending a line that documents have.
var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", " ", "\u2029", " ", "\v", " ", "\f", " ")

// cleanText cleans each line, and keeps the lines.
func cleanText(text string) string {
	if len(text) > maxCommentText {
		text = text[:maxCommentText] + "\n..."
	}
	lines := strings.Split(breaks.Replace(text), "\n")
	for i, l := range lines {
		lines[i] = cleanLine(l)
	}
	return strings.Join(lines, "\n")
}

// cleanLine drops control characters.
func cleanLine(line string) string {
	line = strings.Map(func(r rune) rune {
		switch {
		case ' ' <= r && r <= '~':
			return r
		case r == '\t':
			return ' '
		case r == utf8.RuneError:
			return utf8.RuneError // invalid bytes too
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp) || invisible(r):
			return -1
		}
		return r
	}, line)
	return strings.TrimRightFunc(line, unicode.IsSpace)
}

// wrap adds a line to lines, cut at spaces where it is too long.
func wrap(lines []string, line string) []string {
	text := strings.TrimLeftFunc(line, unicode.IsSpace)
	if text == "" {
		if len(lines) > 0 && lines[len(lines)-1] != "" {
			lines = append(lines, "")
		}
		return lines
	}
	indent := strings.Repeat(" ", min(len(line)-len(text), maxIndent))
	runes := []rune(text)
	for width := commentWidth - len(indent); len(runes) > width && len(lines) <= maxCommentLines; {
		cut, next := width, width
		for i := width; i > width/4; i-- {
			if runes[i] == ' ' {
				cut, next = i, i+1
				break
			}
		}
		lines = append(lines, indent+strings.TrimRight(string(runes[:cut]), " "))
		for runes = runes[next:]; len(runes) > 0 && runes[0] == ' '; {
			runes = runes[1:]
		}
	}
	if len(runes) == 0 {
		return lines
	}
	return append(lines, indent+string(runes))
}

// defuse breaks text that a tool could take for an instruction. The space after the
// slashes does that for Go's own directives, but not for // +build (go/build), and
// not for every linter.
func defuse(line string) string {
	text := strings.TrimLeft(line, " /") // a grep for //go:embed shall find none either
	lower := strings.ToLower(text)
	for _, word := range directives {
		if strings.HasPrefix(lower, word) {
			line = line[:len(line)-len(text)] + `\` + text
			break
		}
	}
	if strings.Contains(strings.ToLower(line), "#nosec") {
		line = strings.ReplaceAll(line, "#", "# ")
	}
	return line
}

// directives are the beginnings of instructions, in small letters.
var directives = []string{
	"go:", "line ", "line:", "+build", "export ", "extern ", "#cgo", "#include", "#pragma", "nolint", "lint:", "sys ", "sysnb ",
	"code generated ", "gocovr:", "revive:", "exhaustive:", "coverage:",
}
