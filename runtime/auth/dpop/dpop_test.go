package dpop

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
)

var noon = time.Unix(1_800_000_000, 0)

const (
	origin = "https://api.example"
	target = "/users/ada?x=1"
	token  = "header.claims.signature"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

var (
	ecKey    = must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	otherKey = must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
)

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// jwkOf writes a public key, with more members.
func jwkOf(key any, more map[string]any) map[string]any {
	m := map[string]any{}
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		point := must(key.Bytes())
		half := (len(point) - 1) / 2
		m = map[string]any{"kty": "EC", "crv": key.Params().Name, "x": b64(point[1 : 1+half]), "y": b64(point[1+half:])}
	case ed25519.PublicKey:
		m = map[string]any{"kty": "OKP", "crv": "Ed25519", "x": b64(key)}
	case *rsa.PublicKey:
		m = map[string]any{"kty": "RSA", "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())}
	}
	for k, v := range more {
		if m[k] = v; v == nil {
			delete(m, k)
		}
	}
	return m
}

// sign makes a JWS of exactly these two texts.
func sign(key crypto.Signer, alg string, header, claims string) string {
	input := b64([]byte(header)) + "." + b64([]byte(claims))
	a := algorithmNamed(alg)
	var sig []byte
	switch key := key.(type) {
	case ed25519.PrivateKey:
		sig = ed25519.Sign(key, []byte(input))
	case *ecdsa.PrivateKey:
		h := a.hash.New()
		h.Write([]byte(input))
		r, s, err := ecdsa.Sign(rand.Reader, key, h.Sum(nil))
		if err != nil {
			panic(err)
		}
		size := (key.Params().BitSize + 7) / 8
		sig = append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
	case *rsa.PrivateKey:
		h := a.hash.New()
		h.Write([]byte(input))
		if a.pss {
			sig = must(rsa.SignPSS(rand.Reader, key, a.hash, h.Sum(nil), &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}))
		} else {
			sig = must(rsa.SignPKCS1v15(rand.Reader, key, a.hash, h.Sum(nil)))
		}
	}
	return input + "." + b64(sig)
}

func text(m map[string]any) string { return string(must(json.Marshal(m))) }

// header and claims are those of a good proof, with some members replaced, or removed by nil.
func header(change map[string]any) string {
	m := map[string]any{"typ": "dpop+jwt", "alg": "ES256", "jwk": jwkOf(&ecKey.PublicKey, nil)}
	for k, v := range change {
		if m[k] = v; v == nil {
			delete(m, k)
		}
	}
	return text(m)
}

func goodClaims(change map[string]any) string {
	sum := sha256.Sum256([]byte(token))
	m := map[string]any{"jti": rand.Text(), "htm": "GET", "htu": origin + "/users/ada", "iat": noon.Unix(), "ath": b64(sum[:])}
	for k, v := range change {
		if m[k] = v; v == nil {
			delete(m, k)
		}
	}
	return text(m)
}

func policy() Policy { return Policy{Required: true, Origins: []string{origin}} }

