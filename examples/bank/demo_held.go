package main

import (
	"errors"
	"fmt"

	"github.com/bailey-go/bailey/examples/bank/internal/bank"
)

// holderRows are about tokens that are good for who holds a key alone (DPoP). The ones for payments come the whole way from the login form.
func holderRows(b *instance, t tokens) ([]row, error) {
	wallet, err := newHolder()
	other, e := newHolder()
	if err = errors.Join(err, e); err != nil {
		return nil, err
	}
	with := func(claim string, value any) string {
		c := b.login.claims(ada.subject, "accounts:read")
		c[claim] = value
		text, e := b.login.keys.Sign("at+jwt", c)
		err = errors.Join(err, e)
		return text
	}
	bound := with("cnf", wallet.cnf())
	logout := with("events", map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}})
	get := func(title, token string, want int) row {
		return row{title: title, method: "GET", path: "/customers/" + ada.subject + "/accounts", token: token, want: want}
	}
	proved := func(r row, h *holder, times int, method string) row {
		r.holder, r.times, r.proves = h, times, method
		return r
	}
	rows := []row{
		proved(get("her wallet's token, with its proof", bound, 200), wallet, 1, ""),
		proved(get("the same proof a second time", bound, 401), wallet, 2, ""),
		get("her wallet's token without a proof", bound, 401),
		proved(get("her wallet's token with another's proof", bound, 401), other, 1, ""),
		proved(get("her wallet's token with a proof for another method", bound, 401), wallet, 1, "DELETE"),
		proved(get("a token that anybody may bear, with a proof", t.ada, 401), wallet, 1, ""),
		get("a logout token as access token", logout, 401),
		get("a token that nobody could revoke", with("jti", nil), 401),
	}
	pay := func(title, acr string, want int, has ...string) row {
		r := payment(title, want, has...)
		r.holder = wallet
		r.before = func(r *row) (err error) {
			r.token, err = b.wallet(wallet).token(ada, acr, "transfers:write")
			return err
		}
		return r
	}
	again := pay("pay after a second factor", "mfa", 201, `"kind":"internal"`)
	again.lacks = []string{"pocket money"}
	bearer := payment("pay without a proof", 401)
	bearer.token = t.ada
	return append(rows, bearer,
		pay("pay with a proof without the server's nonce", "", 401, "use_dpop_nonce"),
		pay("pay after a password alone: step up", "", 401, "insufficient_user_authentication", `acr_values="mfa"`),
		again,
	), err
}

// payment is one from Ada's checking account to her savings.
func payment(title string, want int, has ...string) row {
	return row{title: title, method: "POST", path: "/payments", kind: "application/json", want: want, has: has, body: fmt.Sprintf(
		`{"orderedBy":%q,"from":"AC00000001","to":{"kind":"internal","account":"AC00000002"},"money":{"amount":100,"currency":"EUR"},"note":"pocket money"}`, bank.Ada)}
}
