package generator

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// maxConfig is the size in bytes beyond which a configuration file is refused.
const maxConfig = 1 << 20

// configKeys are the keys of a configuration file and what reads each.
var configKeys = map[string]func(f *configFile, n *yaml.Node, c *Config){
	"document":       func(f *configFile, n *yaml.Node, c *Config) { c.Document = f.path(n) },
	"root":           func(f *configFile, n *yaml.Node, c *Config) { c.Root = f.path(n) },
	"output":         func(f *configFile, n *yaml.Node, c *Config) { c.Output = f.path(n) },
	"package":        func(f *configFile, n *yaml.Node, c *Config) { c.Package = f.packageName(n) },
	"allow-public":   func(f *configFile, n *yaml.Node, c *Config) { c.AllowPublic = f.text(n) },
	"unknown":        func(f *configFile, n *yaml.Node, c *Config) { c.Unknown = f.oneOf(n, "refuse", "drop") },
	"read-only":      func(f *configFile, n *yaml.Node, c *Config) { c.ReadOnly = f.oneOf(n, "refuse", "drop") },
	"free-form":      func(f *configFile, n *yaml.Node, c *Config) { c.FreeForm = f.oneOf(n, "refuse", "keep") },
	"nullable-allof": func(f *configFile, n *yaml.Node, c *Config) { c.NullableAllOf = f.oneOf(n, "refuse", "keep") },
	"nullable-enum":  func(f *configFile, n *yaml.Node, c *Config) { c.NullableEnum = f.oneOf(n, "refuse", "keep") },
	"undeclared-discriminator": func(f *configFile, n *yaml.Node, c *Config) {
		c.UndeclaredDiscriminator = f.oneOf(n, "refuse", "declare")
	},
	"exact":               func(f *configFile, n *yaml.Node, c *Config) { c.Exact = f.boolean(n) },
	"allow-unsatisfiable": func(f *configFile, n *yaml.Node, c *Config) { c.AllowUnsatisfiable = f.boolean(n) },
	"validate":            func(f *configFile, n *yaml.Node, c *Config) { c.Validate = f.boolean(n) },
	"skip-unsupported":    func(f *configFile, n *yaml.Node, c *Config) { c.SkipUnsupported = f.boolean(n) },
	"tests":               func(f *configFile, n *yaml.Node, c *Config) { c.Tests = f.boolean(n) },
	"skip":                func(f *configFile, n *yaml.Node, c *Config) { c.Skip = f.texts(n) },
}

// LoadConfig reads a configuration file: one YAML mapping, whose keys are named like
// the flags of bailey generate. Paths in it are relative to its folder.
//
// Tests is on unless the file says otherwise. An unknown or repeated key and a value of the wrong type are errors. The error names
// file, line and column of each: it joins Diagnostics. When the file is missing it is
// fs.ErrNotExist.
func LoadConfig(path string) (Config, error) {
	text, err := readConfig(path)
	if err != nil {
		return Config{}, err
	}
	f := &configFile{name: path, dir: filepath.Dir(path)}
	c := Config{Tests: true}
	if root := f.parse(text); root != nil {
		f.read(root, &c)
	}
	if f.diags.HasErrors() {
		f.diags.Sort()
		var errs []error
		for _, d := range f.diags {
			errs = append(errs, public(d, path))
		}
		return Config{}, errors.Join(errs...)
	}
	return c, nil
}

func readConfig(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxConfig+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxConfig {
		return nil, fmt.Errorf("%s: larger than %d bytes", path, maxConfig)
	}
	return text, nil
}

// configFile reads values and remembers what is wrong with them.
type configFile struct {
	name, dir string
	diags     diag.List
}

func (f *configFile) errorf(n *yaml.Node, format string, args ...any) {
	f.diags.Errorf(diag.Pos{File: f.name, Line: n.Line, Col: n.Column}, rules.Config, format, args...)
}

// parse returns the document's mapping, or nil where there is none.
func (f *configFile) parse(text []byte) *yaml.Node {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document, second yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil // empty, or nothing but comments
	case err != nil:
		f.syntax(err)
		return nil
	}
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		f.syntax(err)
		return nil
	default:
		f.errorf(&second, "a second document in the file")
		return nil
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		f.errorf(root, "the configuration must be a mapping, not %s", nameOf(root))
		return nil
	}
	return root
}

var errorLine = regexp.MustCompile(`line (\d+): `)

// syntax reports an error of the YAML parser at its line.
func (f *configFile) syntax(err error) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	pos := diag.Pos{File: f.name}
	if m := errorLine.FindStringSubmatchIndex(message); m != nil {
		pos.Line, _ = strconv.Atoi(message[m[2]:m[3]])
		pos.Col = 1
		message = message[:m[0]] + message[m[1]:]
	}
	f.diags.Errorf(pos, rules.Config, "%s", message)
}

func (f *configFile) read(root *yaml.Node, c *Config) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		read := configKeys[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || read == nil:
			f.errorf(key, "unknown key %q", key.Value)
		case seen[key.Value]:
			f.errorf(key, "%s is given twice", key.Value)
		default:
			seen[key.Value] = true
			read(f, value, c)
		}
	}
}

// text reads a string that is not blank.
func (f *configFile) text(n *yaml.Node) string {
	switch {
	case n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str":
		f.errorf(n, "must be a string, not %s", nameOf(n))
	case strings.TrimSpace(n.Value) == "":
		f.errorf(n, "must not be empty")
	default:
		return n.Value
	}
	return ""
}

// path reads a path relative to the file's folder.
func (f *configFile) path(n *yaml.Node) string {
	s := f.text(n)
	if s == "" {
		return s
	}
	return beside(f.dir, s, func(dir, s string) string { return filepath.Join(dir, filepath.FromSlash(s)) })
}

func (f *configFile) packageName(n *yaml.Node) string {
	s := f.text(n)
	if s != "" && !isPackageName(s) {
		f.errorf(n, "%q cannot be the name of a Go package", s)
	}
	return s
}

func (f *configFile) oneOf(n *yaml.Node, words ...string) string {
	s := f.text(n)
	for _, w := range words {
		if s == w {
			return s
		}
	}
	if s != "" {
		f.errorf(n, "%q is none of %s", s, strings.Join(words, ", "))
	}
	return ""
}

func (f *configFile) boolean(n *yaml.Node) bool {
	var b bool
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" || n.Decode(&b) != nil {
		f.errorf(n, "must be true or false, not %s", nameOf(n))
	}
	return b
}

func (f *configFile) texts(n *yaml.Node) []string {
	if n.Kind != yaml.SequenceNode {
		f.errorf(n, "must be a list of strings, not %s", nameOf(n))
		return nil
	}
	var all []string
	for _, item := range n.Content {
		all = append(all, f.text(item))
	}
	return all
}

// nameOf says in words what a node is.
func nameOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	switch n.ShortTag() {
	case "!!str":
		return "a string"
	case "!!bool":
		return "a boolean"
	case "!!int", "!!float":
		return "a number"
	case "!!null":
		return "nothing"
	}
	return "a value of another type"
}
