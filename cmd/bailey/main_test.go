package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/templates"
)

// asBailey makes the test program be the command: the tests run the real thing, in
// folders of their own.
const asBailey = "BAILEY_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asBailey) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// outcome is how a command line ended.
type outcome struct {
	code           int
	stdout, stderr string
}

// bailey runs the command in the folder dir.
func bailey(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asBailey+"=1")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// want compares an outcome; the texts are compared as a whole.
func (o outcome) want(t *testing.T, code int, stdout, stderr string) {
	t.Helper()
	if o.code != code || o.stdout != stdout || o.stderr != stderr {
		t.Errorf("got exit code %d, stdout\n%s\nstderr\n%s\nwant exit code %d, stdout\n%s\nstderr\n%s",
			o.code, o.stdout, o.stderr, code, stdout, stderr)
	}
}

// fill makes a folder with the given files.
func fill(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// snapshot reads every file below dir.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if d.Type().IsRegular() {
			content, err := os.ReadFile(path)
			all[name] = string(content)
			return err
		}
		all[name] = d.Type().String()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func unchanged(t *testing.T, dir string, before map[string]string) {
	t.Helper()
	after := snapshot(t, dir)
	for name, content := range before {
		if now, ok := after[name]; !ok || now != content {
			t.Errorf("%s was changed", name)
		}
	}
	for name := range after {
		if _, ok := before[name]; !ok {
			t.Errorf("%s was left behind", name)
		}
	}
}

const pets = `openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pets/{id}:
    get:
      operationId: getPet
      x-bailey-public: everybody may look at a pet
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, maxLength: 20}}
      responses:
        "200":
          description: a pet
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Pet"}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 100}
`

// open is pets without the reason why getPet is public.
var open = strings.Replace(pets, "      x-bailey-public: everybody may look at a pet\n", "", 1)

func TestGenerate(t *testing.T) {
	tests := []struct {
		name   string
		files  map[string]string
		dir    string // in which the command runs
		args   []string
		output string // where the package must be
		pkg    string
	}{
		{
			name:   "flags",
			files:  map[string]string{"openapi.yaml": pets},
			args:   []string{"openapi.yaml", "-o", "internal/api", "-p", "pets"},
			output: "internal/api", pkg: "pets",
		},
		{
			name:   "the package is named after the folder",
			files:  map[string]string{"openapi.yaml": pets},
			args:   []string{"openapi.yaml", "--output=server"},
			output: "server", pkg: "server",
		},
		{
			name:   "configuration in the current folder",
			files:  map[string]string{"openapi.yaml": pets, "api/bailey.yaml": "document: ../openapi.yaml\noutput: .\npackage: pets\n"},
			dir:    "api",
			output: "api", pkg: "pets",
		},
		{
			name:   "configuration beside the document",
			files:  map[string]string{"spec/openapi.yaml": pets, "spec/bailey.yaml": "output: ../api\n"},
			args:   []string{"spec/openapi.yaml"},
			output: "api", pkg: "api",
		},
		{
			name:   "flags win",
			files:  map[string]string{"spec/openapi.yaml": pets, "spec/bailey.yaml": "output: ../api\npackage: no\n"},
			args:   []string{"spec/openapi.yaml", "-p", "yes"},
			output: "api", pkg: "yes",
		},
		{
			name:   "a configuration file elsewhere",
			files:  map[string]string{"openapi.yaml": pets, "conf/pets.yaml": "document: ../openapi.yaml\noutput: ../api\n"},
			args:   []string{"--config", "conf/pets.yaml"},
			output: "api", pkg: "api",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := fill(t, test.files)
			where := filepath.Join(dir, test.dir)
			bailey(t, where, append([]string{"generate"}, test.args...)...).want(t, exitGood, "", "")
			for _, name := range []string{"models.gen.go", "server.gen.go", "policy.gen.go"} {
				text, err := os.ReadFile(filepath.Join(dir, test.output, name))
				if err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(string(text), "\npackage "+test.pkg+"\n") {
					t.Errorf("%s is not of package %s", name, test.pkg)
				}
			}
			bailey(t, where, append([]string{"check"}, test.args...)...).want(t, exitGood, "", "")
		})
	}
}

