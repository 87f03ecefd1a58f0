package generator_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// tourBlock is a marked block of README.md.
type tourBlock struct{ kind, arg, text string }

var tourMark = regexp.MustCompile("(?s)<!-- tour:(\\w+) ?([^ ]*) -->\n```\\w+\n(.*?)```\n")

// TestReadme takes the tour of README.md as a reader would: its document, its program,
// its commands, and exactly the answers that it shows.
func TestReadme(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	tour := tourOf{t: t, root: root, folder: t.TempDir(), address: freeAddress(t)}
	kinds := map[string]int{}
	for _, m := range tourMark.FindAllStringSubmatch(string(text), -1) {
		kinds[m[1]]++
		tour.blocks = append(tour.blocks, tourBlock{m[1], m[2], m[3]})
	}
	if kinds["file"] != 2 || kinds["excerpt"] != 1 || kinds["run"] != 1 || kinds["ask"] < 6 || kinds["check"] != 1 || kinds["refuse"] != 1 ||
		len(tour.blocks) != strings.Count(string(text), "<!-- tour:") {
		t.Fatalf("the tour's blocks are %v", kinds)
	}
	tour.bailey = tour.build("bailey", "./cmd/bailey")
	tour.each("file", tour.write)
	tour.each("run", tour.run)
	tour.each("excerpt", tour.excerpt)
	tour.each("ask", tour.ask)
	tour.each("check", tour.check)
	tour.each("refuse", tour.refuse)
}

type tourOf struct {
	t       *testing.T
	root    string // of the repository
	folder  string // that the reader made
	bailey  string // the command
	address string // instead of port 8080
	tokens  map[string]string
	blocks  []tourBlock
}

func (o *tourOf) each(kind string, do func(tourBlock)) {
	for _, b := range o.blocks {
		if b.kind == kind {
			do(b)
		}
	}
}

func (o *tourOf) write(b tourBlock) {
	text := strings.Replace(b.text, "127.0.0.1:8080", o.address, 1)
	if err := os.WriteFile(filepath.Join(o.folder, b.arg), []byte(text), 0o644); err != nil {
		o.t.Fatal(err)
	}
}

