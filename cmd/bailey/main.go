// Bailey generates hardened Go servers from OpenAPI documents. See docs/cli.md.
package main

import (
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitGood     = 0
	exitFindings = 1 // stale code, operations that were left out
	exitError    = 2 // the command line, the configuration, the document, a file
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// errFindings ends a command that did its work and found something: the findings have
// been printed.
var errFindings = errors.New("findings")

// errPrinted ends a command with an error that has been printed.
var errPrinted = errors.New("printed")

// run executes one command line and returns its exit code.
func run(args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	switch {
	case err == nil:
		return exitGood
	case errors.Is(err, errFindings):
		return exitFindings
	case !errors.Is(err, errPrinted):
		printError(stderr, err)
	}
	return exitError
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "bailey",
		Short: "Generate hardened Go servers from OpenAPI documents",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SetOut(cmd.ErrOrStderr())
			_ = cmd.Help()
			return errPrinted
		},
		// Errors are printed by run: on one line, without the usage.
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		// Cobra's suggestions take several lines.
		DisableSuggestions: true,
	}
	root.AddCommand(newGenerate(), newCheck(), newErrors(), newExplain(), newKeys(), newVersion())
	return root
}