func open(t testing.TB, p Policy) *Checker {
	t.Helper()
	c, err := New(p, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func request(proofs ...string) *http.Request {
	r := httptest.NewRequest("GET", "http://10.0.0.1"+target, nil) // what a proxy in front asks
	r.Header["Dpop"] = proofs
	return r
}

// wantRule checks how the proofs of a request are judged: "" is good.
func wantRule(t testing.TB, c *Checker, key any, rule string, proofs ...string) {
	t.Helper()
	print := Thumbprint(key)
	_, err := c.Check(request(proofs...), token, &print, noon)
	var refused *auth.Refused
	switch {
	case rule == "" && err != nil:
		t.Errorf("refused: %v", err)
	case rule != "" && !errors.As(err, &refused):
		t.Errorf("not refused: %v; want %s", err, rule)
	case rule != "" && refused.Rule != rule:
		t.Errorf("refused by %s, want %s", refused.Rule, rule)
	}
}

// TestThumbprint has the example of RFC 7638, section 3.1, and that of RFC 9449, section 6.1.
func TestThumbprint(t *testing.T) {
	for _, tt := range []struct{ jwk, alg, want string }{
		{`{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB"}`,
			"RS256", "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"},
		{`{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}`,
			"ES256", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"},
	} {
		var m map[string]any
		if err := json.Unmarshal([]byte(tt.jwk), &m); err != nil {
			t.Fatal(err)
		}
		_, print, ok := readKey(m, algorithmNamed(tt.alg))
		if got := b64(print[:]); !ok || got != tt.want {
			t.Errorf("thumbprint %s, %v; want %s", got, ok, tt.want)
		}
	}
	if Thumbprint("a text") != [sha256.Size]byte{} {
		t.Error("a text has a thumbprint")
	}
}

// TestAlgorithms: each is good with a key of its own, where the policy lists it, and with no other.
func TestAlgorithms(t *testing.T) {
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey := must(rsa.GenerateKey(rand.Reader, 2048))
	keys := map[string]crypto.Signer{
		"ES256": ecKey, "ES384": must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)), "ES512": must(ecdsa.GenerateKey(elliptic.P521(), rand.Reader)), "EdDSA": ed, "Ed25519": ed,
		"PS256": rsaKey, "PS384": rsaKey, "PS512": rsaKey, "RS256": rsaKey, "RS384": rsaKey, "RS512": rsaKey,
	}
	if len(keys) != len(algorithmTable) {
		t.Errorf("%d algorithms are tried of %d", len(keys), len(algorithmTable))
	}
	for alg, key := range keys {
		p := policy()
		p.Algorithms = []string{alg}
		c := open(t, p)
		h := header(map[string]any{"alg": alg, "jwk": jwkOf(key.Public(), nil)})
		wantRule(t, c, key.Public(), "", sign(key, alg, h, goodClaims(nil)))
		bad := sign(key, alg, h, goodClaims(nil))
		wantRule(t, c, key.Public(), "dpop-signature", bad[:len(bad)-8]+"AAAAAAAA")
		if alg != "ES256" {
			wantRule(t, c, &ecKey.PublicKey, "dpop-algorithm", sign(ecKey, "ES256", header(nil), goodClaims(nil)))
			wantRule(t, c, &ecKey.PublicKey, "dpop-jwk", sign(ecKey, "ES256", header(map[string]any{"alg": alg}), goodClaims(nil)))
		}
	}
	for listed, used := range map[string]string{"EdDSA": "Ed25519", "Ed25519": "EdDSA"} { // one key and one algorithm, but two names
		p := policy()
		p.Algorithms = []string{listed}
		c := open(t, p)
		wantRule(t, c, ed.Public(), "dpop-algorithm", sign(ed, used, header(map[string]any{"alg": used, "jwk": jwkOf(ed.Public(), nil)}), goodClaims(nil)))
		wantRule(t, c, ed.Public(), "dpop-jwk", sign(ed, listed, header(map[string]any{"alg": listed, "jwk": jwkOf(ed.Public(), map[string]any{"alg": used})}), goodClaims(nil)))
	}
	c := open(t, policy())
	wantRule(t, c, rsaKey.Public(), "dpop-algorithm", sign(rsaKey, "RS256", header(map[string]any{"alg": "RS256", "jwk": jwkOf(rsaKey.Public(), nil)}), goodClaims(nil)))
}

// TestHeader attacks by the header; every proof is signed properly.
func TestHeader(t *testing.T) {
	c := open(t, policy())
	key := func(more map[string]any) string { return header(map[string]any{"jwk": jwkOf(&ecKey.PublicKey, more)}) }
	weak := must(rsa.GenerateKey(rand.Reader, 1024))
	for name, tt := range map[string]struct{ header, rule string }{
		"good":                  {header(nil), ""},
		"typ in capitals":       {header(map[string]any{"typ": "DPoP+JWT"}), ""},
		"kid ignored":           {header(map[string]any{"kid": "x"}), ""},
		"use sig":               {key(map[string]any{"use": "sig", "alg": "ES256", "key_ops": []string{"verify"}, "kid": "1"}), ""},
		"typ absent":            {header(map[string]any{"typ": nil}), "dpop-type"},
		"typ of a token":        {header(map[string]any{"typ": "at+jwt"}), "dpop-type"},
		"typ JWT":               {header(map[string]any{"typ": "JWT"}), "dpop-type"},
		"none":                  {header(map[string]any{"alg": "none"}), "dpop-algorithm"},
		"a MAC":                 {header(map[string]any{"alg": "HS256"}), "dpop-algorithm"},
		"alg absent":            {header(map[string]any{"alg": nil}), "dpop-algorithm"},
		"alg in small letters":  {header(map[string]any{"alg": "es256"}), "dpop-algorithm"},
		"crit":                  {header(map[string]any{"crit": []string{"x"}}), "dpop-header"},
		"b64":                   {header(map[string]any{"b64": false}), "dpop-header"},
		"alg twice":             {strings.Replace(header(nil), `{`, `{"alg":"none",`, 1), "dpop-header"},
		"jwk absent":            {header(map[string]any{"jwk": nil}), "dpop-jwk"},
		"jwk a text":            {header(map[string]any{"jwk": "x"}), "dpop-jwk"},
		"jku alone":             {header(map[string]any{"jwk": nil, "jku": "https://evil.example"}), "dpop-jwk"},
		"private":               {key(map[string]any{"d": "AAAA"}), "dpop-jwk"},
		"for encryption":        {key(map[string]any{"use": "enc"}), "dpop-jwk"},
		"for signing":           {key(map[string]any{"key_ops": []string{"sign"}}), "dpop-jwk"},
		"of another algorithm":  {key(map[string]any{"alg": "ES384"}), "dpop-jwk"},
		"off the curve":         {key(map[string]any{"x": b64(make([]byte, 32))}), "dpop-jwk"},
		"a short coordinate":    {key(map[string]any{"x": b64(make([]byte, 31))}), "dpop-jwk"},
		"another curve":         {key(map[string]any{"crv": "P-384"}), "dpop-jwk"},
		"a secret":              {header(map[string]any{"alg": "ES256", "jwk": map[string]any{"kty": "oct", "k": "AAAA"}}), "dpop-jwk"},
		"a weak key":            {header(map[string]any{"alg": "PS256", "jwk": jwkOf(weak.Public(), nil)}), "dpop-jwk"},
		"a key that costs much": {header(map[string]any{"alg": "PS256", "jwk": jwkOf(&rsa.PublicKey{N: new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 8000), big.NewInt(12345)), E: 65537}, nil)}), "dpop-jwk"},
		"not an object":         {`[]`, "dpop-header"},
	} {
		t.Run(name, func(t *testing.T) {
			wantRule(t, c, &ecKey.PublicKey, tt.rule, sign(ecKey, "ES256", tt.header, goodClaims(nil)))
		})
	}
}

