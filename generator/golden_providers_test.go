package generator_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/testdata/golden/providers/api"
)

type provided struct{}

func (provided) ByAuth0(context.Context, *api.ByAuth0Request) error                 { return nil }
func (provided) ByCognito(context.Context, *api.ByCognitoRequest) error             { return nil }
func (provided) ByEntra(context.Context, *api.ByEntraRequest) error                 { return nil }
func (provided) ByEntraMany(context.Context, *api.ByEntraManyRequest) error         { return nil }
func (provided) ByEntraAsked(context.Context, *api.ByEntraAskedRequest) error       { return nil }
func (provided) ByFirebase(context.Context, *api.ByFirebaseRequest) error           { return nil }
func (provided) ByGithubActions(context.Context, *api.ByGithubActionsRequest) error { return nil }
func (provided) ByGitlabCi(context.Context, *api.ByGitlabCiRequest) error           { return nil }
func (provided) ByGoogleIap(context.Context, *api.ByGoogleIapRequest) error         { return nil }
func (provided) ByGoogleIDToken(context.Context, *api.ByGoogleIDTokenRequest) error { return nil }
func (provided) ByKeycloak(context.Context, *api.ByKeycloakRequest) error           { return nil }
func (provided) ByOkta(context.Context, *api.ByOktaRequest) error                   { return nil }
func (provided) ByZitadel(context.Context, *api.ByZitadelRequest) error             { return nil }

// tokenSigner signs tokens with one key.
type tokenSigner struct {
	method gojwt.SigningMethod
	key    crypto.Signer
}

func newTokenSigner(t *testing.T, algorithm string) tokenSigner {
	t.Helper()
	var key crypto.Signer
	var err error
	if algorithm == "RS256" {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	} else {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		t.Fatal(err)
	}
	return tokenSigner{gojwt.GetSigningMethod(algorithm), key}
}

