package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bailey-go/bailey/generator"
)

func newCheck() *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "check [DOCUMENT]",
		Short: "Compare the committed Go package with the document",
		Long: `Check generates in memory and prints a unified diff from the committed package to
what the document says. It exits with 1 when there is one, and writes nothing.

It takes the same document, configuration and flags as generate.`,
		Example: "  bailey check openapi.yaml -o internal/api -p api",
		Args:    cobra.MaximumNArgs(1),
	}
	f.register(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := f.config(cmd, args)
		if err != nil {
			return err
		}
		diff, res, err := generator.Check(cfg)
		if _, failed := fmt.Fprint(cmd.OutOrStdout(), diff); err == nil {
			err = failed
		}
		if err := finish(cmd, res, err); err != nil {
			return err
		}
		if diff != "" {
			return errFindings
		}
		return nil
	}
	return cmd
}