// TestClaims attacks by the claims; every proof is signed properly.
func TestClaims(t *testing.T) {
	c := open(t, policy())
	at := func(d time.Duration) any { return noon.Add(d).Unix() }
	other := sha256.Sum256([]byte("another token"))
	hexed := sha256.Sum256([]byte(token))
	for name, tt := range map[string]struct {
		change map[string]any
		rule   string
	}{
		"good":                      {nil, ""},
		"more":                      {map[string]any{"nonce": "x", "x": 1}, ""},
		"htu with the query":        {map[string]any{"htu": origin + target}, ""},
		"htu with a fragment":       {map[string]any{"htu": origin + "/users/ada#x"}, ""},
		"htu with the port":         {map[string]any{"htu": "https://api.example:443/users/ada"}, ""},
		"htu in capitals":           {map[string]any{"htu": "HTTPS://API.example/users/ada"}, ""},
		"htu with escapes":          {map[string]any{"htu": origin + "/users/%61da"}, ""},
		"htu over http":             {map[string]any{"htu": "http://api.example/users/ada"}, "dpop-address"},
		"htu of what the Host says": {map[string]any{"htu": "http://10.0.0.1/users/ada"}, "dpop-address"},
		"htu of another host":       {map[string]any{"htu": "https://evil.example/users/ada"}, "dpop-address"},
		"htu of a longer host":      {map[string]any{"htu": "https://api.example.evil.example/users/ada"}, "dpop-address"},
		"htu with credentials":      {map[string]any{"htu": "https://x@api.example/users/ada"}, "dpop-address"},
		"htu with a user's host":    {map[string]any{"htu": "https://api.example:443@evil.example/users/ada"}, "dpop-address"},
		"htu of another port":       {map[string]any{"htu": "https://api.example:8443/users/ada"}, "dpop-address"},
		"htu of another path":       {map[string]any{"htu": origin + "/users/bob"}, "dpop-address"},
		"htu of a longer path":      {map[string]any{"htu": origin + "/users/ada/"}, "dpop-address"},
		"htu by dots":               {map[string]any{"htu": origin + "/users/x/../ada"}, "dpop-address"},
		"htu with an escaped slash": {map[string]any{"htu": origin + "/users%2Fada"}, "dpop-address"},
		"htu in capitals' path":     {map[string]any{"htu": origin + "/users/Ada"}, "dpop-address"},
		"htu relative":              {map[string]any{"htu": "/users/ada"}, "dpop-address"},
		"htu absent":                {map[string]any{"htu": nil}, "dpop-address"},
		"htu long":                  {map[string]any{"htu": origin + "/users/ada?" + strings.Repeat("x", 2<<10)}, "dpop-address"},
		"htm of another":            {map[string]any{"htm": "POST"}, "dpop-method"},
		"htm in small letters":      {map[string]any{"htm": "get"}, "dpop-method"},
		"htm absent":                {map[string]any{"htm": nil}, "dpop-method"},
		"jti absent":                {map[string]any{"jti": nil}, "dpop-claims"},
		"jti empty":                 {map[string]any{"jti": ""}, "dpop-claims"},
		"jti long":                  {map[string]any{"jti": strings.Repeat("x", 257)}, "dpop-claims"},
		"jti number":                {map[string]any{"jti": 1}, "dpop-claims"},
		"iat at the edge":           {map[string]any{"iat": at(-69 * time.Second)}, ""},
		"iat ahead, within leeway":  {map[string]any{"iat": at(10 * time.Second)}, ""},
		"iat old":                   {map[string]any{"iat": at(-70 * time.Second)}, "dpop-time"},
		"iat ahead":                 {map[string]any{"iat": at(11 * time.Second)}, "dpop-time"},
		"iat absent":                {map[string]any{"iat": nil}, "dpop-claims"},
		"iat text":                  {map[string]any{"iat": "1800000000"}, "dpop-claims"},
		"iat huge":                  {map[string]any{"iat": json.Number("1e300")}, "dpop-claims"},
		"ath absent":                {map[string]any{"ath": nil}, "dpop-token"},
		"ath of another":            {map[string]any{"ath": b64(other[:])}, "dpop-token"},
		"ath in hex":                {map[string]any{"ath": fmt.Sprintf("%x", hexed)}, "dpop-token"},
		"ath is the token":          {map[string]any{"ath": token}, "dpop-token"},
		"too many":                  {map[string]any{"x": make([]int, 100)}, "dpop-claims"},
	} {
		t.Run(name, func(t *testing.T) {
			wantRule(t, c, &ecKey.PublicKey, tt.rule, sign(ecKey, "ES256", header(nil), goodClaims(tt.change)))
		})
	}
	twice := strings.Replace(goodClaims(nil), `{`, `{"htm":"POST",`, 1)
	wantRule(t, c, &ecKey.PublicKey, "dpop-claims", sign(ecKey, "ES256", header(nil), twice))
}

