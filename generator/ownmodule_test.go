package generator_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

var ownMark = regexp.MustCompile("(?s)<!-- own:run -->\n```console\n(.*?)```\n")

// TestOwnModule takes README's way into a module of the reader's own: without a workspace, with the
// tour's document and program. It needs the modules of the tool's tests in the module cache, or the
// network.
func TestOwnModule(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("commands run in a POSIX shell, and not with -short")
	}
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := ownMark.FindAllStringSubmatch(string(text), -1)
	if len(blocks) != 2 {
		t.Fatalf("README has %d blocks about one's own module, want 2", len(blocks))
	}
	folder := t.TempDir()
	run := func(block string) {
		t.Helper()
		for line := range strings.Lines(block) {
			command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ ")
			if !ok {
				t.Fatalf("%q is no command", line)
			}
			cmd := exec.Command("sh", "-c", strings.Replace(command, "=PATH", "='"+root+"'", 1))
			cmd.Dir = folder
			cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-trimpath")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", command, err, out)
			}
		}
	}
	run(blocks[0][1])
	for _, m := range tourMark.FindAllStringSubmatch(string(text), -1) {
		if m[1] != "file" {
			continue
		}
		code := strings.Replace(m[3], "github.com/bailey-go/bailey/tour/api", "example.com/notes/api", 1)
		if err := os.WriteFile(filepath.Join(folder, m[2]), []byte(code), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run(blocks[1][1])
}