func TestAllowPublic(t *testing.T) {
	t.Parallel()
	dir := fill(t, map[string]string{"openapi.yaml": open})
	got := bailey(t, dir, "generate", "openapi.yaml", "-o", "api")
	if got.code != exitError || !strings.HasPrefix(got.stderr, "openapi.yaml:5:") {
		t.Errorf("without security: exit code %d, %s", got.code, got.stderr)
	}
	if _, err := os.Stat(filepath.Join(dir, "api")); err == nil {
		t.Error("something was written")
	}
	got = bailey(t, dir, "generate", "openapi.yaml", "-o", "api", "--allow-public", "a demo for pets")
	if got.code != exitGood || !strings.Contains(got.stderr, "warning: ") || !strings.HasSuffix(got.stderr, "bailey: 0 errors, 1 warning\n") {
		t.Errorf("with a reason: exit code %d, %s", got.code, got.stderr)
	}
	text, err := os.ReadFile(filepath.Join(dir, "api", "policy.gen.go"))
	if err != nil || !strings.Contains(string(text), "a demo for pets") {
		t.Errorf("the reason does not stand in policy.gen.go: %v", err)
	}
}

func TestBadInput(t *testing.T) {
	tests := []struct {
		name   string
		files  map[string]string
		args   []string
		stderr string
	}{
		{
			name:   "unknown key",
			files:  map[string]string{"openapi.yaml": pets, "bailey.yaml": "output: api\nmode: lax\n"},
			args:   []string{"openapi.yaml"},
			stderr: "bailey.yaml:2:1: unknown key \"mode\" [config]\n",
		},
		{
			name:   "two unknown keys",
			files:  map[string]string{"openapi.yaml": pets, "bailey.yaml": "a: 1\nb: 2\n"},
			stderr: "bailey.yaml:1:1: unknown key \"a\" [config]\nbailey.yaml:2:1: unknown key \"b\" [config]\n",
		},
		{
			name:   "missing configuration",
			files:  map[string]string{"openapi.yaml": pets},
			args:   []string{"openapi.yaml", "-o", "api", "--config", "none.yaml"},
			stderr: "bailey: open none.yaml: no such file or directory\n",
		},
		{
			name:   "missing document",
			args:   []string{"none.yaml", "-o", "api"},
			stderr: "none.yaml: cannot read the document: there is no such file [file]\nbailey: 1 error, 0 warnings\n",
		},
		{
			name:   "nothing named",
			stderr: "bailey: no document is named, and there is no bailey.yaml in this folder\n",
		},
		{
			name:   "no output",
			files:  map[string]string{"openapi.yaml": pets},
			args:   []string{"openapi.yaml"},
			stderr: "bailey: no output folder is named (-o, or output in bailey.yaml)\n",
		},
		{
			name:   "bad package and word",
			files:  map[string]string{"openapi.yaml": pets},
			args:   []string{"openapi.yaml", "-o", "api", "-p", "a b", "--unknown", "keep"},
			stderr: "bailey: unknown is \"keep\": it can be refuse or drop\nbailey: \"a b\" cannot be the name of a Go package\n",
		},
		{
			name:   "unknown flag",
			args:   []string{"--force"},
			stderr: "bailey: unknown flag: --force\n",
		},
		{
			name:   "too many documents",
			args:   []string{"a.yaml", "b.yaml"},
			stderr: "bailey: accepts at most 1 arg(s), received 2\n",
		},
		{
			name:   "a file in place of the folder",
			files:  map[string]string{"openapi.yaml": pets, "api": "text"},
			args:   []string{"openapi.yaml", "-o", "api"},
			stderr: "bailey: api is not a folder\n",
		},
		{
			name:   "a folder that cannot be made",
			files:  map[string]string{"openapi.yaml": pets, "file": "text"},
			args:   []string{"openapi.yaml", "-o", "file/api"},
			stderr: "bailey: lstat file/api: not a directory\n",
		},
		{
			name:   "a file of the user's is in the way",
			files:  map[string]string{"openapi.yaml": pets, "api/server.gen.go": "package api\n"},
			args:   []string{"openapi.yaml", "-o", "api"},
			stderr: "bailey: api/server.gen.go was not written by bailey: not overwritten; move it away or choose another folder\n",
		},
		{
			name:   "an output folder with a line break in its name",
			files:  map[string]string{"openapi.yaml": pets, "a\nb": "text"},
			args:   []string{"openapi.yaml", "-o", "a\nb", "-p", "api"},
			stderr: "bailey: a\\u000ab is not a folder\n",
		},
		{
			name:   "a skipped operation that is not there",
			files:  map[string]string{"openapi.yaml": pets, "bailey.yaml": "output: api\nskip: [getCat]\n"},
			args:   []string{"openapi.yaml"},
			stderr: "openapi.yaml: the configuration skips \"getCat\", which the document does not have [skip-unknown]\nbailey: 1 error, 0 warnings\n",
		},
	}
	for _, test := range tests {
		for _, command := range []string{"generate", "check"} {
			t.Run(command+"/"+test.name, func(t *testing.T) {
				t.Parallel()
				dir := fill(t, test.files)
				before := snapshot(t, dir)
				bailey(t, dir, append([]string{command}, test.args...)...).want(t, exitError, "", test.stderr)
				unchanged(t, dir, before)
			})
		}
	}
}

