package main

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// certificates returns one of each of two holders, which the same authority signed: for tokens it does not matter which.
func certificates(t *testing.T) (mine, thief tls.Certificate) {
	t.Helper()
	a := must(newAuthority("anybody"))(t)
	return must(a.machine("spiffe://clearing.example/settlement"))(t), must(a.machine("spiffe://clearing.example/settlement"))(t)
}

// TestCertificateBound steals the token of the clearing house, which is of no use without the key of its certificate (RFC 8705).
func TestCertificateBound(t *testing.T) {
	b := serveBank(t, quiet)
	mine, thief := certificates(t)
	token := must(b.clearing(mine).own("settlements:write"))(t)
	unbound := b.clearing(mine)
	unbound.client = b.plain
	free := must(unbound.own("settlements:write"))(t)
	settle := func(title, token, batch string, certificate *tls.Certificate, want int) row {
		return row{title: title, method: "POST", path: "/settlements", token: token, kind: "application/json", certificate: certificate,
			body: `{"batch":"` + batch + `","total":{"amount":1000,"currency":"EUR"}}`, want: want}
	}
	b.expect(t,
		settle("its own connection", token, "B20260301", &mine, 204),
		settle("a connection of somebody else", token, "B20260302", &thief, 401),
		settle("a connection without a certificate", token, "B20260302", nil, 401),
		settle("a token that was asked for without a certificate", free, "B20260302", &mine, 401),
		settle("its own connection again", token, "B20260302", &mine, 204),
	)
	forwarded := settle("the certificate in a header", token, "B20260303", nil, 401)
	forwarded.header = map[string]string{"X-Forwarded-Client-Cert": fmt.Sprintf("Hash=%x", sha256.Sum256(mine.Certificate[0]))}
	b.expect(t, forwarded)
}

// TestProofForToken asks for a token with proofs that are not good (RFC 9449, section 5), and with one that is.
func TestProofForToken(t *testing.T) {
	b := serveBank(t, quiet)
	wallet := must(newHolder())(t)
	ask := func(proofs ...string) (int, answer) {
		t.Helper()
		a := b.wallet(nil)
		form := codeOf(t, a, "transfers:write", "accounts:read")
		header := http.Header{"Dpop": proofs}
		r := http.Request{Header: header}
		r.SetBasicAuth(url.QueryEscape(a.id), url.QueryEscape(b.secrets[a.id]))
		status, _, body, err := fetch(b.plain, http.MethodPost, customersName+"/token", form, header)
		if err != nil {
			t.Fatal(err)
		}
		return status, must(readAnswer(body))(t)
	}
	prove := func(method, address string) string { return must(wallet.prove(method, address, ""))(t) }
	good := prove("POST", customersName+"/token")
	status, got := ask(good)
	if status != 200 || got.TokenType != "DPoP" {
		t.Fatalf("a good proof: %d, %+v", status, got)
	}
	for name, proofs := range map[string][]string{
		"the same proof again":          {good},
		"for another method":            {prove("GET", customersName+"/token")},
		"for another provider":          {prove("POST", staffName+"/token")},
		"two proofs":                    {prove("POST", customersName+"/token"), prove("POST", customersName+"/token")},
		"not a proof":                   {"abc"},
		"an access token, as the proof": {got.AccessToken},
	} {
		if status, got := ask(proofs...); status != 400 || got.Error != "invalid_dpop_proof" {
			t.Errorf("%s: %d, %+v", name, status, got)
		}
	}
	other := must(newHolder())(t)
	list := accountsWith("with its proof", got.AccessToken, 200)
	list.holder = wallet
	stolen := accountsWith("with another's proof", got.AccessToken, 401)
	stolen.holder = other
	b.expect(t, list, stolen, accountsWith("as a bearer token", got.AccessToken, 401))
}

// TestStepUp is told by the bank to show a second factor, and does (RFC 9470).
func TestStepUp(t *testing.T) {
	b := serveBank(t, quiet)
	h := must(newHolder())(t)
	wallet := b.wallet(h)
	pay := func(title, token string, want int, has ...string) row {
		r := payment(title, want, has...)
		r.token, r.holder = token, h
		return r
	}
	weak := must(wallet.token(ada, "", "transfers:write"))(t)
	b.expect(t, pay("without the nonce", weak, 401, `error="use_dpop_nonce"`), pay("with a password alone", weak, 401, `error="insufficient_user_authentication"`, `acr_values="mfa"`))
	claims := b.login.claims(ada.subject, "transfers:write")
	claims["cnf"], claims["acr"], claims["auth_time"] = h.cnf(), "mfa", time.Now().Add(-11*time.Minute).Unix()
	stale := must(b.login.keys.Sign("at+jwt", claims))(t)
	b.expect(t, pay("with a second factor of eleven minutes ago", stale, 401, `error="insufficient_user_authentication"`, `max_age="600"`))
	b.expect(t, pay("with a second factor", must(wallet.token(ada, "mfa", "transfers:write"))(t), 201))
}
