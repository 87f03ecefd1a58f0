package load

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// readVersion returns "3.0", "3.1" or "3.2", or why the document is not read.
func readVersion(root *Node) (string, *diag.Diagnostic) {
	if root.Kind != Object {
		return "", problem(root.Pos, rules.Document, "an OpenAPI document is an object, this is %s", a(root.Kind))
	}
	v := root.Get("openapi")
	if v == nil {
		if isSwagger(root) {
			return "3.0", nil // what it is converted to
		}
		if old := root.Get("swagger"); old != nil {
			d := problem(old.Pos, rules.Version, "Swagger %s is not supported", short(old.Text))
			d.Advice = "supported are Swagger 2.0 and OpenAPI 3.0.x, 3.1.x and 3.2.x"
			return "", d
		}
		d := problem(root.Pos, rules.Version, "not an OpenAPI document: it has no member \"openapi\"")
		d.Advice = "a document begins with `openapi: 3.1.0` or `openapi: 3.0.3`"
		return "", d
	}
	if v.Kind == Number {
		d := problem(v.Pos, rules.Version, "openapi must be a string, %s is a number", short(v.Text))
		d.Advice = "write the whole version in quotes, as in \"3.1.0\""
		return "", d
	}
	if v.Kind != String {
		return "", problem(v.Pos, rules.Version, "openapi must be a string, this is %s", a(v.Kind))
	}
	for _, known := range [...]string{"3.0", "3.1", "3.2"} {
		if patch, ok := strings.CutPrefix(v.Text, known+"."); ok && isPatch(patch) {
			return known, nil
		}
	}
	d := problem(v.Pos, rules.Version, "OpenAPI version %q is not supported", short(v.Text))
	d.Advice = "supported are Swagger 2.0 and OpenAPI 3.0.x, 3.1.x and 3.2.x"
	return "", d
}

// isPatch accepts the patch part of a version, which early documents gave a suffix ("3.0.0-rc2").
func isPatch(s string) bool {
	number, _, _ := strings.Cut(s, "-")
	if number == "" || len(s) > 16 {
		return false
	}
	return strings.Trim(number, "0123456789") == ""
}

// a names a kind with its article.
func a(k Kind) string {
	switch k {
	case Null:
		return "null"
	case Array, Object:
		return "an " + k.String()
	}
	return "a " + k.String()
}

// checkShape refuses what makes the rest of the document unreadable: its frame.
func (d *Document) checkShape(diags *diag.List) {
	want := func(n *Node, at diag.Pos, name string, k Kind, needed bool) *Node {
		v := n.Get(name)
		if v != nil && v.Kind == Null && name != "security" { // that would decide who may call
			v = nil
		}
		switch {
		case v == nil && name == "info":
			diags.Warnf(at, rules.DocumentShape, "the document has no info: its title and its version are not known")
		case v == nil && needed:
			diags.Errorf(at, rules.DocumentShape, "missing member %q", name)
		case v != nil && v.Kind != k:
			diags.Errorf(v.Pos, rules.DocumentShape, "%q must be %s, this is %s", name, a(k), a(v.Kind))
			return nil
		}
		return v
	}
	info := want(d.Root, d.Root.Pos, "info", Object, false)
	if info != nil {
		if _, isRef := info.Get("$ref").Str(); !isRef {
			for _, name := range [...]string{"title", "version"} {
				d.checkText(info, name, diags)
			}
		}
	}
	// Since 3.1 a document can have components or webhooks alone.
	alone := d.Version != "3.0" && (d.Root.Get("components") != nil || d.Root.Get("webhooks") != nil)
	paths := want(d.Root, d.Root.Pos, "paths", Object, !alone)
	want(d.Root, d.Root.Pos, "components", Object, false)
	want(d.Root, d.Root.Pos, "servers", Array, false)
	want(d.Root, d.Root.Pos, "security", Array, false)
	if paths == nil {
		return
	}
	for _, m := range paths.Members {
		switch {
		case strings.HasPrefix(m.Key, "x-"), m.Key == "$ref":
		case !strings.HasPrefix(m.Key, "/"):
			d.blame(m.Value, *problem(m.Pos, rules.DocumentShape, "a path begins with '/', %q does not", short(m.Key)), diags)
		case m.Value.Kind == Null: // a path without operations
		case m.Value.Kind != Object:
			d.blame(m.Value, *problem(m.Value.Pos, rules.DocumentShape, "the path item of %s must be an object, this is %s", short(m.Key), a(m.Value.Kind)), diags)
		}
	}
}

// checkText warns of an info member that is missing or no string: real documents
// do without, and nothing depends on it.
func (d *Document) checkText(info *Node, name string, diags *diag.List) {
	switch v := info.Get(name); {
	case v == nil:
		diags.Warnf(info.Pos, rules.DocumentShape, "info has no %s", name)
	case v.Kind != String && v.Kind != Object:
		diags.Warnf(v.Pos, rules.DocumentShape, "info's %s must be a string, this is %s", name, a(v.Kind))
	}
}
