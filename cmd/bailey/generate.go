package main

import (
	"github.com/spf13/cobra"

	"github.com/bailey-go/bailey/generator"
)

func newGenerate() *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "generate [DOCUMENT]",
		Short: "Write the Go package of an OpenAPI document",
		Long: `Generate writes the Go package of an OpenAPI document: all of its files, or none.

Without a document, bailey.yaml in the current folder says what to do; with one,
bailey.yaml beside it, if there is any. Flags win over the file.`,
		Example: "  bailey generate openapi.yaml -o internal/api -p api",
		Args:    cobra.MaximumNArgs(1),
	}
	f.register(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := f.config(cmd, args)
		if err != nil {
			return err
		}
		res, err := generator.Generate(cfg)
		return finish(cmd, res, err)
	}
	return cmd
}
