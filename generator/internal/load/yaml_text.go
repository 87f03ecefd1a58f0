package load

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// maxDirectives is the number of lines that may begin with '%'. The library compares
// each %TAG with all before it.
const maxDirectives = 16

// prescan estimates from the text how many nodes the library would make of it,
// since the library has no limit of its own. It errs on the high side: a comma in a
// description counts.
func (r *yamlReader) prescan() *diag.Diagnostic {
	marks, directives := 0, 0
	for i := 0; i < len(r.text); i++ {
		switch r.text[i] {
		case '\n':
			if i+1 < len(r.text) && r.text[i+1] == '%' {
				directives++
			}
			marks++
		case ',', '[', '{':
			marks++
		case ':', '-', '?':
			if i+1 < len(r.text) && strings.IndexByte(" \n\r\t", r.text[i+1]) >= 0 {
				marks++
			}
		}
	}
	if most := r.b.Nodes / 2; marks > most || marks > r.b.Nodes-r.b.nodes {
		d := tooBig(diag.Pos{File: r.file}, rules.LimitNodes, "as YAML, the file may have more than %d values", most)
		d.Advice = "as JSON, larger documents can be read"
		return d
	}
	if directives > maxDirectives {
		return tooBig(diag.Pos{File: r.file}, rules.YAMLSyntax, "more than %d directives", maxDirectives)
	}
	return nil
}

// declare11 turns a leading %YAML 1.2, which the library refuses, into 1.1. What
// differs between the two is not left to it.
func (r *yamlReader) declare11() {
	const directive = "%YAML 1.2"
	for at := 0; at < len(r.text) && strings.IndexByte("%#\r\n", r.text[at]) >= 0; {
		if strings.HasPrefix(r.text[at:], directive) {
			end := at + len(directive)
			r.text = r.text[:end-1] + "1" + r.text[end:]
			return
		}
		next := strings.IndexByte(r.text[at:], '\n')
		if next < 0 {
			return
		}
		at += next + 1
	}
}

// hideSlashes replaces each \/ by a character of as many bytes that the text does not
// have. JSON's escape \/ is one of YAML 1.2 (5.7), which the library does not know;
// whether it is an escape or just two characters, the scalar's style tells later.
func (r *yamlReader) hideSlashes() {
	if !strings.Contains(r.text, `\/`) {
		return
	}
	for _, unassigned := range [...]string{"\u0530", "\u07fb", "\u07fc", "\u05ff"} {
		if strings.Contains(r.text, unassigned) {
			continue
		}
		r.slash = unassigned
		text := []byte(r.text)
		for i := 0; i+1 < len(text); i++ {
			if text[i] != '\\' {
				continue
			}
			if text[i+1] == '/' {
				copy(text[i:], unassigned)
			}
			i++ // what follows a backslash is not the beginning of an escape
		}
		r.text = string(text)
		return
	}
}

// unslash returns a scalar's value with its slashes back.
func (r *yamlReader) unslash(y *yaml.Node) string {
	if r.slash == "" {
		return y.Value
	}
	if y.Style&yaml.DoubleQuotedStyle != 0 {
		return strings.ReplaceAll(y.Value, r.slash, "/")
	}
	return strings.ReplaceAll(y.Value, r.slash, `\/`)
}

// cannotStart is what the library says of a character that begins no token.
const cannotStart = "cannot start any token"

var yamlErrorLine = regexp.MustCompile(`^line (\d+): (.*)`)

// syntax makes a diagnostic of the library's error.
func (r *yamlReader) syntax(err error) *diag.Diagnostic {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	// Without a line, the library means the first.
	d := r.error(1, 1, rules.YAMLSyntax, "%s", text)
	if m := yamlErrorLine.FindStringSubmatch(text); m != nil {
		d.Pos.Line, _ = strconv.Atoi(m[1])
		d.Message = m[2]
		// Its parser counts lines from 0, its scanner from 1.
		if strings.HasPrefix(d.Message, "did not find") || strings.HasPrefix(d.Message, "found undefined") {
			d.Pos.Line = min(d.Pos.Line+1, strings.Count(r.text, "\n")+1)
		}
	}
	switch {
	case strings.Contains(text, "max depth"):
		d.Rule = rules.LimitDepth
		d.Pos = diag.Pos{File: r.file}
		d.Message = fmt.Sprintf("nested deeper than %d levels", r.b.Depth)
	case strings.HasPrefix(text, "unknown anchor"):
		if _, rest, ok := strings.Cut(text, "'"); ok {
			name, _, _ := strings.Cut(rest, "'")
			if at := strings.Index(r.text, "*"+name); at >= 0 {
				d.Pos = position(r.file, r.text, at)
			}
		}
	case strings.Contains(text, cannotStart):
		if line := r.lineText(d.Pos.Line); strings.Contains(line, "\t") {
			d.Pos.Col = strings.IndexByte(line, '\t') + 1
			d.Advice = "YAML does not allow a tab here: use spaces"
		}
	case strings.Contains(text, "unknown escape character"):
		d.Advice = `in double quotes, write a backslash as \\`
	}
	return d
}

// lineText returns a line of the text, counted from 1.
func (r *yamlReader) lineText(line int) string {
	rest := r.text
	for ; line > 1; line-- {
		_, rest, _ = strings.Cut(rest, "\n")
	}
	text, _, _ := strings.Cut(rest, "\n")
	return text
}
