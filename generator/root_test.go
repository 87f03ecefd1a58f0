package generator

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRoot: a wider root lets files beside the document's folder be read, and nothing else.
func TestRoot(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		file := filepath.Join(top, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
		return file
	}
	document := func(ref string) string {
		return write("repo/api/openapi.yaml", "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        '200': {description: d, content: {application/json: {schema: {$ref: '"+ref+"'}}}}\n")
	}
	write("repo/common/types.yaml", "Name: {type: string, maxLength: 9}\nOdd: {type: object, not: {minimum: x}}\n")
	write("secret/types.yaml", "Name: {type: string}\n")
	if err := os.Symlink(filepath.Join(top, "secret"), filepath.Join(top, "repo", "link")); err != nil {
		t.Skip(err)
	}
	for _, tt := range []struct{ name, ref, root, rule, file string }{
		{"inside", "../common/types.yaml#/Name", "repo", "", ""},
		{"the document's folder", "../common/types.yaml#/Name", "", "ref-outside", "repo/api/openapi.yaml"},
		{"outside of the root", "../../secret/types.yaml#/Name", "repo", "ref-outside", "repo/api/openapi.yaml"},
		{"by a link", "../link/types.yaml#/Name", "repo", "ref-file", "repo/api/openapi.yaml"},
		{"an error in the other file", "../common/types.yaml#/Odd", "repo", "schema", "repo/common/types.yaml"},
	} {
		cfg := Config{Document: document(tt.ref), Output: filepath.Join(top, "out"), Package: "api", AllowPublic: "a test"}
		if tt.root != "" {
			cfg.Root = filepath.Join(top, tt.root)
		}
		res, err := Render(cfg)
		if tt.rule == "" {
			if err != nil {
				t.Errorf("%s: %v %v", tt.name, err, res)
			}
			continue
		}
		if !errors.Is(err, ErrDocument) {
			t.Errorf("%s: got %v", tt.name, err)
			continue
		}
		var found []string
		for _, d := range res.Diagnostics {
			if !d.Warning {
				found = append(found, d.Rule+" "+strings.TrimPrefix(d.File, top+string(filepath.Separator)))
			}
		}
		if want := tt.rule + " " + filepath.FromSlash(tt.file); len(found) != 1 || found[0] != want {
			t.Errorf("%s: got %q, want %q", tt.name, found, want)
		}
	}
	for _, root := range []string{"secret", "none"} {
		if _, err := Render(Config{Document: document("../common/types.yaml#/Name"), Output: filepath.Join(top, "out"), Package: "api", AllowPublic: "a test", Root: filepath.Join(top, root)}); err == nil || errors.Is(err, ErrDocument) {
			t.Errorf("root %s: got %v", root, err)
		}
	}
}
