//go:build unix

package generator_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bailey-go/bailey/generator"
)

// measured compiles packages below root with two processes, and returns the processor
// time, which does not depend on what else a machine does, and the memory of the
// largest of them.
func measured(t *testing.T, root string, packages ...string) (took time.Duration, bytes int64) {
	t.Helper()
	cmd := exec.Command("go", append([]string{"build", "-mod=mod"}, packages...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOFLAGS=-p=2", "GOWORK=off", "GOCACHE="+filepath.Join(root, "cache"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("generated code does not compile: %v\n%.4000s", err, out)
	}
	return used(cmd.ProcessState)
}

// used is what a process used, and the processes that it waited for.
func used(state *os.ProcessState) (took time.Duration, bytes int64) {
	took = state.UserTime() + state.SystemTime()
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		bytes = usage.Maxrss
		if runtime.GOOS != "darwin" { // which counts in bytes, others in kilobytes
			bytes <<= 10
		}
	}
	return took, bytes
}

// costly are the large documents whose packages are held to a size: how many lines they may
// have, and what compiling them may take of two processors' time, and of memory.
var costly = []struct {
	name, document string
	generate       time.Duration
	lines          int
	compile        time.Duration
	megabytes      int64
	slow           bool // compiled in the thorough run only
}{
	{"github", "github/api.github.com.json", 6 * time.Second, 100_000, 60 * time.Second, 1250, false},
	{"stripe", "stripe/spec3.json", 30 * time.Second, 250_000, 150 * time.Second, 4000, true},
}

// TestCorpusCost generates large documents and compiles their packages, without what they
// import.
func TestCorpusCost(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	dir, _ := corpus(t)
	root := module(t)
	for _, c := range costly {
		t.Run(c.name, func(t *testing.T) {
			var from, to runtime.MemStats
			runtime.ReadMemStats(&from)
			start := processorTime(t)
			res, err := generator.Generate(generator.Config{
				Document: filepath.Join(dir, filepath.FromSlash(c.document)), Output: filepath.Join(root, c.name), Package: c.name, AllowPublic: "a test", SkipUnsupported: true,
			})
			took := processorTime(t) - start
			runtime.ReadMemStats(&to)
			if err != nil {
				t.Fatal(err)
			}
			lines := 0
			for _, f := range res.Files {
				lines += bytes.Count(f.Content, []byte("\n"))
			}
			made := (to.TotalAlloc - from.TotalAlloc) >> 20
			t.Logf("generated in %v of processor time, %d MB allocated in all, %d lines, %d operations left out", took.Round(time.Millisecond), made, lines, len(res.Skipped))
			if took > c.generate || lines > c.lines {
				t.Errorf("generating took %v and made %d lines; %v and %d are the limits", took, lines, c.generate, c.lines)
			}
			if c.slow && !thorough() {
				return
			}
			took, rss := compiled(t, root, c.name)
			t.Logf("compiled in %v of processor time, at most %d MB", took.Round(time.Millisecond), rss>>20)
			if took > c.compile || rss > c.megabytes<<20 {
				t.Errorf("compiling took %v of processor time and %d MB; %v and %d MB are the limits", took, rss>>20, c.compile, c.megabytes)
			}
		})
	}
}

// compiled runs the compiler alone for one package, two functions at once.
func compiled(t *testing.T, root, pkg string) (took time.Duration, bytes int64) {
	t.Helper()
	list := goTool(root, "list", "-deps", "-export", "-f", "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}", "github.com/bailey-go/bailey/runtime/...")
	imports, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(root, "importcfg")
	if err := os.WriteFile(config, imports, 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, pkg, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no file to compile: %v", err)
	}
	tool, err := exec.Command("go", "env", "GOTOOLDIR").Output()
	if err != nil {
		t.Fatal(err)
	}
	compile := exec.Command(filepath.Join(strings.TrimSpace(string(tool)), "compile"), append([]string{
		"-o", filepath.Join(root, "package.a"), "-p", "corpus.example/" + filepath.Base(pkg), "-complete", "-pack", "-c=2", "-importcfg", config,
	}, files...)...)
	compile.Env = append(os.Environ(), "GOMAXPROCS=2")
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%.4000s", err, out)
	}
	return used(compile.ProcessState)
}

