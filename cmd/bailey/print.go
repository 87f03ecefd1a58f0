package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/bailey-go/bailey/generator"
)

// finish prints the findings of a command, and returns its end.
func finish(cmd *cobra.Command, res *generator.Result, err error) error {
	if res != nil {
		printDiagnostics(cmd.ErrOrStderr(), res)
	}
	switch {
	case errors.Is(err, generator.ErrDocument):
		return errPrinted
	case err != nil:
		return err
	case res.LeftOut() > 0:
		return errFindings
	}
	return nil
}

// printDiagnostics prints one line each, and their count.
func printDiagnostics(w io.Writer, res *generator.Result) {
	out := bufio.NewWriter(w)
	defer out.Flush()
	for _, d := range res.Diagnostics {
		fmt.Fprintln(out, d)
	}
	if len(res.Diagnostics) > 0 {
		fmt.Fprintf(out, "bailey: %s, %s", count(res.Errors(), "error"), count(res.Warnings(), "warning"))
		if n := res.LeftOut(); n > 0 {
			fmt.Fprintf(out, ", %s left out", count(n, "operation"))
		}
		fmt.Fprintln(out)
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// printError prints an error, and each of several joined ones, on a line of its own.
func printError(w io.Writer, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			printError(w, e)
		}
		return
	}
	if d, ok := err.(generator.Diagnostic); ok {
		fmt.Fprintln(w, d) // begins with its place
		return
	}
	fmt.Fprintf(w, "bailey: %s\n", oneLine(err.Error()))
}

// oneLine escapes characters of file names and arguments that do not belong on a terminal.
func oneLine(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
