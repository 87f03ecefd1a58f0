package jwt

import (
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/jwk"
)

// suites returns the folder of the public suites, or skips.
func suites(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BAILEY_SUITES")
	if dir == "" {
		dir = "../../../../shared/suites"
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("BAILEY_REQUIRE_SUITES") != "" {
			t.Fatalf("the public test suites are not at %s", dir)
		}
		t.Skipf("SKIPPED: the public test suites are not at %s; set BAILEY_SUITES", dir)
	}
	return dir
}

// signedBy runs what this package does with a signed text, but for typ and the claims, which the
// suite's texts do not have: the parts' alphabet, the strict header, the pinned algorithm, the keys that fit it, the signature.
func signedBy(a *Authenticator, set *keySet, text string) bool {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || !jwk.IsBase64URL(parts[0]) || !jwk.IsBase64URL(parts[1]) || !jwk.IsBase64URL(parts[2]) {
		return false
	}
	header, _, err := decodePart(parts[0])
	if err != nil {
		return false
	}
	name, _ := header["alg"].(string)
	kid, _ := header["kid"].(string)
	if _, ok := header["crit"]; ok || name != a.algorithms[0].name {
		return false
	}
	keys, _, _ := set.candidates(&token{kid: kid, algorithm: a.algorithms[0]}, noon)
	signature, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil {
		return false
	}
	if _, err := base64.RawURLEncoding.Strict().DecodeString(parts[1]); err != nil {
		return false
	}
	input := parts[0] + "." + parts[1]
	for _, key := range a.algorithms[0].strict(input, signature, keys) {
		if a.algorithms[0].method.Verify(input, signature, key) == nil {
			return true
		}
	}
	return false
}

// vector is one test of the suites.
type vector struct {
	ID      int             `json:"tcId"`
	Comment string          `json:"comment"`
	JWS     json.RawMessage `json:"jws"`
	JWE     json.RawMessage `json:"jwe"`
	Result  string          `json:"result"`
}

