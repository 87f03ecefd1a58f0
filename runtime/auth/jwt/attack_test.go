package jwt

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth"
)

func TestGoodTokens(t *testing.T) {
	p256, p384 := ecKey(), must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	p521 := must(ecdsa.GenerateKey(elliptic.P521(), rand.Reader))
	tests := []struct {
		method gojwt.SigningMethod
		key    any
		source string
	}{
		{gojwt.SigningMethodRS256, rsaKey(), pemOf(&rsaKey().PublicKey)},
		{gojwt.SigningMethodRS384, rsaKey(), pemOf(&rsaKey().PublicKey)},
		{gojwt.SigningMethodRS512, rsaKey(), pemOf(&rsaKey().PublicKey)},
		{gojwt.SigningMethodPS256, rsaKey(), jwks(jwkOf(&rsaKey().PublicKey, nil))},
		{gojwt.SigningMethodPS384, rsaKey(), jwks(jwkOf(&rsaKey().PublicKey, nil))},
		{gojwt.SigningMethodPS512, rsaKey(), jwks(jwkOf(&rsaKey().PublicKey, nil))},
		{gojwt.SigningMethodES256, p256, pemOf(&p256.PublicKey)},
		{gojwt.SigningMethodES384, p384, jwks(jwkOf(&p384.PublicKey, nil))},
		{gojwt.SigningMethodES512, p521, jwks(jwkOf(&p521.PublicKey, nil))},
		{gojwt.SigningMethodEdDSA, edKey(), jwks(jwkOf(edKey().Public(), nil))},
		{fullEd25519, edKey(), jwks(jwkOf(edKey().Public(), map[string]any{"alg": "Ed25519"}))},
		{gojwt.SigningMethodHS256, macKey[:32], jwks(jwkOf(macKey[:32], nil))},
		{gojwt.SigningMethodHS384, macKey[:48], jwks(jwkOf(macKey[:48], nil))},
		{gojwt.SigningMethodHS512, macKey, jwks(jwkOf(macKey, nil))},
	}
	for _, tt := range tests {
		t.Run(tt.method.Alg(), func(t *testing.T) {
			a := open(t, policy(tt.method.Alg()), Inline(tt.source))
			header := `{"alg":"` + tt.method.Alg() + `","typ":"at+jwt"}`
			wantRule(t, a, sign(tt.method, tt.key, header, goodClaims(nil)), "")
			bad := []byte(sign(tt.method, tt.key, header, goodClaims(nil)))
			if i := len(bad) - 10; bad[i] == 'A' {
				bad[i] = 'B'
			} else {
				bad[i] = 'A'
			}
			wantRule(t, a, string(bad), "jwt-signature")
		})
	}
}

// TestEd25519Names: Ed25519 (RFC 9864) and EdDSA (RFC 8037) sign alike, and are two algorithms for a policy, a header and a key.
func TestEd25519Names(t *testing.T) {
	token := func(alg string) string {
		return sign(fullEd25519, edKey(), `{"alg":"`+alg+`","typ":"at+jwt"}`, goodClaims(nil))
	}
	pub := edKey().Public()
	bare, old, full := jwkOf(pub, nil), jwkOf(pub, map[string]any{"alg": "EdDSA"}), jwkOf(pub, map[string]any{"alg": "Ed25519"})
	for _, tt := range []struct {
		name       string
		algorithms []string
		key        map[string]any
		eddsa, own string // the rules that refuse a token of each name
	}{
		{"EdDSA alone", []string{"EdDSA"}, bare, "", "jwt-algorithm"},
		{"Ed25519 alone", []string{"Ed25519"}, bare, "jwt-algorithm", ""},
		{"both", []string{"EdDSA", "Ed25519"}, bare, "", ""},
		{"both, a key for EdDSA", []string{"EdDSA", "Ed25519"}, old, "", "jwt-key-unknown"},
		{"both, a key for Ed25519", []string{"EdDSA", "Ed25519"}, full, "jwt-key-unknown", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := open(t, policy(tt.algorithms...), Inline(jwks(tt.key)))
			wantRule(t, a, token("EdDSA"), tt.eddsa)
			wantRule(t, a, token("Ed25519"), tt.own)
			wantRule(t, a, token("ed25519"), "jwt-algorithm")
			wantRule(t, a, token("Ed448"), "jwt-algorithm")
		})
	}
	for name, source := range map[string]string{
		"a key for EdDSA":  jwks(old),
		"an EC key":        jwks(jwkOf(&ecKey().PublicKey, nil)),
		"an EC key by alg": jwks(jwkOf(&ecKey().PublicKey, map[string]any{"alg": "Ed25519"})),
		"an RSA key":       pemOf(&rsaKey().PublicKey),
		"X25519":           jwks(jwkOf(pub, map[string]any{"crv": "X25519", "alg": "Ed25519"})),
	} {
		if a, err := New(policy("Ed25519"), Inline(source), scopes); err == nil {
			_ = a.Close()
			t.Errorf("Ed25519 is verified with %s", name)
		}
	}
}

