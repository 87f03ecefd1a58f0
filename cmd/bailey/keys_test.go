package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestKeys: bailey keys hands its arguments on as they are, and its exit code says whether the program failed.
func TestKeys(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program of this test is a shell script")
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	keys := func(args ...string) (int, string, string) {
		var out, errs bytes.Buffer
		code := run(append([]string{"keys"}, args...), &out, &errs)
		return code, out.String(), errs.String()
	}
	t.Chdir(dir)
	if code, out, errs := keys("list"); code != 2 || out != "" || !strings.Contains(errs, "bailey-keys is neither beside bailey nor in PATH") {
		t.Errorf("%d, %q, %q", code, out, errs)
	}
	script := "#!/bin/sh\nfor a in \"$@\"; do echo \"[$a]\"; done\n[ \"$1\" != fail ]\n"
	if err := os.WriteFile(filepath.Join(dir, "bailey-keys"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := keys("list", "--file", "a b", "--help"); code != 0 || out != "[list]\n[--file]\n[a b]\n[--help]\n" || errs != "" {
		t.Errorf("%d, %q, %q", code, out, errs)
	}
	if code, out, errs := keys("fail"); code != 2 || out != "[fail]\n" || errs != "" {
		t.Errorf("%d, %q, %q", code, out, errs)
	}
	t.Setenv("PATH", ".")
	if code, _, errs := keys("list"); code != 2 || !strings.Contains(errs, "neither") {
		t.Errorf("a program of the current folder runs: %d, %q", code, errs)
	}
}
