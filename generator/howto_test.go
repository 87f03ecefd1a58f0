package generator_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// howtoBlock is a marked block of a how-to page, or a mark without one.
type howtoBlock struct{ kind, arg, text string }

var (
	howtoMark  = regexp.MustCompile("(?m)^<!-- howto:(\\w+) ?(.*) -->\n(?:```\\w+\n((?s:.*?))^```$)?")
	howtoFence = regexp.MustCompile("(?m)^```(?:go|console|sh|yaml)$")
	importPath = "github.com/bailey-go/bailey/"
)

// TestHowto follows each page of docs/howto in a module of its own: it writes the files that the page
// shows, runs its commands and compares the output that the page shows.
func TestHowto(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("pages are followed in a POSIX shell, and not with -short")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "howto", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	followed := 0
	for _, page := range pages {
		name := strings.TrimSuffix(filepath.Base(page), ".md")
		if name == "README" {
			continue
		}
		followed++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			followHowto(t, root, page)
		})
	}
	if followed < 1 {
		t.Errorf("only %d pages were found", followed)
	}
}

// howto is a page that is being followed.
type howto struct {
	t       *testing.T
	root    string   // of the repository
	folder  string   // of the reader's module
	env     []string // of commands
	address string   // in place of 127.0.0.1:8080
	stop    func()   // the running program, or nil
}

func followHowto(t *testing.T, root, page string) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	blocks := howtoMark.FindAllStringSubmatch(string(text), -1)
	marked := 0
	for _, b := range blocks {
		if b[3] != "" {
			marked++
		}
	}
	if fences := len(howtoFence.FindAllString(string(text), -1)); marked == 0 || marked < fences {
		t.Fatalf("%d blocks are marked, of %d with code or commands", marked, fences)
	}
	outer := t.TempDir()
	h := &howto{t: t, root: root, folder: filepath.Join(outer, "notes"), address: freeAddress(t)}
	h.env = append(os.Environ(), "GOWORK="+filepath.Join(outer, "go.work"))
	h.put(filepath.Join(outer, "go.work"), fmt.Sprintf("go 1.26.0\n\nuse (\n\t./notes\n\t%s\n)\n", root))
	h.put(filepath.Join(h.folder, "go.mod"), "module example.com/notes\n\ngo 1.26.0\n\ntool github.com/bailey-go/bailey/cmd/bailey\n")
	for _, b := range blocks {
		h.do(howtoBlock{b[1], b[2], b[3]})
	}
	if h.stop != nil {
		h.stop()
	}
}

func (h *howto) do(b howtoBlock) {
	h.t.Helper()
	switch b.kind {
	case "with":
		h.with(b.arg)
	case "needs":
		for _, program := range strings.Fields(b.arg) {
			if _, err := exec.LookPath(program); err != nil && os.Getenv("CI") == "" {
				h.t.Skipf("the page needs %s", program)
			} else if err != nil {
				h.t.Fatal(err)
			}
		}
	case "file":
		h.put(filepath.Join(h.folder, filepath.FromSlash(b.arg)), strings.ReplaceAll(b.text, "127.0.0.1:8080", h.address))
	case "excerpt":
		h.excerpt(b)
	case "run":
		h.run(b)
	case "start":
		h.start(b)
	case "stop":
		h.stop()
		h.stop = nil
	default:
		h.t.Fatalf("a block of the kind %q is none that the test knows", b.kind)
	}
}

func (h *howto) put(name, text string) {
	h.t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		h.t.Fatal(err)
	}
}