func (s tokenSigner) keys(t *testing.T) jwt.KeySource {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(s.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return jwt.Inline(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
}

// sign signs claims; the typ "" stands for none.
func (s tokenSigner) sign(t *testing.T, typ string, claims map[string]any) string {
	t.Helper()
	token := gojwt.NewWithClaims(s.method, gojwt.MapClaims(claims))
	if token.Header["typ"] = typ; typ == "" {
		delete(token.Header, "typ")
	}
	text, err := token.SignedString(s.key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const (
	tenantA  = "6f9d2e4a-1111-4222-8333-0123456789ab"
	tenantB  = "7f9d2e4a-1111-4222-8333-0123456789ab"
	entraApp = "0a1b2c3d-1111-4222-8333-0123456789ab"
)

// A tokenShape is a token of a provider. ID tokens, or other callers, lack the claim proof, and a token that differs from a good
// one in one of others is refused.
type tokenShape struct {
	typ    string
	claims map[string]any
	proof  string
	others map[string]any
}

// shapes are the tokens of each provider: docs/providers.md has the sources.
func shapes(now time.Time) map[string]tokenShape {
	type m = map[string]any
	entra := func(tenant string) m {
		return m{
			"iss": "https://login.microsoftonline.com/" + tenant + "/v2.0", "aud": entraApp, "sub": "AAAA", "tid": tenant, "azp": "client", "ver": "2.0",
			"scp": "Files.Read", "uti": "u", "oid": "o", "rh": "r", "nbf": now.Unix(),
		}
	}
	return map[string]tokenShape{
		"auth0": {"at+jwt", m{
			"iss": "https://example.eu.auth0.com/", "aud": []string{"https://api.example", "https://example.eu.auth0.com/userinfo"}, "sub": "auth0|1",
			"client_id": "c", "jti": "j", "scope": "openid read",
		}, "client_id", m{"iss": "https://example.eu.auth0.com"}},
		"cognito": {"", m{
			"iss": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example", "sub": "u", "client_id": "web", "token_use": "access",
			"scope": "aws.cognito.signin.user.admin", "jti": "j", "cognito:groups": []string{"g"},
		}, "token_use", m{"token_use": "id", "client_id": "other", "aud": "other"}},
		"entra":      {"JWT", entra(tenantA), "azp", m{"ver": "1.0", "iss": "https://sts.windows.net/" + tenantA + "/"}},
		"entraMany":  {"JWT", entra(tenantB), "azp", m{"tid": tenantA, "iss": "https://login.microsoftonline.com/{tenant}/v2.0"}},
		"entraAsked": {"JWT", entra(tenantA), "azp", m{"tid": tenantB, "iss": "https://login.microsoftonline.com/" + tenantB + "/v2.0"}},
		"firebase": {"JWT", m{
			"iss": "https://securetoken.google.com/example", "aud": "example", "sub": "u", "user_id": "u", "auth_time": now.Unix(), "firebase": m{"sign_in_provider": "password"},
		}, "auth_time", m{"iss": "https://session.firebase.google.com/example"}},
		"githubActions": {"JWT", m{
			"iss": "https://token.actions.githubusercontent.com", "aud": "https://api.example", "sub": "repo:o/r:ref:refs/heads/main", "jti": "j", "nbf": now.Unix(),
			"repository_owner_id": "4242", "repository_id": "7",
		}, "repository_owner_id", m{"repository_owner_id": "666"}},
		"gitlabCi": {"JWT", m{
			"iss": "https://gitlab.example", "aud": "https://api.example", "sub": "project_path:g/p:ref_type:branch:ref:main", "jti": "j", "nbf": now.Unix(),
			"namespace_id": "72", "project_id": "1", "ref_protected": "true",
		}, "namespace_id", m{"namespace_id": "73"}},
		"googleIap": {"JWT", m{
			"iss": "https://cloud.google.com/iap", "aud": "/projects/1/apps/example", "sub": "accounts.google.com:1", "email": "ada@example.org", "azp": "/projects/1/apps/example",
		}, "iat", m{"aud": "/projects/2/apps/example"}},
		"googleIdToken": {"JWT", m{
			"iss": "https://accounts.google.com", "aud": "https://api.example", "sub": "1234567890", "email": "robot@example.iam.gserviceaccount.com", "email_verified": true, "azp": "1234567890",
		}, "sub", m{"sub": "666", "iss": "accounts.google.com"}},
		"keycloak": {"JWT", m{
			"iss": "https://id.example/realms/example", "aud": []string{"api", "account"}, "sub": "u", "typ": "Bearer", "azp": "web", "nonce": "n", "sid": "s", "jti": "j",
			"scope": "openid", "realm_access": m{"roles": []string{"r"}},
		}, "typ", m{"typ": "ID"}},
		"okta": {"", m{
			"ver": 1, "iss": "https://example.okta.com/oauth2/default", "aud": "api://default", "sub": "ada@example.org", "cid": "c", "uid": "u", "scp": []string{"read"}, "jti": "AT.1",
		}, "cid", m{"iss": "https://example.okta.com"}},
		"zitadel": {"JWT", m{
			"iss": "https://example.zitadel.cloud", "aud": []string{"1234567890", "c@p"}, "sub": "u", "client_id": "c", "jti": "j", "nbf": now.Unix(),
			"urn:zitadel:iam:org:project:roles": m{"editor": m{"1": "a.example"}},
		}, "client_id", m{"urn:zitadel:iam:org:project:roles": "editor"}},
	}
}

// TestProviders: a token of each provider's shape gets in, and one that is damaged in one way does not.
func TestProviders(t *testing.T) {
	t.Parallel()
	rs, es, stranger := newTokenSigner(t, "RS256"), newTokenSigner(t, "ES256"), newTokenSigner(t, "RS256")
	keys := rs.keys(t)
	cfg := api.Config{
		Config: quiet, Auth0: keys, Cognito: keys, Entra: keys, EntraMany: keys, EntraAsked: keys, EntraAskedTenants: jwt.TenantList(tenantA), Firebase: keys,
		GithubActions: keys, GitlabCi: keys, GoogleIap: es.keys(t), GoogleIDToken: keys, Keycloak: keys, Okta: keys, Zitadel: keys,
	}
	var events events
	cfg.Events = &events
	s, err := api.NewServer(provided{}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	now := time.Now()
	all := shapes(now)
	if len(all) != 13 {
		t.Fatalf("%d providers", len(all))
	}
	for name, p := range all {
		signs := rs
		if name == "googleIap" {
			signs = es
		}
		good := changed(p.claims, "iat", now.Unix(), "exp", now.Add(5*time.Minute).Unix())
		audience := "aud"
		if name == "cognito" {
			audience = "client_id"
		}
		without := func(claim string) string {
			c := changed(good)
			delete(c, claim)
			return signs.sign(t, p.typ, c)
		}
		with := func(changes ...any) string { return signs.sign(t, p.typ, changed(good, changes...)) }
		text := with()
		damaged := map[string]string{
			"of another issuer":          with("iss", "https://evil.example"),
			"for another audience":       with(audience, "https://evil.example"),
			"without an audience":        without(audience),
			"expired":                    with("iat", now.Add(-time.Hour).Unix(), "exp", now.Add(-time.Minute).Unix()),
			"that never expires":         without("exp"),
			"without a subject":          without("sub"),
			"with at_hash":               with("at_hash", "h"),
			"of a key that nobody knows": stranger.sign(t, p.typ, good),
			"of the type logout+jwt":     signs.sign(t, "logout+jwt", good),
			"with events":                with("events", map[string]any{}),
			"without " + p.proof:         without(p.proof),
			"unsigned":                   text[:strings.LastIndexByte(text, '.')+1],
		}
		if p.typ == "at+jwt" {
			delete(damaged, "with at_hash") // an access token by its type
		}
		if p.typ == "" {
			damaged["of the type JWT"] = signs.sign(t, "JWT", good)
		} else {
			damaged["without a type"] = signs.sign(t, "", good)
		}
		for claim, value := range p.others {
			damaged["with another "+claim] = with(claim, value)
		}
		if len(damaged) < 10 {
			t.Errorf("%s: %d damaged tokens", name, len(damaged))
		}
		ask := func(token string) int {
			header := http.Header{"Authorization": {"Bearer " + token}}
			if name == "googleIap" {
				header = http.Header{"X-Goog-Iap-Jwt-Assertion": {token}}
			}
			return get(t, srv.URL+"/"+name, header)
		}
		if status := ask(text); status != 204 {
			t.Errorf("%s: a good token: %d, %s", name, status, events.last())
		}
		for what, token := range damaged {
			if status := ask(token); status != 401 {
				t.Errorf("%s: a token %s: %d, %s", name, what, status, events.last())
			}
		}
	}
}
