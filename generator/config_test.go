package generator

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLoadConfig(t *testing.T) {
	t.Chdir(t.TempDir())
	tests := []struct {
		name, text string
		want       Config
	}{
		{name: "empty"},
		{name: "only comments", text: "# nothing yet\n"},
		{name: "an empty mapping", text: "{}"},
		{
			name: "everything",
			text: "document: ../openapi.yaml\noutput: api\npackage: bank\nallow-public: a demo\nunknown: drop\nread-only: drop\nfree-form: keep\nnullable-allof: keep\nnullable-enum: keep\nundeclared-discriminator: declare\n" +
				"skip-unsupported: true\nvalidate: true\nskip:\n  - getUser\n  - GET /events\n",
			want: Config{
				Document: "openapi.yaml", Output: "sub/api", Package: "bank", AllowPublic: "a demo",
				Unknown: "drop", ReadOnly: "drop", FreeForm: "keep", NullableAllOf: "keep", NullableEnum: "keep", UndeclaredDiscriminator: "declare", SkipUnsupported: true, Validate: true, Skip: []string{"getUser", "GET /events"},
			},
		},
		{name: "absolute", text: "output: /srv/api", want: Config{Output: "/srv/api"}},
		{name: "without tests", text: "tests: false\n"},
		{name: "JSON", text: `{"output": ".", "skip": []}`, want: Config{Output: "sub"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			writeFile(t, "sub/bailey.yaml", test.text)
			got, err := LoadConfig("sub/bailey.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if test.want.Tests = test.name != "without tests"; !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestLoadConfigRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	tests := []struct{ name, text, want string }{
		{"unknown key", "output: api\nouput: api\n", `bailey.yaml:2:1: unknown key "ouput" [config]`},
		{"a key in another case", "Output: api\n", `bailey.yaml:1:1: unknown key "Output" [config]`},
		{"a key that is a list", "[output]: api\n", `bailey.yaml:1:1: unknown key "" [config]`},
		{"a merge", "<<: {output: api}\n", `bailey.yaml:1:1: unknown key "<<" [config]`},
		{"key twice", "output: a\noutput: b\n", `bailey.yaml:2:1: output is given twice [config]`},
		{"string is a number", "package: 12\n", `bailey.yaml:1:10: must be a string, not a number [config]`},
		{"string is a boolean", "unknown: true\n", `bailey.yaml:1:10: must be a string, not a boolean [config]`},
		{"string is nothing", "output:\n", `bailey.yaml:1:8: must be a string, not nothing [config]`},
		{"string is a list", "output: [api]\n", `bailey.yaml:1:9: must be a string, not a list [config]`},
		{"string is blank", "allow-public: '  '\n", `bailey.yaml:1:15: must not be empty [config]`},
		{"string is an alias", "output: &a api\ndocument: *a\n", `bailey.yaml:2:11: must be a string, not an alias [config]`},
		{"boolean is a string", "skip-unsupported: \"true\"\n", `bailey.yaml:1:19: must be true or false, not a string [config]`},
		{"boolean of YAML 1.1", "skip-unsupported: yes\n", `bailey.yaml:1:19: must be true or false, not a string [config]`},
		{"list is a string", "skip: getUser\n", `bailey.yaml:1:7: must be a list of strings, not a string [config]`},
		{"list of numbers", "skip: [a, 1]\n", `bailey.yaml:1:11: must be a string, not a number [config]`},
		{"bad word", "unknown: ignore\n", `bailey.yaml:1:10: "ignore" is none of refuse, drop [config]`},
		{"bad word for readOnly", "read-only: keep\n", `bailey.yaml:1:12: "keep" is none of refuse, drop [config]`},
		{"bad word for nullable", "nullable-allof: drop\n", `bailey.yaml:1:17: "drop" is none of refuse, keep [config]`},
		{"bad word for discriminators", "undeclared-discriminator: keep\n", `bailey.yaml:1:27: "keep" is none of refuse, declare [config]`},
		{"bad word for bare objects", "free-form: drop\n", `bailey.yaml:1:12: "drop" is none of refuse, keep [config]`},
		{"bad package", "package: my-api\n", `bailey.yaml:1:10: "my-api" cannot be the name of a Go package [config]`},
		{"a keyword as package", "package: func\n", `bailey.yaml:1:10: "func" cannot be the name of a Go package [config]`},
		{"a list", "- output\n", `bailey.yaml:1:1: the configuration must be a mapping, not a list [config]`},
		{"a scalar", "output\n", `bailey.yaml:1:1: the configuration must be a mapping, not a string [config]`},
		{"two documents", "output: a\n---\noutput: b\n", `bailey.yaml:2:1: a second document in the file [config]`},
		{"not YAML", "output: [a\n", `bailey.yaml:1:1: did not find expected ',' or ']' [config]`},
		{"a tab", "output: a\n\tpackage: b\n", "bailey.yaml:2:1: found a tab character that violates indentation [config]"},
		{
			"everything at once", "skip: 1\nx: 2\n",
			"bailey.yaml:1:7: must be a list of strings, not a number [config]\n" + `bailey.yaml:2:1: unknown key "x" [config]`,
		},
		{"a control character", "\"a\\nb\": 1\n", `bailey.yaml:1:1: unknown key "a\nb" [config]`},
		{"too large", strings.Repeat("#", maxConfig+1), "bailey.yaml: larger than 1048576 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			writeFile(t, "bailey.yaml", test.text)
			got, err := LoadConfig("bailey.yaml")
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v\nwant %s", err, test.want)
			}
			if !reflect.DeepEqual(got, Config{}) {
				t.Errorf("half a configuration: %+v", got)
			}
		})
	}
}

func TestLoadConfigMissing(t *testing.T) {
	if _, err := LoadConfig(filepath.Join(t.TempDir(), "none.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
}

func TestFindConfig(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "own/openapi.yaml", "")
	writeFile(t, "own/other.yaml", "")
	writeFile(t, "own/bailey.yaml", "document: openapi.yaml\npackage: own\n")
	writeFile(t, "any/openapi.yaml", "")
	writeFile(t, "any/bailey.yaml", "package: any\n")
	writeFile(t, "bare/openapi.yaml", "")
	writeFile(t, "bad/openapi.yaml", "")
	writeFile(t, "bad/bailey.yaml", "x: y\n")
	tests := []struct {
		name, document, file string
		want                 Config
		fails                string
	}{
		{name: "its own", document: "own/openapi.yaml", want: Config{Document: "own/openapi.yaml", Package: "own"}},
		{name: "its own under another spelling", document: "./own/../own/openapi.yaml", want: Config{Document: "./own/../own/openapi.yaml", Package: "own"}},
		{name: "another document's", document: "own/other.yaml", want: Config{Document: "own/other.yaml"}},
		{name: "names no document", document: "any/openapi.yaml", want: Config{Document: "any/openapi.yaml", Package: "any"}},
		{name: "none", document: "bare/openapi.yaml", want: Config{Document: "bare/openapi.yaml"}},
		{name: "a missing document", document: "bare/none.yaml", want: Config{Document: "bare/none.yaml"}},
		{name: "given", file: "own/bailey.yaml", want: Config{Document: "own/openapi.yaml", Package: "own"}},
		{name: "given for another document", document: "bare/openapi.yaml", file: "own/bailey.yaml", want: Config{Document: "bare/openapi.yaml", Package: "own"}},
		{name: "given and missing", document: "own/openapi.yaml", file: "none.yaml", fails: "none.yaml: no such file"},
		{name: "bad", document: "bad/openapi.yaml", fails: `unknown key "x"`},
		{name: "nothing", fails: "no document is named, and there is no bailey.yaml in this folder"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := FindConfig(test.document, test.file)
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("got %v, want %q", err, test.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if test.want.Tests = true; !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
	t.Run("the current folder's", func(t *testing.T) {
		t.Chdir("own")
		got, err := FindConfig("", "")
		if want := (Config{Document: "openapi.yaml", Package: "own", Tests: true}); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	})
}

func TestComplete(t *testing.T) {
	good := Config{Document: "openapi.yaml", Output: "internal/api"}
	tests := []struct {
		name   string
		change func(*Config)
		want   string // the error, or "package unknown"
	}{
		{"defaults", func(*Config) {}, "api refuse"},
		{"given", func(c *Config) { c.Package, c.Unknown = "bank", "drop" }, "bank drop"},
		{"no document", func(c *Config) { c.Document = "" }, "no document is named"},
		{"no output", func(c *Config) { c.Output = "" }, "no output folder is named (-o, or output in bailey.yaml)"},
		{"blank reason", func(c *Config) { c.AllowPublic = " " }, "allow-public needs a reason"},
		{"unknown", func(c *Config) { c.Unknown = "ignore" }, `unknown is "ignore": it can be refuse or drop`},
		{"package", func(c *Config) { c.Package = "a\nb" }, `"a\nb" cannot be the name of a Go package`},
		{"blank package", func(c *Config) { c.Package = "_" }, `"_" cannot be the name of a Go package`},
		{"test package", func(c *Config) { c.Package = "api_test" }, `"api_test" cannot be the name of a Go package`},
		{"folder", func(c *Config) { c.Output = "my-api" }, `the folder name "my-api" cannot be the name of a Go package: name the package (-p, or package in bailey.yaml)`},
		{"read-only", func(c *Config) { c.ReadOnly = "keep" }, `read-only is "keep": it can be refuse or drop`},
		{"nullable-allof", func(c *Config) { c.NullableAllOf = "drop" }, `nullable-allof is "drop": it can be refuse or keep`},
		{"nullable-enum", func(c *Config) { c.NullableEnum = "drop" }, `nullable-enum is "drop": it can be refuse or keep`},
		{"undeclared-discriminator", func(c *Config) { c.UndeclaredDiscriminator = "keep" }, `undeclared-discriminator is "keep": it can be refuse or declare`},
		{"free-form", func(c *Config) { c.FreeForm = "drop" }, `free-form is "drop": it can be refuse or keep`},
		{"several", func(c *Config) { c.Document, c.Unknown = "", "x" }, "no document is named\n" + `unknown is "x": it can be refuse or drop`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := good
			test.change(&c)
			done, err := c.complete()
			got := done.Package + " " + done.Unknown
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}
