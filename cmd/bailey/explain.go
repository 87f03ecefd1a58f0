package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bailey-go/bailey/generator"
)

func newExplain() *cobra.Command {
	var rule string
	cmd := &cobra.Command{
		Use:     "explain",
		Short:   "Say what a rule of a diagnostic or of a security event means, and what to do",
		Example: "  bailey explain --rule duplicate-key\n  bailey explain --rule jwt-expired",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if rule == "" {
				return errors.New("explain needs --rule NAME: the name in brackets at the end of a diagnostic, or the rule of an event")
			}
			text, err := generator.ExplainRule(rule)
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), text)
			return err
		},
	}
	cmd.Flags().StringVar(&rule, "rule", "", "`NAME` of the rule")
	return cmd
}