// TestHeaders attacks by the JOSE header: RFC 8725, sections 2.1, 2.2, 3.1 and 3.9 to 3.11.
func TestHeaders(t *testing.T) {
	a := rsaAuthenticator(t)
	tests := []struct{ name, header, rule string }{
		{"good", goodHeader, ""},
		{"media type in full", `{"alg":"RS256","typ":"application/at+jwt"}`, ""},
		{"type in capitals", `{"alg":"RS256","typ":"AT+JWT"}`, ""},
		{"kid of a key without one", `{"alg":"RS256","typ":"at+jwt","kid":"x"}`, ""},
		{"jku, jwk, x5u, x5c, x5t ignored", `{"alg":"RS256","typ":"at+jwt","jku":"https://evil.example","jwk":{"kty":"oct","k":"AA"},"x5u":"u","x5c":["c"],"x5t":"t"}`, ""},
		{"none", `{"alg":"none","typ":"at+jwt"}`, "jwt-algorithm"},
		{"None", `{"alg":"None","typ":"at+jwt"}`, "jwt-algorithm"},
		{"lower case", `{"alg":"rs256","typ":"at+jwt"}`, "jwt-algorithm"},
		{"alg absent", `{"typ":"at+jwt"}`, "jwt-algorithm"},
		{"alg null", `{"alg":null,"typ":"at+jwt"}`, "jwt-algorithm"},
		{"alg list", `{"alg":["RS256"],"typ":"at+jwt"}`, "jwt-algorithm"},
		{"alg not in the policy", `{"alg":"PS256","typ":"at+jwt"}`, "jwt-algorithm"},
		{"alg of another name's case", `{"ALG":"RS256","typ":"at+jwt"}`, "jwt-algorithm"},
		{"alg twice", `{"alg":"none","alg":"RS256","typ":"at+jwt"}`, "jwt-header"},
		{"alg twice, one escaped", `{"alg":"RS256","\u0061lg":"RS256","typ":"at+jwt"}`, "jwt-header"},
		{"typ absent", `{"alg":"RS256"}`, "jwt-type"},
		{"typ empty", `{"alg":"RS256","typ":""}`, "jwt-type"},
		{"typ JWT", `{"alg":"RS256","typ":"JWT"}`, "jwt-type"},
		{"typ of a logout token", `{"alg":"RS256","typ":"logout+jwt"}`, "jwt-type"},
		{"typ of a proof", `{"alg":"RS256","typ":"dpop+jwt"}`, "jwt-type"},
		{"typ number", `{"alg":"RS256","typ":1}`, "jwt-type"},
		{"typ of another top level", `{"alg":"RS256","typ":"text/at+jwt"}`, "jwt-type"},
		{"typ twice application", `{"alg":"RS256","typ":"application/application/at+jwt"}`, "jwt-type"},
		{"crit", `{"alg":"RS256","typ":"at+jwt","crit":["x"],"x":1}`, "jwt-critical-header"},
		{"crit of a known name", `{"alg":"RS256","typ":"at+jwt","crit":["exp"],"exp":1}`, "jwt-critical-header"},
		{"crit empty", `{"alg":"RS256","typ":"at+jwt","crit":[]}`, "jwt-critical-header"},
		{"crit null", `{"alg":"RS256","typ":"at+jwt","crit":null}`, "jwt-critical-header"},
		{"b64 false", `{"alg":"RS256","typ":"at+jwt","b64":false}`, "jwt-critical-header"},
		{"b64 false, crit", `{"alg":"RS256","typ":"at+jwt","b64":false,"crit":["b64"]}`, "jwt-critical-header"},
		{"zip", `{"alg":"RS256","typ":"at+jwt","zip":"DEF"}`, "jwt-critical-header"},
		{"kid number", `{"alg":"RS256","typ":"at+jwt","kid":1}`, "jwt-header"},
		{"kid empty", `{"alg":"RS256","typ":"at+jwt","kid":""}`, "jwt-header"},
		{"kid long", `{"alg":"RS256","typ":"at+jwt","kid":"` + strings.Repeat("k", 257) + `"}`, "jwt-header"},
		{"not an object", `["RS256"]`, "jwt-header"},
		{"null", `null`, "jwt-header"},
		{"a second value", goodHeader + `{}`, "jwt-header"},
		{"a comment", `{"alg":"RS256","typ":"at+jwt"/**/}`, "jwt-header"},
		{"invalid UTF-8", "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"x\":\"\xff\"}", "jwt-header"},
		{"byte order mark", "\ufeff" + goodHeader, "jwt-header"},
		{"nested", `{"alg":"RS256","typ":"at+jwt","x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, "jwt-header"},
		{"empty", ` `, "jwt-header"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantRule(t, a, sign(gojwt.SigningMethodRS256, rsaKey(), tt.header, goodClaims(nil)), tt.rule)
		})
	}
}

// TestClaims attacks by the claims; every token is signed properly.
func TestClaims(t *testing.T) {
	a := rsaAuthenticator(t)
	at := func(d time.Duration) any { return noon.Add(d).Unix() }
	tests := []struct {
		name   string
		change map[string]any
		rule   string
	}{
		{"good", nil, ""},
		{"second audience", map[string]any{"aud": []string{"x", "other-api"}}, ""},
		{"fraction of a second", map[string]any{"exp": json.Number("1800000001.5")}, ""},
		{"expired within leeway", map[string]any{"exp": at(-29 * time.Second)}, ""},
		{"not yet, within leeway", map[string]any{"nbf": at(29 * time.Second), "iat": at(29 * time.Second)}, ""},
		{"no iat, no nbf", map[string]any{"nbf": nil, "iat": nil}, ""},
		{"expired", map[string]any{"exp": at(-30 * time.Second)}, "jwt-expired"},
		{"expired long ago", map[string]any{"exp": 1}, "jwt-expired"},
		{"exp absent", map[string]any{"exp": nil}, "jwt-claim-missing"},
		{"exp null", map[string]any{"exp": json.RawMessage("null")}, "jwt-claims"},
		{"exp string", map[string]any{"exp": "1900000000"}, "jwt-claims"},
		{"exp bool", map[string]any{"exp": true}, "jwt-claims"},
		{"exp huge", map[string]any{"exp": json.Number("1e300")}, "jwt-claims"},
		{"exp beyond int64", map[string]any{"exp": json.Number("9223372036854775808")}, "jwt-claims"},
		{"exp beyond float64", map[string]any{"exp": json.Number("1e999")}, "jwt-claims"},
		{"exp negative", map[string]any{"exp": -1}, "jwt-claims"},
		{"exp list", map[string]any{"exp": []int{1900000000}}, "jwt-claims"},
		{"nbf in the future", map[string]any{"nbf": at(31 * time.Second)}, "jwt-not-yet-valid"},
		{"nbf string", map[string]any{"nbf": "0"}, "jwt-claims"},
		{"nbf null", map[string]any{"nbf": json.RawMessage("null")}, "jwt-claims"},
		{"iat in the future", map[string]any{"iat": at(31 * time.Second)}, "jwt-issued-in-future"},
		{"iat object", map[string]any{"iat": map[string]any{}}, "jwt-claims"},
		{"iss other", map[string]any{"iss": "https://evil.example"}, "jwt-issuer"},
		{"iss with a slash more", map[string]any{"iss": "https://issuer.example/"}, "jwt-issuer"},
		{"iss in capitals", map[string]any{"iss": "HTTPS://issuer.example"}, "jwt-issuer"},
		{"iss absent", map[string]any{"iss": nil}, "jwt-claim-missing"},
		{"iss list", map[string]any{"iss": []string{"https://issuer.example"}}, "jwt-claims"},
		{"aud other", map[string]any{"aud": "x"}, "jwt-audience"},
		{"aud prefix", map[string]any{"aud": "api2"}, "jwt-audience"},
		{"aud in one string", map[string]any{"aud": "x api"}, "jwt-audience"},
		{"aud absent", map[string]any{"aud": nil}, "jwt-audience"},
		{"aud empty", map[string]any{"aud": []string{}}, "jwt-claim-missing"},
		{"aud empty string", map[string]any{"aud": ""}, "jwt-claim-missing"},
		{"aud mixed", map[string]any{"aud": []any{"api", 1}}, "jwt-audience"},
		{"aud object", map[string]any{"aud": map[string]any{"api": "api"}}, "jwt-audience"},
		{"sub absent", map[string]any{"sub": nil}, "jwt-subject"},
		{"sub empty", map[string]any{"sub": ""}, "jwt-subject"},
		{"sub number", map[string]any{"sub": 1}, "jwt-subject"},
		{"sub with a line break", map[string]any{"sub": "a\nb"}, "jwt-subject"},
		{"claims of another case", map[string]any{"exp": nil, "EXP": 1900000000}, "jwt-claim-missing"},
		{"other case does not override", map[string]any{"Iss": "x", "AUD": "x", "Exp": 1, "NBF": 1 << 40, "SUB": 1}, ""},
		{"scope number", map[string]any{"scope": 1}, "jwt-scope"},
		{"scope mixed list", map[string]any{"scope": []any{"read", 1}}, "jwt-scope"},
		{"scope with a space in a list", map[string]any{"scope": []any{"read write"}}, "jwt-scope"},
		{"scope with a tab", map[string]any{"scope": "read\twrite"}, "jwt-scope"},
		{"roles number", map[string]any{"roles": 1}, "jwt-roles"},
		{"roles of objects", map[string]any{"roles": []any{map[string]any{"value": "admin"}}}, "jwt-roles"},
		{"too many values", map[string]any{"x": make([]int, 600)}, "jwt-claims"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantRule(t, a, sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(tt.change)), tt.rule)
		})
	}
}

// TestClaimsText attacks by the text of the claims.
func TestClaimsText(t *testing.T) {
	a := rsaAuthenticator(t)
	good := goodClaims(nil)
	with := func(more string) string { return good[:len(good)-1] + "," + more + "}" }
	tests := []struct{ name, claims, rule string }{
		{"more claims", with(`"x":{"y":[1,"2",null,true]}`), ""},
		{"sub twice", with(`"sub":"mallory"`), "jwt-claims"},
		{"sub twice, one escaped", with(`"s\u0075b":"mallory"`), "jwt-claims"},
		{"twice inside", with(`"x":{"a":1,"a":2}`), "jwt-claims"},
		{"twice deep inside", with(`"x":[{"b":{"a":1,"a":2}}]`), "jwt-claims"},
		{"a second value", good + good, "jwt-claims"},
		{"trailing NUL", good + "\x00", "jwt-claims"},
		{"invalid UTF-8", with("\"x\":\"\xc3\x28\""), "jwt-claims"},
		{"lone surrogate", with(`"x":"\ud800"`), "jwt-claims"},
		{"nested 9000 deep", with(`"x":` + strings.Repeat("[", 1500) + strings.Repeat("]", 1500)), "jwt-claims"},
		{"unclosed", with(`"x":` + strings.Repeat("[", 1500)), "jwt-claims"},
		{"a list", "[" + good + "]", "jwt-claims"},
		{"a string", `"x"`, "jwt-claims"},
		{"null", `null`, "jwt-claims"},
		{"NaN", with(`"x":NaN`), "jwt-claims"},
		{"single quotes", `{'sub':'a'}`, "jwt-claims"},
		{"trailing comma", good[:len(good)-1] + ",}", "jwt-claims"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantRule(t, a, sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, tt.claims), tt.rule)
		})
	}
}

// TestForm attacks by the token's text around good parts.
func TestForm(t *testing.T) {
	a := rsaAuthenticator(t)
	good := goodToken()
	parts := strings.Split(good, ".")
	join := func(parts ...string) string { return strings.Join(parts, ".") }
	big := sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(map[string]any{"x": strings.Repeat("x", 8<<10)}))
	tests := []struct{ name, token, rule string }{
		{"empty", "", "jwt-malformed"},
		{"dots", "..", "jwt-malformed"},
		{"two parts", join(parts[0], parts[1]), "jwt-malformed"},
		{"no signature", join(parts[0], parts[1], ""), "jwt-malformed"},
		{"no header", join("", parts[1], parts[2]), "jwt-malformed"},
		{"no claims", join(parts[0], "", parts[2]), "jwt-malformed"},
		{"four parts", good + ".x", "jwt-malformed"},
		{"five parts", good + ".x.y", "jwt-malformed"},
		{"padding", good + "==", "jwt-malformed"},
		{"line break inside", good[:len(good)-5] + "\r\n" + good[len(good)-5:], "jwt-malformed"},
		{"line break behind", good + "\n", "jwt-malformed"},
		{"space", " " + good, "jwt-malformed"},
		{"standard alphabet", join(parts[0], parts[1], "+"+parts[2][1:]), "jwt-malformed"},
		{"NUL", good + "\x00", "jwt-malformed"},
		{"too long", big, "jwt-too-long"},
		{"8 MB", strings.Repeat("a", 8<<20), "jwt-too-long"},
		{"signature cut", good[:len(good)-2], "jwt-signature"},
		{"signature of another token", join(parts[0], b64([]byte(goodClaims(map[string]any{"sub": "mallory"}))), parts[2]), "jwt-signature"},
		{"JSON serialisation", `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`, "jwt-malformed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { wantRule(t, a, tt.token, tt.rule) })
	}
	// The unused bits of a part's last character must be zero, or one token has several spellings.
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, good[len(good)-1])
	wantRule(t, a, good[:len(good)-1]+string(alphabet[last^1]), "jwt-malformed")
}

// TestKeyConfusion signs with what an attacker has: the public key, other keys, no key.
func TestKeyConfusion(t *testing.T) {
	pub := pemOf(&rsaKey().PublicKey)
	a := rsaAuthenticator(t)
	hs := `{"alg":"HS256","typ":"at+jwt"}`
	wantRule(t, a, sign(gojwt.SigningMethodHS256, []byte(pub), hs, goodClaims(nil)), "jwt-algorithm")
	wantRule(t, a, sign(gojwt.SigningMethodHS256, []byte{}, hs, goodClaims(nil)), "jwt-algorithm")
	wantRule(t, a, sign(gojwt.SigningMethodRS256, otherRSA(), goodHeader, goodClaims(nil)), "jwt-signature")
	wantRule(t, a, sign(gojwt.SigningMethodNone, gojwt.UnsafeAllowNoneSignatureType, `{"alg":"none","typ":"at+jwt"}`, goodClaims(nil))+"AA", "jwt-algorithm")

	t.Run("a key's alg binds it", func(t *testing.T) {
		set := jwks(jwkOf(&rsaKey().PublicKey, map[string]any{"alg": "RS256"}))
		a := open(t, policy("RS256", "PS256"), Inline(set))
		wantRule(t, a, goodToken(), "")
		wantRule(t, a, sign(gojwt.SigningMethodPS256, rsaKey(), `{"alg":"PS256","typ":"at+jwt"}`, goodClaims(nil)), "jwt-key-unknown")
	})
	t.Run("a curve binds its algorithm", func(t *testing.T) {
		a := open(t, policy("ES256", "ES384"), Inline(pemOf(&ecKey().PublicKey)))
		wantRule(t, a, sign(gojwt.SigningMethodES256, ecKey(), `{"alg":"ES256","typ":"at+jwt"}`, goodClaims(nil)), "")
		token := b64([]byte(`{"alg":"ES384","typ":"at+jwt"}`)) + "." + b64([]byte(goodClaims(nil))) + "." + b64(make([]byte, 96))
		wantRule(t, a, token, "jwt-key-unknown")
	})
	t.Run("a zero signature", func(t *testing.T) { // CVE-2022-21449
		a := open(t, policy("ES256"), Inline(pemOf(&ecKey().PublicKey)))
		token := b64([]byte(`{"alg":"ES256","typ":"at+jwt"}`)) + "." + b64([]byte(goodClaims(nil))) + "." + b64(make([]byte, 64))
		wantRule(t, a, token, "jwt-signature")
	})
	t.Run("kid chooses", func(t *testing.T) {
		set := jwks(jwkOf(&rsaKey().PublicKey, map[string]any{"kid": "a"}), jwkOf(&otherRSA().PublicKey, map[string]any{"kid": "b"}))
		a := open(t, policy(), Inline(set))
		for _, tt := range []struct {
			key       *rsa.PrivateKey
			kid, rule string
		}{{rsaKey(), "a", ""}, {otherRSA(), "b", ""}, {rsaKey(), "b", "jwt-signature"}, {rsaKey(), "c", "jwt-key-unknown"}, {rsaKey(), "A", "jwt-key-unknown"}} {
			header := fmt.Sprintf(`{"alg":"RS256","typ":"at+jwt","kid":%q}`, tt.kid)
			wantRule(t, a, sign(gojwt.SigningMethodRS256, tt.key, header, goodClaims(nil)), tt.rule)
		}
		wantRule(t, a, goodToken(), "") // without kid, each key is tried
	})
	t.Run("keys that one token can cost are bounded", func(t *testing.T) {
		var text string
		for range 9 {
			text += pemOf(must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)).Public())
		}
		a := open(t, policy("ES256"), Inline(text))
		wantRule(t, a, sign(gojwt.SigningMethodES256, ecKey(), `{"alg":"ES256","typ":"at+jwt"}`, goodClaims(nil)), "jwt-key-ambiguous")
	})
}

// TestCrossTokenKinds has the issuer's own tokens of other kinds: RFC 8725, section 2.8.
func TestCrossTokenKinds(t *testing.T) {
	p := policy()
	p.Types = []string{"JWT"}
	a := open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
	header := `{"alg":"RS256","typ":"JWT"}`
	for name, tt := range map[string]struct {
		claims map[string]any
		rule   string
	}{
		"access token":           {nil, ""},
		"ID token":               {map[string]any{"nonce": "n"}, "jwt-not-an-access-token"},
		"ID token, implicit":     {map[string]any{"at_hash": "n"}, "jwt-not-an-access-token"},
		"ID token, hybrid":       {map[string]any{"c_hash": "n"}, "jwt-not-an-access-token"},
		"ID token, self-issued":  {map[string]any{"sub_jwk": map[string]any{}}, "jwt-not-an-access-token"},
		"ID token, by a claim":   {map[string]any{"typ": "ID"}, "jwt-not-an-access-token"},
		"refresh token":          {map[string]any{"typ": "Refresh"}, "jwt-not-an-access-token"},
		"ID token, by token_use": {map[string]any{"token_use": "id"}, "jwt-not-an-access-token"},
		"bearer, by a claim":     {map[string]any{"typ": "Bearer"}, ""},
		"access, by token_use":   {map[string]any{"token_use": "access"}, ""},
		"typ is a number":        {map[string]any{"typ": 1}, "jwt-not-an-access-token"},
		"logout token":           {map[string]any{"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}}, "jwt-not-an-access-token"},
	} {
		t.Run(name, func(t *testing.T) {
			wantRule(t, a, sign(gojwt.SigningMethodRS256, rsaKey(), header, goodClaims(tt.claims)), tt.rule)
		})
	}
	wantRule(t, a, goodToken(), "jwt-type")
	p.Types = []string{"at+jwt", "example+jwt"}
	a = open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
	for typ, tt := range map[string]struct {
		claims map[string]any
		rule   string
	}{
		"at+jwt":                  {nil, ""},
		"application/at+jwt":      {nil, ""},
		"AT+JWT":                  {nil, ""},
		"example+jwt":             {map[string]any{"nonce": "n"}, "jwt-not-an-access-token"},
		"Application/Example+JWT": {map[string]any{"events": map[string]any{}}, "jwt-not-an-access-token"},
		"JWT":                     {nil, "jwt-type"},
		"logout+jwt":              {nil, "jwt-type"},
		"secevent+jwt":            {nil, "jwt-type"},
	} {
		header := fmt.Sprintf(`{"alg":"RS256","typ":%q}`, typ)
		wantRule(t, a, sign(gojwt.SigningMethodRS256, rsaKey(), header, goodClaims(tt.claims)), tt.rule)
	}
	// A security event under the typ of access tokens is none (RFC 8417, section 4.1), and a nonce does not make one an ID token.
	wantRule(t, a, sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(map[string]any{"events": nil, "nonce": "n"})), "")
	wantRule(t, a, sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(map[string]any{"events": map[string]any{}})), "jwt-not-an-access-token")
	for _, typ := range []string{"logout+jwt", "application/logout+jwt", "SecEvent+JWT", "dpop+jwt", ""} {
		p.Types = []string{"at+jwt", typ}
		if a, err := New(p, Inline(pemOf(&rsaKey().PublicKey)), scopes); a != nil || err == nil {
			t.Errorf("a policy of %q: %v", typ, err)
		}
	}
}

// TestRequired asks for the claims that RFC 9068, section 2.2, has issuers write.
func TestRequired(t *testing.T) {
	p := policy()
	p.Required = []string{"client_id", "iat", "jti"}
	a := open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
	good := map[string]any{"client_id": "app", "jti": "1"}
	wantRule(t, a, sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(good)), "")
	for _, name := range p.Required {
		for _, value := range []any{nil, json.RawMessage("null")} {
			without := map[string]any{"client_id": "app", "jti": "1", name: value}
			rule := "jwt-claim-missing"
			if name == "iat" && value != nil {
				rule = "jwt-claims"
			}
			wantRule(t, a, sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(without)), rule)
		}
	}
	p.Required = []string{""}
	if a, err := New(p, Inline(pemOf(&rsaKey().PublicKey)), scopes); a != nil || err == nil {
		t.Errorf("a claim without a name: %v", err)
	}
}

func TestMaxAge(t *testing.T) {
	p := policy()
	p.MaxAge, p.Leeway = time.Minute, -1
	a := open(t, p, Inline(pemOf(&rsaKey().PublicKey)))
	for _, tt := range []struct {
		iat  any
		rule string
	}{{noon.Unix(), ""}, {noon.Add(-59 * time.Second).Unix(), ""}, {noon.Add(-60 * time.Second).Unix(), "jwt-too-old"}, {nil, "jwt-claim-missing"}, {noon.Add(time.Second).Unix(), "jwt-issued-in-future"}} {
		wantRule(t, a, sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(map[string]any{"iat": tt.iat})), tt.rule)
	}
}

// TestErrorsHoldNoToken holds that nothing of a token is in an error.
func TestErrorsHoldNoToken(t *testing.T) {
	a := rsaAuthenticator(t)
	for _, claims := range []map[string]any{{"iss": "SECRET"}, {"exp": "SECRET"}, {"SECRET": make([]int, 600)}, {"scope": "SECRET\t"}} {
		_, err := a.Verify(sign(gojwt.SigningMethodRS256, rsaKey(), goodHeader, goodClaims(claims)))
		if _, ok := err.(*auth.Refused); !ok || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("err = %v", err)
		}
	}
}
