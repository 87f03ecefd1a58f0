package generator

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
)

// stand is what each value of a document is replaced by: one of each JSON type, and the empty
// ones. A value is not replaced by one of its own kind and size.
var stand = []string{"null", "true", "0", `""`, `"x"`, "[]", "[{}]", "{}", `{"x":{}}`}

// gone says that a member is left out.
const gone = "-"

// TestRedteamGeneratorPanic damages the documents of the goldens, of the examples and of the
// refused ones: it leaves out each member of each object, and replaces each value by values of
// other types, one at a time. Rendering a damaged document ends in a package or in a diagnostic.
//
// Of the large documents, two places are damaged once where the last keys of their paths and the
// members beside them are the same, and a value is replaced by one other. With
// BAILEY_CORPUS_ALL set, each place is damaged in all ways, with -short one place of eight.
func TestRedteamGeneratorPanic(t *testing.T) {
	t.Parallel()
	whole := os.Getenv("BAILEY_CORPUS_ALL") != ""
	kinds := map[string]bool{}
	places, tried, least := 0, 0, 3000
	if testing.Short() {
		least /= 8
	}
	for name, root := range damageable(t) {
		eachNode(root, func(n *load.Node) {
			if places++; testing.Short() && places%8 != 0 {
				return
			}
			kind := kindOfPlace(n)
			ways := append(slices.Clone(stand), gone)
			if !whole {
				if kinds[kind] {
					return
				}
				ways = []string{stand[len(kinds)%len(stand)], gone}
			}
			kinds[kind] = true
			for _, by := range ways {
				if by == gone && (n.Parent == nil || n.Parent.Kind != load.Object) {
					continue
				}
				tried++
				if err := survive(jsonOf(root, n, by), whole || tried%8 == 0); err != nil {
					t.Errorf("%s: with %s replaced by %s: %v", name, n.Pointer(), by, err)
				}
			}
		})
	}
	if t.Logf("%d damaged documents", tried); tried < least {
		t.Errorf("only %d damaged documents were tried", tried)
	}
}

// FuzzLacking damages documents in several places at once: each three bytes of damage are a
// place and what becomes of it.
func FuzzLacking(f *testing.F) {
	var roots []*load.Node
	for _, root := range damageable(f) {
		roots = append(roots, root)
		f.Add(uint8(len(roots)-1), []byte{0, 7, 9, 1, 3, 4})
	}
	f.Fuzz(func(t *testing.T, which uint8, damage []byte) {
		root := roots[int(which)%len(roots)]
		for ; len(damage) >= 3; damage = damage[3:] {
			var all []*load.Node
			eachNode(root, func(n *load.Node) { all = append(all, n) })
			n := all[(int(damage[0])<<8|int(damage[1]))%len(all)]
			by := append(slices.Clone(stand), gone)[int(damage[2])%(len(stand)+1)]
			if by == gone && (n.Parent == nil || n.Parent.Kind != load.Object) {
				by = "null"
			}
			text := jsonOf(root, n, by)
			if err := survive(text, true); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			doc, _ := load.LoadBytes("openapi.json", text, load.Limits{})
			if doc == nil {
				return
			}
			root = doc.Root
		}
	})
}

// damageable are the documents of the goldens and of the refused ones, in order of their names.
func damageable(tb testing.TB) func(func(string, *load.Node) bool) {
	tb.Helper()
	texts := map[string][]byte{}
	for _, pattern := range []string{"../testdata/golden/*/openapi.yaml", "../testdata/refuse/*.txtar", "../examples/*/openapi.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			tb.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				tb.Fatal(err)
			}
			if strings.HasSuffix(file, ".txtar") {
				_, text, _ = bytes.Cut(text, []byte("-- openapi.yaml --\n"))
				if at := section.FindIndex(text); at != nil {
					text = text[:at[0]]
				}
			}
			texts[file] = text
		}
	}
	return func(yield func(string, *load.Node) bool) {
		for _, name := range sorted(texts) {
			doc, _ := load.LoadBytes("openapi.yaml", texts[name], load.Limits{})
			if doc != nil && !yield(name, doc.Root) {
				return
			}
		}
	}
}

