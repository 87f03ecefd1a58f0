package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/spf13/cobra"
)

const keysProgram = "bailey-keys"

func newKeys() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "keys COMMAND",
		Short: "Issue, list, rotate, revoke and import API keys, with the program bailey-keys",
		Long: `Keys runs the program bailey-keys with the same arguments. That is a module of its own, because it
has the drivers of databases. It has to stand in the folder of this program, or in PATH.`,
		DisableFlagParsing: true,
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		path, err := findKeys()
		if err != nil {
			return err
		}
		program := exec.CommandContext(cmd.Context(), path, args...)
		program.Stdin, program.Stdout, program.Stderr = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()
		err = program.Run()
		if errors.As(err, new(*exec.ExitError)) {
			return errPrinted
		}
		return err
	}
	return cmd
}

// findKeys returns the path of bailey-keys: beside this program, or in PATH. The current folder does not count.
func findKeys() (string, error) {
	if self, err := os.Executable(); err == nil {
		if path, err := exec.LookPath(filepath.Join(filepath.Dir(self), keysProgram)); err == nil {
			return path, nil
		}
	}
	path, err := exec.LookPath(keysProgram)
	if err != nil {
		return "", fmt.Errorf("%s is neither beside bailey nor in PATH: docs/cli.md has the way to it (%w)", keysProgram, err)
	}
	return path, nil
}