// TestCorpusGrowth generates documents of 100, 1000 and 10,000 operations. Ten times
// the operations may take no more than some fifteen times as long: a stage that is
// quadratic takes a hundred.
func TestCorpusGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	var before time.Duration
	t.Log("| operations | document | processor time | allocated | lines |\n|---|---|---|---|---|")
	for _, n := range []int{100, 1000, 10_000} {
		file := filepath.Join(t.TempDir(), "openapi.json")
		text := synthetic(n)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		runtime.GC()
		var from, to runtime.MemStats
		runtime.ReadMemStats(&from)
		start := processorTime(t)
		res, err := generator.Render(generator.Config{Document: file, Output: t.TempDir(), Package: "api", AllowPublic: "a test"})
		took := processorTime(t) - start
		runtime.ReadMemStats(&to)
		if err != nil {
			first, _ := firstError(res)
			t.Fatalf("%d operations: %v", n, first)
		}
		lines := 0
		for _, f := range res.Files {
			lines += bytes.Count(f.Content, []byte("\n"))
		}
		t.Logf("| %d | %.1f MB | %.1f s | %d MB | %d |", n, float64(len(text))/(1<<20), took.Seconds(), (to.TotalAlloc-from.TotalAlloc)>>20, lines)
		if before > 0 && took > 15*before+5*time.Second {
			t.Errorf("%d operations take %v, a tenth of them %v: that is not linear", n, took, before)
		}
		before = took
	}
}

// processorTime is what this process has used.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// synthetic is a document of n operations: four on each of many resources, of which
// twenty each refer to each other in a ring. One ring of all of them would be another
// measure: what an operation reaches is looked at for each operation.
func synthetic(n int) []byte {
	var paths, schemas []string
	for i := range n / 4 {
		schema := fmt.Sprintf(`{"$ref":"#/components/schemas/Thing%d"}`, i)
		content := `"content":{"application/json":{"schema":` + schema + `}}`
		id := `{"name":"id","in":"path","required":true,"schema":{"type":"integer","minimum":1}}`
		paths = append(paths, fmt.Sprintf(`"/things%d":{"get":{"operationId":"listThing%d","parameters":[{"name":"limit","in":"query","schema":{"type":"integer","maximum":100}}],"responses":{"200":{"description":"All.","content":{"application/json":{"schema":{"type":"array","items":%s}}}}}},"post":{"operationId":"addThing%d","requestBody":{"required":true,%s},"responses":{"201":{"description":"Made.",%s}}}}`, i, i, schema, i, content, content),
			fmt.Sprintf(`"/things%d/{id}":{"get":{"operationId":"getThing%d","parameters":[%s],"responses":{"200":{"description":"One.",%s}}},"delete":{"operationId":"dropThing%d","parameters":[%s],"responses":{"204":{"description":"Gone."}}}}`, i, i, id, content, i, id))
		schemas = append(schemas, fmt.Sprintf(`"Thing%d":{"type":"object","required":["id","name"],"properties":{"id":{"type":"integer"},"name":{"type":"string","maxLength":100},"kind":{"type":"string","enum":["a","b"]},"next":{"$ref":"#/components/schemas/Thing%d"}}}`, i, min(i/20*20+(i+1)%20, n/4-1)))
	}
	return []byte(`{"openapi":"3.0.3","info":{"title":"Synthetic","version":"1"},"paths":{` + strings.Join(paths, ",") + `},"components":{"schemas":{` + strings.Join(schemas, ",") + `}}}`)
}
