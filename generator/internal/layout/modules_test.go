package layout

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mostModules is how many modules `go list -m all` may print in a module that imports runtime alone, with
// that module and this one.
const mostModules = 20

// TestConsumerModules counts the modules of a new module that imports runtime alone.
func TestConsumerModules(t *testing.T) {
	dir := root(t)
	// What `go mod tidy` would write: the modules of all packages that runtime reaches. That needs no network.
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", module+"/runtime")
	list.Dir = dir
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %s", describe(err))
	}
	needed := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); line != "" {
			needed[line] = true
		}
	}
	var mod strings.Builder
	fmt.Fprintf(&mod, "module example.com/consumer\n\ngo 1.26.0\n\nrequire %s v0.0.0\n\nreplace %[1]s => %s\n", module, filepath.ToSlash(dir))
	for _, need := range slices.Sorted(maps.Keys(needed)) {
		fmt.Fprintf(&mod, "\nrequire %s // indirect\n", need)
	}
	consumer := t.TempDir()
	sums, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"go.mod": mod.String(), "go.sum": string(sums), "main.go": "package main\n\nimport _ \"" + module + "/runtime\"\n\nfunc main() {}\n"} {
		if err := os.WriteFile(filepath.Join(consumer, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) string {
		cmd := exec.Command("go", args...)
		cmd.Dir = consumer
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go %s: %s", strings.Join(args, " "), describe(err))
		}
		return string(out)
	}
	run("list", "-deps", ".") // it must build with these modules
	modules := strings.Fields(run("list", "-m", "-f", "{{.Path}}", "all"))
	if len(modules) > mostModules || len(modules) < 3 {
		t.Errorf("%d modules, %d are the most:\n%s", len(modules), mostModules, strings.Join(modules, "\n"))
	}
	t.Logf("%d modules", len(modules))
}
