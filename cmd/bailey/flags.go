package main

import (
	"github.com/spf13/cobra"

	"github.com/bailey-go/bailey/generator"
)

// flags are the flags of generate and check.
type flags struct {
	given generator.Config
	file  string
}

func (f *flags) register(cmd *cobra.Command) {
	set := cmd.Flags()
	set.SortFlags = false
	set.StringVarP(&f.given.Output, "output", "o", "", "folder of the generated package")
	set.StringVar(&f.given.Root, "root", "", "`FOLDER` below which all files of the document must be (default: the document's folder)")
	set.StringVarP(&f.given.Package, "package", "p", "", "name of the generated package (default: that of the folder)")
	set.StringVar(&f.given.AllowPublic, "allow-public", "", "serve operations without declared security to everybody, for this `REASON`")
	set.StringVar(&f.given.Unknown, "unknown", "refuse", "members and parameters that the document does not name: `refuse|drop`")
	set.StringVar(&f.given.ReadOnly, "read-only", "refuse", "members of requests that are readOnly: `refuse|drop`")
	set.StringVar(&f.given.FreeForm, "free-form", "refuse", "members of objects of which the document says nothing else: `refuse|keep`")
	set.StringVar(&f.given.NullableAllOf, "nullable-allof", "refuse", "null where nullable stands beside an allOf that refuses it: `refuse|keep`")
	set.StringVar(&f.given.NullableEnum, "nullable-enum", "refuse", "null where nullable stands beside an enum that does not list it: `refuse|keep`")
	set.StringVar(&f.given.UndeclaredDiscriminator, "undeclared-discriminator", "refuse", "discriminators whose property no branch declares: `refuse|declare`")
	set.BoolVar(&f.given.Exact, "exact", false, "read schemas to the letter of JSON Schema: no type is implied, numbers have any size")
	set.BoolVar(&f.given.AllowUnsatisfiable, "allow-unsatisfiable", false, "let schemas stand that no value can meet: they refuse everything")
	set.BoolVar(&f.given.SkipUnsupported, "skip-unsupported", false, "leave out operations that cannot be generated")
	set.BoolVar(&f.given.Validate, "validate", false, "warn of what kin-openapi finds in the document as well")
	set.BoolVar(&f.given.Tests, "tests", true, "generate security.gen_test.go: attacks on every operation")
	set.StringVar(&f.file, "config", "", "configuration `FILE` (default: bailey.yaml beside the document)")
}

// config returns the configuration file's settings under those of the command line.
func (f *flags) config(cmd *cobra.Command, args []string) (generator.Config, error) {
	var document string
	if len(args) == 1 {
		document = args[0]
	}
	cfg, err := generator.FindConfig(document, f.file)
	if err != nil {
		return cfg, err
	}
	for name, set := range map[string]func(){
		"root":                     func() { cfg.Root = f.given.Root },
		"output":                   func() { cfg.Output = f.given.Output },
		"package":                  func() { cfg.Package = f.given.Package },
		"allow-public":             func() { cfg.AllowPublic = f.given.AllowPublic },
		"unknown":                  func() { cfg.Unknown = f.given.Unknown },
		"read-only":                func() { cfg.ReadOnly = f.given.ReadOnly },
		"free-form":                func() { cfg.FreeForm = f.given.FreeForm },
		"nullable-allof":           func() { cfg.NullableAllOf = f.given.NullableAllOf },
		"nullable-enum":            func() { cfg.NullableEnum = f.given.NullableEnum },
		"undeclared-discriminator": func() { cfg.UndeclaredDiscriminator = f.given.UndeclaredDiscriminator },
		"tests":                    func() { cfg.Tests = f.given.Tests },
		"exact":                    func() { cfg.Exact = f.given.Exact },
		"allow-unsatisfiable":      func() { cfg.AllowUnsatisfiable = f.given.AllowUnsatisfiable },
		"validate":                 func() { cfg.Validate = f.given.Validate },
		"skip-unsupported":         func() { cfg.SkipUnsupported = f.given.SkipUnsupported },
	} {
		if cmd.Flags().Changed(name) {
			set()
		}
	}
	return cfg, nil
}
