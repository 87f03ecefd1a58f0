// Bailey-keys issues, lists, revokes, rotates and imports API keys, in a file or a database. See docs/cli.md.
//
// It is a module of its own, since the drivers of databases stay out of the core.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// command has the input, the clock and the place of the keys of each subcommand.
type command struct {
	in    io.Reader
	now   func() time.Time
	where where
}

// run executes one command line and returns its exit code: 0, or 2 for an error, which is one line.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	c := &command{in: in, now: time.Now}
	root := &cobra.Command{
		Use: "bailey-keys", Short: "Issue, list, revoke, rotate and import API keys", Args: cobra.NoArgs,
		RunE:         func(*cobra.Command, []string) error { return errors.New("no command; see bailey-keys --help") },
		SilenceUsage: true, SilenceErrors: true, CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true}, DisableSuggestions: true,
	}
	root.AddCommand(c.hashKey(), c.initTable(), c.issue(), c.list(), c.revoke(), c.rotate(), c.importKeys())
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errs)
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintf(errs, "bailey-keys: %s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
		return 2
	}
	return 0
}
