// Package layout has only tests: they hold the repository to the shape that
// CONTRIBUTING.md describes.
package layout

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/bailey-go/bailey"

// floors say how high each package stands: it may import only packages of lower
// floors. The generator and the runtime are two houses, which share none.
var (
	generatorFloors = map[string]int{
		"templates":                   0,
		"generator/internal/rules":    -1,
		"generator/internal/spell":    0,
		"generator/internal/diag":     0,
		"generator/internal/cost":     1,
		"generator/internal/gosrc":    1,
		"generator/internal/load":     2,
		"generator/internal/kinview":  3,
		"generator/internal/naming":   3,
		"generator/internal/schema":   3,
		"generator/internal/policy":   3,
		"generator/internal/openapi":  4,
		"generator/internal/assert":   4,
		"generator/internal/sample":   4,
		"generator/internal/inhabit":  4,
		"generator/internal/callers":  4,
		"generator/kin":               4,
		"generator/internal/probe":    5,
		"generator/internal/variant":  5,
		"generator/internal/refusals": 5,
		"generator/internal/model":    6,

		"generator/internal/model/types":      7,
		"generator/internal/model/params":     8,
		"generator/internal/model/access":     8,
		"generator/internal/model/operations": 9,
		"generator/internal/model/dedupe":     7,
		"generator/internal/model/decide":     10,

		"generator/internal/emit":   11,
		"generator":                 12,
		"cmd/bailey":                13,
		"generator/internal/layout": 14,
	}
	runtimeFloors = map[string]int{
		"runtime/principal":       0,
		"runtime/types":           -1, // below all: wire imports it
		"runtime/gen/wire":        0,
		"runtime/event":           0,
		"runtime/mask":            0,
		"runtime/problem":         1,
		"runtime/gen/param":       1,
		"runtime/gen/check":       1,
		"runtime/limit":           1,
		"runtime/auth":            1,
		"runtime/harden":          1,
		"runtime/limit/limittest": 2,
		"runtime/auth/apikey":     3,

		"runtime/auth/basic":               3,
		"runtime/auth/session":             3,
		"runtime/auth/mtls":                3,
		"runtime/auth/apikey/apikeysql":    4,
		"runtime/auth/apikey/apikeytest":   4,
		"runtime/auth/jwt":                 4,
		"runtime/auth/introspect":          4,
		"runtime/auth/dpop":                3,
		"runtime/auth/dpop/replaytest":     4,
		"runtime/auth/session/sessionsql":  4,
		"runtime/auth/session/sessiontest": 4,

		"runtime/auth/jwt/revocationtest": 5,
		"runtime/auth/jwt/jwttest":        5,
		"runtime":                         2,
		"runtime/gen":                     4,
		"runtime/securitytest":            5,
		"runtime/config":                  5,

		"runtime/internal/keyfile":       0,
		"runtime/internal/mint":          0,
		"runtime/internal/meter":         0,
		"runtime/internal/suites":        0,
		"runtime/internal/request":       1,
		"runtime/auth/internal/outbound": 1,
		"runtime/auth/internal/remember": 0,
		"runtime/auth/internal/claims":   2,
		"runtime/auth/internal/bound":    3,
		"runtime/auth/internal/cookie":   2,
		"runtime/auth/internal/jwk":      0,
	}
)

const (
	uuid      = "github.com/google/uuid"
	rate      = "golang.org/x/time/rate"
	argon2    = "golang.org/x/crypto/argon2"
	blake2b   = "golang.org/x/crypto/blake2b"
	cpu       = "golang.org/x/sys/cpu"
	golangJWT = "github.com/golang-jwt/jwt/v5"

	yamlLibrary = "go.yaml.in/yaml/v3"
)

// outside lists what each package of the runtime may reach outside of this module and
// the standard library, directly or not. A package that is not listed may reach nothing.
var outside = map[string][]string{
	"runtime/types":    {uuid},
	"runtime/gen/wire": {uuid},
	// problem reaches it through wire, which writes its strings.
	"runtime/problem":         {uuid},
	"runtime/gen/param":       {uuid},
	"runtime/gen/check":       {uuid},
	"runtime/limit":           {rate},
	"runtime/limit/limittest": {rate},
	"runtime/auth/apikey":     {uuid},

	"runtime/auth/basic":              {uuid, argon2, blake2b, cpu},
	"runtime/auth/apikey/apikeysql":   {uuid},
	"runtime/auth/apikey/apikeytest":  {uuid},
	"runtime/auth/jwt":                {golangJWT, uuid},
	"runtime/auth/dpop":               {uuid},
	"runtime/auth/dpop/replaytest":    {uuid},
	"runtime/auth/jwt/revocationtest": {golangJWT, uuid},
	"runtime/auth/jwt/jwttest":        {golangJWT, uuid},
	"runtime/internal/mint":           {golangJWT},
	"runtime/auth/introspect":         {uuid},
	// claims reaches it through wire.
	"runtime/auth/internal/claims": {uuid},
	"runtime":                      {uuid, rate},
	"runtime/gen":                  {uuid, rate},
	// config makes the key sources, clients, stores and users that a file can name. Nothing of the core imports it.
	"runtime/config":       {yamlLibrary, golangJWT, uuid, argon2, blake2b, cpu},
	"runtime/securitytest": {golangJWT, uuid, rate, argon2, blake2b, cpu},
}

