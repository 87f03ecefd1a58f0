package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// TestHowto runs the commands of docs/howto/keys.md, which are those of testdata/rotate.txt, and compares what they print.
func TestHowto(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the commands are those of a POSIX shell")
	}
	text, err := os.ReadFile("testdata/rotate.txt")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/howto/keys.md")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "bailey-keys"), ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Chdir(t.TempDir())
	commands := strings.Split("\n"+string(text), "\n$ ")[1:]
	if len(commands) < 10 {
		t.Fatalf("only %d commands", len(commands))
	}
	for _, block := range commands {
		command, want, _ := strings.Cut(strings.TrimRight(block, "\n"), "\n")
		if !strings.Contains(string(page), "$ "+command+"\n") {
			t.Errorf("docs/howto/keys.md does not have: %s", command)
		}
		out, err := exec.Command("sh", "-c", command).CombinedOutput()
		got := strings.TrimRight(string(out), "\n")
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			got += "\nexit status " + strconv.Itoa(exit.ExitCode())
		} else if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(want), "…", ".*") + "$").MatchString(got) {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", command, got, want)
		}
	}
}