// TestForm attacks by the fields and the text.
func TestForm(t *testing.T) {
	c := open(t, policy())
	proof := func() string { return sign(ecKey, "ES256", header(nil), goodClaims(nil)) }
	key := &ecKey.PublicKey
	wantRule(t, c, key, "dpop-missing")
	wantRule(t, c, key, "dpop-repeated", proof(), proof())
	wantRule(t, c, key, "dpop-repeated", proof(), "")
	good := proof()
	parts := strings.Split(good, ".")
	for _, text := range []string{"", "..", "a.b.c.d", parts[0] + "." + parts[1] + ".", good + "=", good + " ", " " + good, good + ", " + proof(), good + "\n", strings.Repeat("a", 5000)} {
		rule := "dpop-malformed"
		wantRule(t, c, key, rule, text)
	}
	wantRule(t, c, key, "dpop-header", "a.b.c")
	wantRule(t, c, key, "dpop-key", sign(otherKey, "ES256", header(map[string]any{"jwk": jwkOf(&otherKey.PublicKey, nil)}), goodClaims(nil)))
	wantRule(t, c, key, "dpop-signature", sign(otherKey, "ES256", header(nil), goodClaims(nil)))
	wantRule(t, c, key, "dpop-signature", parts[0]+"."+b64([]byte(goodClaims(nil)))+"."+parts[2])
	wantRule(t, c, key, "dpop-signature", parts[0]+"."+parts[1]+"."+b64(make([]byte, 64))) // CVE-2022-21449
	mac := hmac.New(sha256.New, must(key.Bytes()))
	mac.Write([]byte(parts[0] + "." + parts[1]))
	wantRule(t, c, key, "dpop-signature", parts[0]+"."+parts[1]+"."+b64(mac.Sum(nil)))
	wantRule(t, c, key, "", good) // none of these has used it
}

