package generator_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/assert"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// assertNames is the assert.Namer of a package that has nothing but checks.
type assertNames struct {
	taken    map[gosrc.Ident]bool
	patterns map[string]gosrc.Ident
	text     strings.Builder
}

func (n *assertNames) Take(want gosrc.Ident) gosrc.Ident {
	name := want
	for i := 2; n.taken[name]; i++ {
		name = want.Plus(fmt.Sprint(i))
	}
	n.taken[name] = true
	return name
}

func (n *assertNames) Pattern(re2 string, at gosrc.Ident) gosrc.Ident {
	name, ok := n.patterns[re2]
	if !ok {
		name = n.Take(gosrc.Unexported("pattern " + at.String()))
		n.patterns[re2] = name
		fmt.Fprintf(&n.text, "var %s = wire.NewPattern(%s)\n", name, gosrc.Quote(re2))
	}
	return name
}

// TestAssert holds the functions of package assert against the public JSON Schema test
// suite: each group becomes functions, all of them one program, which is asked for each
// test. Nothing may be accepted or refused wrongly.
func TestAssert(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles thousands of functions")
	}
	dir := suiteFolder(t)
	remotes := remoteFiles(t, dir)
	names := &assertNames{taken: map[gosrc.Ident]bool{}, patterns: map[string]gosrc.Ident{}}
	var funcs, table, input strings.Builder
	type question struct {
		score *score
		line  string
		valid bool
	}
	var questions []question
	scores := make([]score, len(conformanceSuites))
	for i := range conformanceSuites {
		s := &conformanceSuites[i]
		groups, inexpressible := readSuite(t, dir, remotes, s)
		scores[i].inexpressible = inexpressible
		for _, g := range groups {
			scores[i].groups++
			g.id = "g"
			if reason := assertGroup(t, g, remotes, names, &funcs, &table); reason != "" {
				scores[i].refused++
				t.Errorf("not generated\t%s\t%s", g.title(), reason)
				continue
			}
			for _, test := range g.Tests {
				fmt.Fprintf(&input, "%d\t%s\n", strings.Count(table.String(), "\n")-1, base64.StdEncoding.EncodeToString(test.Data))
				questions = append(questions, question{&scores[i], g.title() + "\t" + test.Description, test.Valid})
			}
		}
	}
	root := module(t)
	text := fmt.Sprintf(assertProgram, table.String(), names.text.String(), funcs.String())
	if err := os.WriteFile(filepath.Join(root, "main.go"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "run", "-mod=mod", ".")
	cmd.Dir, cmd.Stdin, cmd.Stderr = root, strings.NewReader(input.String()), new(bytes.Buffer)
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the program of all checks failed: %v\n%.4000s", err, cmd.Stderr)
	}
	answers := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(answers), len(questions))
	}
	for i, q := range questions {
		q.score.tests++
		switch accepted := answers[i] == "valid"; {
		case accepted == q.valid:
		case accepted:
			q.score.acceptances++
			t.Errorf("WRONGLY ACCEPTED\t%s", q.line)
		default:
			q.score.refusals++
			t.Errorf("wrongly refused\t%s\t%s", q.line, answers[i])
		}
	}
	t.Log("\n" + scoreTable(scores))
}

// assertGroup writes the functions of a group and adds the first of them to the table,
// or returns the reason why there are none.
func assertGroup(t *testing.T, g *conformanceGroup, remotes map[string]string, names *assertNames, funcs, table *strings.Builder) (reason string) {
	t.Helper()
	p := &conformancePackage{name: "probe", version: g.suite.version, remote: g.suite.remote, groups: []*conformanceGroup{g}}
	document, err := p.write(t.TempDir(), remotes)
	if err != nil {
		t.Fatal(err)
	}
	doc, diags := load.Load(document, load.Limits{})
	if reason := firstReason(diags); reason != "" {
		return reason
	}
	n := doc.Root
	for _, key := range []string{"paths", "/g", "post", "requestBody", "content", "application/json", "schema"} {
		n = n.Get(key)
	}
	set := assert.New(doc, names)
	set.Exact = true
	f, found := set.Add(n, gosrc.Exported("Group"))
	if reason := firstReason(found); reason != "" {
		return reason
	}
	for _, f := range set.Finish() {
		fmt.Fprintf(funcs, "%s\nfunc %s(c *check.Context, v *check.Value, %s *check.Evaluated) bool {\n", f.Doc, f.Name, f.Seen)
		for _, line := range f.Body {
			fmt.Fprintf(funcs, "\t%s\n", line)
		}
		fmt.Fprintf(funcs, "}\n\n")
	}
	fmt.Fprintf(table, "\t%s,\n", set.Ref(f))
	return ""
}

// firstReason is the first error of a list, or "".
func firstReason(list diag.List) string {
	for _, d := range list {
		if d.Severity == diag.Error {
			return string(d.Rule) + ": " + d.Message
		}
	}
	return ""
}

// assertProgram answers for each line of its input, the number of a function and a
// text in base64, whether the text is valid.
const assertProgram = `package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/runtime/gen/check"
	"github.com/bailey-go/bailey/runtime/gen/wire"
)

var table = []check.Func{
%s}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	for in.Scan() {
		i, data, _ := strings.Cut(in.Text(), "\t")
		n, _ := strconv.Atoi(i)
		text, _ := base64.StdEncoding.DecodeString(data)
		var d wire.Decoder
		d.Reset(string(text), wire.Limits{})
		var v wire.Raw
		check.Decode(&d, &v, table[n])
		d.End()
		if err := d.Err(); err != nil {
			fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("valid")
		}
	}
}

%s
%s`