func sorted[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func eachNode(n *load.Node, f func(*load.Node)) {
	f(n)
	for _, m := range n.Members {
		eachNode(m.Value, f)
	}
	for _, v := range n.Items {
		eachNode(v, f)
	}
}

// named are the members whose own members have names that the document makes up.
var named = []string{
	"paths", "webhooks", "properties", "patternProperties", "$defs", "definitions", "schemas", "responses", "parameters", "examples", "requestBodies", "headers",
	"securitySchemes", "links", "callbacks", "pathItems", "content", "scopes", "mapping", "encoding", "dependentSchemas", "dependentRequired", "variables", "security",
}

// kindOfPlace is the kind of a value and the last four keys of its path, of which those are left out that the
// document makes up.
func kindOfPlace(n *load.Node) string {
	kind := n.Kind.String()
	for i := 0; n.Parent != nil && i < 4; i++ {
		key := n.Key
		if i == 0 && n.Parent.Kind == load.Object {
			for _, m := range n.Parent.Members {
				kind += "," + m.Key
			}
		}
		if n.Parent.Kind == load.Array || slices.Contains(named, n.Parent.Key) {
			key = "*"
		}
		kind, n = key+"/"+kind, n.Parent
	}
	return kind
}

// jsonOf writes the document at root as JSON, with the value at n replaced.
func jsonOf(root, n *load.Node, by string) []byte {
	var b bytes.Buffer
	writeNode(&b, root, n, by)
	return b.Bytes()
}

func writeNode(b *bytes.Buffer, v, n *load.Node, by string) {
	if v == n {
		b.WriteString(by)
		return
	}
	switch v.Kind {
	case load.String:
		b.WriteString(quoteJSON(v.Text))
	case load.Number, load.Bool:
		b.WriteString(v.Text)
	case load.Array:
		b.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			writeNode(b, item, n, by)
		}
		b.WriteByte(']')
	case load.Object:
		b.WriteByte('{')
		first := true
		for _, m := range v.Members {
			if m.Value == n && by == gone {
				continue
			}
			if !first {
				b.WriteByte(',')
			}
			first = false
			b.WriteString(quoteJSON(m.Key) + ":")
			writeNode(b, m.Value, n, by)
		}
		b.WriteByte('}')
	default:
		b.WriteString("null")
	}
}

// quoteJSON is a JSON string in ASCII.
func quoteJSON(s string) string {
	q := strconv.QuoteToASCII(s)
	var b strings.Builder
	for i := 0; i < len(q); i++ {
		if q[i] != '\\' {
			b.WriteByte(q[i])
			continue
		}
		i++
		switch q[i] {
		case 'a', 'v', 'x', 'U':
			return strings.ToValidUTF8(fmt.Sprintf("%q", "x"), "") // no name of the goldens
		default:
			b.WriteString(`\` + string(q[i]))
		}
	}
	return b.String()
}

// survive renders a document, the printing of Go left out unless emit is set, and reports a panic
// or a refusal without a diagnostic.
func survive(text []byte, emit bool) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	cfg := Config{Document: "openapi.json", Output: "api", Package: "api", Unknown: "refuse", AllowPublic: "a test", Tests: emit}
	res := &Result{}
	doc, found := load.LoadBytes(cfg.Document, text, load.Limits{})
	if found.HasErrors() {
		return nil
	}
	var built *model.API
	if beyond := cost.Guard(func() { built, found, err = cfg.build(res, doc, found) }); beyond != nil {
		return nil // refused with the diagnostic of the budget, as in stages
	}
	switch {
	case err == nil && found.HasErrors():
		return errors.New("errors, and no refusal")
	case err != nil && res.Errors() == 0:
		return fmt.Errorf("refused without a diagnostic: %w", err)
	case err != nil || !emit:
		return nil
	}
	res, err = cfg.emit(res, built, found)
	if err == nil && len(res.Files) == 0 {
		return errors.New("no error, and no file")
	}
	return err
}

// TestPositionsOfMembers finds code that asks for the position of a member that need not be
// there: load.Node has PosOf and KeyPosOf for that.
func TestPositionsOfMembers(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("internal/*/*.go")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	unsafe := regexp.MustCompile(`\.Get\([^()]*\)\.(Pos|KeyPos\(\)|Kind|Text|Items|Members|Pointer\(\))`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if unsafe.MatchString(line) && !strings.Contains(line, "== nil ||") && !strings.HasSuffix(file, "_test.go") {
				t.Errorf("%s:%d: %s", file, i+1, strings.TrimSpace(line))
			}
		}
	}
}