func TestReplay(t *testing.T) {
	c := open(t, policy())
	good := sign(ecKey, "ES256", header(nil), goodClaims(nil))
	wantRule(t, c, &ecKey.PublicKey, "", good)
	wantRule(t, c, &ecKey.PublicKey, "dpop-replayed", good)
	again := goodClaims(map[string]any{"jti": "1"})
	wantRule(t, c, &ecKey.PublicKey, "", sign(ecKey, "ES256", header(nil), again))
	wantRule(t, c, &ecKey.PublicKey, "dpop-replayed", sign(ecKey, "ES256", header(nil), again)) // another signature
	wantRule(t, c, &otherKey.PublicKey, "", sign(otherKey, "ES256", header(map[string]any{"jwk": jwkOf(&otherKey.PublicKey, nil)}), again))
}

// down is a store that cannot be asked.
type down struct{}

func (down) Use(context.Context, ID, time.Time) (bool, error) { return true, errors.New("down") }

func TestStoreDown(t *testing.T) {
	p := policy()
	p.Setup.Replays = down{}
	print := Thumbprint(&ecKey.PublicKey)
	_, err := open(t, p).Check(request(sign(ecKey, "ES256", header(nil), goodClaims(nil))), token, &print, noon)
	var unavailable *auth.Unavailable
	if !errors.As(err, &unavailable) {
		t.Errorf("err = %v, want Unavailable", err)
	}
}

