//go:build unix

package generator_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// published are the bodies of JSON that a document shows as examples of its requests, by operation.
func published(t *testing.T, file string) map[string][]string {
	t.Helper()
	doc, _ := load.Load(file, load.Limits{})
	if doc == nil || len(doc.Roots()) == 0 {
		return nil
	}
	x := examples{root: doc.Roots()[0], all: map[string][]string{}}
	for _, path := range x.at(x.root.Get("paths")).Members {
		for _, m := range x.at(path.Value).Members {
			body := x.at(x.at(m.Value).Get("requestBody"))
			for _, media := range x.at(body.Get("content")).Members {
				if strings.Contains(media.Key, "json") {
					x.media(strings.ToUpper(m.Key)+" "+path.Key, x.at(media.Value))
				}
			}
		}
	}
	return x.all
}

type examples struct {
	root *load.Node
	all  map[string][]string
}

// at follows the references of n within its document. It returns an empty node where there is nothing.
func (x *examples) at(n *load.Node) *load.Node {
	for range 20 {
		ref, ok := "", false
		if n != nil && n.Kind == load.Object {
			ref, ok = n.Get("$ref").Str()
		}
		if !ok {
			break
		}
		rest, local := strings.CutPrefix(ref, "#/")
		if !local {
			return &load.Node{}
		}
		n = x.root
		for _, name := range strings.Split(rest, "/") {
			n = n.Get(strings.NewReplacer("~1", "/", "~0", "~").Replace(name))
		}
	}
	if n == nil {
		return &load.Node{}
	}
	return n
}

func (x *examples) media(operation string, m *load.Node) {
	x.add(operation, m.Get("example"))
	for _, e := range x.at(m.Get("examples")).Members {
		x.add(operation, x.at(e.Value).Get("value"))
	}
	schema := x.at(m.Get("schema"))
	x.add(operation, schema.Get("example"))
	if list := schema.Get("examples"); list != nil {
		for _, e := range list.Items {
			x.add(operation, e)
		}
	}
}

func (x *examples) add(operation string, n *load.Node) {
	if n == nil || n.Kind == load.Invalid || n.Kind == load.String {
		return // a text is JSON that is written as a text, mostly
	}
	var b strings.Builder
	writeJSON(&b, n)
	x.all[operation] = append(x.all[operation], b.String())
}

func writeJSON(b *strings.Builder, n *load.Node) {
	quote := func(s string) {
		text, err := json.Marshal(s)
		if err != nil {
			panic(err) // a string always is
		}
		b.Write(text)
	}
	switch n.Kind {
	case load.Object:
		for i, m := range n.Members {
			b.WriteByte("{,"[min(i, 1)])
			quote(m.Key)
			b.WriteByte(':')
			writeJSON(b, m.Value)
		}
		b.WriteString(map[bool]string{true: "{}", false: "}"}[len(n.Members) == 0])
	case load.Array:
		for i, item := range n.Items {
			b.WriteByte("[,"[min(i, 1)])
			writeJSON(b, item)
		}
		b.WriteString(map[bool]string{true: "[]", false: "]"}[len(n.Items) == 0])
	case load.String:
		quote(n.Text)
	case load.Null:
		b.WriteString("null")
	default:
		b.WriteString(n.Text)
	}
}

// publish writes the examples of the documents for package securitytest, and returns the file and how many there are.
func publish(t *testing.T, corpusDir, root string, lot []ending) (file string, n int) {
	t.Helper()
	all := map[string]map[string][]string{}
	for _, e := range lot {
		list := published(t, filepath.Join(corpusDir, e.doc.entry))
		for _, bodies := range list {
			n += len(bodies)
		}
		all["TestServe/"+e.name()] = list
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(root, "examples.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file, n
}

// name is the name of the test that serves the document.
func (e *ending) name() string { return strings.ReplaceAll(e.doc.entry, "/", ":") }
