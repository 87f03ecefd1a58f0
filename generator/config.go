package generator

import (
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"
)

// ConfigName is the name of the configuration file.
const ConfigName = "bailey.yaml"

// Config says what to generate from what. The zero value is refused: Document and
// Output have no default.
type Config struct {
	// Document is the path of the OpenAPI document.
	Document string
	// Root is the folder below which all files of the document must be; "" means the
	// document's own folder. Nothing outside of it is read, neither by a path nor by a
	// symbolic link.
	Root string
	// Output is the folder of the generated package. It is made when it is missing.
	Output string
	// Package is the name of the generated package; "" means the name of the Output
	// folder.
	Package string
	// AllowPublic is the reason why operations for which the document declares no
	// security are served to everybody; "" means that they are refused.
	AllowPublic string
	// Unknown is what happens to members and parameters that the document does not
	// name, where it does not say so itself: "refuse", which "" means too, or "drop".
	Unknown string
	// ReadOnly is what happens to members of a request that are readOnly, where the document
	// does not say so itself: "refuse", which "" means too, or "drop".
	ReadOnly string
	// FreeForm is what an object is of which the document says nothing but that it is one: "refuse",
	// which "" means too, lets it have no members, with a warning; "keep" hands them on as checked JSON text,
	// and lets a handler answer with any.
	FreeForm string
	// NullableAllOf is the effect of `nullable: true` (OpenAPI 3.0) on the allOf beside it: "refuse", which "" means
	// too, nothing, so that null has to pass each schema of the allOf, with a warning where it does not; "keep" lets
	// null pass.
	NullableAllOf string
	// NullableEnum is the effect of `nullable: true` (OpenAPI 3.0) on the enum beside it: "refuse", which "" means too,
	// nothing, so that null is refused where the enum does not list it, with a warning; "keep" lets null pass.
	NullableEnum string
	// UndeclaredDiscriminator is the outcome for a discriminator whose property no branch declares: "refuse", which
	// "" means too, an error; "declare" adds the property to each branch, as a required one, with a warning.
	UndeclaredDiscriminator string
	// Exact reads schemas to the letter of JSON Schema, not as documents mean them: a
	// schema without type lets values of all types pass, and numbers without format have
	// any size. What no Go type says then is handed on as checked JSON text.
	Exact bool
	// AllowUnsatisfiable generates operations whose schemas no value can meet, which
	// refuse everything, with a warning. Without it they are refused.
	AllowUnsatisfiable bool
	// SkipUnsupported leaves out the operations that cannot be generated, instead of
	// refusing the document. Result.LeftOut counts them.
	SkipUnsupported bool
	// Validate asks kin-openapi about the document as well, whose findings are warnings with the rule
	// "kin-openapi".
	Validate bool
	// Tests adds security.gen_test.go: attacks on every operation, derived from its policy.
	// FindConfig and LoadConfig turn it on, unless a file turns it off.
	Tests bool
	// Skip names operations to leave out, by operationId or as "GET /path". Each must
	// be in the document.
	Skip []string
}

// FindConfig returns the configuration for a command line that names a document, a
// configuration file, both or neither; "" stands for what it does not name.
//
// Without a file that is bailey.yaml beside the document, unless there is none or it
// is about another document; without a document either, bailey.yaml in the current
// folder. A document that is named here wins over the file's.
func FindConfig(document, file string) (Config, error) {
	cfg, err := findConfig(document, file)
	if err != nil {
		return Config{}, err
	}
	if document != "" {
		cfg.Document = document
	}
	return cfg, nil
}

func findConfig(document, file string) (Config, error) {
	switch {
	case file != "":
		return LoadConfig(file)
	case document == "":
		cfg, err := LoadConfig(ConfigName)
		if errors.Is(err, fs.ErrNotExist) {
			return Config{}, fmt.Errorf("no document is named, and there is no %s in this folder", ConfigName)
		}
		return cfg, err
	}
	cfg, err := LoadConfig(filepath.Join(filepath.Dir(document), ConfigName))
	if errors.Is(err, fs.ErrNotExist) {
		return Config{Tests: true}, nil
	}
	if err != nil {
		return Config{}, err
	}
	if cfg.Document != "" && !sameFile(cfg.Document, document) {
		return Config{Tests: true}, nil
	}
	return cfg, nil
}

func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	if errA != nil || errB != nil {
		return filepath.Clean(a) == filepath.Clean(b)
	}
	return os.SameFile(infoA, infoB)
}

// complete checks c and fills in the defaults. It reports everything that is wrong,
// one line each.
func (c Config) complete() (Config, error) {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if c.Document == "" {
		bad("no document is named")
	}
	if c.Output == "" {
		bad("no output folder is named (-o, or output in %s)", ConfigName)
	}
	for _, p := range []struct{ what, path string }{{"document", c.Document}, {"output", c.Output}, {"root", c.Root}} {
		if why := wrongPath(runtime.GOOS, p.path, exists); why != "" {
			bad("%s %q %s", p.what, p.path, why)
		}
	}
	for _, choice := range []struct {
		name, relaxed string
		value         *string
	}{{"unknown", "drop", &c.Unknown}, {"read-only", "drop", &c.ReadOnly}, {"free-form", "keep", &c.FreeForm}, {"nullable-allof", "keep", &c.NullableAllOf}, {"nullable-enum", "keep", &c.NullableEnum}, {"undeclared-discriminator", "declare", &c.UndeclaredDiscriminator}} {
		switch *choice.value {
		case "":
			*choice.value = "refuse"
		case "refuse", choice.relaxed:
		default:
			bad("%s is %q: it can be refuse or %s", choice.name, *choice.value, choice.relaxed)
		}
	}
	if c.AllowPublic != "" && strings.TrimSpace(c.AllowPublic) == "" {
		bad("allow-public needs a reason")
	}
	if c.Package == "" && c.Output != "" {
		name, err := packageOf(c.Output)
		if err != nil {
			bad("%w", err)
		}
		c.Package = name
	} else if c.Package != "" && !isPackageName(c.Package) {
		bad("%q cannot be the name of a Go package", c.Package)
	}
	if len(errs) > 0 {
		return Config{}, errors.Join(errs...)
	}
	return c, nil
}

// packageOf returns the package name that the folder dir suggests.
func packageOf(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	name := filepath.Base(abs)
	if !isPackageName(name) {
		return "", fmt.Errorf("the folder name %q cannot be the name of a Go package: name the package (-p, or package in %s)", name, ConfigName)
	}
	return name, nil
}

// isPackageName reports whether files of a package called name compile and belong to
// no test.
func isPackageName(name string) bool {
	return token.IsIdentifier(name) && name != "_" && !strings.HasSuffix(name, "_test") &&
		strings.IndexFunc(name, unicode.IsUpper) < 0
}