// TestNonce: a proof without a nonce of ours is told one, which is good for a while.
func TestNonce(t *testing.T) {
	p := policy()
	p.Nonce = true
	c := open(t, p)
	print := Thumbprint(&ecKey.PublicKey)
	next := ""
	check := func(nonce any, now time.Time) (refused *auth.Refused, err error) {
		next, err = c.Check(request(sign(ecKey, "ES256", header(nil), goodClaims(map[string]any{"nonce": nonce, "iat": now.Unix()}))), token, &print, now)
		errors.As(err, &refused)
		return refused, err
	}
	refused, _ := check(nil, noon)
	if refused == nil || refused.Rule != "dpop-nonce" || refused.Code != "use_dpop_nonce" || len(refused.Nonce) != 22 {
		t.Fatalf("without a nonce: %+v", refused)
	}
	nonce := refused.Nonce
	for after, renewed := range map[time.Duration]bool{0: false, time.Minute: false, 5*time.Minute - 1: false, 5 * time.Minute: true, 10*time.Minute - 1: true} {
		want := ""
		if renewed {
			want = c.Nonce(noon.Add(after))
		}
		if _, err := check(nonce, noon.Add(after)); err != nil || next != want || next == nonce {
			t.Errorf("after %v: %v, next %q; want %q", after, err, next, want)
		}
	}
	later := noon.Add(5 * time.Minute)
	forged := sign(otherKey, "ES256", header(nil), goodClaims(map[string]any{"nonce": nonce, "iat": later.Unix()}))
	if next, err := c.Check(request(forged), token, &print, later); !errors.Is(err, errSignature) || next != "" {
		t.Errorf("a forged proof: %v, next %q", err, next)
	}
	for _, bad := range []any{"", "x", 1, nonce + "A", strings.ToUpper(nonce), open(t, p).nonces.now(noon)} {
		if refused, err := check(bad, noon); refused == nil || refused.Nonce != nonce || next != "" {
			t.Errorf("nonce %v: %v", bad, err)
		}
	}
	if refused, err := check(nonce, noon.Add(10*time.Minute)); refused == nil || refused.Nonce == nonce {
		t.Errorf("an old nonce: %v", err)
	}
	p.Setup.NonceKey = []byte(strings.Repeat("k", 32))
	if a, b := open(t, p), open(t, p); a.nonces.now(noon) != b.nonces.now(noon) {
		t.Error("instances with one key make different nonces")
	}
}

func TestMemory(t *testing.T) {
	now := noon
	m := must(NewMemory(3, func() time.Time { return now }))
	use := func(id byte, until time.Duration) (bool, error) {
		return m.Use(context.Background(), ID{id}, noon.Add(until))
	}
	for id := range byte(3) {
		if fresh, err := use(id, time.Minute); !fresh || err != nil {
			t.Fatalf("%d: %v, %v", id, fresh, err)
		}
	}
	if fresh, err := use(9, time.Minute); fresh || err == nil {
		t.Errorf("a fourth: %v, %v; want an error", fresh, err)
	}
	if fresh, err := use(1, time.Minute); fresh || err != nil {
		t.Errorf("one that was used, while it is full: %v, %v", fresh, err)
	}
	now = noon.Add(time.Minute)
	if fresh, err := use(1, time.Minute); fresh || err != nil {
		t.Errorf("at its end: %v, %v", fresh, err)
	}
	now = noon.Add(4 * time.Minute)
	if fresh, err := use(9, 5*time.Minute); !fresh || err != nil || m.Len() != 1 {
		t.Errorf("after their end: %v, %v, %d held", fresh, err, m.Len())
	}
	for _, n := range []int{-1, maxEntries + 1} {
		if m, err := NewMemory(n, nil); m != nil || err == nil {
			t.Errorf("a memory of %d: %v", n, err)
		}
	}
}

