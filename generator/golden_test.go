package generator

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden packages instead of comparing them")

// TestGolden holds every committed generated package of testdata/golden to what is
// generated today, byte by byte. Record with
//
//	go test ./generator -run Golden -update
func TestGolden(t *testing.T) {
	top, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(top) // so that a diff names the files as git does
	configs, err := filepath.Glob(filepath.Join("testdata", "golden", "*", ConfigName))
	if err != nil {
		t.Fatal(err)
	}
	folders, err := os.ReadDir(filepath.Join("testdata", "golden"))
	if err != nil {
		t.Fatal(err)
	}
	if len(configs) == 0 || len(configs) != len(folders) {
		t.Fatalf("%d of the %d folders of testdata/golden have a %s", len(configs), len(folders), ConfigName)
	}
	for _, path := range configs {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
			cfg, err := LoadConfig(path)
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				if _, err := Generate(cfg); err != nil {
					t.Fatal(err)
				}
				return
			}
			diff, res, err := Check(cfg)
			if err != nil {
				t.Fatal(err, res.Diagnostics)
			}
			if diff != "" {
				t.Errorf("make generate would change it:\n%s", diff)
			}
		})
	}
}