// text is what arrives: a compact serialisation, or JSON as it stands.
func (v vector) text() string {
	raw := v.JWS
	if raw == nil {
		raw = v.JWE
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// verifies reports whether some policy of one algorithm, the key's own or the one that the text names, takes the text.
func verifies(t *testing.T, keys []map[string]any, text string) bool {
	t.Helper()
	names := map[string]bool{}
	for _, one := range keys {
		name, _ := one["alg"].(string)
		if name == "" {
			name = map[any]string{"RSA": "RS256", "EC": "ES256"}[one["kty"]]
		}
		names[name] = true
	}
	head, _, _ := strings.Cut(text, ".")
	if header, _, err := decodePart(head); err == nil {
		name, _ := header["alg"].(string)
		names[name] = true
	}
	taken := false
	for name := range names {
		if _, known := algorithmNamed(name); !known {
			continue
		}
		a, err := New(policy(name), Inline(jwks(keys...)), scopes)
		if err != nil {
			continue
		}
		set, _ := a.ring.current(noon)
		taken = taken || signedBy(a, set, text)
		if p, err := a.Verify(text); err == nil || p != nil { // and none of them is an access token
			t.Errorf("Verify accepts %.60s", text)
		}
	}
	return taken
}

// exceptions are the vectors that come out otherwise than the suites want, and why. Numbers are those of the suites.
var exceptions = []struct {
	file string
	ids  []int
	want string
	why  string
}{
	{"json_web_signature_test", []int{259, 264, 268, 272, 320, 325}, "valid", "an empty payload, which no set of claims is"},
	{"json_web_signature_test", []int{346, 350}, "valid", "signed by PS384 with a key that says PS256"},
	{"json_web_signature_test", []int{347, 351}, "valid", "their key says ES521, an algorithm that does not exist"},
	{"json_web_signature_test", []int{372, 373}, "valid", "a question mark inside base64url, which RFC 7515, section 2, does not allow"},
	{"json_web_signature_test", []int{367, 370}, "invalid", "byte by byte the valid vector 357: their padding was lost"},
	{"json_web_crypto_test", []int{50, 67}, "valid", "encryption (RFC 7516) is not offered: an encrypted token is refused"},
}

// TestConformanceJWS runs every vector of Wycheproof's suites of signatures, keys and both, and holds docs/conformance.md to what came of it.
func TestConformanceJWS(t *testing.T) {
	var table, list strings.Builder
	for _, file := range []string{"json_web_signature_test", "json_web_key_test", "json_web_crypto_test"} {
		text, err := os.ReadFile(filepath.Join(suites(t), "jws", file+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var suite struct {
			NumberOfTests int
			TestGroups    []struct {
				Comment         string
				Public, Private map[string]any
				Tests           []vector
			}
		}
		if err := json.Unmarshal(text, &suite); err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		for _, group := range suite.TestGroups {
			one := group.Public
			if one == nil {
				one = group.Private
			}
			keys := []map[string]any{one}
			if list, ok := one["keys"].([]any); ok {
				keys = nil
				for _, k := range list {
					keys = append(keys, k.(map[string]any))
				}
			}
			for _, v := range group.Tests {
				took := verifies(t, keys, v.text())
				count[fmt.Sprint(v.Result, took)]++
				if (took != (v.Result == "valid")) != excepted(file, v) {
					t.Errorf("%s %d (%s, %s) is %s: verifies: %v", file, v.ID, group.Comment, v.Comment, v.Result, took)
				}
			}
		}
		total := count["validtrue"] + count["validfalse"] + count["invalidtrue"] + count["invalidfalse"]
		if total != suite.NumberOfTests || total == 0 {
			t.Errorf("%s: %d of %d vectors were run", file, total, suite.NumberOfTests)
		}
		fmt.Fprintf(&table, "| %s | %d | %d | %d | %d | %d |\n", strings.TrimSuffix(file, "_test"), total,
			count["validtrue"], count["invalidfalse"], count["validfalse"], count["invalidtrue"])
	}
	for _, e := range exceptions {
		fmt.Fprintf(&list, "| %s | %s | %s | %s |\n", strings.TrimSuffix(e.file, "_test"), strings.Trim(fmt.Sprint(e.ids), "[]"), e.want, e.why)
	}
	inDocs(t, "jws", "| suite | vectors | verify | refused | valid, refused | invalid, verify |\n|---|---|---|---|---|---|\n"+table.String()+
		"\n| suite | vectors | said to be | why it comes out otherwise |\n|---|---|---|---|\n"+list.String())
}

func excepted(file string, v vector) bool {
	for _, e := range exceptions {
		if e.file == file && e.want == v.Result && slices.Contains(e.ids, v.ID) {
			return true
		}
	}
	return false
}

var update = flag.Bool("update", false, "write the tables of docs/conformance.md")

// inDocs holds the part of docs/conformance.md between the marks to a text.
func inDocs(t *testing.T, mark, want string) {
	t.Helper()
	const path = "../../../docs/conformance.md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), "<!-- "+mark+":start -->\n")
	got, after, ok2 := strings.Cut(rest, "<!-- "+mark+":end -->")
	if !ok || !ok2 {
		t.Fatalf("docs/conformance.md has no marks for %s", mark)
	}
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("docs/conformance.md says\n%s\nwant\n%s\nmake conformance UPDATE=1 writes it", got, want)
	}
	if err := os.WriteFile(path, []byte(before+"<!-- "+mark+":start -->\n"+want+"<!-- "+mark+":end -->"+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// FuzzVerify gives the verifier any text, and any header and claims under a good signature.
func FuzzVerify(f *testing.F) {
	f.Add(goodHeader, goodClaims(nil), "")
	f.Add(`{"alg":"none"}`, `{"exp":1e400}`, "a.b.c")
	f.Add(`{"alg":"HS256","typ":"at+jwt","crit":["x"]}`, `{"aud":[[]],"sub":"\ud800"}`, goodToken())
	f.Add(`{"alg":"HS256","typ":"at+jwt"}`, strings.Replace(goodClaims(nil), `"sub"`, `"sub":"x","sub"`, 1), "..")
	a, err := New(policy("HS256"), Inline(jwks(jwkOf(macKey, nil))), scopes)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, header, claims, text string) {
		if p, err := a.Verify(text); err == nil || p != nil {
			t.Fatalf("%q is accepted", text)
		}
		token := sign(gojwt.SigningMethodHS256, macKey, header, claims)
		p, err := a.Verify(token)
		if (p == nil) == (err == nil) {
			t.Fatalf("Verify = %v, %v", p, err)
		}
		if p == nil {
			return
		}
		// What passes must say what the policy asks for, whatever decoder reads it.
		var got struct {
			Iss, Sub string
			Exp      float64
		}
		if err := json.Unmarshal([]byte(claims), &got); err != nil {
			t.Fatalf("accepted %q, which encoding/json refuses: %v", claims, err)
		}
		if p.Subject == "" || p.Issuer != policy().Issuer || p.Expires.Before(noon.Add(-auth.DefaultLeeway)) {
			t.Fatalf("accepted %q as %v", claims, p)
		}
	})
}

// FuzzParseKeys gives the key parser any text.
func FuzzParseKeys(f *testing.F) {
	f.Add(pemOf(&rsaKey().PublicKey))
	f.Add(jwks(jwkOf(&ecKey().PublicKey, nil), jwkOf(edKey().Public(), nil), jwkOf(macKey, nil)))
	f.Add("-----BEGIN PUBLIC KEY-----\n")
	algorithms, err := pin([]string{"RS256", "ES256", "EdDSA"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := parseKeys([]byte(text), algorithms, false)
		if err != nil {
			return
		}
		for i := range set.keys {
			if k := &set.keys[i]; k.check() != nil || k.fitsAny(algorithms) != nil {
				t.Errorf("%s is taken", k.kind())
			}
		}
	})
}