func TestUnwritableFolder(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := fill(t, map[string]string{"openapi.yaml": pets, "api/keep": ""})
	if err := os.Chmod(filepath.Join(dir, "api"), 0o555); err != nil {
		t.Fatal(err)
	}
	bailey(t, dir, "generate", "openapi.yaml", "-o", "api").want(t, exitError, "",
		"bailey: writing api/models.gen.go: permission denied\n")
}

// TestBadDocument: the package of an earlier run must outlive a document that went bad.
func TestBadDocument(t *testing.T) {
	t.Parallel()
	dir := fill(t, map[string]string{"openapi.yaml": pets})
	bailey(t, dir, "generate", "openapi.yaml", "-o", "api").want(t, exitGood, "", "")
	bad := strings.Replace(pets, "maxLength: 100", "maxLength: many", 1)
	bad = strings.Replace(bad, "maxLength: 20", "maxLength: -1", 1)
	if err := os.WriteFile(filepath.Join(dir, "openapi.yaml"), []byte(bad), 0o644); err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, dir)
	got := bailey(t, dir, "generate", "openapi.yaml", "-o", "api")
	if got.code != exitError || got.stdout != "" {
		t.Errorf("exit code %d, stdout %q", got.code, got.stdout)
	}
	wantLines(t, got.stderr,
		"openapi.yaml:9:82: maxLength must be a whole number of 0 or more (",
		"openapi.yaml:22:41: maxLength must be a whole number of 0 or more (",
		"bailey: 2 errors, ")
	unchanged(t, dir, before)
}

