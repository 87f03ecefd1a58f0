package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bailey-go/bailey/generator"
)

func newErrors() *cobra.Command {
	var cfg generator.Config
	cmd := &cobra.Command{
		Use:   "errors DOCUMENT",
		Short: "Propose x-bailey-errors for the errors that a document declares",
		Long: `Errors prints x-bailey-errors as YAML: a template for the error schemas that the document
declares, made from the names of their members, and what it does not fit. It writes nothing.`,
		Example: "  bailey errors openapi.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg.Document = args[0]
			text, res, err := generator.ProposeErrors(cfg)
			if err != nil {
				return finish(cmd, res, err)
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), text)
			return err
		},
	}
	cmd.Flags().StringVar(&cfg.Root, "root", "", "`FOLDER` below which all files of the document must be (default: the document's folder)")
	return cmd
}
