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
	took = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	// It includes the processes that this one waited for.
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		bytes = usage.Maxrss
		if runtime.GOOS != "darwin" { // which counts in bytes, others in kilobytes
			bytes <<= 10
		}
	}
	return took, bytes
}

// TestCorpusGitHubCost compiles GitHub's package with a cache that has only what every
// generated package needs. The limits are those of a build on a small machine.
func TestCorpusGitHubCost(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	dir, _ := corpus(t)
	root := module(t)
	for i, document := range []string{"openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {/a: {get: {responses: {'204': {description: a}}}}}\n", ""} {
		pkg := fmt.Sprintf("p%d", i)
		file := filepath.Join(dir, "github", "api.github.com.json")
		if document != "" {
			file = filepath.Join(t.TempDir(), "openapi.yaml")
			if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := generator.Generate(generator.Config{
			Document: file, Output: filepath.Join(root, pkg), Package: pkg, AllowPublic: "a test", SkipUnsupported: true,
		}); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		took, rss := measured(t, root, "./"+pkg)
		clock := time.Since(start)
		if document != "" {
			continue // fills the cache
		}
		t.Logf("GitHub: compiled in %v, %v of processor time, at most %d MB", clock.Round(time.Millisecond), took.Round(time.Millisecond), rss>>20)
		if took > 2*30*time.Second || rss > 1500<<20 {
			t.Errorf("compiling GitHub's package took %v of two processors and %d MB; 30 s and 1500 MB are the limits", took/2, rss>>20)
		}
	}
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