// wantLines wants lines with these beginnings at the end of text.
func wantLines(t *testing.T, text string, want ...string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	lines = lines[max(0, len(lines)-len(want)):]
	for i, line := range want {
		if i >= len(lines) || !strings.HasPrefix(lines[i], line) {
			t.Errorf("got\n%s\nwant at its end\n%s", text, strings.Join(want, "\n"))
			return
		}
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name   string
		change func(t *testing.T, dir string)
		want   []string // lines of the diff; none means exit code 0
	}{
		{name: "fresh", change: func(*testing.T, string) {}},
		{
			name: "edited by hand",
			change: func(t *testing.T, dir string) {
				edit(t, filepath.Join(dir, "api/models.gen.go"), "type Pet struct", "type Cat struct")
			},
			want: []string{"--- api/models.gen.go\tcommitted", "+++ api/models.gen.go\tgenerated", "-type Cat struct {", "+type Pet struct {"},
		},
		{
			name: "a new document",
			change: func(t *testing.T, dir string) {
				edit(t, filepath.Join(dir, "openapi.yaml"), "{type: string, maxLength: 100}", "{type: integer}")
			},
			want: []string{"--- api/models.gen.go\tcommitted"},
		},
		{
			name: "a missing file",
			change: func(t *testing.T, dir string) {
				if err := os.Remove(filepath.Join(dir, "api/policy.gen.go")); err != nil {
					t.Fatal(err)
				}
			},
			want: []string{"--- /dev/null", "+++ api/policy.gen.go\tgenerated"},
		},
		{
			name: "a file of an earlier version",
			change: func(t *testing.T, dir string) {
				text := "// Code generated by bailey. DO NOT EDIT.\n\npackage api\n"
				if err := os.WriteFile(filepath.Join(dir, "api/old.gen.go"), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			},
			want: []string{"--- api/old.gen.go\tcommitted", "+++ /dev/null"},
		},
		{
			name: "another package name", // in the configuration only
			change: func(t *testing.T, dir string) {
				if err := os.WriteFile(filepath.Join(dir, "bailey.yaml"), []byte("package: pets\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			},
			want: []string{"-package api", "+package pets"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := fill(t, map[string]string{"openapi.yaml": pets})
			bailey(t, dir, "generate", "openapi.yaml", "-o", "api").want(t, exitGood, "", "")
			test.change(t, dir)
			before := snapshot(t, dir)
			got := bailey(t, dir, "check", "openapi.yaml", "-o", "api")
			unchanged(t, dir, before)
			if len(test.want) == 0 {
				got.want(t, exitGood, "", "")
				return
			}
			if got.code != exitFindings || got.stderr != "" {
				t.Errorf("exit code %d, stderr %s", got.code, got.stderr)
			}
			lines := "\n" + got.stdout
			for _, line := range test.want {
				if !strings.Contains(lines, "\n"+line+"\n") {
					t.Errorf("no line %q in\n%s", line, got.stdout)
				}
			}
			bailey(t, dir, "generate", "openapi.yaml", "-o", "api").want(t, exitGood, "", "")
			bailey(t, dir, "check", "openapi.yaml", "-o", "api").want(t, exitGood, "", "")
		})
	}
}

func edit(t *testing.T, path, old, new string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("%s does not contain %q", path, old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	got := bailey(t, t.TempDir(), "version")
	if got.code != exitGood || got.stderr != "" || !strings.HasPrefix(got.stdout, "bailey ") ||
		!strings.Contains(got.stdout, " "+runtime.Version()+" handshake ") || strings.Count(got.stdout, "\n") != 1 {
		t.Errorf("got %+v", got)
	}
	// The handshake is the one that generated code asks the runtime for.
	text, err := templates.FS.ReadFile("policy.go.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	_, handshake, _ := strings.Cut(strings.TrimSpace(got.stdout), " handshake ")
	if want := "Handshake" + handshake + "\n"; handshake == "" || !strings.Contains(string(text), want) {
		t.Errorf("the templates do not have %q", want)
	}
}

func TestRoot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	help := bailey(t, dir, "--help")
	if help.code != exitGood || help.stderr != "" || !strings.Contains(help.stdout, "generate") {
		t.Errorf("--help: %+v", help)
	}
	bailey(t, dir).want(t, exitError, "", help.stdout)
	bailey(t, dir, "generat").want(t, exitError, "", "bailey: unknown command \"generat\" for \"bailey\"\n")
	bailey(t, dir, "completion").want(t, exitError, "", "bailey: unknown command \"completion\" for \"bailey\"\n")
	bailey(t, dir, "version", "now").want(t, exitError, "", "bailey: unknown command \"now\" for \"bailey version\"\n")
}

func TestExplain(t *testing.T) {
	t.Parallel()
	got := bailey(t, t.TempDir(), "explain", "--rule", "no-security")
	if got.code != exitGood || got.stderr != "" || !strings.HasPrefix(got.stdout, "no-security\n\nAn operation has no security") || !strings.Contains(got.stdout, "[no-security]\n") {
		t.Errorf("got %+v", got)
	}
	for arg, want := range map[string]string{
		"no-securty": "bailey: there is no rule \"no-securty\"; did you mean no-security?\n",
		"\x1b[31m":   "bailey: there is no rule \"\\x1b[31m\"; docs/diagnostics.md and docs/events.md list them\n",
		"":           "bailey: explain needs --rule NAME: the name in brackets at the end of a diagnostic, or the rule of an event\n",
	} {
		if got := bailey(t, t.TempDir(), "explain", "--rule", arg); got.code != exitError || got.stderr != want || got.stdout != "" {
			t.Errorf("%q: got %+v, want %q", arg, got, want)
		}
	}
}

// TestErrors: a proposal of x-bailey-errors generates without an error when it is written into its document.
func TestErrors(t *testing.T) {
	dir := t.TempDir()
	const document = `openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    get:
      operationId: a
      x-bailey-public: a test
      responses:
        '204': {description: d}
        default: {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
        '418': {description: d, content: {application/xml: {}}}
components:
  schemas:
    Error:
      type: object
      required: [error]
      properties:
        error:
          type: object
          required: [code, message]
          properties:
            code: {type: string, enum: [NOT_FOUND, BAD_REQUEST, UNAUTHORIZED, INTERNAL]}
            message: {type: string}
            trace_id: {type: string}
            errors: {type: array, items: {type: object, properties: {field: {type: string}, reason: {type: string}}}}
            owner: {type: object, required: [id], properties: {id: {type: integer}}}
`
	file := filepath.Join(dir, "openapi.yaml")
	if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run([]string{"errors", file}, &out, &errs); code != 0 || errs.Len() > 0 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	for _, want := range []string{"# Proposed from names: it fills 15 of 16", `"code": "{code}"`, `"trace_id": "{request-id}"`, `"field": "{place}"`, `404: "NOT_FOUND"`, `500: "INTERNAL"`, "# It does not fit the error at openapi.yaml:11:16: no media type"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the proposal lacks %s:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "owner") {
		t.Errorf("the proposal fills what is no error's:\n%s", out.String())
	}
	if err := os.WriteFile(file, []byte(strings.Replace(document, "paths:", out.String()+"paths:", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if code := run([]string{"generate", file, "-o", filepath.Join(dir, "api")}, &out, &errs); code != 0 {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
	errs.Reset()
	if code := run([]string{"errors", filepath.Join(dir, "absent.yaml")}, &out, &errs); code == 0 || errs.Len() == 0 {
		t.Errorf("an absent document: exit code %d %s", code, errs.String())
	}
}
