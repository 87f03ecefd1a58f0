package main

import (
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bailey-go/bailey/examples/bank/internal/bank"
)

// heldRows are about tokens that are good for one holder, that end before they expire, and whose issuer changes its key.
func heldRows(b *instance) ([]row, error) {
	wallet, err := newHolder()
	other, e := newHolder()
	if err = errors.Join(err, e); err != nil {
		return nil, err
	}
	ada := bank.Ada.String()
	keep := func(s string, e error) string { err = errors.Join(err, e); return s }
	with := func(claim string, value any) string {
		c := b.issuer.claims(ada, "accounts:read")
		c[claim] = value
		return keep(b.issuer.sign("at+jwt", c))
	}
	bound, free := with("cnf", wallet.cnf()), keep(b.issuer.issue(ada, "accounts:read"))
	certificate := with("cnf", map[string]any{"x5t#S256": wallet.cnf()["jkt"]})
	logout := with("events", map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}})
	ended, anonymous := with("jti", "ended"), with("jti", nil)
	err = errors.Join(err, b.revoked.Revoke(issuerName, "ended", time.Now().Add(tokenLife+time.Minute)))
	get := func(title, token string, want int, change func(*row)) row {
		r := row{title: title, method: "GET", path: "/customers/" + ada + "/accounts", token: token, want: want}
		if change != nil {
			change(&r)
		}
		return r
	}
	proved := func(h *holder, times int, method string) func(*row) {
		return func(r *row) { r.holder, r.times, r.proves = h, times, method }
	}
	return []row{
		get("her wallet's token, with its proof", bound, 200, proved(wallet, 1, "")),
		get("the same proof a second time", bound, 401, proved(wallet, 2, "")),
		get("her wallet's token without a proof", bound, 401, nil),
		get("her wallet's token with another's proof", bound, 401, proved(other, 1, "")),
		get("her wallet's token with a proof for another method", bound, 401, proved(wallet, 1, "DELETE")),
		get("a token that anybody may bear, with a proof", free, 401, proved(wallet, 1, "")),
		get("a token for the holder of a certificate, without it", certificate, 401, nil),
		get("a logout token as access token", logout, 401, nil),
		get("a token that was revoked", ended, 401, nil),
		get("a token that nobody could revoke", anonymous, 401, nil),
		get("a token of a key that the issuer has just begun to use", "", 200, func(r *row) {
			r.before = func(r *row) error {
				if err := b.issuer.rotate(); err != nil {
					return err
				}
				time.Sleep(50 * time.Millisecond) // the bank asks no more often than each 20 ms
				text, err := b.issuer.issue(ada, "accounts:read")
				r.token = text
				return err
			}
		}),
		get("a token of the key before it", free, 200, nil),
		get("her accounts, with the issuer down", "", 200, func(r *row) {
			r.before = func(r *row) error {
				b.issuer.broken.Store(true)
				text, err := b.issuer.sign("at+jwt", jwt.MapClaims(b.issuer.claims(ada, "accounts:read")))
				r.token = text
				return err
			}
		}),
	}, err
}
