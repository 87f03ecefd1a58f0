package generator_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// redteamTests are the tests that hold what each folder of `found` asks for.
var redteamTests = map[string][]string{
	"redteam/basic_timing":          {"TestRedteamBasicTiming"},
	"redteam/collide":               {"TestRedteamCollide"},
	"redteam/conns":                 {"TestRedteamConns"},
	"redteam/dpop_alternatives":     {"TestRedteamDpopAlternatives"},
	"redteam/generator_cost":        {"TestRedteamGeneratorCost"},
	"redteam/generator_panic":       {"TestRedteamGeneratorPanic"},
	"redteam/keyfile":               {"TestRedteamKeyfile", "TestRedteamKeyfileUsers"},
	"redteam/leeway":                {"TestRedteamLeeway"},
	"redteam/maps":                  {"TestRedteamMaps"},
	"redteam/mask_media":            {"TestRedteamMaskMedia"},
	"redteam/memory":                {"TestRedteamMemory", "TestRedteamMemoryElsewhere"},
	"redteam/merge":                 {"TestRedteamMerge"},
	"redteam/patterns":              {"TestRedteamPatterns"},
	"redteam/ratelimit_alternative": {"TestRedteamRatelimitAlternative"},
	"redteam/rawcost":               {"TestRedteamRawcost"},
	"redteam/requestid":             {"TestRedteamRequestid"},
	"redteam/sse_mask":              {"TestRedteamSSEMask"},
	"redteam/weaker":                {"TestRedteamWeaker", "TestRedteamWeakerArrays", "TestRedteamPolicyInRequests"},
	"more/crl_cost":                 {"TestRedteamCRLCost"},
	"more/http2_streams":            {"TestRedteamHTTP2Streams"},
	"more/jwks_rotation":            {"TestRedteamJWKSRotation"},
	"more/redis_eviction_later":     {"TestRedteamRedisEvictionLater"},
	"more/repetition_zero":          {"TestRedteamRepetitionZero"},
}

var redteamTest = regexp.MustCompile(`(?m)^func (TestRedteam\w+)\(t \*testing\.T\)`)

// TestRedteamFolders holds that each fault that an attack has found has its tests, and that each of those tests is named here.
// Where the folders are, it holds that none of them is missing.
func TestRedteamFolders(t *testing.T) {
	found := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range redteamTest.FindAllSubmatch(text, -1) {
			if old, ok := found[string(m[1])]; ok {
				t.Errorf("%s is in %s and in %s", m[1], old, path)
			}
			found[string(m[1])] = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for folder, tests := range redteamTests {
		for _, name := range tests {
			if found[name] == "" {
				t.Errorf("%s: there is no test %s", folder, name)
			}
			named = append(named, name)
		}
	}
	for name, path := range found {
		if name != "TestRedteamFolders" && !slices.Contains(named, name) {
			t.Errorf("%s: %s belongs to no folder", path, name)
		}
	}
	for _, kind := range []string{"redteam", "more"} {
		folders, err := os.ReadDir(filepath.Join("..", "..", "shared", "found", kind))
		if err != nil {
			t.Logf("the folders of %s are not here", kind)
			continue
		}
		for _, f := range folders {
			if f.IsDir() && redteamTests[kind+"/"+f.Name()] == nil {
				t.Errorf("%s/%s has no test", kind, f.Name())
			}
		}
	}
}