// build compiles a package of the repository.
func (o *tourOf) build(name, pkg string, flags ...string) string {
	o.t.Helper()
	bin := filepath.Join(o.folder, name+".exe")
	cmd := exec.Command("go", append(append([]string{"build"}, flags...), "-o", bin, pkg)...)
	cmd.Dir = o.root
	if out, err := cmd.CombinedOutput(); err != nil {
		o.t.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
	return bin
}

// shell does what a line of README does: $ go run ../cmd/bailey ARGUMENTS.
func (o *tourOf) shell(line string) (output string, code int) {
	o.t.Helper()
	args, ok := strings.CutPrefix(line, "$ go run ../cmd/bailey ")
	if !ok {
		o.t.Fatalf("the tour runs %q, which is not the generator", line)
	}
	cmd := exec.Command(o.bailey, strings.Fields(args)...)
	cmd.Dir = o.folder
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		o.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// run generates, compiles the reader's folder as if it stood in the repository, and
// starts it until the test ends.
func (o *tourOf) run(b tourBlock) {
	lines := strings.Split(b.text, "\n")
	if out, code := o.shell(lines[0]); code != 0 || out != "" {
		o.t.Fatalf("%s: exit code %d\n%s", lines[0], code, out)
	}
	overlay := map[string]map[string]string{"Replace": {}}
	for _, file := range append(slices.Collect(maps.Keys(o.generated())), filepath.Join(o.folder, "main.go")) {
		name, err := filepath.Rel(o.folder, file)
		if err != nil {
			o.t.Fatal(err)
		}
		overlay["Replace"][filepath.Join(o.root, "tour", name)] = file
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		o.t.Fatal(err)
	}
	config := filepath.Join(o.folder, "overlay.json")
	if err := os.WriteFile(config, list, 0o644); err != nil {
		o.t.Fatal(err)
	}
	o.start(o.build("tour", "./tour", "-overlay", config), lines[2:])
}

// start runs the reader's program, and reads the tokens that it prints; shown are the
// lines that README shows.
func (o *tourOf) start(bin string, shown []string) {
	cmd := exec.Command(bin)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		o.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	o.tokens = map[string]string{}
	names := 0
	for _, line := range shown {
		if name, _, ok := strings.Cut(line, "=eyJ…"); ok {
			o.tokens[name] = ""
			names++
		}
	}
	in := bufio.NewScanner(stdout)
	for range names {
		if !in.Scan() {
			o.t.Fatalf("the program printed too few lines: %v", in.Err())
		}
		name, token, _ := strings.Cut(in.Text(), "=")
		if o.tokens[name] != "" || !strings.HasPrefix(token, "eyJ") {
			o.t.Fatalf("the program printed %q", in.Text())
		}
		o.tokens[name] = token
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", o.address)
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(deadline) {
			o.t.Fatal(err)
		}
	}
}

func (o *tourOf) excerpt(b tourBlock) {
	text, err := os.ReadFile(filepath.Join(o.folder, filepath.FromSlash(b.arg)))
	if err != nil {
		o.t.Fatal(err)
	}
	if !strings.Contains(string(text), b.text) {
		o.t.Errorf("README shows an excerpt of %s that is not there; generated:\n%s", b.arg, text)
	}
}

var curlLine = regexp.MustCompile(`^\$ curl -i (?:-H "([\w-]+): ([^"]*)" )?'?localhost:8080(/[^ ']*)'?$`)

// ask sends what a curl line sends, and compares what README shows of the answer: the
// status, the header fields that it names, and the body where there is one.
func (o *tourOf) ask(b tourBlock) {
	lines := strings.Split(strings.TrimSpace(b.text), "\n")
	m := curlLine.FindStringSubmatch(lines[0])
	if m == nil {
		o.t.Fatalf("the tour asks with %q, which the test cannot read", lines[0])
	}
	req, err := http.NewRequest("GET", "http://"+o.address+m[3], nil)
	if err != nil {
		o.t.Fatal(err)
	}
	if m[1] != "" {
		req.Header.Set(m[1], os.Expand(m[2], func(name string) string { return o.tokens[name] }))
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	if got, want := fmt.Sprintf("%s %s", res.Proto, res.Status), lines[1]; got != want {
		o.t.Errorf("%s\n got %s\nwant %s", lines[0], got, want)
	}
	for i, line := range lines[2:] {
		if line == "" {
			if want := strings.Join(lines[i+3:], "\n"); !matches(string(body), want) {
				o.t.Errorf("%s\n got %s\nwant %s", lines[0], body, want)
			}
			break
		}
		name, want, _ := strings.Cut(line, ": ")
		if got := strings.Join(res.Header[name], ", "); !matches(got, want) {
			o.t.Errorf("%s\n got %s: %s\nwant %s", lines[0], name, got, line)
		}
	}
}

// check changes the document as the block says, OLD=NEW, and runs the command: which was
// content before, finds what README shows, and writes nothing.
func (o *tourOf) check(b tourBlock) {
	command, want, _ := strings.Cut(strings.TrimSpace(b.text), "\n")
	if out, code := o.shell(command); code != 0 || out != "" {
		o.t.Errorf("%s, before the document has changed: exit code %d\n%s", command, code, out)
	}
	before, after, _ := strings.Cut(b.arg, "=")
	o.edit(regexp.QuoteMeta(before), after)
	o.fails(command, want)
}

// refuse takes the member that the block names out of the document, and generates.
func (o *tourOf) refuse(b tourBlock) {
	command, want, _ := strings.Cut(strings.TrimSpace(b.text), "\n")
	o.edit(`(?m)^`+b.arg+`:\n( .*\n)+?`, "")
	o.fails(command, want)
}

// edit changes what pattern finds in the document.
func (o *tourOf) edit(pattern, with string) {
	file := filepath.Join(o.folder, "openapi.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		o.t.Fatal(err)
	}
	changed := regexp.MustCompile(pattern).ReplaceAllLiteral(text, []byte(with))
	if bytes.Equal(changed, text) {
		o.t.Fatalf("the document has no %s", pattern)
	}
	if err := os.WriteFile(file, changed, 0o644); err != nil {
		o.t.Fatal(err)
	}
}

// fails runs a command that prints what README shows, and leaves the package as it is.
func (o *tourOf) fails(command, want string) {
	before := o.generated()
	out, code := o.shell(command)
	if got := fmt.Sprintf("%sexit status %d", out, code); !matches(got, want) {
		o.t.Errorf("%s\n got %s\nwant %s", command, got, want)
	}
	if !maps.Equal(o.generated(), before) {
		o.t.Errorf("%s has written", command)
	}
}

// generated is the text of each file of the generated package.
func (o *tourOf) generated() map[string]string {
	files, err := filepath.Glob(filepath.Join(o.folder, "api", "*"))
	if err != nil || len(files) == 0 {
		o.t.Fatalf("%d files were generated, %v", len(files), err)
	}
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			o.t.Fatal(err)
		}
		texts[file] = string(text)
	}
	return texts
}

// matches reports whether got is want, where … stands for anything on one line.
func matches(got, want string) bool {
	parts := strings.Split(want, "…")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile(`^` + strings.Join(parts, `[^\n]+`) + `$`).MatchString(got)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}
