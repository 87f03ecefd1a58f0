package event_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFail2ban gives the documented filter and written lines to fail2ban itself, where it is installed.
func TestFail2ban(t *testing.T) {
	tool, err := exec.LookPath("fail2ban-regex")
	if err != nil {
		if os.Getenv("BAILEY_SLOW") != "" {
			t.Fatalf("make slow needs fail2ban: %v", err)
		}
		t.Skip("fail2ban is not installed; make slow needs it")
	}
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```ini\n")
	filter, _, found := strings.Cut(rest, "```")
	if !found || !strings.HasPrefix(filter, "[Definition]\nfailregex = ") {
		t.Fatal("docs/security.md has no filter for fail2ban")
	}
	dir := t.TempDir()
	for name, text := range map[string][]byte{"bailey.conf": []byte(filter), "log": filterLines()} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(tool, "--out", "ip", filepath.Join(dir, "log"), filepath.Join(dir, "bailey.conf"))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, out.String(), errs.String())
	}
	got := strings.Fields(out.String())
	want := slices.DeleteFunc(slices.Clone(filterAddresses), func(s string) bool { return s == "" })
	if !slices.Equal(got, want) {
		t.Errorf("fail2ban found %q, want %q in\n%s", got, want, filterLines())
	}
}