// goPackage is what go list says of one package.
type goPackage struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Deps       []string
}

// short is the path below the module, "" for packages of other modules.
func short(path string) string {
	s, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return ""
	}
	return s
}

func root(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		t.Fatalf("go list -m: %v", describe(err))
	}
	return strings.TrimSpace(string(out))
}

func describe(err error) string {
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return string(exit.Stderr)
	}
	return err.Error()
}

// packages lists every package of the module and everything they depend on.
func packages(t *testing.T) map[string]*goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=ImportPath,Standard,Imports,Deps", "./...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %s", describe(err))
	}
	all := map[string]*goPackage{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = &p
	}
	if all[module+"/generator"] == nil || all[module+"/runtime"] == nil {
		t.Fatalf("go list found neither the generator nor the runtime in %s", cmd.Dir)
	}
	return all
}

func TestFloors(t *testing.T) {
	for path, p := range packages(t) {
		name := short(path)
		if name == "" || strings.HasPrefix(name, "examples/") {
			continue
		}
		floors, house := generatorFloors, "generator"
		if name == "runtime" || strings.HasPrefix(name, "runtime/") {
			floors, house = runtimeFloors, "runtime"
		}
		floor, ok := floors[name]
		if !ok && !strings.Contains(name, "/internal/") {
			t.Errorf("%s has no floor: say in this test where it stands", name)
			continue
		}
		for _, imported := range p.Imports {
			other := short(imported)
			if other == "" {
				continue
			}
			switch below, ok := floors[other]; {
			case !ok && !strings.Contains(other, "/internal/"):
				t.Errorf("%s, of the %s, imports %s", name, house, other)
			case ok && below >= floor:
				t.Errorf("%s, on floor %d, imports %s, on floor %d", name, floor, other, below)
			}
		}
	}
}

// TestHouses looks through everything that is reached, not only imported.
func TestHouses(t *testing.T) {
	for path, p := range packages(t) {
		name := short(path)
		for _, dep := range p.Deps {
			other := short(dep)
			switch {
			case isIn(name, "generator", "cmd", "templates") && isIn(other, "runtime", "examples"),
				isIn(name, "runtime") && isIn(other, "generator", "cmd", "templates", "examples"),
				isIn(name, "examples") && isIn(other, "generator", "cmd", "templates"):
				t.Errorf("%s reaches %s", name, other)
			}
		}
	}
}

func isIn(name string, houses ...string) bool {
	first, _, _ := strings.Cut(name, "/")
	return slices.Contains(houses, first)
}

// TestRuntimeDependencies holds what is compiled into every generated server to the
// list. Each entry of the list must still be needed.
func TestRuntimeDependencies(t *testing.T) {
	all := packages(t)
	for path, p := range all {
		name := short(path)
		if !isIn(name, "runtime") {
			continue
		}
		allowed := outside[name]
		reached := map[string]bool{}
		for _, dep := range p.Deps {
			if q := all[dep]; q == nil || q.Standard || short(dep) != "" {
				continue
			}
			if strings.HasPrefix(dep, "vendor/") {
				continue // the standard library's own
			}
			reached[dep] = true
			if !slices.Contains(allowed, dep) {
				t.Errorf("%s reaches %s, which is not on its list", name, dep)
			}
		}
		for _, dep := range allowed {
			if !reached[dep] {
				t.Errorf("%s does not reach %s any more: take it off the list", name, dep)
			}
		}
	}
	for name := range outside {
		if all[module+"/"+name] == nil {
			t.Errorf("%s is on the list but does not exist", name)
		}
	}
}

func TestGoMod(t *testing.T) {
	cmd := exec.Command("go", "mod", "edit", "-json")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go mod edit: %s", describe(err))
	}
	var mod struct {
		Module  struct{ Path string }
		Replace []json.RawMessage
		Exclude []json.RawMessage
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	if mod.Module.Path != module {
		t.Errorf("module %q, want %q", mod.Module.Path, module)
	}
	if len(mod.Replace)+len(mod.Exclude) > 0 {
		t.Error("go.mod has a replace or exclude directive: it holds for us, not for who requires us")
	}
}

func TestTopLevel(t *testing.T) {
	want := []string{
		"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "RELEASING.md", "SECURITY.md",
		"cmd", "docs", "examples", "generator", "go.mod", "go.sum", "runtime", "templates", "testdata",
	}
	entries, err := os.ReadDir(root(t))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			got = append(got, e.Name())
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestFileSizes keeps files readable: nobody reviews a thousand lines.
func TestFileSizes(t *testing.T) {
	const most = 500
	seen := 0
	err := filepath.WalkDir(root(t), func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".gen.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		seen++
		if n := bytes.Count(text, []byte("\n")); n > most {
			t.Errorf("%s has %d lines: %d is the most", path, n, most)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Error("no file was found")
	}
}
