package event_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// metaAddress is the address that a parser of CrowdSec has found in a line, in the dump of what its parsers did.
var metaAddress = regexp.MustCompile(`(?m)^ +Meta:\n(?: +\w+: .*\n)*? +source_ip: (\S+)$`)

// TestCrowdSec gives the documented parser and written lines to CrowdSec itself, where it is installed. A server of the
// test is its local API, which takes any login.
func TestCrowdSec(t *testing.T) {
	tool, err := exec.LookPath("crowdsec")
	if err != nil {
		if os.Getenv("BAILEY_SLOW") != "" {
			t.Fatalf("make slow needs crowdsec: %v", err)
		}
		t.Skip("crowdsec is not installed; make slow needs it")
	}
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, parser, found := strings.Cut(string(page), "```yaml\nname: bailey/refusals\n")
	parser, _, closed := strings.Cut(parser, "```")
	if !found || !closed {
		t.Fatal("docs/security.md has no parser for CrowdSec")
	}
	local := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"code":200,"expire":"2099-01-01T00:00:00Z","token":"a"}`))
	}))
	defer local.Close()
	dir := t.TempDir()
	for _, sub := range []string{"parsers/s00-raw", "parsers/s01-parse", "scenarios", "postoverflows", "patterns", "data", "hub", "dump"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"config.yaml": strings.ReplaceAll(`common: {daemonize: false, log_media: stdout, log_level: warning, working_dir: DIR}
config_paths: {config_dir: DIR, data_dir: DIR/data, simulation_path: DIR/simulation.yaml, hub_dir: DIR/hub, index_path: DIR/hub/.index.json, notification_dir: DIR, plugin_dir: DIR}
crowdsec_service: {acquisition_path: DIR/acquis.yaml, parser_routines: 1}
cscli: {output: human}
db_config: {type: sqlite, db_path: DIR/data/crowdsec.db}
api: {client: {credentials_path: DIR/credentials.yaml}}
prometheus: {enabled: false}
`, "DIR", dir),
		"simulation.yaml":                 "simulation: false\n",
		"acquis.yaml":                     "",
		"credentials.yaml":                "url: " + local.URL + "\nlogin: a\npassword: b\n",
		"hub/.index.json":                 `{"parsers":{},"scenarios":{},"postoverflows":{},"collections":{}}`,
		"parsers/s00-raw/raw.yaml":        "name: test/raw\nonsuccess: next_stage\nfilter: \"true\"\nstatics:\n  - {parsed: message, expression: evt.Line.Raw}\n  - {parsed: program, expression: evt.Line.Labels.type}\n",
		"parsers/s01-parse/refusals.yaml": "name: bailey/refusals\n" + parser,
		"log":                             string(filterLines()),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, tool, "-c", filepath.Join(dir, "config.yaml"), "-dsn", "file://"+filepath.Join(dir, "log"), "-type", "bailey", "-no-api", "-dump-data", filepath.Join(dir, "dump"))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	dump, err := os.ReadFile(filepath.Join(dir, "dump", "parser-dump.yaml"))
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	_, stage, _ := strings.Cut(string(dump), "\ns01-parse:\n")
	var got []string
	for _, event := range strings.Split(stage, "\n  - evt:")[1:] {
		address := ""
		if m := metaAddress.FindStringSubmatch(event); m != nil {
			address = strings.Trim(m[1], `'"`)
		}
		got = append(got, address)
	}
	if !slices.Equal(got, filterAddresses) {
		t.Errorf("CrowdSec found %q, want %q in\n%s", got, filterAddresses, filterLines())
	}
}