func TestPolicyRefused(t *testing.T) {
	for want, change := range map[string]func(*Policy){
		"0 origins":           func(p *Policy) { p.Origins = nil },
		"17 origins":          func(p *Policy) { p.Origins = strings.Split(strings.Repeat("https://a.example ", 17), " ")[:17] },
		"not a URL":           func(p *Policy) { p.Origins = []string{"api.example"} },
		"only https":          func(p *Policy) { p.Origins = []string{"http://api.example"} },
		"no credentials":      func(p *Policy) { p.Origins = []string{"https://u:p@api.example"} },
		"query":               func(p *Policy) { p.Origins = []string{"https://api.example?x"} },
		`"HS256"`:             func(p *Policy) { p.Algorithms = []string{"HS256"} },
		`"none"`:              func(p *Policy) { p.Algorithms = []string{"ES256", "none"} },
		"maximum age of 11m":  func(p *Policy) { p.MaxAge = 11 * time.Minute },
		"negative":            func(p *Policy) { p.MaxAge = -1 },
		"leeway of 2m":        func(p *Policy) { p.Leeway = 2 * time.Minute },
		"nonces of 31 bytes":  func(p *Policy) { p.Setup.NonceKey = make([]byte, 31) },
		"the memory":          func(p *Policy) { p.Setup.Replays = (*Memory)(nil) },
		"origin \"https://\"": func(p *Policy) { p.Setup.Origins = []string{"https://"} },
	} {
		p := policy()
		change(&p)
		if c, err := New(p, nil); c != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	p := policy()
	p.Setup.Origins = []string{"http://127.0.0.1:8080", "https://API.example:443/v1/"}
	if c := open(t, p); fmt.Sprint(c.origins) != "[http://127.0.0.1:8080 https://api.example/v1]" {
		t.Errorf("origins %q", c.origins)
	}
}

func TestChallenge(t *testing.T) {
	p := policy()
	p.Algorithms = []string{"ES256", "PS256"}
	c := open(t, p)
	for _, tt := range []struct {
		missing []string
		refused *auth.Refused
		want    string
	}{
		{nil, nil, `DPoP realm="api", algs="ES256 PS256"`},
		{nil, errReplay, `DPoP realm="api", error="invalid_dpop_proof", algs="ES256 PS256"`},
		{nil, errKey, `DPoP realm="api", error="invalid_token", algs="ES256 PS256"`},
		{nil, &auth.Refused{Code: "use_dpop_nonce"}, `DPoP realm="api", error="use_dpop_nonce", algs="ES256 PS256"`},
		{[]string{"read"}, nil, `DPoP realm="api", error="insufficient_scope", scope="read", algs="ES256 PS256"`},
	} {
		if got := c.Challenge("api", tt.missing, tt.refused); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

// FuzzProof gives the checker any text, and any header and claims under a good signature.
func FuzzProof(f *testing.F) {
	f.Add(header(nil), goodClaims(nil), "a.b.c")
	f.Add(`{"typ":"dpop+jwt","alg":"none"}`, `{"iat":1e400}`, "..")
	f.Add(`{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"","y":""}}`, `{"htu":"https://api.example/%zz"}`, "")
	c := open(f, policy())
	print := Thumbprint(&ecKey.PublicKey)
	f.Fuzz(func(t *testing.T, header, claims, text string) {
		if _, err := c.Check(request(text), token, &print, noon); err == nil {
			t.Fatalf("%q is taken", text)
		}
		if _, err := c.Check(request(sign(ecKey, "ES256", header, claims)), token, &print, noon); err != nil {
			return
		}
		// What passes must say what is asked for, whatever decoder reads it.
		var h struct{ Typ, Alg string }
		var got struct{ Htm, Htu, Ath, Jti string }
		if err := errors.Join(json.Unmarshal([]byte(header), &h), json.Unmarshal([]byte(claims), &got)); err != nil {
			t.Fatalf("taken, and encoding/json refuses it: %v", err)
		}
		sum := sha256.Sum256([]byte(token))
		if !strings.EqualFold(h.Typ, proofType) || h.Alg != "ES256" || got.Htm != "GET" || got.Ath != b64(sum[:]) || got.Jti == "" {
			t.Fatalf("taken: %q %q", header, claims)
		}
	})
}

// FuzzAddress: what is compared has one form.
func FuzzAddress(f *testing.F) {
	f.Add("https://API.example:443/a%2fb%41?x#y")
	f.Add("http://[::1]:80")
	f.Fuzz(func(t *testing.T, text string) {
		once, ok := normal(text)
		if !ok {
			return
		}
		if twice, ok := normal(once); !ok || twice != once {
			t.Fatalf("%q is %q, and that is %q, %v", text, once, twice, ok)
		}
	})
}