// with copies an example of the repository, as if the reader had written it in their module.
func (h *howto) with(example string) {
	from := filepath.Join(h.root, filepath.FromSlash(example))
	err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, ".md") {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		changed := strings.NewReplacer(importPath+example, "example.com/notes", "127.0.0.1:8080", h.address,
			"go run "+importPath+"cmd/bailey", "go tool bailey").Replace(string(text))
		h.put(filepath.Join(h.folder, rel), changed)
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// excerpt holds a block to a file of the repository that has tests of its own. Indentation may differ.
func (h *howto) excerpt(b howtoBlock) {
	h.t.Helper()
	text, err := os.ReadFile(filepath.Join(h.root, filepath.FromSlash(b.arg)))
	if err != nil {
		h.t.Fatal(err)
	}
	if flat := flush(b.text); flat == "" || !strings.Contains(flush(string(text)), flat) {
		h.t.Errorf("the page shows an excerpt of %s that is not there:\n%s", b.arg, b.text)
	}
}

// flush is text without the blanks that begin its lines.
func flush(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString(strings.TrimLeft(line, " \t"))
	}
	return strings.TrimSpace(out.String())
}

// run runs each command of a block. The lines below a command are its whole output, standard error
// included, with "exit status N" at the end for a code other than 0; without lines below, the
// output is free and the code is 0.
func (h *howto) run(b howtoBlock) {
	h.t.Helper()
	for _, part := range strings.Split("\n"+strings.TrimSuffix(b.text, "\n"), "\n$ ")[1:] {
		command, want, shown := strings.Cut(part, "\n")
		for strings.HasSuffix(command, "\\") { // goes on in the next line
			var more string
			more, want, shown = strings.Cut(want, "\n")
			command += "\n" + more
		}
		ctx, cancel := context.WithTimeout(h.t.Context(), 5*time.Minute)
		cmd := exec.CommandContext(ctx, "sh", "-c", strings.ReplaceAll(command, "127.0.0.1:8080", h.address))
		cmd.Dir, cmd.Env = h.folder, h.env
		out, err := cmd.CombinedOutput()
		cancel()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			h.t.Fatal(err)
		}
		got := string(out)
		if code := cmd.ProcessState.ExitCode(); code != 0 && !strings.HasSuffix(got, fmt.Sprintf("exit status %d\n", code)) {
			got = strings.TrimSuffix(got, "\n") + fmt.Sprintf("\nexit status %d", code)
		}
		got = strings.TrimSpace(strings.ReplaceAll(got, "\r\n", "\n"))
		if shown && !matches(got, strings.TrimSpace(want)) || !shown && err != nil {
			h.t.Fatalf("$ %s\n got %s\nwant %s", command, got, want)
		}
	}
}

// start builds the program of the module and runs it in the background, as "$ go run ." in a second
// terminal does. Lines NAME=VALUE that it prints are variables of later commands. It is stopped by
// SIGTERM at the end of the page, and has to end in order.
func (h *howto) start(b howtoBlock) {
	h.t.Helper()
	command, want, _ := strings.Cut(strings.TrimSpace(b.text), "\n")
	pkg, ok := strings.CutPrefix(command, "$ go run ")
	if !ok {
		h.t.Fatalf("the page starts %q, which is not a program of the module", command)
	}
	bin := filepath.Join(filepath.Dir(h.folder), "program")
	build := exec.Command("go", "build", "-o", bin, pkg)
	build.Dir, build.Env = h.folder, h.env
	if out, err := build.CombinedOutput(); err != nil {
		h.t.Fatalf("%s: %v\n%s", command, err, out)
	}
	cmd := exec.Command(bin)
	cmd.Dir, cmd.Env = h.folder, h.env
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = cmd.Process.Kill() })
	in := bufio.NewScanner(stdout)
	if want != "" {
		for line := range strings.SplitSeq(want, "\n") {
			if !in.Scan() || !matches(in.Text(), line) {
				h.t.Fatalf("%s printed %q, want %q", command, in.Text(), line)
			}
			h.env = append(h.env, in.Text())
		}
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", h.address)
		if err == nil {
			_ = conn.Close()
			break
		}
		if time.Now().After(deadline) {
			h.t.Fatal(err)
		}
	}
	h.stop = func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			h.t.Fatal(err)
		}
		for in.Scan() {
		}
		if err := cmd.Wait(); err != nil {
			h.t.Errorf("%s did not end in order: %v", command, err)
		}
	}
}
